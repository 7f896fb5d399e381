// Texts that are continued side by side, each by settings of its own; they come and go at any step.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "generate.hpp"

namespace locus {

/// What `generate` does for prompts that do not come at one time: a text joins those that grow, and
/// is the one that it would be by itself. For causal models, without beams. The session serves the
/// run alone while it lives. A step that throws is the run's last. Calls of one that was moved from
/// throw Error.
class GenerationRun {
 public:
  explicit GenerationRun(Session& session);
  ~GenerationRun();
  GenerationRun(GenerationRun&&) noexcept;
  GenerationRun& operator=(GenerationRun&&) noexcept;

  struct Request {
    std::vector<int32_t> prompt;
    GenerationSettings settings;  ///< `on_token` gets the number that `add` returned
    int64_t place = 0;            ///< among its caller's prompts: draws depend on it and the seed
  };
  /// Begins a text with the next step, and returns its number, which no other text of this run has.
  /// Throws Error as `generate` does, and for beams and encoder-decoders.
  int64_t add(Request request);
  /// Ends a text before the next step.
  void stop(int64_t number);
  /// Texts that go on.
  size_t texts() const;

  struct Ended {
    int64_t number = 0;
    Generated text;
    std::string failure;  ///< not empty: why there is no text
  };
  /// A token for every text whose prompt is read, all as one ragged batch with what is read of
  /// prompts: while other texts grow, 64 to 127 ids of them a step, if the graph is `stepwise`,
  /// else all. Returns the texts that ended.
  std::vector<Ended> step();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace locus
