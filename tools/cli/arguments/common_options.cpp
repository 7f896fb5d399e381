#include "tools/cli/arguments/common_options.hpp"

#include <map>

#include "base/error.hpp"
#include "engine/options.hpp"
#include "pipelines/model_files.hpp"
#include "pipelines/unread_keys.hpp"
#include "tools/cli/terminal/interruption.hpp"
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

void warn_of_surplus(const Model& model) {
  constexpr size_t max_named = 8;
  std::vector<std::string> names = model.surplus();
  if (names.empty()) return;
  const size_t more = names.size() - std::min(names.size(), max_named);
  names.resize(names.size() - more);
  if (more > 0) names.push_back(std::to_string(more) + " more");
  warn("left out, since a " + model.spec().family + " model for " + model.spec().task +
       " does not have them: " + listed(names));
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
  arguments.flag("--leave-surplus", options.leave_surplus,
                 "leave out weights that the model's class does not have");
  arguments.flag("--json", options.json, "print one JSON document");
}

ModelOptions model_options(const CommonOptions& options, int64_t capacity) {
  ModelOptions wanted;
  wanted.encoding = options.encoding;
  wanted.precision = parse_precision(options.precision);
  wanted.capacity = capacity;
  wanted.threads = static_cast<int>(options.threads.value_or(0));
  wanted.family = options.family;
  wanted.class_name = options.class_name;
  wanted.leave_surplus = options.leave_surplus;
  wanted.progress = [](int64_t, int64_t) { check_interruption(); };
  return wanted;
}

std::shared_ptr<const Model> open_model(const CommonOptions& options, int64_t capacity) {
  const ModelOptions wanted = model_options(options, capacity);
  const auto model = Model::open(find_place(options.model).model, wanted);
  if (!options.json) warn_if_untrained(*model);
  warn_if_other_precision(*model);
  warn_of_unread(model->unread_keys());
  warn_of_surplus(*model);
  return model;
}

Pipeline open_pipeline(const CommonOptions& options, int64_t capacity) {
  return Pipeline(open_model(options, capacity), session_options(options).threads,
                  find_place(options.model).folder);
}

std::vector<UnreadKey> all_unread_keys(const CommonOptions& options, const Model& model,
                                       const Tokenizer* tokenizer) {
  std::vector<UnreadKey> keys = unread_keys(model, tokenizer);
  for (UnreadKey& key : unread_sentence_keys(find_place(options.model).folder)) {
    keys.push_back(std::move(key));
  }
  return keys;
}

void warn_of_unread(std::span<const UnreadKey> keys) {
  std::map<std::string, std::string> by_file;
  for (const auto& [file, key] : keys) {
    std::string& names = by_file[file];
    names += (names.empty() ? "'" : ", '") + key + "'";
  }
  for (const auto& [file, names] : by_file) warn_of(file, "no use is made of " + names);
}

void warn_of_task(const Pipeline& pipeline) {
  const std::vector<UnreadKey> keys = pipeline.unread_keys();
  warn_of_unread(std::span(keys).subspan(pipeline.model().unread_keys().size()));
  warn_of_length(pipeline.length_warning());
}

void warn_of_length(const std::optional<std::string>& warning) {
  if (warning) warn(*warning);
}

SessionOptions session_options(const CommonOptions& options) {
  SessionOptions wanted;
  wanted.threads = static_cast<int>(options.threads.value_or(0));
  return wanted;
}

}  // namespace locus::cli
