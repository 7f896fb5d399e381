// What a model says of the tokens of a request's texts, computed with those of all that wait.
#pragma once

#include <string>
#include <vector>

#include "evaluation/predict_tokens.hpp"
#include "server/api/fields.hpp"
#include "server/jobs/job.hpp"

namespace locus::server {

class PredictJob final : public Job {
 public:
  /// A text, and the first of its tokens that is asked about.
  struct Asked {
    Ids ids;
    int64_t first = 1;
  };

  /// `top`: of the most probable ones beside each token.
  PredictJob(std::vector<Asked> asked, int64_t top) : asked_(std::move(asked)), top_(top) {}

  std::string kind() const override { return "predict " + std::to_string(top_); }
  size_t size() const override { return asked_.size(); }
  void run(Pipeline& pipeline, Company& company) override;

  const std::vector<Asked>& asked() const { return asked_; }
  /// Tokens of each text from its first on. After the end.
  const std::vector<std::vector<PredictedToken>>& predictions() const { return predictions_; }

 private:
  std::vector<Asked> asked_;
  int64_t top_;
  std::vector<std::vector<PredictedToken>> predictions_;
};

}  // namespace locus::server
