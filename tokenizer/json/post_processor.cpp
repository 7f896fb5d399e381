#include <algorithm>

#include "base/error.hpp"
#include "tokenizer/json/components.hpp"

namespace locus::tokenization {
namespace {

using ItemKind = TemplateItem::Kind;

constexpr std::size_t max_items = 256;  // of a template: a text's tokens may stand for each
constexpr auto max_sequences = 4;

int32_t type_id_of(const Json& item) {
  return checked_id(value_or_null(item, "type_id"), "type_id");
}

void expect_room(const std::vector<TemplateItem>& items) {
  if (items.size() < max_items) return;
  throw Error("template", "at most " + std::to_string(max_items) + " tokens", "more");
}

void add_special(const Json& json, const Json& item, std::vector<TemplateItem>& items) {
  const std::string name = string_at(item, "id");
  for (const Json& id : array_at(object_at(object_at(json, "special_tokens"), name), "ids")) {
    expect_room(items);
    items.push_back(
        {ItemKind::special, type_id_of(item), checked_id(id, "special token '" + name + "'")});
  }
}

void add_sequence(const Json& item, std::vector<TemplateItem>& items) {
  const std::string name = string_at(item, "id");
  if (name != "A" && name != "B") fail_unknown("sequence", name);
  expect_room(items);
  items.push_back({name == "A" ? ItemKind::first : ItemKind::second, type_id_of(item)});
}

std::vector<TemplateItem> items_from(const Json& json, std::string_view key) {
  std::vector<TemplateItem> items;
  for (const Json& item : array_at(json, key)) {
    if (item.contains("SpecialToken")) {
      add_special(json, object_at(item, "SpecialToken"), items);
    } else {
      add_sequence(object_at(item, "Sequence"), items);
    }
  }
  const auto count = [&](ItemKind kind) {
    return std::ranges::count(items, kind, &TemplateItem::kind);
  };
  const bool second_alone = key == "single" && count(ItemKind::second) > 0;
  if (second_alone || std::max(count(ItemKind::first), count(ItemKind::second)) > max_sequences) {
    throw Error(
        "template '" + std::string(key) + "'",
        "the texts that it is for, each at most " + std::to_string(max_sequences) + " times",
        second_alone ? "a second one" : "more");
  }
  return items;
}

// ["</s>", 2]
TemplateItem special_from(const Json& json, std::string_view key, int32_t type_id) {
  const Json& pair = array_at(json, key);
  if (pair.size() != 2) throw Error(key, "a token and its id", describe(pair));
  return {ItemKind::special, type_id, checked_id(pair[1], key)};
}

Template bert_template(const Json& json) {
  const TemplateItem cls = special_from(json, "cls", 0), end = special_from(json, "sep", 0);
  return {{cls, {ItemKind::first, 0}, end},
          {cls, {ItemKind::first, 0}, end, {ItemKind::second, 1}, special_from(json, "sep", 1)}};
}

Template roberta_template(const Json& json) {
  const TemplateItem cls = special_from(json, "cls", 0), end = special_from(json, "sep", 0);
  return {{cls, {ItemKind::first, 0}, end},
          {cls, {ItemKind::first, 0}, end, end, {ItemKind::second, 0}, end}};
}

std::optional<OffsetTrimming> trimming_from(const Json& json) {
  if (!bool_or(json, "trim_offsets", true)) return std::nullopt;
  return OffsetTrimming{bool_or(json, "add_prefix_space", true)};
}

void apply(const Json& json, PostProcessing& processing) {
  const std::string type = string_at(json, "type");
  if (type == "TemplateProcessing") {
    processing.arrangement = {items_from(json, "single"), items_from(json, "pair")};
  } else if (type == "BertProcessing") {
    processing.arrangement = bert_template(json);
  } else if (type == "RobertaProcessing") {
    processing.arrangement = roberta_template(json);
    processing.trimming = trimming_from(json);
  } else if (type == "ByteLevel") {
    processing.trimming = trimming_from(json);
  } else if (type == "Sequence") {
    for (const Json& step : array_at(json, "processors")) apply(step, processing);
  } else {
    fail_unknown("post_processor", type);
  }
}

}  // namespace

PostProcessing post_processing_from(const Json& json) {
  PostProcessing processing;
  if (!json.is_null()) apply(json, processing);
  return processing;
}

}  // namespace locus::tokenization
