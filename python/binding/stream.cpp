// Continuations, whole and piece by piece.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <sys/types.h>
#include <unistd.h>

#include <deque>

#include "base/error.hpp"
#include "python/binding/arrays.hpp"
#include "python/binding/bindings.hpp"
#include "python/binding/engine.hpp"

namespace locus::python {
namespace {

using namespace nb::literals;

/// What a run has said and nobody has taken.
class Pieces {
 public:
  void add(std::string_view piece) {
    const std::lock_guard lock(mutex_);
    pieces_.emplace_back(piece);
    changed_.notify_all();
  }

  void end() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }

  /// Whether there is a piece, or none will come.
  bool wait(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, time, [&] { return ended_ || !pieces_.empty(); });
  }

  std::optional<std::string> take() {
    const std::lock_guard lock(mutex_);
    if (pieces_.empty()) return std::nullopt;
    std::string piece = std::move(pieces_.front());
    pieces_.pop_front();
    return piece;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> pieces_;
  bool ended_ = false;
};

/// One thread's use of a stream.
class Turn {
 public:
  explicit Turn(bool& busy) : busy_(busy) {
    if (busy_) throw Error("stream", "one thread at a time", "another that waits for a piece");
    busy_ = true;
  }
  ~Turn() { busy_ = false; }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  bool& busy_;
};

/// A continuation that is being written. It holds a worker until it has ended or was closed.
class Stream {
 public:
  Stream(const Engine& engine, std::string prompt, GenerateOptions options)
      : workers_(engine.workers), lease_(std::make_unique<Lease>(*workers_)), process_(getpid()) {
    options.on_text = [this](int64_t, std::string_view piece) {
      pieces_.add(piece);
      said_ = true;
      return true;
    };
    Pipeline& pipeline = (*lease_)->pipeline;
    const auto task = [this, &pipeline, prompt, options] {
      const std::unique_ptr<Pieces, void (*)(Pieces*)> ending(&pieces_,
                                                              [](Pieces* p) { p->end(); });
      result_ = pipeline.generate(prompt, options);
      if (!said_ && !result_->text.empty()) pieces_.add(result_->text);  // of several beams
    };
    (*lease_)->runner.start(task, [&pipeline] { pipeline.cancel(); });
  }

  ~Stream() { close(); }

  std::string next() {
    if (lease_ && getpid() != process_) {
      throw Error("stream", "the process that began it", "a child of it");
    }
    const Turn turn(busy_);
    if (lease_) watch_signals([&](auto time) { return pieces_.wait(time); }, [&] { cancel(); });
    expect_no_exit();
    if (auto piece = pieces_.take()) return *piece;
    finish();
    throw nb::stop_iteration();
  }

  void close() {
    if (!lease_) return;
    const bool parents = getpid() != process_;
    if (parents || runs_left_behind()) return static_cast<void>(lease_.release());
    cancel();
    if (busy_) return;  // another thread takes the last pieces
    const Turn turn(busy_);
    wait();
    lease_.reset();
  }

  std::optional<GeneratedText> result() const { return lease_ ? std::nullopt : result_; }

 private:
  void cancel() { (*lease_)->pipeline.cancel(); }

  void wait() {
    const Unlocked unlocked;
    while (!(*lease_)->runner.wait(std::chrono::milliseconds(100))) continue;
  }

  void finish() {
    if (!lease_) return;
    wait();
    const auto ended = std::exchange(lease_, nullptr);
    (*ended)->runner.rethrow();
    workers_->warn_of_length((*ended)->pipeline);
  }

  std::shared_ptr<Workers> workers_;
  Pieces pieces_;
  std::optional<GeneratedText> result_;
  std::unique_ptr<Lease> lease_;
  pid_t process_;
  bool said_ = false;  // the run's, until it has ended
  bool busy_ = false;  // guarded by the interpreter's lock
};

std::string finish_of(const GeneratedText& text) {
  switch (text.finish) {
    case Finish::end_token:
      return "end token";
    case Finish::max_tokens:
      return "max tokens";
    case Finish::stopped:
      return "stopped";
    case Finish::cancelled:
      return "cancelled";
  }
  return "";
}

std::vector<std::vector<GeneratedText>> generate(Engine& engine,
                                                 const std::vector<std::string>& prompts,
                                                 const GenerateOptions& options) {
  return engine.workers
      ->run([&](Pipeline& pipeline) { return pipeline.generate(prompts, options); })
      .prompts;
}

void bind_generate_options(nb::module_& module) {
  nb::class_<GenerateOptions>(module, "GenerateOptions")
      .def(nb::init<>())
      .def_rw("max_tokens", &GenerateOptions::max_tokens)
      .def_rw("min_tokens", &GenerateOptions::min_tokens)
      .def_rw("beams", &GenerateOptions::beams)
      .def_rw("n_best", &GenerateOptions::n_best)
      .def_rw("length_penalty", &GenerateOptions::length_penalty)
      .def_rw("temperature", &GenerateOptions::temperature)
      .def_rw("top_k", &GenerateOptions::top_k)
      .def_rw("top_p", &GenerateOptions::top_p)
      .def_rw("min_p", &GenerateOptions::min_p)
      .def_rw("typical_p", &GenerateOptions::typical_p)
      .def_rw("seed", &GenerateOptions::seed)
      .def_rw("repetition_penalty", &GenerateOptions::repetition_penalty)
      .def_rw("no_repeat_ngram", &GenerateOptions::no_repeat_ngram)
      .def_rw("stop", &GenerateOptions::stop)
      .def("set_languages",
           [](GenerateOptions& options, const std::string& source, const std::string& target) {
             options.languages = {source, target};
           });
}

}  // namespace

void bind_stream(nb::module_& module) {
  bind_generate_options(module);
  nb::class_<GeneratedText>(module, "Generated", "A continuation or translation.")
      .def_ro("text", &GeneratedText::text, "up to a stop text")
      .def_prop_ro(
          "ids", [](const GeneratedText& text) { return array_of(std::vector(text.ids)); },
          nb::rv_policy::move, "new tokens. [N]")
      .def_ro("score", &GeneratedText::score, "sum of log p / length^length_penalty")
      .def_prop_ro("finish", finish_of, "`end token`, `max tokens`, `stopped`, `cancelled`")
      .def("__repr__", [](const GeneratedText& text) {
        return nb::str("Generated({!r}, finish={!r}, score={:.4f})")
            .attr("format")(text.text, finish_of(text), text.score);
      });
  nb::class_<Stream>(module, "Stream", "Pieces of a continuation, as they become certain.")
      .def("__init__",
           [](Stream* self, const Engine& engine, std::string prompt,
              const GenerateOptions& options) {
             new (self) Stream(engine, std::move(prompt), options);
           })
      .def(
          "__iter__", [](nb::object self) { return self; }, nb::sig("def __iter__(self) -> Stream"))
      .def("__next__", &Stream::next, as_call)
      .def("close", &Stream::close, "Ends the run; what was said stays.")
      .def_prop_ro("result", &Stream::result, "The whole, once it has ended; else None.");
  module.def("generate", generate, "engine"_a, "prompts"_a, "options"_a, as_call);
}

}  // namespace locus::python
