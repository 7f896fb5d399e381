#include "tests/fuzz/target.hpp"

#include <stdexcept>
#include <string>

#include "base/error.hpp"

namespace locus::fuzz {

const Target& find_target(std::string_view name) {
  for (const auto list : {weight_targets(), model_targets(), tokenizer_targets(), image_targets(),
                          pipeline_targets()}) {
    for (const Target& target : list) {
      if (target.name == name) return target;
    }
  }
  throw Error("fuzz", "the name of a target", name);
}

void run_target(const Target& target, std::string_view bytes) {
  try {
    target.run(bytes);
  } catch (const Error& error) {
    const std::string message = error.what();
    if (message.empty() || printable(message) != message) {
      throw std::logic_error("not one printable line: " + message);
    }
  }
}

const tests::TemporaryFolder& scratch() {
  static const tests::TemporaryFolder folder;
  return folder;
}

}  // namespace locus::fuzz
