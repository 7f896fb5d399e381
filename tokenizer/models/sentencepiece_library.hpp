#pragma once

#include <filesystem>
#include <memory>

#include "tokenizer/pipeline/pipeline.hpp"

namespace locus::tokenization {

/// A SentencePiece model run by the SentencePiece library itself: for folders that name no class of
/// the reference. Throws `Error` when the library refuses the file.
std::unique_ptr<Pipeline> sentencepiece_pipeline(const std::filesystem::path& path, Watch& watch);

}  // namespace locus::tokenization
