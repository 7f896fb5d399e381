// What is run on bytes of a stranger.
#pragma once

#include <span>
#include <string_view>

#include "tests/support/temporary_folder.hpp"

namespace locus::fuzz {

/// One reader of a format.
struct Target {
  std::string_view name;
  /// Gives a reader the bytes. An Error is an answer; every other exception is a finding.
  void (*run)(std::string_view bytes);
};

/// Every target, from the files of `targets/`.
std::span<const Target> weight_targets();
std::span<const Target> model_targets();
std::span<const Target> tokenizer_targets();
std::span<const Target> image_targets();
std::span<const Target> pipeline_targets();

/// Throws Error where there is none of that name.
const Target& find_target(std::string_view name);
/// Runs a target. What it throws beside Error goes on, and so does an Error of more than one
/// printable line.
void run_target(const Target& target, std::string_view bytes);
/// The folder that this process writes its files into.
const tests::TemporaryFolder& scratch();

}  // namespace locus::fuzz
