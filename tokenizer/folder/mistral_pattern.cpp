// fix_mistral_regex: tokenizers of Mistral's models were published with another pattern than the
// one that they were trained with.
#include <charconv>

#include "base/json/is_text.hpp"
#include "tokenizer/folder/class_rules.hpp"

namespace locus::tokenization {
namespace {

constexpr const char* pattern =
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+)"
    R"(|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*)"
    R"(|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

// Whether a version is before 5.0.0, as its candidates are. No version counts as an old one.
bool before_version_5(std::string_view version) {
  int major = 0;
  std::from_chars(version.data(), version.data() + version.size(), major);
  const bool candidate = version.starts_with("5.0.0") &&
                         version.find_first_not_of(".0123456789", 1) != std::string_view::npos;
  return version.empty() || major < 5 || candidate;
}

bool is_of_mistral(const Source& source) {
  const auto file = source.folder / "config.json";
  if (!std::filesystem::exists(file)) return false;
  const Json config = read_json(file, source.watch);
  const std::string kind = string_or(config, "model_type", "");
  const bool kin = kind.empty() || kind == "mistral" || kind == "mistral3" || kind == "voxtral" ||
                   kind == "ministral" || kind == "pixtral";
  return kin && before_version_5(string_or(config, "transformers_version", ""));
}

// Only vocabularies of this size were published with it.
bool is_large(const Json& document, Watch& watch) {
  const std::size_t size = value_or_null(value_or_null(document, "model"), "vocab").size();
  std::size_t beyond = 0;
  for (const Json& token : value_or_null(document, "added_tokens")) {
    watch.spend(Watch::bytes_per_token);
    if (integer_or(token, "id", 0) >= static_cast<int64_t>(size)) ++beyond;
  }
  return size + beyond > 100000;
}

Json byte_level() {
  return {{"type", "ByteLevel"},
          {"add_prefix_space", false},
          {"trim_offsets", true},
          {"use_regex", false}};
}

}  // namespace

void mend_mistral_pattern(Json& document, const Source& source) {
  if (!source.settings.flag("fix_mistral_regex", false)) return;
  Json& cutter = document["pre_tokenizer"];
  if (cutter.is_null() || !is_large(document, source.watch) || !is_of_mistral(source)) return;
  const Json split = {{"type", "Split"},
                      {"pattern", {{"Regex", pattern}}},
                      {"behavior", "Isolated"},
                      {"invert", false}};
  if (detail::is_text(value_or_null(cutter, "type"), "Sequence")) {
    cutter["pretokenizers"].at(0) = split;
    return;
  }
  if (detail::is_text(value_or_null(cutter, "type"), "Metaspace")) cutter = byte_level();
  cutter = {{"type", "Sequence"}, {"pretokenizers", Json::array({split, Json(cutter)})}};
}

}  // namespace locus::tokenization
