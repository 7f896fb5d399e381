// What a pipeline holds.
#pragma once

#include <algorithm>
#include <atomic>
#include <memory>

#include "base/file_stamps.hpp"
#include "pipelines/pipeline.hpp"
#include "pipelines/sentence/sentence_rules.hpp"

namespace locus::pipelines {

struct State {
  /// `model`: not null, or Error.
  State(std::shared_ptr<const Model> opened, int threads, std::filesystem::path of_rules);

  /// Throws Error::cancellation() after `cancel`: for work that no session
  /// does.
  void check() const;
  /// Texts are read until `cancel`.
  EncodeOptions encoding() const;

  /// Checks a sequence that the model is to read, and notes its length.
  void take(std::string_view who, std::span<const int32_t> ids);
  void note(size_t tokens) { longest = std::max(longest, static_cast<int64_t>(tokens)); }
  /// Hands `texts` on, and notes the length of each with its prompt.
  GeneratedTexts noted(std::span<const std::vector<int32_t>> prompts, GeneratedTexts texts);

  /// Read when they are first needed.
  const SentenceRules& sentence_rules();
  /// Opened when it is first needed, which `cancel` ends, and what `also`
  /// throws.
  const Tokenizer& opened_tokenizer(const std::function<void()>& also = {});
  /// Null where the folder has none.
  std::shared_ptr<const Tokenizer> found_tokenizer();
  /// Reads a text with the model's tokenizer.
  ModelInput read(const TextPair& text);

  std::shared_ptr<const Model> model;
  std::filesystem::path folder;
  FileStamps stamps;  ///< of it and of the folders in it
  std::optional<SentenceRules> rules = {};
  Session session;
  std::shared_ptr<const Tokenizer> tokenizer;  ///< null until it is needed
  int64_t longest = 0;                         ///< tokens of the longest text so far
  std::atomic<bool> cancelled = false;
  std::atomic<bool> busy = false;
};

/// A pipeline for the time of one call. A second one would use its session in
/// the middle of the first: throws Error.
class Turn {
 public:
  explicit Turn(State& state);
  ~Turn() { state_.busy = false; }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  State& state_;
};

}  // namespace locus::pipelines
