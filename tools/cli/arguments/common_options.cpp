#include "tools/cli/arguments/common_options.hpp"

#include "base/error.hpp"
#include "engine/options.hpp"
#include "tools/cli/input/feature_input.hpp"
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

// The published RoFormers of words and of characters differ in nothing that their files say.
void expect_tokenizer_class(const Model& model) {
  if (model.spec().family != "roformer" || !model.files().contains("bert_config.json")) return;
  const auto folder = tokenizer_folder(model);
  for (const auto* name : {"tokenizer.json", "tokenizer_config.json"}) {
    if (std::filesystem::exists(folder / name)) return;
  }
  throw Error(
      folder.string(),
      "a tokenizer_config.json whose tokenizer_class is RoFormerTokenizer (a model of words) "
      "or BertTokenizer (of characters)",
      "none");
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
  arguments.flag("--json", options.json, "print one JSON document");
}

ModelOptions model_options(const CommonOptions& options, int64_t capacity) {
  ModelOptions wanted;
  wanted.encoding = options.encoding;
  wanted.precision = parse_precision(options.precision);
  wanted.capacity = capacity;
  return wanted;
}

std::shared_ptr<const Model> open_model(const CommonOptions& options, int64_t capacity) {
  const ModelOptions wanted = model_options(options, capacity);
  const auto model = Model::open(find_model(options.model), wanted);
  if (!options.json) warn_if_untrained(*model);
  warn_if_other_precision(*model);
  return model;
}

Precision used_precision(const Model& model) {
  const auto wanted = model.graph()->options().precision;
  const auto instructions = instruction_set();
  const bool has_bf16 = instructions == "avx512_bf16" || instructions == "amx";
  return wanted == Precision::bf16 && !has_bf16 ? Precision::f32 : wanted;
}

std::filesystem::path tokenizer_folder(const Model& model) {
  // A locus.json may name a file of the folder.
  const auto& named = model.folder();
  return std::filesystem::is_regular_file(named) ? named.parent_path() : named;
}

std::shared_ptr<const Tokenizer> open_tokenizer(const Model& model, std::string_view language) {
  expect_input(model, "text", GraphInput::Kind::ids);
  expect_tokenizer_class(model);
  return Tokenizer::open(tokenizer_folder(model), language);
}

std::shared_ptr<const Tokenizer> open_target_tokenizer(const Model& model,
                                                       std::string_view language) {
  expect_tokenizer_class(model);
  return Tokenizer::open_target(tokenizer_folder(model), language);
}

std::shared_ptr<const Tokenizer> find_tokenizer(const Model& model) {
  try {
    return open_tokenizer(model);
  } catch (const Error&) {
    return nullptr;
  }
}

SessionOptions session_options(const CommonOptions& options) {
  SessionOptions wanted;
  wanted.threads = static_cast<int>(options.threads.value_or(0));
  return wanted;
}

}  // namespace locus::cli
