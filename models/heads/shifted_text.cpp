#include "models/shifted_text.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace locus {
namespace {

const NodeSpec* decoder_embedding(const GraphSpec& spec) {
  const auto found = std::ranges::find_if(spec.nodes, [](const NodeSpec& node) {
    return node.kind == "embedding" && node.inputs.front() == "decoder_ids";
  });
  return found == spec.nodes.end() ? nullptr : &*found;
}

/// mBART's rule: as many ids as are not padding, counted from the first.
int32_t last_id(std::span<const int32_t> ids, int64_t padding) {
  const auto count =
      static_cast<size_t>(std::ranges::count_if(ids, [&](int32_t id) { return id != padding; }));
  return ids[std::max<size_t>(count, 1) - 1];
}

}  // namespace

std::vector<int32_t> shifted_ids(const GraphSpec& spec, std::span<const int32_t> ids) {
  const NodeSpec* node = decoder_embedding(spec);
  if (!node || !node->attributes.contains("shift") || ids.empty()) return {};
  const int64_t id = node->attributes.integer(node->name, "shift_id");
  const std::string kind = node->attributes.text(node->name, "shift");
  if (kind != "start" && kind != "last") {
    throw Error(node->name, "a shift of start or last", "'" + kind + "'");
  }
  std::vector<int32_t> shifted{kind == "start" ? static_cast<int32_t>(id) : last_id(ids, id)};
  shifted.insert(shifted.end(), ids.begin(), ids.end() - 1);
  return shifted;
}

void read_texts(Session& session, std::span<const Sequence> texts) {
  const GraphSpec& spec = session.graph().spec();
  session.encode(texts);
  if (!decoder_embedding(spec)) return;
  std::vector<std::vector<int32_t>> shifted;
  for (const Sequence& text : texts) shifted.push_back(shifted_ids(spec, text.ids));
  std::vector<Sequence> sequences;
  for (const std::vector<int32_t>& ids : shifted) {
    if (ids.empty()) throw Error(spec.family, "a decoder that reads the encoder's text", "another");
    sequences.push_back({.ids = ids});
  }
  session.decode(sequences);
}

}  // namespace locus
