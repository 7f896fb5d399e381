#include "models/generation/decoder.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace locus::generation {
namespace {

std::vector<Sequence> sequences_of(std::span<const std::vector<int32_t>> prompts) {
  std::vector<Sequence> sequences;
  for (const auto& prompt : prompts) sequences.push_back({.ids = prompt});
  return sequences;
}

bool is_identity(std::span<const int64_t> parents, int64_t sequences) {
  if (static_cast<int64_t>(parents.size()) != sequences) return false;
  for (int64_t i = 0; i < sequences; ++i) {
    if (parents[static_cast<size_t>(i)] != i) return false;
  }
  return true;
}

/// LongRoPE turns keys by other angles once a text outgrows the original length. Phi-3 then
/// computes those anew that were cached before; Llama keeps them. 0 where nothing is renewed.
int64_t kept_until(const GraphSpec& spec) {
  for (const auto& [name, encoding] : spec.encodings) {
    for (const SchemeChoice& link : encoding.chain) {
      if (link.parameters.boolean(name, "renew", false))
        return link.parameters.integer(name, "original", 0);
    }
  }
  return 0;
}

}  // namespace

bool is_encoder_decoder(const Graph& graph) {
  const auto& nodes = graph.spec().nodes;
  return std::ranges::any_of(nodes, [](const NodeSpec& node) {
    return std::ranges::count(node.inputs, "decoder_ids") > 0;
  });
}

Decoder::Decoder(Session& session, Prompts prompts, const std::optional<int32_t>& decoder_start)
    : session_(session),
      sequences_(static_cast<int64_t>(prompts.size())),
      kept_until_(kept_until(session.graph().spec())) {
  if (!is_encoder_decoder(session.graph())) {
    if (kept_until_ > 0) texts_.assign(prompts.begin(), prompts.end());
    session_.restart();
    session_.decode(sequences_of(prompts));
    return;
  }
  if (!decoder_start) throw Error("generation", "a decoder start token", "none");
  session_.encode(sequences_of(prompts));
  session_.decode(std::vector<Sequence>(prompts.size(), {.ids = {&*decoder_start, 1}}));
}

ConstView Decoder::logits() {
  std::vector<int64_t> rows;
  for (const int64_t end : session_.offsets().subspan(1)) rows.push_back(end - 1);
  const ConstView logits = session_.logits(rows);
  for (int64_t row = 0; row < logits.size(0); ++row) {
    const auto values = logits.row(row);
    if (!std::ranges::all_of(values, [](float value) { return std::isfinite(value); })) {
      throw Error("generation, sequence " + std::to_string(row), "finite logits",
                  "infinity or NaN");
    }
  }
  return logits;
}

void Decoder::append(std::span<const int64_t> parents, std::span<const int32_t> tokens) {
  std::vector<std::vector<int32_t>> texts;
  for (size_t i = 0; i < parents.size(); ++i) {
    texts.push_back(texts_[static_cast<size_t>(parents[i])]);
    texts.back().push_back(tokens[i]);
  }
  texts_ = std::move(texts);
}

bool Decoder::outgrows() const {
  return std::ranges::any_of(texts_, [this](const std::vector<int32_t>& text) {
    return static_cast<int64_t>(text.size()) == kept_until_ + 1;
  });
}

void Decoder::step(std::span<const int64_t> parents, std::span<const int32_t> tokens) {
  if (!texts_.empty()) append(parents, tokens);
  const int64_t before = sequences_;
  sequences_ = static_cast<int64_t>(parents.size());
  if (outgrows()) {
    session_.restart();
    session_.decode(sequences_of(texts_));
    return;
  }
  if (!is_identity(parents, before)) session_.reorder(parents);
  std::vector<Sequence> rows;
  for (const int32_t& token : tokens) rows.push_back({.ids = {&token, 1}});
  session_.decode(rows);
}

}  // namespace locus::generation
