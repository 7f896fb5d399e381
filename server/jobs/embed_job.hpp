// Vectors of a request's texts, computed with those of all requests that wait.
#pragma once

#include <string>
#include <vector>

#include "server/api/fields.hpp"
#include "server/jobs/job.hpp"

namespace locus::server {

class EmbedJob final : public Job {
 public:
  EmbedJob(std::vector<Prompt> inputs, EmbedOptions options)
      : inputs_(std::move(inputs)), options_(std::move(options)), vectors_(inputs_.size()) {}

  std::string kind() const override;
  size_t size() const override { return inputs_.size(); }
  void run(Pipeline& pipeline, Company& company) override;

  /// One for each input. After the end.
  const std::vector<Embedding>& vectors() const { return vectors_; }
  int64_t read_tokens() const { return tokens_; }

 private:
  std::vector<Prompt> inputs_;
  EmbedOptions options_;
  std::vector<Embedding> vectors_;
  int64_t tokens_ = 0;
};

}  // namespace locus::server
