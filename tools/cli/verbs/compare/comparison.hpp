// What `locus compare` measures.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/tensor.hpp"
#include "evaluation/score.hpp"
#include "evaluation/statistics.hpp"
#include "evaluation/sweep.hpp"
#include "pipelines/documents.hpp"
#include "pipelines/scoring_tokens.hpp"
#include "tools/cli/arguments/common_options.hpp"
#include "tools/cli/output/output.hpp"
#include "tools/cli/terminal/progress.hpp"

namespace locus::cli {

struct CompareOptions {
  CommonOptions common;
  std::vector<std::string> models;  ///< none: every model that is shipped
  std::vector<std::string> texts;   ///< none: the shipped text
  std::string separator;
  std::string lengths;  ///< `64,128`; none: half to eight times the training length
  std::string baseline;
  std::string report;
  std::string language = "en";  ///< of the report: en or zh
  std::string out;
  std::string csv;
  std::string seeds;   ///< a file that `out` wrote of the same models from other seeds
  std::string verify;  ///< a file that `out` wrote, to be held against what is there now
  int64_t sample = default_sample;
  uint64_t seed = 0;
  bool full = false;
};

/// What a model makes of some tokens with windows of one length.
struct LengthPoint {
  int64_t length = 0;
  int64_t tokens = 0;
  double nll = 0;     ///< mean, nats per token
  Interval interval;  ///< 95 %, of the mean
  double top1 = 0, top5 = 0;
  double entropy = 0;  ///< mean, nats
};

/// A picture of an encoding: a matrix, and what its axes are.
struct EncodingPicture {
  enum class Kind { nothing, added_rows, rotation, bias, response } kind = Kind::nothing;
  Tensor values;             ///< [rows, columns]
  int64_t first_column = 0;  ///< the number of the first column
};

/// What the same model from another seed makes of the same text.
struct SeedRun {
  std::string name;
  double bits_per_byte = 0;
  double perplexity = 0;
};

/// One model on one text.
struct ComparedModel {
  std::string name;
  std::string family;
  std::string encoding;
  ScoringTask task = ScoringTask::causal;
  int64_t context = 0;  ///< of the windows, in tokens
  int64_t trained_context = 0;
  std::optional<int64_t> max_length;  ///< positions that the encoding represents, where limited
  int64_t parameters = 0;
  int64_t encoding_parameters = 0;
  bool untrained = false;
  std::string tokenizer;  ///< SHA-256 of what it makes of the text
  double lossy_share = 0;
  Summary summary;
  Interval bits_per_byte;                ///< 95 %
  std::vector<Unit> units;               ///< bits over bytes
  std::string unit;                      ///< what a unit is, in words
  std::optional<Comparison> comparison;  ///< with the baseline, bits per byte
  std::vector<CurvePoint> by_position;
  std::vector<LengthPoint> by_length;  ///< the same tokens, each behind a whole window
  std::vector<LengthPoint> disjoint;   ///< all of the long texts, window behind window
  std::vector<SeedRun> seeds;
  EncodingPicture picture;
  std::map<std::string, std::string> files;  ///< SHA-256 by name
};

/// Models whose figures may stand in one column.
struct ComparedGroup {
  std::string metric;
  std::string baseline;
  std::vector<ComparedModel> models;
  bool other_baseline = false;     ///< the wished one is of another metric: it cannot be one here
  std::optional<SeedSpread> luck;  ///< of bits per byte, where models have runs from other seeds
};

/// A model with what it is measured by, among the models of all groups.
struct Rung {
  const ComparedModel* model = nullptr;
  const ComparedGroup* group = nullptr;
};

struct CompareResult {
  std::vector<Document> documents;
  int64_t bytes = 0;
  std::vector<int64_t> lengths;
  std::vector<ComparedGroup> groups;
  int threads = 0;
};

/// Positions that share a point of the curve of loss by position.
inline constexpr int64_t position_bucket = 16;
/// Differences of bits per byte that do not matter.
inline constexpr double margin_in_bits = 0.005;

/// Opens one model and scores the documents by each metric that its kind is compared by.
std::vector<ComparedModel> measure_model(const std::string& name, const CompareOptions& options,
                                         const CompareResult& setting, const Step& step = {});
/// Scores the same target tokens at every length. Lengths that the encoding does not represent, or
/// for which no text is long enough, have no point.
std::vector<LengthPoint> measure_lengths(Session& session, std::span<const Text> texts,
                                         const std::vector<int64_t>& lengths,
                                         const CausalSettings& settings);
/// What texts score in windows that do not overlap.
struct DisjointScores {
  CausalSettings settings;
  std::vector<TextScores> scores;
};
/// Scores what of each text fills the longest window, once or more, cut into windows of each length
/// that do not overlap: the early tokens of each have little context. `known` holds one of the
/// lengths.
std::vector<LengthPoint> measure_disjoint(Session& session, std::span<const Text> texts,
                                          const std::vector<int64_t>& lengths,
                                          const DisjointScores& known);
/// What there is to see of a model's first encoding.
EncodingPicture draw_encoding(const Graph& graph);

/// Puts models into groups by metric and compares each with its group's baseline.
std::vector<ComparedGroup> compare_models(std::vector<ComparedModel> models,
                                          const CompareOptions& options);

/// Every model, the fewest bits per byte first. Rungs of one metric alone compare.
std::vector<Rung> ladder_of(const CompareResult& result);

/// `[2.192, 2.442]`; nothing for the interval of one document, which has no ends.
std::string interval_text(const Interval& interval);
std::string comparison_text(const CompareResult& result);
Json comparison_json(const CompareResult& result, const CompareOptions& options);
std::string comparison_csv(const CompareResult& result);

}  // namespace locus::cli
