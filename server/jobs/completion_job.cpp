#include "server/jobs/completion_job.hpp"

#include <map>

#include "base/error.hpp"
#include "pipelines/text_run.hpp"

namespace locus::server {
namespace {

template <typename Value>
void append(std::string& text, const std::optional<Value>& value) {
  text += value ? std::to_string(*value) + " " : "- ";
}

}  // namespace

// Beams and encoder-decoders run from beginning to end, by one set of options.
std::string CompletionJob::kind() const {
  if (wishes_.joins) return "complete";
  const GenerateOptions& options = wishes_.options;
  std::string kind = "complete at once ";
  append(kind, options.max_tokens);
  append(kind, options.min_tokens);
  append(kind, options.temperature);
  append(kind, options.top_p);
  append(kind, options.min_p);
  append(kind, options.typical_p);
  append(kind, options.top_k);
  append(kind, options.repetition_penalty);
  append(kind, std::optional(options.seed));
  for (const std::string& stop : options.stop) kind += std::to_string(stop.size()) + ":" + stop;
  return kind;
}

int64_t CompletionJob::tokens() const {
  size_t read = 0;
  for (const Ids& prompt : prompts_) read += prompt.size();
  return static_cast<int64_t>(read) +
         static_cast<int64_t>(prompts_.size()) * wishes_.options.max_tokens.value_or(0);
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

/// Texts of jobs that come and go while others are written.
class CompletionJob::SideBySide {
 public:
  SideBySide(Pipeline& pipeline, Company& company, const CompletionJob& first)
      : company_(company), run_(pipeline, first.tokenizer_) {}

  void run() {
    for (Company::Jobs jobs = company_.first();; jobs = company_.join()) {
      for (const auto& job : jobs) begin(std::static_pointer_cast<CompletionJob>(job));
      if (run_.texts() == 0) return;
      for (const auto& [number, owner] : owners_) {
        if (owner.job->given_up()) run_.stop(number);
      }
      for (auto& ended : run_.step()) settle(ended);
    }
  }

 private:
  /// Which job a text is of, and which of its prompts.
  struct Owner {
    std::shared_ptr<CompletionJob> job;
    size_t prompt = 0;
  };

  void begin(const std::shared_ptr<CompletionJob>& job) try {
    if (job->wishes_.options.max_tokens == 0) return end(*job, nullptr);
    if (job->began_) throw Error("completion", "a run to its end", "a failure in its middle");
    for (size_t i = 0; i < job->prompts_.size(); ++i) {
      const auto place = static_cast<int64_t>(i);
      GenerateOptions options = job->wishes_.options;
      // A text that is stopped says its last words with the next step, when its job may have ended.
      options.on_text = [job, place](int64_t, std::string_view piece) {
        return job->add(place, piece);
      };
      owners_[run_.add(job->prompts_[i], options, place)] = {job, i};
    }
    open_[job.get()] = job->prompts_.size();
  } catch (...) {
    end(*job, std::current_exception());
  }

  void settle(TextRun::Ended& ended) {
    const auto found = owners_.find(ended.number);
    if (found == owners_.end()) return;  // of a job that failed of another text
    const auto [job, prompt] = found->second;
    owners_.erase(found);
    if (!ended.failure.empty()) return end(*job, std::make_exception_ptr(Error(ended.failure)));
    job->results_[prompt] = std::move(ended.text);
    if (--open_.at(job.get()) == 0) end(*job, nullptr);
  }

  void end(CompletionJob& job, std::exception_ptr failure) {
    std::erase_if(owners_, [&](const auto& each) {
      if (each.second.job.get() != &job) return false;
      run_.stop(each.first);
      return true;
    });
    open_.erase(&job);
    company_.end(job, std::move(failure));
  }

  Company& company_;
  TextRun run_;
  std::map<int64_t, Owner> owners_;              // of texts, by their numbers
  std::map<const CompletionJob*, size_t> open_;  // texts of each that go on
};

void CompletionJob::run(Pipeline& pipeline, Company& company) {
  if (wishes_.joins) return SideBySide(pipeline, company, *this).run();
  if (wishes_.options.max_tokens == 0) return;  // nor do the others want any: it is in `kind`
  if (began_) throw Error("completion", "a run to its end", "a failure in its middle");
  write_together(pipeline, company);
}

void CompletionJob::write_together(Pipeline& pipeline, Company& company) {
  std::vector<Ids> prompts;
  std::vector<std::pair<CompletionJob*, int64_t>> owners;  // of each prompt, and its number there
  for (const auto& each : company.first()) {
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
    job->results_[static_cast<size_t>(number)] = std::move(texts.prompts[i].front());
  }
}

}  // namespace locus::server
