#include "base/error.hpp"
#include "server/routes/routes.hpp"

namespace locus::server {
namespace {

/// What stands for a gap in a text; null where the tokenizer has no such token.
Json mask_token(const Engine& engine) {
  const auto tokenizer = engine.shared_tokenizer();
  if (!tokenizer || !tokenizer->special_ids().mask) return nullptr;
  return tokenizer->token(*tokenizer->special_ids().mask);
}

}  // namespace

Reply health(const Service& service, const Call&) {
  const bool draining = service.draining();
  Reply reply = json_reply({{"status", draining ? "draining" : "ok"}});
  if (draining) reply.status = 503;
  return reply;
}

Reply metrics(const Service& service, const Call&) {
  return {service.metrics.text(service.catalogue.waiting()), "text/plain; version=0.0.4"};
}

Reply list_models(const Service& service, const Call&) {
  static const int64_t created = seconds_since_1970();
  Json data = Json::array();
  for (const auto& entry : service.catalogue.entries()) {
    const Model& model = entry->own->model();
    data.push_back({{"id", entry->served.name},
                    {"object", "model"},
                    {"created", created},
                    {"owned_by", "locus"},
                    {"task", model.spec().task},
                    {"family", model.spec().family},
                    {"encodings", model.encodings()},
                    {"max_model_len", model.spec().context},
                    {"parameters", model.graph()->parameters()},
                    {"mask_token", mask_token(*entry->own)}});
  }
  return json_reply({{"object", "list"}, {"data", std::move(data)}});
}

}  // namespace locus::server
