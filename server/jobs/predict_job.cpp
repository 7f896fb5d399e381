#include "server/jobs/predict_job.hpp"

#include <iterator>

namespace locus::server {

void PredictJob::run(Pipeline& pipeline, Company& company) {
  std::vector<PredictedSequence> sequences;
  for (const auto& each : company.first()) {
    for (const Asked& asked : static_cast<PredictJob&>(*each).asked_) {
      sequences.push_back({asked.ids, asked.first});
    }
  }
  auto predictions = predict_tokens(pipeline.session(), sequences, top_);
  auto next = std::make_move_iterator(predictions.begin());
  for (const auto& each : company.first()) {
    auto& job = static_cast<PredictJob&>(*each);
    const auto count = static_cast<std::ptrdiff_t>(job.asked_.size());
    job.predictions_.assign(next, next + count);
    next += count;
  }
}

}  // namespace locus::server
