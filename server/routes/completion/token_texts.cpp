#include "server/routes/completion/token_texts.hpp"

#include "tokenizer/stream_decoder.hpp"

namespace locus::server {

std::vector<std::string> token_texts(const std::shared_ptr<const Tokenizer>& tokenizer,
                                     const Ids& ids) {
  std::vector<std::string> texts;
  if (!tokenizer) {
    for (const int32_t id : ids) texts.push_back(std::to_string(id) + " ");
    return texts;
  }
  StreamDecoder decoder(tokenizer, {.skip_special = true});
  for (const int32_t id : ids) texts.push_back(decoder.push(id));
  if (!texts.empty()) texts.back() += decoder.finish();
  return texts;
}

std::string token_text(const std::shared_ptr<const Tokenizer>& tokenizer, int32_t id) {
  if (!tokenizer) return std::to_string(id) + " ";
  return tokenizer->decode(std::vector{id});
}

}  // namespace locus::server
