#include "server/jobs/completion_job.hpp"

#include "base/error.hpp"

namespace locus::server {
namespace {

template <typename Value>
void append(std::string& text, const std::optional<Value>& value) {
  text += value ? std::to_string(*value) + " " : "- ";
}

}  // namespace

std::string CompletionJob::kind() const {
  const GenerateOptions& options = wishes_.options;
  if (wishes_.seeded) return {};
  std::string kind = "complete ";
  append(kind, options.max_tokens);
  append(kind, options.min_tokens);
  append(kind, options.temperature);
  append(kind, options.top_p);
  append(kind, options.min_p);
  append(kind, options.typical_p);
  append(kind, options.top_k);
  append(kind, options.repetition_penalty);
  for (const std::string& stop : options.stop) kind += std::to_string(stop.size()) + ":" + stop;
  return kind;
}

bool CompletionJob::add(int64_t prompt, std::string_view piece) {
  const std::lock_guard lock(mutex_);
  began_ = true;
  pieces_.push_back({prompt, std::string(piece)});
  changed_.notify_all();
  return !given_up();
}

std::vector<Piece> CompletionJob::pieces_within(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, time, [this] { return ended_ || !pieces_.empty(); });
  return std::exchange(pieces_, {});
}

void CompletionJob::run(Pipeline& pipeline, std::span<Job* const> together) {
  if (began_) throw Error("completion", "a run to its end", "a failure in its middle");
  if (*wishes_.options.max_tokens > 0) write(pipeline, together);
  for (Job* const each : together) {
    auto& job = static_cast<CompletionJob&>(*each);
    if (job.wishes_.logprobs) job.predict(pipeline);
  }
}

void CompletionJob::write(Pipeline& pipeline, std::span<Job* const> together) {
  std::vector<Ids> prompts;
  std::vector<std::pair<CompletionJob*, int64_t>> owners;  // of each prompt, and its number there
  for (Job* const each : together) {
    auto& job = static_cast<CompletionJob&>(*each);
    for (size_t i = 0; i < job.prompts_.size(); ++i) {
      prompts.push_back(job.prompts_[i]);
      owners.emplace_back(&job, static_cast<int64_t>(i));
    }
  }
  GenerateOptions options = wishes_.options;
  options.on_text = [&](int64_t prompt, std::string_view piece) {
    const auto& [job, number] = owners[static_cast<size_t>(prompt)];
    return job->add(number, piece);
  };
  GeneratedTexts texts = pipeline.generate(prompts, options);
  if (texts.cancelled) throw Error::cancellation();
  for (size_t i = 0; i < owners.size(); ++i) {
    const auto& [job, number] = owners[i];
    job->results_[static_cast<size_t>(number)].text = std::move(texts.prompts[i].front());
  }
}

void CompletionJob::predict(Pipeline& pipeline) {
  std::vector<Ids> wholes = prompts_;
  std::vector<PredictedSequence> sequences;
  for (size_t i = 0; i < wholes.size(); ++i) {
    const auto first = wishes_.echo ? 1 : static_cast<int64_t>(wholes[i].size());
    const Ids& written = results_[i].text.ids;
    wholes[i].insert(wholes[i].end(), written.begin(), written.end());
    sequences.push_back({wholes[i], first});
  }
  auto predictions = predict_tokens(pipeline.session(), sequences, *wishes_.logprobs);
  for (size_t i = 0; i < predictions.size(); ++i) {
    results_[i].predictions = std::move(predictions[i]);
  }
}

}  // namespace locus::server
