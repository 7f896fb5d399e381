// What the standard library throws of files and memory leaves as one Error of one line.
#include <doctest/doctest.h>

#include <filesystem>
#include <functional>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>

#include "base/error.hpp"
#include "images/image_processor.hpp"
#include "pipelines/pipeline.hpp"
#include "tests/support/tiny_models.hpp"

namespace locus::tests::failures {
namespace {

/// The message of an Error; `another` for any other exception.
std::string message_of(const std::function<void()>& action) {
  try {
    action();
    return "none";
  } catch (const Error& error) {
    return error.what();
  } catch (...) {
    return "another";
  }
}

TEST_CASE("a path that the system does not take is an Error that names it, wherever it is opened") {
  const std::string path = "/" + std::string(300, 'x');  // longer than a name may be
  for (const std::function<void()>& open : std::vector<std::function<void()>>{
           [&] { Model::open(path); }, [&] { Tokenizer::open(path); },
           [&] { Tokenizer::open_target(path); }, [&] { ImageProcessor::open(path); },
           [&] { Pipeline::open(path); }, [&] { open_safetensors(path); },
           [&] { open_torch(path); }, [&] { open_tensorflow(path); }}) {
    const std::string message = message_of(open);
    CHECK(message.find(path) != std::string::npos);
    CHECK(message == printable(message));
  }
}

TEST_CASE("exceptions of the standard library become Errors that say what they were about") {
  const auto converted = [](const std::function<void()>& action) {
    return message_of([&] {
      try {
        action();
      } catch (...) {
        throw_as_error("who");
      }
    });
  };
  CHECK(converted([] { throw std::bad_alloc(); }) ==
        "who: expected enough memory, found none left");
  CHECK(converted([] { throw std::length_error("vector"); }) ==
        "who: expected a size that memory may have, found a larger one");
  const auto denied = std::make_error_code(std::errc::permission_denied);
  CHECK(converted([&] { throw std::filesystem::filesystem_error("open", "place", denied); }) ==
        "place: expected a path that can be used, found Permission denied");
  CHECK(converted([&] { throw std::system_error(denied); }) ==
        "who: expected what it needs of the system, found Permission denied");
  CHECK(converted([] { throw std::runtime_error("a\nb"); }) ==
        "who: expected no failure of a library, found a\\nb");
  CHECK(converted([] { throw Error("as", "it", "was"); }) == "as: expected it, found was");
}

TEST_CASE("what a program's own callback throws comes back to it as it was") {
  struct Own : std::exception {};
  PipelineOptions options;
  options.progress = [](int64_t, int64_t) { throw Own(); };
  CHECK_THROWS_AS(Pipeline::open(golden_model("bert/lm"), options), Own);
}

TEST_CASE("the opening of a pipeline can be given up") {
  PipelineOptions options;
  options.progress = [](int64_t done, int64_t) {
    if (done > 2) throw Error::cancellation();
  };
  CHECK(message_of([&] { Pipeline::open(golden_model("bert/lm"), options); }) == "run: cancelled");
}

}  // namespace
}  // namespace locus::tests::failures
