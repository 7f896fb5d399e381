// What a pipeline answers: texts, and where in a text something was found.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../evaluation/score_task.hpp"
#include "../models/embed.hpp"
#include "../models/generate.hpp"
#include "../tokenizer/tokenizer.hpp"
#include "provenance.hpp"

namespace locus {

/// A token that may stand in a gap.
struct TokenCandidate {
  int32_t id = 0;
  std::string token;  ///< as the vocabulary spells it
  double probability = 0;
};

/// One gap of a text, and what the model puts there, most probable first.
struct MaskCandidates {
  int64_t position = 0;  ///< in the ids
  std::vector<TokenCandidate> tokens;
};

/// A class and its score.
struct LabelScore {
  int64_t id = 0;
  std::string label;
  double value = 0;  ///< a probability; of a regression what it estimates
};

/// A stretch of a text with one type.
struct TaggedText {
  std::string label;
  double probability = 0;
  Span bytes;  ///< in the text
  std::string text;
};

/// A token, and how probable it is that the text had another one there.
struct ReplacedToken {
  int32_t id = 0;
  std::string token;
  Span bytes;  ///< in the text
  double probability = 0;
};

/// A stretch of the context that answers the question. Its first and last words are whole.
struct TextAnswer {
  Span bytes;  ///< in the context
  std::string text;
  double score = 0;
  double probability = 0;
};

struct TextAnswers {
  std::vector<TextAnswer> best;  ///< best score first, each text once
  double none = 0;               ///< the score of there being no answer
  int64_t windows = 0;
};

/// Vectors of some texts, and how they were made.
struct Embeddings {
  std::string pooling = "mean";  ///< how tokens became a vector: `mean`, `cls+mean`, `splade`
  bool by_token = false;         ///< a vector for each token instead
  bool normalized = false;
  std::vector<Embedding> vectors;   ///< one for each text
  std::vector<int64_t> cut_tokens;  ///< what was read of a text that was cut; 0: all of it
  std::vector<int64_t> tokens;      ///< that were read of each text
};

/// A document, and how well it answers a query.
struct RankedDocument {
  int64_t index = 0;  ///< among the documents
  double score = 0;
};

/// A continuation or translation.
struct GeneratedText {
  std::string text;  ///< up to a stop text; without a tokenizer the ids
  std::vector<int32_t> ids;
  double score = 0;
  Finish finish = Finish::max_tokens;
};

/// Continuations of some prompts, best first for each.
struct GeneratedTexts {
  std::vector<std::vector<GeneratedText>> prompts;
  double seconds = 0;      ///< without opening files and cutting texts into tokens
  bool decoded = true;     ///< false: for want of a tokenizer, texts are ids
  bool cancelled = false;  ///< `prompts` holds what there was by then
};

/// How well a model predicts texts.
struct Evaluation {
  ScoringSettings settings;                    ///< with every default filled in
  std::shared_ptr<const Tokenizer> tokenizer;  ///< null where ids were given and there is none
  std::vector<Document> documents;
  std::vector<Text> texts;
  std::vector<TextScores> scores;    ///< of each text
  std::vector<DocumentHash> hashes;  ///< of the documents, also where they were streamed
  Summary summary;
  Interval interval;                  ///< 95 %, of the mean nll of a token
  std::string unit;                   ///< of the bootstrap, in words
  size_t units = 0;                   ///< number of them
  std::optional<double> lossy_share;  ///< see `lossy_share`; none where ids were given
};

}  // namespace locus
