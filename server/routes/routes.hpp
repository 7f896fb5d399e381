// The routes of the server. One function each; docs/server.md says what they read and answer.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/call.hpp"
#include "server/api/fields.hpp"
#include "server/jobs/catalogue.hpp"

namespace locus::server {

/// What routes work with.
struct Service {
  Catalogue& catalogue;
  Metrics& metrics;
  const ServerOptions& options;
  std::function<bool()> draining;
};

struct Route {
  std::string_view method;
  std::string_view path;
  Reply (*answer)(const Service& service, const Call& call);
  bool open = false;  ///< needs no key: it tells nothing of models and runs none
};
std::span<const Route> routes();

/// The engine that a body asks for by `model` and `encoding`.
std::shared_ptr<Engine> engine_of(const Service& service, const Call& call);
/// Throws Error where a request's tokens are too many for this server.
void check_tokens(const Service& service, int64_t tokens);
/// Throws Error where the tokens of texts, each cut as the model reads it, are too many.
void check_texts(const Service& service, const Engine& engine, const Call& call,
                 std::span<const std::string> texts);
/// Options of an encoding that ends once nobody waits for it.
EncodeOptions encode_options(const Call& call, bool special = true);
/// The text of a body by the first of `names` that it has. Throws Error where it has none.
std::string text_of(const Call& call, std::initializer_list<std::string_view> names);
/// A prompt's ids, checked against the model.
Ids read_ids(const Engine& engine, const Call& call, const Prompt& prompt);
int64_t seconds_since_1970();

Reply page(const Service& service, const Call& call);
Reply health(const Service& service, const Call& call);
Reply metrics(const Service& service, const Call& call);
Reply list_models(const Service& service, const Call& call);
Reply embeddings(const Service& service, const Call& call);
Reply completions(const Service& service, const Call& call);
Reply rerank(const Service& service, const Call& call);
Reply tokenize(const Service& service, const Call& call);
Reply detokenize(const Service& service, const Call& call);
Reply fill_mask(const Service& service, const Call& call);
Reply classify(const Service& service, const Call& call);
Reply perplexity(const Service& service, const Call& call);
Reply position(const Service& service, const Call& call);

}  // namespace locus::server
