#include "models/generation_run.hpp"

#include <algorithm>
#include <limits>

#include "base/error.hpp"
#include "base/public_call.hpp"
#include "models/generation/decoder.hpp"
#include "models/generation/run.hpp"
#include "models/generation/track.hpp"

namespace locus {
namespace generation {

/// Must not be moved: `track` holds references to `request`.
struct RunningText {
  RunningText(int64_t of_text, GenerationRun::Request taken)
      : number(of_text),
        request(std::move(taken)),
        track({request.prompt, request.settings}, {of_text, request.place}, request.prompt) {}

  /// Whether the model has not read the whole prompt.
  bool reading() const { return read < request.prompt.size(); }
  /// What the model reads next, of a prompt at most so many ids.
  Decoder::Next next(size_t max_ids) const {
    if (!reading()) return {sequence, {&track.last(), 1}};
    return {sequence, std::span(request.prompt)
                          .subspan(read)
                          .first(std::min(max_ids, request.prompt.size() - read))};
  }

  int64_t number;
  GenerationRun::Request request;
  Track track;
  int64_t sequence = -1;  // of the decoder, once the prompt is begun
  size_t read = 0;        // ids of the prompt
  bool grows = false;     // with this step: the model has read all there is
  bool stopped = false;
};

}  // namespace generation

using generation::Decoder;
using generation::RunningText;

namespace {

// Of a prompt at a time while others wait: as long as a few of their tokens take, and a block of
// attention's queries, so that rows have the bits that they have in the whole prompt.
constexpr size_t prompt_slice = 64, unlimited = std::numeric_limits<size_t>::max();

/// Throws Error for a run that was moved from.
template <class State>
State& held(const std::unique_ptr<State>& state) {
  if (state) return *state;
  throw Error("generation", "a run that holds texts", "one that was moved from");
}

}  // namespace

struct GenerationRun::State {
  explicit State(Session& of_run) : session(of_run), decoder(of_run) {}

  std::vector<Ended> take_stopped() {
    std::vector<Ended> ended;
    for (const auto& text : texts) {
      if (text->stopped) ended.push_back({text->number, text->track.stop(), {}});
    }
    std::erase_if(texts, [](const auto& text) { return text->stopped; });
    return ended;
  }

  /// A token of each text, and prompts: whole where no text waits meanwhile, else one slice or two.
  void read() {
    const bool waits =
        std::ranges::any_of(texts, [](const auto& text) { return !text->reading(); });
    const size_t max_ids = waits && session.graph().stepwise() ? prompt_slice : unlimited;
    size_t ids = 0;  // of prompts
    std::vector<Decoder::Next> next;
    for (const auto& text : texts) {
      const bool reading = text->reading();
      text->grows = false;
      if (reading && ids >= max_ids) continue;
      next.push_back(text->next(max_ids));
      text->sequence = static_cast<int64_t>(next.size()) - 1;
      if (reading) text->read += next.back().ids.size();
      if (reading) ids += next.back().ids.size();
      text->grows = !text->reading();
    }
    decoder.advance(next);
  }

  void grow(std::vector<Ended>& ended) {
    std::vector<std::unique_ptr<RunningText>> open;
    const ConstView logits = decoder.unchecked_logits();  // [texts, V]
    for (auto& text : texts) {
      if (!text->grows) {
        open.push_back(std::move(text));
        continue;
      }
      const auto row = logits.row(text->sequence);
      if (!generation::is_finite(row)) {
        const Error error("generation", "finite logits", "infinity or NaN");
        ended.push_back({text->number, {}, error.what()});
        continue;
      }
      try {
        if (text->track.grow(row)) {
          open.push_back(std::move(text));
        } else {
          ended.push_back({text->number, text->track.take(), {}});
        }
      } catch (const Error& error) {
        if (error.cancelled()) throw;
        ended.push_back({text->number, {}, error.what()});
      }
    }
    texts = std::move(open);
  }

  Session& session;
  Decoder decoder;
  std::vector<std::unique_ptr<RunningText>> texts;
  int64_t added = 0;
};

GenerationRun::GenerationRun(Session& session) : state_(std::make_unique<State>(session)) {}
GenerationRun::~GenerationRun() = default;
GenerationRun::GenerationRun(GenerationRun&&) noexcept = default;
GenerationRun& GenerationRun::operator=(GenerationRun&&) noexcept = default;

int64_t GenerationRun::add(Request request) {
  State& state = held(state_);
  const Graph& graph = state.session.graph();
  if (generation::is_encoder_decoder(graph) || request.settings.beam.beams > 1) {
    throw Error("a text of a run", "a causal model without beams", "another");
  }
  generation::check({&request.prompt, 1}, graph, request.settings);
  const int64_t number = state.added++;
  state.texts.push_back(std::make_unique<RunningText>(number, std::move(request)));
  return number;
}

void GenerationRun::stop(int64_t number) {
  for (const auto& text : held(state_).texts) {
    if (text->number == number) text->stopped = true;
  }
}

size_t GenerationRun::texts() const { return held(state_).texts.size(); }

std::vector<GenerationRun::Ended> GenerationRun::step() {
  return public_call("generation", [&] {
    State& state = held(state_);
    std::vector<Ended> ended = state.take_stopped();
    if (state.texts.empty()) return ended;
    state.read();
    state.grow(ended);
    return ended;
  });
}

}  // namespace locus
