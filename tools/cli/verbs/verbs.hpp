// The verbs of the command. One function, one file each.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "tools/cli/arguments/arguments.hpp"

namespace locus::cli {

/// What a verb does once its arguments are read. Throws Error (exit status 1) and UsageError (2).
using Action = std::function<void()>;

struct Verb {
  std::string_view name;
  std::string_view summary;
  Action (*add)(Arguments& arguments);  ///< adds the verb's options and returns its action
};

/// All verbs, in the order in which `locus --help` lists them.
std::span<const Verb> verbs();

Action add_models(Arguments& arguments);
Action add_inspect(Arguments& arguments);
Action add_tokenize(Arguments& arguments);
Action add_trace(Arguments& arguments);
Action add_run(Arguments& arguments);
Action add_fill_mask(Arguments& arguments);
Action add_embed(Arguments& arguments);
Action add_rerank(Arguments& arguments);
Action add_classify(Arguments& arguments);
Action add_tag(Arguments& arguments);
Action add_answer(Arguments& arguments);
Action add_generate(Arguments& arguments);
Action add_perplexity(Arguments& arguments);
Action add_compare(Arguments& arguments);
Action add_probe(Arguments& arguments);
Action add_position(Arguments& arguments);
Action add_ablate(Arguments& arguments);
Action add_doctor(Arguments& arguments);
Action add_bisect(Arguments& arguments);
Action add_bench(Arguments& arguments);
Action add_convert(Arguments& arguments);
Action add_serve(Arguments& arguments);
Action add_completions(Arguments& arguments);

}  // namespace locus::cli
