#include "tools/cli/arguments/common_options.hpp"

#include "base/error.hpp"
#include "engine/options.hpp"
#include "pipelines/model_files.hpp"
#include "tools/cli/terminal/terminal.hpp"

namespace locus::cli {
namespace {

void warn_if_untrained(const Model& model) {
  if (!model.graph()->untrained()) return;
  warn("the encoding " + listed(model.encodings()) +
       " starts untrained: its weights are a seeded initial state");
}

void warn_if_other_precision(const Model& model) {
  const auto wanted = model.graph()->options().precision;
  if (used_precision(model) == wanted) return;
  warn("this CPU has no instructions for " + std::string(to_string(wanted)) + ": computing in f32");
}

void warn_of_unread_keys(const Model& model) {
  for (const UnreadKey& each : model.unread_keys()) {
    warn_of(each.file, "no use is made of '" + each.key + "'");
  }
}

}  // namespace

void add_model(Arguments& arguments, CommonOptions& options) {
  arguments.required("MODEL", options.model, "a model's folder, locus.json file or name");
  add_common(arguments, options);
}

void add_common(Arguments& arguments, CommonOptions& options) {
  arguments.option("--threads", &options.threads,
                   {"N", "threads to use (default: physical cores)", Range{1, 1024}});
  arguments.option("--precision", &options.precision,
                   {"TYPE", "f32, bf16 or int8", Choices{"f32", "bf16", "int8"}});
  arguments.option("--encoding", &options.encoding,
                   {"SCHEME", "swap the model's encoding, as 'rope:base=1000+alibi'"});
  arguments.option("--family", &options.family,
                   {"TYPE", "the model_type of a config that has none"});
  arguments.option("--class", &options.class_name,
                   {"NAME", "the class of a config whose own is not known"});
  arguments.flag("--json", options.json, "print one JSON document");
}

ModelOptions model_options(const CommonOptions& options, int64_t capacity) {
  ModelOptions wanted;
  wanted.encoding = options.encoding;
  wanted.precision = parse_precision(options.precision);
  wanted.capacity = capacity;
  wanted.family = options.family;
  wanted.class_name = options.class_name;
  return wanted;
}

std::shared_ptr<const Model> open_model(const CommonOptions& options, int64_t capacity) {
  const ModelOptions wanted = model_options(options, capacity);
  const auto model = Model::open(find_place(options.model).model, wanted);
  if (!options.json) warn_if_untrained(*model);
  warn_if_other_precision(*model);
  warn_of_unread_keys(*model);
  return model;
}

Pipeline open_pipeline(const CommonOptions& options, int64_t capacity) {
  return Pipeline(open_model(options, capacity), session_options(options).threads,
                  find_place(options.model).folder);
}

SessionOptions session_options(const CommonOptions& options) {
  SessionOptions wanted;
  wanted.threads = static_cast<int>(options.threads.value_or(0));
  return wanted;
}

}  // namespace locus::cli
