// What a pipeline holds.
#pragma once

#include <algorithm>
#include <atomic>
#include <memory>

#include "pipelines/pipeline.hpp"
#include "pipelines/sentence/sentence_rules.hpp"

namespace locus {

struct Pipeline::State {
  State(std::shared_ptr<const Model> opened, int threads, std::filesystem::path of_rules)
      : model(given(std::move(opened))),
        folder(of_rules.empty() ? model->folder() : std::move(of_rules)),
        session(model->graph(), {.threads = threads}) {}

  /// Throws Error::cancellation() after `cancel`: for work that no session does.
  void check() const;
  /// Texts are read until `cancel`.
  EncodeOptions encoding() const {
    EncodeOptions options;
    options.check = [this] { check(); };
    return options;
  }
  /// Completes an evaluation that has its settings and its tokenizer.
  Evaluation evaluate(Evaluation evaluation, std::vector<Document> documents, bool sums_alone);
  Evaluation evaluate(Evaluation evaluation, const OpenDocuments& documents, const TakeScore& take);

  /// Checks a sequence that the model is to read, and notes its length.
  void take(std::string_view who, std::span<const int32_t> ids);
  void note(size_t tokens) { longest = std::max(longest, static_cast<int64_t>(tokens)); }
  /// Hands `texts` on, and notes the length of each with its prompt.
  GeneratedTexts noted(std::span<const std::vector<int32_t>> prompts, GeneratedTexts texts);

  /// Read when they are first needed.
  const pipelines::SentenceRules& sentence_rules();
  /// Opened when it is first needed, which `cancel` ends, and what `also` throws.
  const Tokenizer& opened_tokenizer(const std::function<void()>& also = {});

  std::shared_ptr<const Model> model;
  std::filesystem::path folder;
  std::optional<pipelines::SentenceRules> rules = {};
  Session session;
  std::shared_ptr<const Tokenizer> tokenizer;  ///< null until it is needed
  int64_t longest = 0;                         ///< tokens of the longest text so far
  std::atomic<bool> cancelled = false;
  std::atomic<bool> busy = false;

 private:
  static std::shared_ptr<const Model> given(std::shared_ptr<const Model> model);
};

/// A pipeline for the time of one call. A second one would use its session in the middle of the
/// first: throws Error.
class Pipeline::Turn {
 public:
  explicit Turn(const Pipeline& pipeline);
  ~Turn() { state_.busy = false; }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  State& state_;
};

}  // namespace locus
