// What a folder's sentence-transformers files say of how texts become vectors or scores.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/embed.hpp"
#include "pipelines/sentence/chat_pairs.hpp"
#include "pipelines/sentence/vector_modules.hpp"

namespace locus::pipelines {

/// The answers of a language model that reranks: how far the one is above the other (LogitScore).
struct AnswerTokens {
  int64_t yes = 0;
  std::optional<int64_t> no = {};  ///< nothing: the one alone
};

/// Read from `modules.json`, the folders that it names, `config_sentence_transformers.json`,
/// `sentence_bert_config.json` (or one of its older names) and `tokenizer_config.json`, as
/// sentence-transformers 2 to 6 write them.
struct SentenceRules {
  std::vector<Pooling> poolings = {Pooling::mean};
  std::optional<SparsePooling> sparse;  ///< in the place of poolings: terms of the vocabulary
  std::optional<int64_t> max_terms;     ///< of a sparse vector that are not 0: the largest
  bool pools_prompt = true;             ///< whether a prompt's tokens count
  std::vector<VectorModule> of_tokens;  ///< in turn, of each token's vector before pooling
  bool pooled = false;                  ///< whether a pooling was read: the rest is of its vector
  std::string unpooled;                 ///< the modules.json that has no pooling, or nothing
  std::vector<VectorModule> modules;    ///< in turn, after pooling
  bool normalizes = false;              ///< whether the last of them scales to length 1
  bool lower_case = false;
  std::optional<int64_t> max_length;           ///< tokens at which a text is cut
  std::map<std::string, std::string> prompts;  ///< by name
  std::optional<std::string> default_prompt;   ///< the text, not the name
  std::optional<int64_t> dimension;            ///< vectors are cut to it
  std::string score_activation;                ///< of a CrossEncoder; empty: by its classes
  std::optional<AnswerTokens> answers;         ///< of one that is a language model
  std::optional<ChatRules> chat;               ///< of one that reads pairs as messages
};

/// Throws Error that names the file for modules and poolings that are not known, a pooling file
/// without pooling, a default prompt that is not there, a Dense without weights.
SentenceRules read_sentence_rules(const std::filesystem::path& folder);

/// The folder in which a sentence-transformers folder holds its Transformer; any other path as it
/// is. Throws Error for modules without one.
std::filesystem::path transformer_folder(const std::filesystem::path& path);

/// The text that goes before every text: that of a name the folder has, else `name_or_text` itself;
/// the folder's default where it is not given. Throws Error for an unknown name without a space or
/// colon, which nobody means as a text.
std::string prompt_of(const SentenceRules& rules, const std::optional<std::string>& name_or_text);

}  // namespace locus::pipelines
