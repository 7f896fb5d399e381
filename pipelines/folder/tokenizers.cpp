#include "pipelines/tokenizers.hpp"

#include "base/error.hpp"
#include "base/file_name.hpp"
#include "base/json/json.hpp"
#include "base/read_file.hpp"
#include "pipelines/model_files.hpp"
#include "pipelines/model_input.hpp"

namespace locus {
namespace fs = std::filesystem;
namespace {

// The published RoFormers of words and of characters differ in nothing that their files say.
void expect_tokenizer_class(const Model& model) {
  if (model.spec().family != "roformer" || !model.files().contains("bert_config.json")) return;
  const auto& folder = model.folder();
  for (const auto* name : {"tokenizer.json", "tokenizer_config.json"}) {
    if (fs::exists(folder / name)) return;
  }
  throw Error(
      folder.string(),
      "a tokenizer_config.json whose tokenizer_class is RoFormerTokenizer (a model of words) "
      "or BertTokenizer (of characters)",
      "none");
}

}  // namespace

fs::path tokenizer_folder(const fs::path& model) {
  const auto file = fs::is_directory(model) ? model / "locus.json" : model;
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  if (!fs::exists(file)) return folder;
  const auto document = detail::parse_json(file.string(), read_file(file));
  const auto name = detail::JsonPlace(document, file.string()).find("tokenizer");
  if (!name) return folder;
  expect_file_name(name->where(), name->text());
  const auto named = folder / name->text();
  return fs::is_regular_file(named) ? named.parent_path() : named;
}

std::shared_ptr<const Tokenizer> open_tokenizer(const Model& model, std::string_view language,
                                                const std::function<void()>& check) {
  expect_input(model, "text", GraphInput::Kind::ids);
  expect_tokenizer_class(model);
  auto tokenizer = Tokenizer::open(model.folder(), language, check);
  expect_unchanged_companions(model);
  return tokenizer;
}

std::shared_ptr<const Tokenizer> open_target_tokenizer(const Model& model,
                                                       std::string_view language,
                                                       const std::function<void()>& check) {
  expect_tokenizer_class(model);
  auto tokenizer = Tokenizer::open_target(model.folder(), language, check);
  expect_unchanged_companions(model);
  return tokenizer;
}

std::shared_ptr<const Tokenizer> find_tokenizer(const Model& model,
                                                const std::function<void()>& check) {
  try {
    return open_tokenizer(model, {}, check);
  } catch (const Error& error) {
    if (error.cancelled()) throw;
    expect_unchanged_companions(model);
    return nullptr;
  }
}

}  // namespace locus
