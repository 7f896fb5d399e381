// Rows of a comparison, made by hand.
#pragma once

#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "pipelines/comparison.hpp"

namespace locus::tests {

/// Documents of 100 bytes whose losses alternate about `bits` per byte; the floor has 4.
inline ComparedModel compared_file(const std::string& name, double bits, double wave = 0.01,
                                   size_t documents = 20) {
  ComparedModel model;
  model.name = name;
  model.encoding = name;
  model.task = ScoringTask::causal;
  model.tokenizer = "one";
  model.unit = "document";
  std::vector<Unit> floor;
  double sum = 0;
  for (size_t i = 0; i < documents; ++i) {
    const double here = bits + (i % 2 == 0 ? wave : -wave);
    model.units.push_back({100 * here, 100});
    floor.push_back({400, 100});
    sum += 100 * here;
  }
  const auto bytes = static_cast<int64_t>(100 * documents);
  model.summary.tokens = bytes / 4;
  model.summary.extent.bytes = bytes;
  model.summary.extent.words = bytes / 5;
  model.summary.nll = sum * std::log(2.0);
  model.summary.perplexity = std::exp(model.summary.nll / static_cast<double>(bytes / 4));
  model.summary.bits_per_byte = sum / static_cast<double>(bytes);
  model.summary.word_perplexity = std::exp(model.summary.nll / static_cast<double>(bytes / 5));
  model.bits_interval = bootstrap(model.units);
  ModelFloor beaten{ModelFloor::Kind::frequencies};
  beaten.bits_per_byte = 4;
  beaten.units = floor;
  beaten.lead = 4 - bits;
  model.floors = {beaten};
  model.standing = bits < 3.9 ? Standing::trained : Standing::not_trained;
  model.runs = {run_of(model)};
  return model;
}

/// A `compared_file` with a training block.
inline ComparedModel compared_seed(const std::string& encoding, int64_t seed, double bits,
                                   double wave = 0.01) {
  ComparedModel model =
      compared_file(encoding + "-seed" + std::to_string(seed), bits, wave + 1e-6 * seed);
  model.encoding = encoding;
  model.training = parse_training(
      encoding, R"({"format": 1, "kind": "causal", "encoding": ")" + encoding +
                    R"(", "recipe": {"tokens": 1000, "vocabulary": "00"}, "position_scale": null,
                    "seed": )" +
                    std::to_string(seed) + R"(, "tokens_seen": 1000, "curve": []})");
  model.runs = {run_of(model)};
  return model;
}

template <typename... Models>
std::vector<ComparedModel> list_of(Models... models) {
  std::vector<ComparedModel> list;
  (list.push_back(std::move(models)), ...);
  return list;
}

inline const ComparedModel& row_named(const std::vector<ComparedGroup>& groups,
                                      const std::string& name) {
  for (const ComparedModel& model : groups.front().models) {
    if (model.name == name) return model;
  }
  throw std::runtime_error("no row " + name);
}

}  // namespace locus::tests
