// Any tokenizer as a tokenizer.json.
#include "base/error.hpp"
#include "base/json/is_text.hpp"
#include "base/new_file.hpp"
#include "base/read_file.hpp"
#include "tokenizer/folder/opened.hpp"

namespace locus::tokenization {
namespace {

namespace fs = std::filesystem;

// What a reader of tokenizer.json alone would not know.
Json settings_of(const Opened& opened) {
  Json settings = {{"tokenizer_class", "PreTrainedTokenizerFast"},
                   {"clean_up_tokenization_spaces",
                    opened.settings.flag("clean_up_tokenization_spaces", opened.cleans_spaces)}};
  for (const std::string_view role : special_roles) {
    const std::string content = opened.settings.special_content(role, opened.type->specials);
    if (!content.empty()) settings[role] = content;
  }
  for (const char* kept : {"model_max_length", "additional_special_tokens", "truncation_side",
                           "split_special_tokens"}) {
    if (opened.settings.has(kept)) settings[kept] = opened.settings.value(kept);
  }
  if (opened.type->finish) {  // what it does stands in no document
    settings["tokenizer_class"] = opened.type->name;
    for (const char* kept : {"do_lower_case", "strip_accents"}) {
      if (opened.settings.has(kept)) settings[kept] = opened.settings.value(kept);
    }
  }
  const Json& pre_tokenizer = value_or_null(opened.document, "pre_tokenizer");
  if (detail::is_text(value_or_null(pre_tokenizer, "type"), "ByteLevel")) {
    settings["add_prefix_space"] = bool_or(pre_tokenizer, "add_prefix_space", true);
  }
  return settings;
}

void write_converted(const Opened& opened, const fs::path& source, const fs::path& target) {
  NewFile document(target / "tokenizer.json"), settings(target / "tokenizer_config.json");
  document.write(opened.document.dump(1) + "\n");
  settings.write(settings_of(opened).dump(1) + "\n");
  if (fs::is_regular_file(source / "jieba_dict.txt")) {
    NewFile words(target / "jieba_dict.txt");
    words.write(read_file(source / "jieba_dict.txt"));
    words.commit();
  }
  document.commit();
  settings.commit();
}

}  // namespace

void convert_tokenizer(const fs::path& source, const fs::path& target) {
  const auto opened = naming(source, [&] {
    Watch unwatched;
    auto found = open_documents(source, {source_side, {}, unwatched});
    if (!found) throw Error(source.string(), "a tokenizer that can be converted", "none");
    pipeline_of(*found, unwatched);  // refuses what could not be opened again
    return found;
  });
  naming(target, [&] { write_converted(*opened, source, target); });
}

}  // namespace locus::tokenization
