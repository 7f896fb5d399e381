// The tokenizer that belongs to a model.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

#include "../models/model.hpp"
#include "../tokenizer/tokenizer.hpp"

namespace locus {

/// Where a model's tokenizer lies, without opening the model. `model` is a folder or a locus.json
/// file. The folder that a locus.json names, or that holds the file it names; else the model's own.
std::filesystem::path tokenizer_folder(const std::filesystem::path& model);

/// Throws Error for a folder without tokenizer, for a model that does not read ids, for files that
/// were changed since the model was opened, and for a RoFormer as it was first published where no
/// file says whether its tokens are words or characters. `language`: a translator's, in the place
/// of the configured one. `check` is called every few milliseconds; what it throws ends the
/// opening, here and below.
std::shared_ptr<const Tokenizer> open_tokenizer(const Model& model, std::string_view language = {},
                                                const std::function<void()>& check = {});
/// The tokenizer of what a translator's decoder reads and writes.
std::shared_ptr<const Tokenizer> open_target_tokenizer(const Model& model,
                                                       std::string_view language = {},
                                                       const std::function<void()>& check = {});
/// Nothing where `open_tokenizer` throws an Error other than `check`'s cancellation.
std::shared_ptr<const Tokenizer> find_tokenizer(const Model& model,
                                                const std::function<void()>& check = {});

}  // namespace locus
