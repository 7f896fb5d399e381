#include "tools/cli/verbs/tag.hpp"

#include "models/tag.hpp"
#include "tools/cli/input/model_input.hpp"
#include "tools/cli/input/text_input.hpp"
#include "tools/cli/output/output.hpp"
#include "tools/cli/terminal/interruption.hpp"
#include "tools/cli/terminal/table.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace {

std::string bytes_of(Span span) {
  return std::to_string(span.begin) + "-" + std::to_string(span.end);
}

std::string text_of(const std::string& text, Span span) {
  return text.substr(static_cast<size_t>(span.begin), static_cast<size_t>(span.end - span.begin));
}

/// The bytes that tokens first ... last are from.
Span span_of(const EncodedText& encoding, int64_t first, int64_t last) {
  const auto bytes = [&](int64_t token) {
    return encoding.offsets[static_cast<size_t>(token)].value_or(Span{});
  };
  return {bytes(first).begin, bytes(last).end};
}

Json entities_json(const std::vector<Entity>& entities, const EncodedText& encoding,
                   const std::string& text) {
  Json list = Json::array();
  for (const Entity& entity : entities) {
    const Span span = span_of(encoding, entity.first, entity.last);
    list.push_back({{"label", entity.label},
                    {"probability", entity.probability},
                    {"begin", span.begin},
                    {"end", span.end},
                    {"text", text_of(text, span)}});
  }
  return {{"entities", std::move(list)}};
}

std::string entities_text(const std::vector<Entity>& entities, const EncodedText& encoding,
                          const std::string& text) {
  if (entities.empty()) return "no entities\n";
  Table table({left("text", 12), left("label"), right("probability"), right("bytes")});
  for (const Entity& entity : entities) {
    const Span span = span_of(encoding, entity.first, entity.last);
    table.add({visible(text_of(text, span)), visible(entity.label), fixed(entity.probability, 4),
               bytes_of(span)});
  }
  return table.text(terminal_width());
}

/// Tokens of the text alone, without what the tokenizer added.
std::vector<TaggedToken> tokens_of(const EncodedText& encoding,
                                   const std::vector<std::vector<double>>& probabilities) {
  std::vector<TaggedToken> tokens;
  for (size_t token = 0; token < encoding.ids.size(); ++token) {
    if (encoding.special[token] != 0) continue;
    tokens.push_back({static_cast<int64_t>(token), encoding.words[token], probabilities[token]});
  }
  return tokens;
}

Json replaced_json(const std::vector<double>& probabilities, const EncodedText& encoding) {
  Json list = Json::array();
  for (size_t token = 0; token < encoding.ids.size(); ++token) {
    if (encoding.special[token] != 0) continue;
    const Span span = span_of(encoding, static_cast<int64_t>(token), static_cast<int64_t>(token));
    list.push_back({{"id", encoding.ids[token]},
                    {"token", encoding.tokens[token]},
                    {"begin", span.begin},
                    {"end", span.end},
                    {"probability", probabilities[token]},
                    {"replaced", probabilities[token] > 0.5}});
  }
  return {{"tokens", std::move(list)}};
}

std::string replaced_text(const std::vector<double>& probabilities, const EncodedText& encoding) {
  Table table({left("token"), right("bytes"), right("probability"), left("replaced")});
  for (size_t token = 0; token < encoding.ids.size(); ++token) {
    if (encoding.special[token] != 0) continue;
    const Span span = span_of(encoding, static_cast<int64_t>(token), static_cast<int64_t>(token));
    table.add({visible(encoding.tokens[token]), bytes_of(span), fixed(probabilities[token], 4),
               probabilities[token] > 0.5 ? "yes" : ""});
  }
  return table.text(terminal_width());
}

void show(const TagOptions& options, const Model& model, Json document, const std::string& text) {
  if (!options.common.json) return print(text);
  if (model.graph()->untrained()) document["untrained"] = true;
  print_json(document);
}

}  // namespace

void tag(const TagOptions& options, const Model& model) {
  const Aggregation aggregation = parse_aggregation(options.aggregation);
  check_text("text", options.text);
  const EncodedText encoding = open_tokenizer(model)->encode(options.text);
  check_sequence(model, "text", encoding.ids);
  Session session(model.graph(), session_options(options.common));
  const Cancellable cancellable(session);
  const Sequence sequence{encoding.ids, encoding.type_ids, {}};
  if (model.spec().task == "replaced-tokens") {
    const auto probabilities = replaced_probabilities(session, sequence);
    return show(options, model, replaced_json(probabilities, encoding),
                replaced_text(probabilities, encoding));
  }
  const auto probabilities = label_probabilities(session, sequence);
  const auto entities =
      find_entities(tokens_of(encoding, probabilities), model.labels(), aggregation);
  show(options, model, entities_json(entities, encoding, options.text),
       entities_text(entities, encoding, options.text));
}

Action add_tag(Arguments& arguments) {
  const auto options = std::make_shared<TagOptions>();
  add_model(arguments, options->common);
  arguments.required("TEXT", options->text, "a text");
  arguments.option("--aggregation", &options->aggregation,
                   {"KIND",
                    "how tokens become entities: none, simple (neighbours of one type), first, "
                    "average or max (by whole words)",
                    Choices{"none", "simple", "first", "average", "max"}});
  arguments.example("locus tag path/to/model 'Ada Lovelace lived in London.'");
  return [options] { tag(*options, *open_model(options->common)); };
}

}  // namespace locus::cli
