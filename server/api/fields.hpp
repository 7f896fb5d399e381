// The fields of a request's body. One that is null counts as absent, as clients mean it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/json/json.hpp"

namespace locus::server {

using detail::JsonPlace;

/// Values that a number may have, ends included.
struct Limits {
  double min, max;
};

std::optional<JsonPlace> field(const JsonPlace& body, std::string_view name);
std::optional<std::string> text_field(const JsonPlace& body, std::string_view name);
std::optional<double> number_field(const JsonPlace& body, std::string_view name, Limits limits);
std::optional<int64_t> integer_field(const JsonPlace& body, std::string_view name, Limits limits);
/// A text, or the texts of a list.
std::vector<std::string> texts_of(const JsonPlace& place);

using Ids = std::vector<int32_t>;
/// Ids that stand for a text. A type of its own, since libstdc++ 12 takes a variant of its own
/// types alone for one that never lacks a value, so that a copy that throws destroys what never
/// was.
struct PromptIds : Ids {
  PromptIds(Ids ids) : Ids(std::move(ids)) {}
};
/// Texts, or token ids as they are.
using Prompt = std::variant<std::string, PromptIds>;

Ids ids_of(const JsonPlace& place);
/// A text, a list of texts, a list of ids, or a list of such lists. Throws Error for anything else
/// and for none at all.
std::vector<Prompt> prompts_of(const JsonPlace& place);

/// Two fields of which one may be given.
[[noreturn]] void refuse_both(std::string_view one, std::string_view other);

/// Refuses fields that are not among `known`, which are those of this server, and takes those that
/// change no answer here (`user`, `metadata`, `store`).
void expect_fields(const JsonPlace& body, std::initializer_list<std::string_view> known);

}  // namespace locus::server
