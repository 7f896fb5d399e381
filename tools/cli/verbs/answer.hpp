// `locus answer`, also for `locus run`.
#pragma once

#include <string>

#include "models/answer.hpp"
#include "tools/cli/arguments/common_options.hpp"

namespace locus::cli {

struct AnswerOptions {
  CommonOptions common;
  std::string question;
  std::string context;
  std::string file;           ///< that holds the context
  bool perhaps_none = false;  ///< whether there may be no answer
  AnswerSettings settings;
};

void answer(AnswerOptions options, Pipeline& pipeline);

}  // namespace locus::cli
