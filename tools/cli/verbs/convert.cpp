#include <algorithm>
#include <filesystem>
#include <functional>

#include "base/error.hpp"
#include "base/json/json.hpp"
#include "base/new_file.hpp"
#include "engine/locus_file.hpp"
#include "engine/weights.hpp"
#include "models/checkpoint.hpp"
#include "models/llama2c.hpp"
#include "pipelines/model_files.hpp"
#include "tools/cli/arguments/common_options.hpp"
#include "tools/cli/arguments/usage.hpp"
#include "tools/cli/input/text_input.hpp"
#include "tools/cli/output/output.hpp"
#include "tools/cli/output/staging.hpp"
#include "tools/cli/terminal/table.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace fs = std::filesystem;
namespace {

struct ConvertOptions {
  CommonOptions common;
  std::string out;
  std::string format;
  std::string weights = "safetensors";
  std::string type;
  bool force = false;
  std::function<bool(const std::string& name)> given;  // whether the user gave an option
};

// The type by its name; without one, the type that all stored weights share, else f32.
DataType data_type(const std::string& name, const Weights& weights) {
  for (const auto type : {DataType::f16, DataType::bf16}) {
    const auto stored = [&](const auto& weight) { return weights.at(weight).type == type; };
    if (name == (type == DataType::f16 ? "f16" : "bf16")) return type;
    const auto names = floating_names(weights);
    if (name.empty() && std::all_of(names.begin(), names.end(), stored)) return type;
  }
  return DataType::f32;
}

// A folder is replaced whole: nothing may lie in it that no conversion writes.
void check_replaced(const fs::path& out) {
  if (!fs::is_directory(out)) return;
  for (const auto& entry : fs::recursive_directory_iterator(out)) {
    const fs::path path = entry.path().lexically_relative(out);
    if (entry.is_directory() ? path == "1_Pooling" : is_model_file(path)) continue;
    throw Error(out.string(), "nothing but a model's files, since --force replaces them all",
                "'" + path.string() + "'");
  }
}

bool holds(const fs::path& folder, const fs::path& path) {
  const auto [end, ignored] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return end == folder.end();
}

void check_destination(const ConvertOptions& options) {
  const fs::path out = options.out;
  if (!fs::exists(out)) return;
  const fs::path model = fs::canonical(find_model(options.common.model));
  if (holds(fs::canonical(out), model)) {
    throw UsageError("OUT: expected another place than the model's own, found '" + out.string() +
                     "'");
  }
  if (options.force) return check_replaced(out);
  if (fs::is_directory(out) && fs::is_empty(out)) return;
  throw Error(out.string(), "a new path or an empty folder (--force replaces)",
              fs::is_directory(out) ? "a folder with files" : "a file");
}

// All tensors of a file in another type; tables of integers are not parameters.
void store_as(const fs::path& file, const Weights& weights, const std::string& type) {
  const auto names = floating_names(weights);
  write_safetensors(file, weights, names,
                    {data_type(type, weights), {{"format", "pt"}}, check_interruption});
}

void convert_checkpoint(const fs::path& checkpoint, const fs::path& folder,
                        const std::string& type) {
  if (is_torch_file(checkpoint)) {
    throw Error(checkpoint.string(), "a llama2.c checkpoint, or a folder",
                "a file of PyTorch alone");
  }
  convert_llama2c(checkpoint, folder, check_interruption);
  const auto file = folder / "model.safetensors";
  if (!type.empty() && type != "f32") store_as(file, open_safetensors(file), type);
  copy_companions(checkpoint.has_parent_path() ? checkpoint.parent_path() : ".", folder);
}

// As it is, but for the model type that an original config leaves out and the type that was chosen.
void write_config(const Model& model, const std::string& type, const fs::path& file) {
  const fs::path original = model.folder() / "config.json";
  if (fs::exists(original) && type.empty()) return copy_as_new(original, file);
  auto values = detail::parse_json(original.string(), config_text(model));
  if (!type.empty()) {
    values["torch_dtype"] = type == "f32" ? "float32" : type == "f16" ? "float16" : "bfloat16";
  }
  write_file(file, values.dump(2) + "\n");
}

void write_hugging_face(const Model& model, const fs::path& folder, const std::string& type) {
  if (!has_checkpoint(model)) {
    throw Error("convert", "a model of Hugging Face's architectures", "a locus.json");
  }
  const fs::path& from = model.folder();
  fs::create_directory(folder);
  store_as(folder / "model.safetensors", stored_weights(model), type);
  write_config(model, type, folder / "config.json");
  if (fs::exists(from / "generation_config.json")) {
    copy_as_new(from / "generation_config.json", folder / "generation_config.json");
  }
  copy_companions(model.folder(), folder);
  expect_unchanged_files(model);
}

void write_locus(const Model& model, const fs::path& folder, const ConvertOptions& options) {
  fs::create_directory(folder);
  const LocusFile contents{model.spec(), stored_weights(model), ""};
  if (options.weights == "json") {
    save_locus_inline(folder / "locus.json", contents, check_interruption);
  } else {
    const auto type = data_type(options.type, contents.weights);
    save_locus(folder / "locus.json", contents, {type, {}, check_interruption});
  }
  copy_companions(model.folder(), folder);
  expect_unchanged_files(model);
  write_ids(model, folder);
}

bool is_checkpoint(const std::string& model) {
  return fs::path(model).extension() == ".bin" && fs::is_regular_file(model);
}

// Writes into `path`, which does not exist yet; true where an encoding begins untrained.
bool write_model(const ConvertOptions& options, const fs::path& path) {
  if (is_checkpoint(options.common.model)) {
    if (options.format == "locus" || !options.common.encoding.empty()) {
      throw UsageError("a llama2.c checkpoint becomes a Hugging Face folder; convert that again");
    }
    convert_checkpoint(options.common.model, path, options.type);
    return false;
  }
  const auto model = open_model(options.common);
  if (options.format == "hf") {
    write_hugging_face(*model, path, options.type);
  } else if (path.extension() == ".json") {
    save_locus_inline(path, {model->spec(), stored_weights(*model), ""}, check_interruption);
  } else {
    write_locus(*model, path, options);
  }
  return model->graph()->untrained();
}

std::vector<fs::path> files_in(const fs::path& path) {
  if (!fs::is_directory(path)) return {path};
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void report(const ConvertOptions& options, bool untrained) {
  Json list = Json::array();
  Table table({left("written"), right("size")});
  for (const auto& file : files_in(options.out)) {
    const auto bytes = static_cast<int64_t>(fs::file_size(file));
    list.push_back({{"name", file.string()}, {"bytes", bytes}});
    table.add({file.string(), bytes_text(bytes)});
  }
  if (!options.common.json) return print(table.text(terminal_width()));
  Json document{{"out", options.out}, {"files", std::move(list)}};
  if (untrained) document["untrained"] = true;
  print_json(document);
}

/// What is given and would not be read is a misunderstanding.
void check_usage(const ConvertOptions& options) {
  const bool one_file = options.format != "hf" && fs::path(options.out).extension() == ".json";
  if ((one_file || options.weights == "json") && !options.type.empty()) {
    throw UsageError("--type does not work with numbers in JSON, which are exact");
  }
  if (one_file && options.weights == "safetensors" && options.given("--weights")) {
    throw UsageError("--weights safetensors needs a folder to write");
  }
  if (!is_checkpoint(options.common.model)) return;
  for (const char* name : {"--weights", "--family", "--class", "--leave-surplus"}) {
    if (options.given(name)) {
      throw UsageError(std::string(name) + " does not work with a llama2.c checkpoint");
    }
  }
}

void convert(const ConvertOptions& options) {
  check_usage(options);
  if (options.format == "hf" && !options.common.encoding.empty()) {
    throw UsageError("--encoding changes the architecture: a Hugging Face folder cannot say it");
  }
  if (options.format == "hf" && options.weights == "json") {
    throw UsageError("--weights json needs --format locus");
  }
  check_destination(options);
  InterruptibleStaging staging(options.out);
  const bool untrained =
      staging.fill([&](const fs::path& path) { return write_model(options, path); });
  staging.commit();
  report(options, untrained);
}

}  // namespace

Action add_convert(Arguments& arguments) {
  const auto options = std::make_shared<ConvertOptions>();
  arguments.required("MODEL", options->common.model, "a model, or a llama2.c checkpoint (.bin)");
  arguments.required_output("OUT", options->out,
                            "a folder to write, or a .json file for everything");
  arguments.option(
      "--format", &options->format,
      {"NAME", "locus (default) or hf, a Hugging Face folder", Choices{"locus", "hf"}});
  arguments.option(
      "--weights", &options->weights,
      {"KIND", "json puts the numbers into locus.json", Choices{"safetensors", "json"}});
  arguments.option("--type", &options->type,
                   {"TYPE", "of stored weights: f32, f16 or bf16 (default: as they are)",
                    Choices{"f32", "f16", "bf16"}});
  arguments.flag("--force", options->force, "replace what is at OUT");
  add_common(arguments, options->common);
  arguments.idle({"--threads", "--precision"});
  options->given = arguments.given();
  arguments.example("locus convert causal-rope rope-with-alibi --encoding rope+alibi");
  return [options] { convert(*options); };
}

}  // namespace locus::cli
