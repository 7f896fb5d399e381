// What the experiments share: models, the text, losses of its tokens, comparisons in pairs.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/encoding_change.hpp"
#include "evaluation/score.hpp"
#include "evaluation/score_masked.hpp"
#include "evaluation/statistics.hpp"
#include "models/model.hpp"
#include "pipelines/documents.hpp"
#include "tools/claims/claim.hpp"
#include "tools/cli/arguments/common_options.hpp"
#include "tools/cli/terminal/progress.hpp"

namespace locus::cli::claims {

/// Lengths in tokens: a short text, what the shipped models were trained on, a long text.
inline constexpr int64_t short_length = 64;
inline constexpr int64_t trained_length = 256;
inline constexpr int64_t long_length = 1024;
/// A change of a token's loss that arithmetic in f32 explains, nats.
inline constexpr double rounding_in_nats = 1e-4;

struct BenchSettings {
  CommonOptions common;
  int64_t sample = default_sample;  ///< tokens that are scored where each needs a window of its own
  uint64_t seed = 0;
};

/// A model and the text as it reads it.
struct Reader {
  std::shared_ptr<const Model> model;
  std::shared_ptr<const Tokenizer> tokenizer;
  std::vector<Text> texts;  ///< one for each document
};

/// Losses of tokens.
struct Scored {
  std::vector<TextScores> scores;  ///< of each document
  std::vector<Unit> units;         ///< nats over tokens: of documents, or blocks where they are few
};

class Bench {
 public:
  Bench(BenchSettings settings, std::vector<Document> documents);

  const BenchSettings& settings() const { return settings_; }
  const std::vector<Document>& documents() const { return documents_; }
  /// What the folders of these models say of how they were trained.
  Recipes recipes_of(const std::vector<std::string>& names);
  /// What has been opened, by name.
  const std::map<std::string, std::shared_ptr<const Reader>>& readers() const { return readers_; }
  /// The claim that is measured next, for the progress bar.
  void begin(const Step& step) { step_ = step; }

  /// Opens a shipped model. Throws Error where it is absent.
  std::shared_ptr<const Reader> reader(const std::string& name);
  /// Opens a shipped model and changes its encoding.
  std::shared_ptr<const Reader> changed(const std::string& name, const EncodingChange& change);

  /// The whole text with a causal model, in windows of `context` that do not overlap.
  Scored whole(const Reader& reader, int64_t context = trained_length);
  /// One set of target tokens, scored at the end of windows of each length. Nothing where no text
  /// is long enough.
  std::map<int64_t, Scored> sweep(const Reader& reader, const std::vector<int64_t>& lengths);
  /// One token each of texts of the caller's, from what the model may see of them.
  std::vector<TextScores> at_places(const Reader& reader, const std::vector<Text>& texts,
                                    const std::vector<Place>& places);
  /// Scores of the documents' own tokens, with their units.
  Scored with_units(const Reader& reader, std::vector<TextScores> scores) const;

  /// Compares each candidate with the baseline of its number; Holm's correction is over all.
  std::vector<Comparison> compare_pairs(const std::vector<std::vector<Unit>>& candidates,
                                        const std::vector<std::vector<Unit>>& baselines) const;

 private:
  using Scorer = std::function<std::vector<TextScores>(Session&, const BatchSettings&)>;
  std::vector<TextScores> run(const Reader& reader, const Scorer& score);
  Scored measure_whole(const Reader& reader, int64_t context);
  Scored swept(const Reader& reader, const std::vector<std::vector<Window>>& windows);
  const Scored& once(const Reader& reader, const std::string& what,
                     const std::function<Scored()>& measure);

  BenchSettings settings_;
  std::vector<Document> documents_;
  std::map<std::string, std::shared_ptr<const Reader>> readers_;
  std::map<std::string, Scored> known_;  // of unchanged models
  Scored last_;                          // of a changed one
  Step step_;
};

/// A change in all layers.
EncodingChange change_of(EncodingChange::Kind kind, double amount = 0);

/// The encoding of a model that has one.
std::shared_ptr<const PositionalEncoding> first_encoding(const Graph& graph);

/// Tokens of the longest document.
int64_t longest_text(const Reader& reader);

/// The mean of candidates, unit by unit.
std::vector<Unit> mean_of(const std::vector<std::vector<Unit>>& candidates);

/// What a paired difference says of a sentence by which the candidate is worse, or no worse.
Support supports_worse(const Comparison& comparison);
Support supports_no_worse(const Comparison& comparison);

}  // namespace locus::cli::claims
