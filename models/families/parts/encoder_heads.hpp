// What classes put on top of an encoder.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "models/families/parts/post_norm_encoder.hpp"

namespace locus::families {

/// What a head stands on.
struct EncoderEnd {
  GraphBuilder& graph;
  const PostNormConfig& sizes;
  std::string base;  ///< `bert.`
  std::string last;  ///< the encoder's last node
};

/// A class of a family: the first of a family's list is the bare one.
struct EncoderHead {
  std::string architecture;
  std::string task;  ///< of the graph
  std::function<void(const EncoderEnd&)> add;
  /// A weight that tells the class where the config has no `architectures`.
  std::string sign = {};
};

/// The head that `architectures` names; without it the first whose sign is stored, or the bare one.
const EncoderHead& choose_head(const Config& config, const Weights& weights,
                               std::span<const EncoderHead> heads);
/// Names the output `last_hidden_state` and the task, and adds the head.
void finish_encoder(const EncoderHead& head, const EncoderEnd& end);

/// The first row of each sequence through `base` + `pooler`. Returns the node.
std::string add_pooler(const EncoderEnd& end);
/// A pooler as `add_pooler` makes it, where its weights are stored.
void add_optional_pooler(const EncoderEnd& end);

/// Logits of the classes, `path`, for each row of `input`.
void add_classifier(const EncoderEnd& end, const std::string& path, const std::string& input);
/// The classes of a sequence, from its pooled row.
void classify_pooled(const EncoderEnd& end);
/// The classes of a sequence, from its first row by `classifier.dense` and `classifier.out_proj`.
std::function<void(const EncoderEnd&)> classify_first(const std::string& activation);
/// One logit for each sequence, a choice among several, from rows of sequences.
void add_choice(GraphBuilder& graph, const std::string& path, const std::string& pooled);
/// One logit for each sequence, a choice among several, from its pooled row.
void choose_pooled(const EncoderEnd& end);
/// transformers' SequenceSummary, as far as configs ask for it.
struct SummaryDefaults {
  std::string type = "last";
  bool projects = false;
  std::string activation = "identity";
};
/// The summary of each sequence.
std::string add_summary(GraphBuilder& graph, const SummaryDefaults& defaults,
                        const std::string& last);
/// One logit for each sequence, a choice among several, from such a summary.
std::function<void(const EncoderEnd&)> choose_summary(const SummaryDefaults& defaults);
/// One number for each sequence by the summary of GPT's double heads, `multiple_choice_head`: the
/// output `mc_logits`, from the last row.
void add_choice_head(GraphBuilder& graph, const std::string& last);
/// Whether a second sentence follows the first: `cls.seq_relationship`.
void follow_pooled(const EncoderEnd& end);
/// The classes of each token.
void classify_tokens(const EncoderEnd& end);
/// The classes of each token, by the linear map `path` of `last`.
void add_token_classes(GraphBuilder& graph, const std::string& path, const std::string& last);
/// The classes of a sequence from the row of its last end token, by `classification_head`: BART's
/// and T5's way.
void classify_end(GraphBuilder& graph, const std::string& last);
/// Where an answer starts and ends.
void find_span(const EncoderEnd& end);
/// Where an answer starts and ends, by the linear map `path` of the node `last`.
void add_span(GraphBuilder& graph, const std::string& last, const std::string& path);
/// The task of a class for sequences: how its classes relate to each other.
std::string classification_task(const Config& config);

/// The modules of a masked-language-model head.
struct MaskedLmHead {
  std::string gather, activated;  ///< names of nodes
  std::string dense, norm, decoder, bias, table;
  std::string activation;
  bool always_tied = false;  ///< whether the class looks at no key and no matrix of the head
};

/// Logits of requested rows.
void add_masked_lm(const EncoderEnd& end, const MaskedLmHead& head);
/// BERT's head at `cls.predictions`.
void add_bert_masked_lm(const EncoderEnd& end);
/// BERT's head at `cls.predictions` beside its pooler, where one is stored.
void add_bert_pretraining(const EncoderEnd& end);
/// RoBERTa's head at `lm_head`.
void add_roberta_masked_lm(const EncoderEnd& end);
/// Leftovers of pretraining in files of other classes: a pooler, the head of the next sentence.
void ignore_pretraining(GraphBuilder& graph, const std::string& base);

}  // namespace locus::families
