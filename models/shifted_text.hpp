// A decoder that reads the same text as its encoder, one id later: classes of encoder-decoders that
// classify texts or answer questions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "../engine/session.hpp"

namespace locus {

/// What the decoder reads of a text; nothing where the graph has no such decoder.
std::vector<int32_t> shifted_ids(const GraphSpec& spec, std::span<const int32_t> ids);

/// Runs whole texts: an encoder or a causal model reads them, and a decoder too, one id later.
/// Throws Error for a decoder that has a text of its own.
void read_texts(Session& session, std::span<const Sequence> texts);

}  // namespace locus
