// A decoder that reads the same text as its encoder, one id later: classes of encoder-decoders that
// classify texts or answer questions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/session.hpp"
#include "models/files/config.hpp"

namespace locus {

/// Attributes of the decoder's embedding: the text stands behind the start token (BART, T5). Throws
/// Error for a config without one.
Attributes shift_behind_start(const Config& config);
/// The same behind the text's own last id that is not padding: a language code (mBART).
Attributes shift_behind_last(const Config& config);

/// What the decoder reads of a text; nothing where the graph has no such decoder.
std::vector<int32_t> shifted_ids(const GraphSpec& spec, std::span<const int32_t> ids);

/// Runs whole texts: an encoder or a causal model reads them, and a decoder too, one id later.
/// Throws Error for a decoder that has a text of its own.
void read_texts(Session& session, std::span<const Sequence> texts);

}  // namespace locus
