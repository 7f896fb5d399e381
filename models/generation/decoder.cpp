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
int64_t kept_until(const Graph& graph) {
  if (is_encoder_decoder(graph)) return 0;
  for (const auto& [name, encoding] : graph.spec().encodings) {
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

bool is_finite(std::span<const float> values) {
  return std::ranges::all_of(values, [](float value) { return std::isfinite(value); });
}

Decoder::Decoder(Session& session) : session_(session), kept_until_(kept_until(session.graph())) {
  session_.restart();
}

Decoder::Decoder(Session& session, Prompts prompts, const std::optional<int32_t>& decoder_start)
    : Decoder(session) {
  if (!is_encoder_decoder(session.graph())) {
    std::vector<Next> next;
    for (const auto& prompt : prompts) next.push_back({-1, prompt});
    advance(next);
    return;
  }
  if (!decoder_start) throw Error("generation", "a decoder start token", "none");
  sequences_ = static_cast<int64_t>(prompts.size());
  session_.encode(sequences_of(prompts));
  session_.decode(std::vector<Sequence>(prompts.size(), {.ids = {&*decoder_start, 1}}));
}

ConstView Decoder::unchecked_logits() {
  std::vector<int64_t> rows;
  for (const int64_t end : session_.offsets().subspan(1)) rows.push_back(end - 1);
  return session_.logits(rows);
}

ConstView Decoder::logits() {
  const ConstView logits = unchecked_logits();
  for (int64_t row = 0; row < logits.size(0); ++row) {
    if (is_finite(logits.row(row))) continue;
    throw Error("generation, sequence " + std::to_string(row), "finite logits", "infinity or NaN");
  }
  return logits;
}

void Decoder::append(std::span<const Next> next) {
  std::vector<std::vector<int32_t>> texts;
  for (const auto& [parent, ids] : next) {
    texts.push_back(parent < 0 ? std::vector<int32_t>() : texts_[static_cast<size_t>(parent)]);
    texts.back().insert(texts.back().end(), ids.begin(), ids.end());
  }
  texts_ = std::move(texts);
}

bool Decoder::outgrows() const {
  return std::ranges::any_of(texts_, [this](const std::vector<int32_t>& text) {
    return static_cast<int64_t>(text.size()) == kept_until_ + 1;
  });
}

void Decoder::step(std::span<const int64_t> parents, std::span<const int32_t> tokens) {
  std::vector<Next> next;
  for (size_t i = 0; i < parents.size(); ++i) next.push_back({parents[i], {&tokens[i], 1}});
  advance(next);
}

void Decoder::follow(std::span<const Next> next) {
  std::vector<int64_t> parents;
  for (const Next& each : next) parents.push_back(each.parent);
  const bool begins = std::ranges::all_of(parents, [](int64_t parent) { return parent < 0; });
  if (begins) {
    session_.restart();
  } else if (!is_identity(parents, sequences_)) {
    session_.reorder(parents);
  }
}

void Decoder::advance(std::span<const Next> next) {
  if (kept_until_ > 0) append(next);
  if (outgrows()) {
    session_.restart();
    session_.decode(sequences_of(texts_));
  } else {
    follow(next);
    std::vector<Sequence> rows;
    for (const Next& each : next) rows.push_back({.ids = each.ids});
    session_.decode(rows);
  }
  sequences_ = static_cast<int64_t>(next.size());
}

}  // namespace locus::generation
