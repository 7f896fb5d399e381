#include "tokenizer/folder/class_rules.hpp"

#include "base/error.hpp"
#include "base/json/is_text.hpp"

namespace locus::tokenization {
namespace {

struct Ends {
  bool bos, eos;
};

// TemplateProcessing of bos, text and eos for one text and for two.
Json bos_eos_template(const Source& source, Ends added) {
  const auto content = [&](std::string_view role) {
    return source.settings.special_content(role, source.type.specials);
  };
  const std::string bos = content("bos_token"), eos = content("eos_token");
  if (added.bos && bos.empty()) throw Error("add_bos_token", "a bos_token", "none");
  if (added.eos && eos.empty()) throw Error("add_eos_token", "an eos_token", "none");
  Json specials = Json::object(), parts[2];
  const auto special = [&](const std::string& token, int type_id) {
    specials[token] = {{"id", token}, {"tokens", Json::array({token})}};
    return Json{{"SpecialToken", {{"id", token}, {"type_id", type_id}}}};
  };
  for (const int text : {0, 1}) {
    parts[text] = Json::array();
    if (added.bos) parts[text].push_back(special(bos, text));
    parts[text].push_back({{"Sequence", {{"id", text == 0 ? "A" : "B"}, {"type_id", text}}}});
    if (added.eos) parts[text].push_back(special(eos, text));
  }
  Json pair = parts[0];
  pair.insert(pair.end(), parts[1].begin(), parts[1].end());
  return {{"type", "TemplateProcessing"},
          {"single", parts[0]},
          {"pair", pair},
          {"special_tokens", specials}};
}

}  // namespace

void replace_if_present(Json& component, const char* key, const Json& value) {
  if (component.contains(key)) component[key] = value;
}

void adjust_roformer(Json& document, const Source& source) {
  Json& normalizer = document["normalizer"];
  if (!normalizer.is_object()) return;
  const Settings& settings = source.settings;
  replace_if_present(normalizer, "lowercase", settings.flag("do_lower_case", true));
  replace_if_present(normalizer, "strip_accents", settings.value("strip_accents"));
}

void adjust_bert(Json& document, const Source& source) {
  adjust_roformer(document, source);
  Json& normalizer = document["normalizer"];
  if (!normalizer.is_object()) return;
  replace_if_present(normalizer, "handle_chinese_chars",
                     source.settings.flag("tokenize_chinese_chars", true));
}

void adjust_mpnet(Json& document, const Source& source) {
  source.settings.of_version_5() ? adjust_bert(document, source)
                                 : adjust_roformer(document, source);
}

void adjust_roberta(Json& document, const Source& source) {
  Json& processor = document["post_processor"];
  if (!processor.is_object()) return;
  replace_if_present(processor, "add_prefix_space",
                     source.settings.flag("add_prefix_space", false));
  replace_if_present(processor, "trim_offsets", source.settings.flag("trim_offsets", true));
}

void adjust_llama(Json& document, const Source& source) {
  const Settings& settings = source.settings;
  document["post_processor"] = bos_eos_template(
      source, {settings.flag("add_bos_token", true), settings.flag("add_eos_token", false)});
}

void adjust_gpt_neox(Json& document, const Source& source) {
  const Settings& settings = source.settings;
  const bool asked = !settings.of_version_5();  // which puts nothing around texts
  document["post_processor"] =
      bos_eos_template(source, {asked && settings.flag("add_bos_token", false),
                                asked && settings.flag("add_eos_token", false)});
}

void adjust_bloom(Json& document, const Source& source) {
  if (!source.settings.flag("add_prefix_space", false)) return;
  Json& pre_tokenizer = document["pre_tokenizer"];
  if (!value_or_null(pre_tokenizer, "pretokenizers").is_array()) return;
  for (Json& step : pre_tokenizer["pretokenizers"]) {
    if (value_or_null(step, "type") == "ByteLevel") step["add_prefix_space"] = true;
  }
}

void adjust_prefix_space(Json& document, const Settings& settings) {
  Json& pre_tokenizer = document["pre_tokenizer"];
  if (!detail::is_text(value_or_null(pre_tokenizer, "type"), "ByteLevel")) return;
  pre_tokenizer["add_prefix_space"] = settings.flag("add_prefix_space", false);
}

}  // namespace locus::tokenization
