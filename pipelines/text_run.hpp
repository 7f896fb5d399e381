// Texts that a causal model writes side by side; they come and go at any step.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "../models/generation_run.hpp"
#include "pipeline.hpp"

namespace locus {

/// Whether texts by these options can be written so: a causal model, without beams.
bool can_write_side_by_side(const Model& model, const GenerateOptions& options);

/// What `Pipeline::generate` does for prompts that do not come at one time: see `GenerationRun`.
/// The pipeline serves the run alone while it lives (another call is an Error), and cancels it as
/// any other.
class TextRun {
 public:
  /// Without a tokenizer a text is its ids.
  TextRun(Pipeline& pipeline, std::shared_ptr<const Tokenizer> tokenizer);
  ~TextRun();
  TextRun(const TextRun&) = delete;
  TextRun& operator=(const TextRun&) = delete;

  /// Begins a text with the next step, and returns its number in this run, which `on_text` of the
  /// options hears. `place`: among its caller's prompts, as for `generate`. Throws Error as that
  /// does.
  int64_t add(std::vector<int32_t> prompt, const GenerateOptions& options, int64_t place = 0);
  /// Ends a text before the next step.
  void stop(int64_t number);
  /// Texts that go on.
  size_t texts() const;

  struct Ended {
    int64_t number = 0;
    GeneratedText text;
    std::string failure;  ///< not empty: why there is no text
  };
  /// A token for every text. Returns those that ended. One that throws is the run's last.
  std::vector<Ended> step();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace locus
