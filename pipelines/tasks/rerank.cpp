#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/float_environment.hpp"
#include "models/shifted_text.hpp"
#include "pipelines/sentence/activations.hpp"
#include "pipelines/tasks/pipeline_state.hpp"

namespace locus {
namespace {

constexpr size_t pairs_at_once = 32;

void expect_one_class(const Model& model) {
  const auto& outputs = model.spec().outputs;
  const std::string& task = model.spec().task;
  const bool classifies = task == "sequence-classification" || task == "sequence-regression";
  if (!classifies || !outputs.contains("logits")) {
    throw Error("rerank", "a model that classifies pairs of texts", task);
  }
}

/// A sigmoid where the folder says nothing, as sentence-transformers has it for one class.
pipelines::Activation score_of(const pipelines::SentenceRules& rules) {
  const std::string name = rules.score_activation.empty() ? "torch.nn.modules.activation.Sigmoid"
                                                          : rules.score_activation;
  return pipelines::activation_of("the folder's activation", name, {});
}

EncodeOptions encoding_of(const pipelines::SentenceRules& rules, const Model& model) {
  EncodeOptions options;
  const int64_t longest = longest_input(model);
  options.max_length = std::min(longest, rules.max_length.value_or(longest));
  return options;
}

}  // namespace

std::vector<RankedDocument> Pipeline::rerank(std::string_view query,
                                             std::span<const std::string> documents) try {
  const DefaultFloats floats;
  expect_one_class(model());
  check_text("query", query);
  if (documents.empty()) throw Error("rerank", "at least one document", "none");
  const auto& rules = state_->sentence_rules();
  if (rules.default_prompt && !rules.default_prompt->empty()) {
    throw Error("rerank", "a folder without a default prompt", "one");
  }
  const auto activation = score_of(rules);
  const EncodeOptions options = encoding_of(rules, model());
  std::vector<RankedDocument> ranked;
  for (size_t first = 0; first < documents.size(); first += pairs_at_once) {
    std::vector<EncodedText> pairs;
    for (const auto& document :
         documents.subspan(first, std::min(pairs_at_once, documents.size() - first))) {
      state_->check();
      if (!document.empty()) check_text("document", document);
      pairs.push_back(tokenizer().encode_pair(query, document, options));
      check_sequence(model(), "document", pairs.back().ids);
    }
    std::vector<Sequence> sequences;
    for (const auto& pair : pairs) sequences.push_back({pair.ids, pair.type_ids});
    read_texts(session(), sequences);
    const ConstView logits = session().output("logits");  // [pairs, classes]
    if (logits.size(1) != 1) {
      throw Error("rerank", "a model of one class", std::to_string(logits.size(1)) + " classes");
    }
    for (size_t i = 0; i < pairs.size(); ++i) {
      float score = logits(static_cast<int64_t>(i), 0);
      if (!std::isfinite(score)) throw Error("rerank", "finite logits", std::to_string(score));
      activation({&score, 1});
      ranked.push_back({static_cast<int64_t>(first + i), score});
    }
  }
  std::ranges::stable_sort(ranked, std::ranges::greater(), &RankedDocument::score);
  return ranked;
} catch (...) {
  throw_as_error("rerank");
}

}  // namespace locus
