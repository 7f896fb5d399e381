// Pairs of texts as a chat's template puts them (sentence-transformers, modality `message`).
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "pipelines/template/chat_template.hpp"
#include "tokenizer/tokenizer.hpp"

namespace locus::pipelines {

/// How a folder's rerankers put a query and a document into a chat.
struct ChatRules {
  std::shared_ptr<const ChatTemplate> chat;
  nlohmann::json tokens = nlohmann::json::object();  ///< `eos_token` and the like, by role
  bool structured = false;  ///< whether contents are lists of parts (`format`)
};

/// The template of `chat_template.jinja`, or of tokenizer_config.json. Throws Error where there is
/// none, and for one that is not followed.
ChatRules read_chat_rules(const std::filesystem::path& transformer, bool structured);

struct ChatPair {
  std::string prompt;  ///< the system's message; none where it is empty
  std::string query, document;
};

/// The ids of a pair, at most `options.max_length`: a longer one loses its end, but for what the
/// template puts after every text, which takes the place of the last tokens.
std::vector<int32_t> chat_ids(const ChatRules& rules, const Tokenizer& tokenizer,
                              const ChatPair& pair, const EncodeOptions& options);

}  // namespace locus::pipelines
