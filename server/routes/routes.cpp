#include "server/routes/routes.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "pipelines/model_input.hpp"

namespace locus::server {

std::span<const Route> routes() {
  static constexpr std::array table{
      Route{"GET", "/", page, true},
      Route{"GET", "/health", health, true},
      Route{"GET", "/metrics", metrics},
      Route{"GET", "/v1/models", list_models},
      Route{"POST", "/v1/embeddings", embeddings},
      Route{"POST", "/v1/completions", completions},
      Route{"POST", "/v1/rerank", rerank},
      Route{"POST", "/rerank", rerank},
      Route{"POST", "/tokenize", tokenize},
      Route{"POST", "/detokenize", detokenize},
      Route{"POST", "/fill-mask", fill_mask},
      Route{"POST", "/classify", classify},
      Route{"POST", "/perplexity", perplexity},
      Route{"POST", "/position", position},
  };
  return table;
}

std::shared_ptr<Engine> engine_of(const Service& service, const Call& call) {
  const auto body = call.fields();
  return service.catalogue.find(text_field(body, "model").value_or(""),
                                text_field(body, "encoding").value_or(""));
}

void check_tokens(const Service& service, int64_t tokens) {
  if (tokens <= service.options.max_tokens) return;
  throw Error("request",
              "at most " + std::to_string(service.options.max_tokens) + " tokens of this server",
              std::to_string(tokens));
}

EncodeOptions encode_options(const Call& call, bool special) {
  return {.special = special, .max_length = {}, .check = [&call] { expect_waiting(call); }};
}

void check_texts(const Service& service, const Engine& engine, const Call& call,
                 std::span<const std::string> texts) {
  size_t bytes = 0;
  for (const std::string& text : texts) bytes += text.size();
  // Hardly a token has less than a byte: what is short need not be counted.
  if (bytes <= static_cast<size_t>(service.options.max_tokens)) return;
  const EncodeOptions options = encode_options(call);
  int64_t tokens = 0;
  for (const std::string& text : texts) {
    const auto all = static_cast<int64_t>(engine.tokenizer().encode_ids(text, options).size());
    tokens += std::min(all, default_length(engine.model()));
  }
  check_tokens(service, tokens);
}

std::string text_of(const Call& call, std::initializer_list<std::string_view> names) {
  std::optional<std::string> found;
  std::string found_name;
  for (const std::string_view name : names) {
    auto text = text_field(call.fields(), name);
    if (!text) continue;
    if (found) refuse_both(found_name, name);
    found = std::move(text);
    found_name = name;
  }
  if (!found) throw Error("body", "a text '" + std::string(*names.begin()) + "'", "none");
  return *found;
}

Ids read_ids(const Engine& engine, const Call& call, const Prompt& prompt) {
  if (const auto* text = std::get_if<std::string>(&prompt)) {
    return read_prompt(engine.model(), engine.tokenizer(), *text, encode_options(call));
  }
  const Ids& ids = std::get<PromptIds>(prompt);
  check_sequence(engine.model(), "prompt", ids);
  return ids;
}

int64_t seconds_since_1970() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace locus::server
