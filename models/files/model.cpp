#include "models/model.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/public_call.hpp"
#include "models/families/family.hpp"
#include "models/files/harmless_keys.hpp"
#include "models/files/model_files.hpp"
#include "models/files/name_pattern.hpp"
#include "models/files/special_ids.hpp"
#include "models/generation/config.hpp"

namespace locus {
namespace {

/// A model before it is compiled.
struct Source {
  families::FamilyGraph graph;
  Weights weights;
  ModelIds defaults;
  Config config = Config::parse("config.json", "{}");
  Config generation = Config::parse("generation_config.json", "{}");
  std::filesystem::path tokenizer;
  files::ModelFiles files;
  std::string format;
};

Source read_locus_source(const std::filesystem::path& file, std::span<const Scheme> own) {
  Source source;
  LocusFile contents = files::read_locus(file, source.files, own);
  const std::filesystem::path folder = file.parent_path();
  source.generation = files::read_optional_config(folder, "generation_config.json", source.files);
  const auto named = contents.tokenizer.empty() ? folder : folder / contents.tokenizer;
  source.tokenizer = std::filesystem::is_regular_file(named) ? named.parent_path() : named;
  source.graph.spec = std::move(contents.graph);
  source.format = contents.weights_file.empty() ? "JSON" : "safetensors";
  source.weights = std::move(contents.weights);
  return source;
}

Source read_folder_source(const std::filesystem::path& folder, const ModelOptions& options) {
  Source source;
  files::ModelFolder contents =
      files::read_model_folder(folder, source.files, {options.family, options.class_name});
  source.config = std::move(contents.config);
  source.weights = std::move(contents.weights);
  source.format = std::move(contents.format);
  source.generation = files::read_optional_config(folder, "generation_config.json", source.files);
  files::refuse_unfollowed(source.config);
  const families::Family& family = families::find_family(source.config);
  source.graph = family.build(source.config, source.weights);
  files::refuse_unread(source.config);
  source.defaults = family.special;
  source.tokenizer = folder;
  if (!options.leave_surplus) files::refuse_adapter(folder);
  return source;
}

Source read_source(const std::filesystem::path& path, const ModelOptions& options) {
  const std::filesystem::path file = files::locus_file_of(path);
  return file.empty() ? read_folder_source(path, options)
                      : read_locus_source(file, options.schemes);
}

/// Stored weights that nothing reads.
std::vector<std::string> surplus_of(const Weights& weights, const Graph& graph,
                                    const families::FamilyGraph& own) {
  std::set<std::string> expected(graph.weights_used().begin(), graph.weights_used().end());
  for (const auto& [name, encoding] : own.spec.encodings) {  // those of an encoding swapped out
    for (const auto& [local, reference] : encoding.weights) expected.insert(reference.name);
  }
  std::vector<std::string> surplus;
  for (const std::string& name : weights.names()) {
    const bool known = expected.count(name) > 0 ||
                       std::ranges::any_of(own.harmless, [&](const std::string& pattern) {
                         return files::matches_name(pattern, name);
                       });
    if (!known) surplus.push_back(name);
  }
  return surplus;
}

/// They are a sign that the config is not this file's.
void refuse_surplus(const std::vector<std::string>& surplus, const std::string& family) {
  if (surplus.empty()) return;
  const size_t more = surplus.size() - 1;
  throw Error(
      surplus.front(),
      "a weight that a " + family + " model of this config has (--leave-surplus goes without)",
      "one that it does not have" +
          (more > 0 ? ", and " + std::to_string(more) + " more" : std::string()));
}

/// Memory of parts of files that were read again with their neighbours after they were given back.
void release_all(const Weights& weights) {
  for (const std::string& name : weights.names()) weights.release(name);
}

/// What a config.json without a generation_config.json beside it says of generation.
Config generation_of(const Config& config) {
  const auto of_decoding = generation::generation_keys();
  std::vector<std::string_view> keys(of_decoding.begin(), of_decoding.end());
  keys.push_back(generation::version_key);
  return config.only(keys);
}

}  // namespace

std::shared_ptr<const Model> Model::open(const std::filesystem::path& path,
                                         const ModelOptions& options) {
  return public_call(path.string(), [&]() -> std::shared_ptr<const Model> {
    check_schemes(options.schemes);
    if (options.capacity < 0)
      throw Error("capacity", "0 or more", std::to_string(options.capacity));
    FileStamps stamps;
    stamps.take(std::filesystem::is_directory(path) ? path : path.parent_path());
    Source source = read_source(path, options);
    stamps.take(source.tokenizer);
    GraphSpec spec = source.graph.spec;
    if (!options.encoding.empty()) {
      spec = swap_encoding(std::move(spec), options.encoding, options.schemes);
    }
    if (options.revise) options.revise(spec);
    const GraphOptions compile{options.precision, options.capacity, options.seed,   options.change,
                               options.schemes,   options.progress, options.threads};
    std::shared_ptr<Model> model(new Model());
    model->graph_ = std::make_shared<const Graph>(std::move(spec), source.weights, compile);
    model->surplus_ = surplus_of(source.weights, *model->graph_, source.graph);
    if (!options.leave_surplus) refuse_surplus(model->surplus_, source.graph.spec.family);
    if (std::filesystem::exists(source.tokenizer / files::adapter_name)) {
      model->surplus_.push_back(files::adapter_name);
    }
    release_all(source.weights);
    model->special_ = files::read_special_ids(source.config, source.generation, source.defaults,
                                              model->graph_->vocabulary());
    model->folder_ = std::move(source.tokenizer);
    model->stamps_ = std::move(stamps);
    model->files_ = std::move(source.files);
    model->format_ = std::move(source.format);
    const bool own = model->files_.contains("generation_config.json");
    if (own) files::take_forced_ids(source.generation, model->special_);
    model->generation_ = std::make_shared<const Config>(
        own ? source.generation.settled() : generation_of(source.config).settled());
    model->labels_ = source.config.labels("id2label");
    model->unread_ = locus::files::unread_keys(source.config, source.generation);
    return model;
  });
}

std::string Model::generation_json() const { return generation_->to_json(); }

std::optional<std::string> Model::length_warning(int64_t tokens) const {
  const int64_t context = std::max(spec().context, graph_->options().capacity);
  const int64_t trained = spec().trained_context;
  const bool stretched = trained > 0 && (trained < context || spec().context == 0);
  if (stretched && tokens > trained) {
    return "a text of " + std::to_string(tokens) + " tokens, longer than the " +
           std::to_string(trained) + " that the model was trained on";
  }
  const bool limited = graph_->max_length() != PositionalEncoding::unlimited;
  if (limited || spec().context == 0 || tokens <= context) return std::nullopt;
  return "a text of " + std::to_string(tokens) + " tokens, longer than the model's context of " +
         std::to_string(context);
}

std::vector<std::string> Model::encodings() const {
  std::vector<std::string> texts;
  for (const NodeSpec& node : spec().nodes) {  // in order of computation
    if (node.encoding.empty()) continue;
    const EncodingSpec& encoding = spec().encodings.at(node.encoding);
    const std::string text = encoding.chain.empty() ? "none" : to_string(encoding.chain);
    if (std::ranges::find(texts, text) == texts.end()) texts.push_back(text);
  }
  if (texts.size() > 1) std::erase(texts, "none");  // a place that one might be put into
  return texts;
}

}  // namespace locus
