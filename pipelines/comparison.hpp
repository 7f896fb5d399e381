// How models fare on one text: what `locus compare` shows.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../engine/tensor.hpp"
#include "../evaluation/floors.hpp"
#include "../evaluation/score_task.hpp"
#include "../evaluation/statistics.hpp"
#include "../models/model.hpp"
#include "documents.hpp"
#include "run_observer.hpp"
#include "training.hpp"

namespace locus {

/// What a model makes of some tokens with windows of one length.
struct LengthPoint {
  int64_t length = 0;
  int64_t tokens = 0;
  double nll = 0;     ///< mean, nats per token
  Interval interval;  ///< 95 %, of the mean
  double top1 = 0, top5 = 0;
  double entropy = 0;  ///< mean, nats
  double change = 0;   ///< of the loss of the same tokens, from the curve's reference length
  Interval change_interval = {};  ///< 95 %, paired by document
  std::vector<Unit> units = {};   ///< nats over tokens, by document
};

/// A picture of an encoding: a matrix, and what its axes are.
struct EncodingPicture {
  enum class Kind { nothing, added_rows, rotation, bias, response } kind = Kind::nothing;
  Tensor values;              ///< [rows, columns]
  int64_t first_column = 0;   ///< the number of the first column
  std::string encoding = {};  ///< what is drawn
  std::string stack = {};     ///< `encoder` or `decoder`, where a model has both
};

/// What there is to see of a graph's first encoding: of its encoder's and of its decoder's where it
/// has both.
std::vector<EncodingPicture> draw_encodings(const Graph& graph);

/// A baseline that a model must beat, on the tokens that the model was scored on.
struct ModelFloor {
  enum class Kind { frequencies, document_counts, trigram } kind = Kind::frequencies;
  bool of_text =
      false;       ///< counted in the compared text, each token left out; else in a training text
  double nll = 0;  ///< mean, nats per token
  double bits_per_byte = 0;
  std::vector<Unit> units = {};  ///< bits over bytes
  double lead = 0;               ///< of the model: bits per byte that it needs less
  Interval lead_interval = {};   ///< 95 %, over documents
  std::string tokens_of = {};    ///< where a group has several of a kind: a model with these tokens
};

/// Whether a model has learned more than its floor: the trigram for causal models where there is
/// one, else frequencies with document counts. `unknown`: the text is too short to tell.
enum class Standing { trained, not_trained, unknown };
/// "trained", "not trained", "unknown"
std::string to_string(Standing standing);
/// Bits per byte by which a model must beat its floor to count as trained.
inline constexpr double min_lead = 0.1;

/// One training of a configuration, measured on the text.
struct SeedRun {
  std::string name;
  std::optional<int64_t> seed = {};  ///< where the folder says it
  double bits_per_byte = 0;
  double perplexity = 0;
  std::vector<Unit> units = {};  ///< bits over bytes
  double top1 = 0, top5 = 0;
  double entropy = 0;
  std::vector<CurvePoint> by_position = {};
  std::vector<LengthPoint> by_length = {}, disjoint = {};
  std::vector<TrainingPoint> training_curve = {};
  std::map<std::string, std::string> files = {};  ///< SHA-256 by name
  double lead = 0;                                ///< over its floor, bits per byte
  Standing standing = Standing::unknown;          ///< held to the floor by itself
};

/// A run that repeats another one: its weights or its losses are equal.
struct RepeatedRun {
  std::string name, of;
};

/// What a verdict is of.
/// - `files`: of these two files, as one side has a single run;
/// - `configurations`: of recipe and encoding together, over documents and seeds;
/// - `encodings`: of the encodings under one recipe, over documents and seeds.
enum class Scope { files, configurations, encodings };
/// The name above.
std::string to_string(Scope scope);

/// Why there is no verdict.
enum class Obstacle { none, not_trained, other_text, one_recipe };

/// One model on one text; where it has several runs, every figure is their mean.
struct ComparedModel {
  std::string name;
  std::string family;
  std::string encoding;
  ScoringTask task = ScoringTask::causal;
  int64_t context = 0;                          ///< of the windows, in tokens
  Convention convention = Convention::sliding;  ///< of a causal model's windows
  int64_t stride = 0;  ///< between a causal model's windows where they overlap; else 0
  int64_t trained_context = 0;
  std::optional<int64_t> max_length;  ///< positions that the encoding represents, where limited
  int64_t parameters = 0;
  int64_t encoding_parameters = 0;
  bool untrained = false;
  std::string tokenizer;  ///< SHA-256 of what it makes of the text
  double lossy_share = 0;
  Summary summary;
  Interval bits_interval;                ///< 95 %, of bits per byte, over documents
  std::vector<Unit> units;               ///< bits over bytes
  std::string unit;                      ///< what a unit is, in words
  std::optional<Comparison> comparison;  ///< with the baseline, bits per byte
  Scope scope = Scope::files;            ///< of the comparison
  Obstacle obstacle = Obstacle::none;    ///< where there is none
  std::vector<CurvePoint> by_position;
  std::vector<LengthPoint> by_length;  ///< the same tokens, each after a whole window; `change` is
                                       ///< from the training length, where it is among them
  std::vector<LengthPoint> disjoint;   ///< all of the long texts, in disjoint windows
  std::vector<SeedRun> runs;           ///< of its configuration, lowest seed first; never empty
  std::vector<RepeatedRun> repeats;    ///< left out of them
  std::vector<TrainingPoint> training_curve;
  std::optional<Training> training;
  std::vector<ModelFloor> floors;
  Standing standing = Standing::unknown;  ///< not trained where one of its runs is not
  std::string letters;  ///< shared with those of the group that it is neither better nor worse than
  std::vector<EncodingPicture> pictures;
  std::map<std::string, std::string> files;  ///< SHA-256 by name
};

/// Bits per byte of its summary; 0 where the bytes of its text are not known.
double bits_of(const ComparedModel& model);

/// Two rows, held against each other.
struct ComparedPair {
  std::string model, other;
  Scope scope = Scope::files;
  Comparison comparison;  ///< of `model` with `other`
};

/// Models whose figures may stand in one column.
struct ComparedGroup {
  std::string metric;
  std::string baseline;  ///< empty where no model may be one
  std::vector<ComparedModel> models;
  bool other_baseline = false;  ///< the wished one is of another metric, or not trained
  double wished_margin = 0;     ///< bits per byte that do not matter
  /// `wished_margin`, or the difference that seeds alone make where that is larger and not above
  /// `min_lead`. Between the two, only a difference whose interval holds 0 is equivalent.
  double margin = 0;
  std::vector<ComparedPair> pairs;  ///< all that compare: one family of tests
  int64_t permutations = 0;         ///< of their sign-flip tests, where they are drawn
  std::optional<SeedSpread> luck;   ///< of bits per byte, where models have runs from other seeds
};

/// The floors of a group's models, each once. Models with other tokens have others.
std::vector<ModelFloor> floors_of(const ComparedGroup& group);
/// In which fields of the recipe the group's models differ, and which of them have no block.
struct RecipeReport {
  std::vector<RecipeDifference> differences;
  std::vector<std::string> unknown;
};
RecipeReport recipes_of(const ComparedGroup& group);

/// Positions that share a point of the curve of loss by position.
inline constexpr int64_t position_bucket = 16;
/// Differences of bits per byte that do not matter.
inline constexpr double margin_in_bits = 0.005;

/// How a model is measured.
struct MeasureSettings {
  std::vector<int64_t> lengths;  ///< of the sweep, ascending; none: no curves
  int threads = 0;
  std::shared_ptr<const Floors> floors = {};  ///< of a training text; none: of the compared text
  std::optional<int64_t> context = {}, stride = {};
  Convention convention = Convention::sliding;
  int64_t sample = default_sample;  ///< masked models: tokens to score; 0: all
  uint64_t seed = 0;
  ObserveRun observe = {};
};

/// Scores the documents by each metric that a model's kind is compared by. `name` is the model's
/// path or name, of which the last part is shown (`model_names`). The model's tables must hold the
/// longest length.
std::vector<ComparedModel> measure_model(const Model& model, const std::string& name,
                                         const std::vector<Document>& documents,
                                         const MeasureSettings& settings);

/// How models are held against each other.
struct JudgeSettings {
  std::string baseline;  ///< a model's name; empty: a learned table
  double margin = margin_in_bits;
  uint64_t seed = 0;       ///< of the bootstrap
  CancelCheck check = {};  ///< asked every few milliseconds; throws to end the work
};

/// What was measured of a model, as a run of its configuration.
SeedRun run_of(const ComparedModel& model);
/// Gives a row one more run. One with the weights or the losses of another is noted and left out.
void add_run(ComparedModel& row, SeedRun run);
/// Makes every figure of a row the mean of its runs, and holds each run to the row's floor by
/// itself.
void average_runs(ComparedModel& row, const CancelCheck& check = {});

/// Folds the runs of one configuration, as their training blocks say, into the row of the lowest
/// seed. A model without a block is a configuration of its own.
std::vector<ComparedModel> pool_runs(std::vector<ComparedModel> models,
                                     const CancelCheck& check = {});

/// Puts models into groups by metric and compares all pairs of each, as one family of tests: those
/// with the group's baseline are the rows' verdicts, and all are the letters. Throws Error where no
/// model has the baseline's name.
std::vector<ComparedGroup> compare_models(std::vector<ComparedModel> models,
                                          const JudgeSettings& settings = {});

}  // namespace locus
