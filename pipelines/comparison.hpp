// How models fare on one text: what `locus compare` shows.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "../engine/tensor.hpp"
#include "../evaluation/score_task.hpp"
#include "../evaluation/statistics.hpp"
#include "../models/model.hpp"
#include "run_observer.hpp"

namespace locus {

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

/// What there is to see of a graph's first encoding.
EncodingPicture draw_encoding(const Graph& graph);

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

/// Positions that share a point of the curve of loss by position.
inline constexpr int64_t position_bucket = 16;
/// Differences of bits per byte that do not matter.
inline constexpr double margin_in_bits = 0.005;

/// How a model is measured.
struct MeasureSettings {
  std::vector<int64_t> lengths;  ///< of the sweep, ascending; none: no sweep
  int threads = 0;
  int64_t sample = default_sample;  ///< masked models: tokens to score; 0: all
  uint64_t seed = 0;
  ObserveRun observe = {};
};

/// Scores the documents by each metric that a model's kind is compared by. `name` is the model's
/// path or name, of which the last part is shown. The model's tables must hold the longest length.
std::vector<ComparedModel> measure_model(const Model& model, const std::string& name,
                                         const std::vector<Document>& documents,
                                         const MeasureSettings& settings);

/// Puts models into groups by metric and compares each with its group's baseline: the model of that
/// name, or a learned table. `seed` is that of the bootstrap. Throws Error where no model has the
/// name.
std::vector<ComparedGroup> compare_models(std::vector<ComparedModel> models,
                                          const std::string& baseline, uint64_t seed);

/// Every model, the fewest bits per byte first. Rungs of one metric alone compare.
std::vector<Rung> ladder_of(const std::vector<ComparedGroup>& groups);

}  // namespace locus
