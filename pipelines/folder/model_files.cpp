#include "pipelines/model_files.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/error.hpp"
#include "base/json/json.hpp"
#include "base/new_file.hpp"
#include "base/public_call.hpp"
#include "base/read_file.hpp"
#include "pipelines/sentence/sentence_rules.hpp"

namespace locus {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array companions{"tokenizer.json",
                                "tokenizer_config.json",
                                "preprocessor_config.json",
                                "special_tokens_map.json",
                                "added_tokens.json",
                                "vocab.txt",
                                "vocab.json",
                                "merges.txt",
                                "encoder.json",
                                "vocab.bpe",
                                "spiece.model",
                                "tokenizer.model",
                                "sentencepiece.bpe.model",
                                "tokenizer.bin",
                                "modules.json",
                                "1_Pooling/config.json",
                                "sentence_bert_config.json"};

// Which tokenizer transformers takes for a model type where nothing names it.
std::string tokenizer_class(const std::string& family) {
  static constexpr std::array known{
      std::pair{"bert", "BertTokenizer"},           std::pair{"nezha", "BertTokenizer"},
      std::pair{"roformer", "RoFormerTokenizer"},   std::pair{"t5", "T5Tokenizer"},
      std::pair{"gpt2", "GPT2Tokenizer"},           std::pair{"llama", "LlamaTokenizer"},
      std::pair{"gpt_neox", "GPTNeoXTokenizerFast"}};
  for (const auto& [name, tokenizer] : known) {
    if (family == name) return tokenizer;
  }
  return "";
}

void write(const fs::path& file, const Json& document) {
  NewFile written(file);
  written.write(document.dump(2) + "\n");
  written.commit();
}

bool is_llama2c_tokenizer(const std::string& name) {
  return name.starts_with("tok") && name.ends_with(".bin");
}

// Nothing reads a longer one, so it is neither hashed nor copied.
void expect_text_size(const fs::path& file) {
  if (!fs::is_regular_file(file)) return;
  const uint64_t size = fs::file_size(file);
  if (size <= max_text_bytes) return;
  throw Error(file.string(), "at most " + std::to_string(max_text_bytes) + " bytes",
              std::to_string(size));
}

std::map<std::string, fs::path> companions_of(const fs::path& folder) {
  return public_call(folder.string(), [&] {
    std::map<std::string, fs::path> files;
    for (const std::string name : companions) {
      if (fs::exists(folder / name)) files.emplace(name, folder / name);
    }
    for (const auto& entry : fs::directory_iterator(folder)) {
      const auto name = entry.path().filename().string();
      if (is_llama2c_tokenizer(name)) files.emplace(name, entry.path());
    }
    for (const auto& [name, file] : files) expect_text_size(file);
    return files;
  });
}

constexpr std::array written{"config.json", "generation_config.json", "locus.json"};
// What tokenizers and tasks read besides.
constexpr std::array also_read{"config.json", "bert_config.json", "source.spm",
                               "target.spm",  "spm.model",        "training.json"};

bool names(const auto& list, const fs::path& path) {
  return std::ranges::find(list, path) != list.end();
}

}  // namespace

bool is_model_file(const fs::path& path) {
  return names(companions, path) || names(written, path) || path.extension() == ".safetensors" ||
         is_llama2c_tokenizer(path.string());
}

std::map<std::string, fs::path> all_files(const Model& model) {
  auto files = model.files();
  for (auto& [name, path] : companions_of(model.folder())) files.emplace(name, path);
  return files;
}

void expect_unchanged_companions(const Model& model) {
  model.stamps().expect_unchanged([](const fs::path& file) {
    const fs::path name = file.filename();
    return names(companions, name) || names(also_read, name) || is_llama2c_tokenizer(name);
  });
}

void expect_unchanged_files(const Model& model) {
  expect_unchanged_companions(model);
  for (const auto& [name, file] : model.files()) model.stamps().expect_unchanged(file);
}

void copy_companions(const fs::path& from, const fs::path& to) {
  for (const auto& [name, path] : companions_of(from)) {
    fs::create_directories((to / name).parent_path());
    copy_as_new(path, to / name);
  }
}

void write_ids(const Model& model, const fs::path& folder) {
  const auto& ids = model.special();
  Json generation(detail::parse_json("generation", model.generation_json()));
  if (ids.bos) generation["bos_token_id"] = *ids.bos;
  if (!ids.all_eos.empty()) generation["eos_token_id"] = ids.all_eos;
  if (ids.pad) generation["pad_token_id"] = *ids.pad;
  if (ids.decoder_start) generation["decoder_start_token_id"] = *ids.decoder_start;
  if (ids.forced_bos) generation["forced_bos_token_id"] = *ids.forced_bos;
  if (ids.forced_eos) generation["forced_eos_token_id"] = *ids.forced_eos;
  if (!ids.suppressed.empty()) generation["suppress_tokens"] = ids.suppressed;
  if (!generation.empty()) write(folder / "generation_config.json", generation);

  const auto file = folder / "tokenizer_config.json";
  auto config =
      fs::exists(file) ? Json(detail::parse_json(file.string(), read_file(file))) : Json::object();
  const auto named = tokenizer_class(model.spec().family);
  if (named.empty() || !config.is_object() || config.contains("tokenizer_class")) return;
  config["tokenizer_class"] = named;
  write(file, config);
}

ModelPlace find_place(const std::string& model) {
  std::error_code ignored;
  const fs::path path = model;
  const auto found = fs::exists(path / "modules.json", ignored) ? path : find_model(model);
  return {pipelines::transformer_folder(found), fs::is_directory(found) ? found : fs::path()};
}

}  // namespace locus
