#include "tokenizer/folder/harmless_keys.hpp"

#include <algorithm>
#include <iterator>

namespace locus::tokenization {
namespace {

struct HarmlessKey {
  std::string_view key;
  std::string_view reason;
};

constexpr std::string_view names = "a name or a path that was, of no file that is read";
constexpr std::string_view caller =
    "how long a text may be and how texts are padded is the caller's";
constexpr std::string_view chat = "of conversations, which are the caller's";
constexpr std::string_view in_document = "what it changes stands in tokenizer.json or its tokens";
constexpr std::string_view slow = "of Python's own tokenizers, which the fast ones do not follow";

constexpr HarmlessKey of_all_classes[] = {
    {"_commit_hash", names},
    {"name_or_path", names},
    {"tokenizer_file", names},
    {"special_tokens_map_file", names},
    {"vocab_file", names},
    {"merges_file", names},
    {"spm_file", names},
    {"files_loaded", names},
    {"source_spm", names},
    {"target_spm", names},
    {"target_vocab_file", names},
    {"is_local", names},
    {"local_files_only", names},
    {"processor_class", names},
    {"model_max_length", caller},
    {"max_len", caller},
    {"max_length", caller},
    {"stride", caller},
    {"truncation_strategy", caller},
    {"padding_side", caller},
    {"padding", caller},
    {"pad_to_multiple_of", caller},
    {"pad_token_type_id", caller},
    {"chat_template", chat},
    {"chat_control_tokens", chat},
    {"response_schema", chat},
    {"response_template", chat},
    {"use_default_system_prompt", chat},
    {"verbose", "of what is printed"},
    {"errors", "bytes that are no text become U+FFFD, as the fast tokenizers make them"},
    {"backend", "says which transformers wrote the folder"},
    {"added_tokens_decoder", "read"},
    {"tokenizer_class", "read"},
    {"do_basic_tokenize", slow},
    {"never_split", slow},
    {"use_fast", slow},
    {"sanitize_control_tokens", slow},
    {"token_type_ids_pattern", slow},
    {"token_type_ids_include_special_tokens", slow},
    {"special_tokens_pattern", slow},
    {"is_split_into_words", "words come from the text"},
    {"unk_id", in_document},
    {"_json_padding", caller},
    {"_json_truncation", caller},
    {"tokenizer_padding", caller},
    {"tokenizer_truncation", caller},
};

// What a class that Locus knows has not asked for, it does not follow.
constexpr HarmlessKey of_known_classes[] = {
    {"auto_map", names},
    {"add_prefix_space", in_document},
    {"do_lower_case", in_document},
    {"extra_ids", in_document},
    {"keep_accents", in_document},
    {"legacy", in_document},
    {"legacy_behaviour", in_document},
    {"mask_token_sent", in_document},
    {"num_madeup_words", "rows of the model's table that no token has"},
    {"offset", in_document},
    {"remove_space", in_document},
    {"separate_vocabs", in_document},
    {"source_lang", "texts name the language they are translated into"},
    {"target_lang", "texts name the language they are translated into"},
    {"spaces_between_special_tokens", slow},
    {"split_by_punct", in_document},
    {"src_lang", in_document},
    {"tgt_lang", "of target texts"},
    {"strip_accents", in_document},
    {"tokenize_chinese_chars", in_document},
    {"trim_offsets", in_document},
    {"vocab_type", in_document},
};

// What tokenizer.json takes the place of: without it transformers 5 puts the begin and end tokens
// of these keys around the texts of more classes than 4.49 does.
constexpr HarmlessKey beside_document[] = {
    {"add_bos_token", in_document},
    {"add_eos_token", in_document},
    {"_spm_precompiled_charsmap", in_document},
    {"language_codes", in_document},
    {"merges", in_document},
    {"tokenizer", in_document},
    {"vocab", in_document},
};

constexpr std::string_view python_objects[] = {"__slow_tokenizer", "post_processor",
                                               "tokenizer_object"};

template <class Keys>
bool holds(const Keys& keys, std::string_view wanted) {
  return std::any_of(std::begin(keys), std::end(keys),
                     [&](const HarmlessKey& each) { return each.key == wanted; });
}

}  // namespace

bool is_harmless_key(std::string_view key, const Reading& reading) {
  if (holds(of_all_classes, key)) return true;
  if (!reading.known_class) return false;
  return holds(of_known_classes, key) || (reading.has_document && holds(beside_document, key));
}

bool is_python_object(std::string_view key) {
  return std::find(std::begin(python_objects), std::end(python_objects), key) !=
         std::end(python_objects);
}

}  // namespace locus::tokenization
