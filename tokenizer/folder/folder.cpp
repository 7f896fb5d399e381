#include "tokenizer/folder/folder.hpp"

#include <algorithm>
#include <exception>

#include "base/error.hpp"
#include "tokenizer/folder/class_rules.hpp"
#include "tokenizer/folder/llama2c_file.hpp"
#include "tokenizer/folder/no_files.hpp"
#include "tokenizer/folder/opened.hpp"
#include "tokenizer/folder/tokenizer_class.hpp"
#include "tokenizer/json/components.hpp"
#include "tokenizer/models/sentencepiece_library.hpp"

namespace locus::tokenization {
namespace {

namespace fs = std::filesystem;

// What AutoTokenizer does: tokenizer_config.json, then config.json, by class and then by model
// type.
const TokenizerClass* named_class(const fs::path& folder, const Settings& settings, Watch& watch) {
  const Json config = read_json_if_present(folder / "config.json", watch);
  for (const std::string& name :
       {settings.text("tokenizer_class", ""), string_or(config, "tokenizer_class", "")}) {
    if (name.empty()) continue;
    const TokenizerClass* type = find_tokenizer_class(name);
    if (!type && !fs::exists(folder / "tokenizer.json")) {
      throw Error(folder.string(), "a tokenizer class that Locus knows, or tokenizer.json",
                  "'" + name + "'");
    }
    return type ? type : &generic_class();
  }
  return class_of_model_type(string_or(config, "model_type", ""));
}

// Whether Locus knows what a folder's class asks of tokenizer_config.json.
Reading reading_of(const fs::path& folder, const Settings& settings) {
  const std::string name = settings.text("tokenizer_class", "");
  const bool known =
      name.empty() || settings.of_version_5() || find_tokenizer_class(name) != nullptr;
  return {known, fs::exists(folder / "tokenizer.json")};
}

// Files that belong to one class only tell it as well.
const TokenizerClass* class_by_files(const fs::path& folder) {
  for (const char* name : {"BertTokenizer", "GPT2Tokenizer"}) {
    const TokenizerClass* type = find_tokenizer_class(name);
    if (type->files->are_there(folder)) return type;
  }
  return nullptr;
}

bool reads_files(const fs::path& folder, const TokenizerClass& type, const Settings& settings) {
  if (!type.files || !type.files->are_there(folder)) return false;
  if (!fs::exists(folder / "tokenizer.json")) return true;
  return !settings.of_version_5() && type.files->win && type.files->win(settings);
}

bool opens_by_itself(const fs::path& folder, const TokenizerClass& type) {
  return type.without_document && type.without_document->are_there(folder);
}

/// The settings with the language of the side as the source's, which classes put beside a text; an
/// empty one where there is none.
Settings settings_for(const fs::path& folder, const Opening& opening) {
  Settings settings(folder, opening.watch);
  if (!opening.language.empty()) {
    settings.set(source_side.language, std::string(opening.language));
  } else if (&opening.side != &source_side) {
    settings.set(source_side.language, settings.text(opening.side.language, ""));
  }
  return settings;
}

// What a class of 4.49 says counts more than the document. Of transformers 5 some classes make
// parts anew; else its document is the rule, but for the language of a text.
void adjust(Json& document, const Source& source, const Opening& opening) {
  const bool of_version_5 = source.settings.of_version_5();
  const bool other_language = !opening.language.empty() || &opening.side != &source_side;
  if (!of_version_5 || remakes_spaces(source)) adjust_prefix_space(document, source.settings);
  const bool adjusts = !of_version_5 || other_language || source.type.adjusts_version_5;
  if (source.type.adjust && adjusts) source.type.adjust(document, source);
  if (of_version_5 && !other_language) expect_agreement(document, source);
}

std::optional<Opened> open_document(const fs::path& folder, const Opening& opening) {
  Settings settings = settings_for(folder, opening);
  const bool has_json = fs::exists(folder / "tokenizer.json");
  const TokenizerClass* type = named_class(folder, settings, opening.watch);
  if (!type) type = has_json ? &generic_class() : class_by_files(folder);
  if (type == &generic_class() && !has_json && class_by_files(folder))
    type = class_by_files(folder);
  if (type && opens_by_itself(folder, *type)) return std::nullopt;
  const bool files = type && reads_files(folder, *type, settings);
  if (!type || (!files && !has_json)) return std::nullopt;
  Opened opened{folder, {}, type, std::move(settings), files && type->cleans_spaces_of_files};
  const Source source{folder, opened.settings, *type, opening.watch};
  opened.document =
      files ? type->files->read(source) : read_json(folder / "tokenizer.json", opening.watch);
  if (!files) expect_fields(opened.document, opening.watch);
  adjust(opened.document, source, opening);
  const SpecialFlags& older = files ? type->flags_of_files : type->flags_of_json;
  const bool of_version_5 = opened.settings.of_version_5();
  add_tokens(opened.document, source, of_version_5 ? flags_of_version_5(source) : older);
  mend_mistral_pattern(opened.document, source);
  return opened;
}

SpecialIds special_ids(const Pipeline& pipeline, const Source& source) {
  const auto id = [&](std::string_view role) -> std::optional<int32_t> {
    const std::string content = source.settings.special_content(role, source.type.specials);
    return content.empty() ? std::nullopt : pipeline.id(content);
  };
  return {id("bos_token"),  id("eos_token"), id("pad_token"), id("unk_token"),
          id("mask_token"), id("cls_token"), id("sep_token")};
}

// transformers 5 does not clean up what BPE decodes unless it is forced to.
bool cleans_spaces_of(const Pipeline& pipeline, const Settings& settings, bool fallback) {
  const bool asked = settings.flag("clean_up_tokenization_spaces", fallback);
  const bool forced = settings.flag(
      "clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output", false);
  const bool joins_pairs = pipeline.model->kind().ends_with("BPE");
  return asked && (forced || !joins_pairs || !settings.of_version_5());
}

// Whether the reference hands token_type_ids to the model: as the file says, else as the class of
// the version that wrote it does.
bool gives_types(const Source& source) {
  const Json& names = source.settings.value("model_input_names");
  if (names.is_array()) {
    return std::ranges::find(names, Json("token_type_ids")) != names.end();
  }
  if (!names.is_null()) throw Error("model_input_names", "a list of names", describe(names));
  return source.type.gives_types == GivesTypes::always ||
         (source.type.gives_types == GivesTypes::until_version_4 &&
          !source.settings.of_version_5());
}

// What tokenizer_config.json says of every class.
void apply_settings(Pipeline& pipeline, const Source& source, bool cleans_spaces) {
  const Settings& settings = source.settings;
  pipeline.special_ids = special_ids(pipeline, source);
  pipeline.cleans_spaces = cleans_spaces_of(pipeline, settings, cleans_spaces);
  pipeline.gives_types = gives_types(source);
  pipeline.post_processing.favours_first = source.type.in_python;
  if (settings.flag("split_special_tokens", false)) {
    source.type.in_python ? pipeline.added.hide_all() : pipeline.added.hide_special();
  }
  if (!settings.has("truncation_side")) return;
  const std::string side = settings.text("truncation_side", "");
  if (side != "left" && side != "right") throw Error("truncation_side", "left or right", side);
  pipeline.cuts_left = side == "left";
}

std::unique_ptr<Pipeline> open_without_document(const fs::path& folder, const Opening& opening) {
  if (!fs::is_directory(folder)) return nullptr;
  const Settings settings = settings_for(folder, opening);
  const TokenizerClass* type = named_class(folder, settings, opening.watch);
  if (!type || !opens_by_itself(folder, *type)) return nullptr;
  const Source source{folder, settings, *type, opening.watch};
  auto pipeline = type->without_document->open(source, opening.side);
  apply_settings(*pipeline, source, false);
  pipeline->unread_keys = settings.unread({true, false});
  return pipeline;
}

// The class that a document of llama2.c's format belongs to.
Opened open_llama2c(const fs::path& path, Watch& watch) {
  return {path.parent_path(), read_llama2c_file(path, watch),
          find_tokenizer_class("LlamaTokenizer"), Settings(), false};
}

}  // namespace

std::unique_ptr<Pipeline> pipeline_of(const Opened& opened, Watch& watch) {
  auto pipeline = pipeline_from(opened.document, watch);
  const Source source{opened.folder, opened.settings, *opened.type, watch};
  if (source.type.finish) source.type.finish(*pipeline, source);
  apply_settings(*pipeline, source, opened.cleans_spaces);
  pipeline->unread_keys = opened.settings.unread(reading_of(opened.folder, opened.settings));
  return pipeline;
}

std::optional<Opened> open_documents(const fs::path& path, const Opening& opening) {
  if (fs::is_regular_file(path)) {
    return path.extension() == ".bin" ? std::optional(open_llama2c(path, opening.watch))
                                      : std::nullopt;
  }
  auto opened = open_document(path, opening);
  if (opened || !sentencepiece_path(path).empty()) return opened;
  const fs::path file = llama2c_path(path);
  return file.empty() ? std::nullopt : std::optional(open_llama2c(file, opening.watch));
}

namespace {

// The library runs models of folders that claim no class: what a class would change is not known.
fs::path library_model_path(const fs::path& path, Watch& watch) {
  if (fs::is_regular_file(path)) return path.extension() == ".model" ? path : fs::path();
  fs::path model = sentencepiece_path(path);
  const std::string model_type =
      string_or(read_json_if_present(path / "config.json", watch), "model_type", "");
  if (!model.empty() && !model_type.empty()) {
    throw Error(path.string(), "tokenizer.json, or a model_type whose tokenizer Locus knows",
                "'" + model_type + "'");
  }
  return model;
}

std::unique_ptr<Pipeline> open_any(const fs::path& path, const Opening& opening) {
  if (const auto opened = open_documents(path, opening)) return pipeline_of(*opened, opening.watch);
  if (auto pipeline = open_without_document(path, opening)) return pipeline;
  const fs::path model = library_model_path(path, opening.watch);
  if (!model.empty()) return sentencepiece_pipeline(model, opening.watch);
  refuse_without_files(path, named_class(path, Settings(path, opening.watch), opening.watch));
}

}  // namespace

const TranslationSide source_side{"src_lang", "source.spm", "vocab.json"};
const TranslationSide target_side{"tgt_lang", "target.spm", "target_vocab.json"};

std::unique_ptr<const Pipeline> open_pipeline(const fs::path& path, const TranslationSide& side,
                                              std::string_view language,
                                              const std::function<void()>& check) {
  struct GivenUp {};  // no reader takes it for a fault of the file
  std::exception_ptr reason;
  Watch watch([&] {
    try {
      if (check) check();
    } catch (...) {
      reason = std::current_exception();
      throw GivenUp();
    }
  });
  try {
    return naming(path, [&] {
      watch.ask();
      if (!fs::exists(path)) {
        throw Error(path.string(), "a folder that holds a tokenizer", "nothing");
      }
      return open_any(path, {side, language, watch});
    });
  } catch (const GivenUp&) {
    std::rethrow_exception(reason);
  }
}

}  // namespace locus::tokenization
