#include "base/error.hpp"
#include "pipelines/model_input.hpp"
#include "server/routes/routes.hpp"

namespace locus::server {
namespace {

Json offsets_json(const EncodedText& text) {
  Json offsets = Json::array();
  for (const auto& span : text.offsets) {
    offsets.push_back(span ? Json{span->begin, span->end} : Json());
  }
  return offsets;
}

}  // namespace

Reply tokenize(const Service& service, const Call& call) {
  const JsonPlace body = call.fields();
  expect_fields(body, {"model", "content", "text", "prompt", "add_special"});
  const auto engine = engine_of(service, call);
  const std::string text = text_of(call, {"content", "text", "prompt"});
  check_text("content", text);
  const EncodeOptions options = encode_options(call, body.flag("add_special", true));
  if (static_cast<int64_t>(text.size()) > service.options.max_tokens) {  // a token has a byte
    check_tokens(service,
                 static_cast<int64_t>(engine->tokenizer().encode_ids(text, options).size()));
  }
  const EncodedText encoded = engine->tokenizer().encode(text, options);
  return json_reply({{"tokens", encoded.ids},
                     {"count", encoded.ids.size()},
                     {"pieces", encoded.tokens},
                     {"offsets", offsets_json(encoded)},
                     {"max_model_len", engine->model().spec().context}});
}

Reply detokenize(const Service& service, const Call& call) {
  const JsonPlace body = call.fields();
  expect_fields(body, {"model", "tokens", "skip_special"});
  const auto engine = engine_of(service, call);
  const Ids ids = ids_of(body.at("tokens"));
  check_tokens(service, static_cast<int64_t>(ids.size()));
  DecodeOptions options;
  options.skip_special = body.flag("skip_special", false);
  options.check = [&call] { expect_waiting(call); };
  return json_reply({{"content", engine->tokenizer().decode(ids, options)}});
}

}  // namespace locus::server
