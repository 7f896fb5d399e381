// Readers of tokenizers: what opens also encodes and decodes.
#include <array>

#include "tests/fuzz/target.hpp"
#include "tokenizer/text/regex.hpp"
#include "tokenizer/tokenizer.hpp"

namespace locus::fuzz {
namespace {

namespace fs = std::filesystem;

void use(const fs::path& folder) {
  const auto tokenizer = Tokenizer::open(folder);
  const auto encoded =
      tokenizer->encode("He said <s>it's 12\t[MASK] \u4f60\u597d e\u0301 </s> abab");
  tokenizer->decode(encoded.ids);
}

/// A file in a folder whose class is known.
void use_as(const char* type, const char* file, std::string_view bytes) {
  const std::string folder = std::string(type) + "/";
  scratch().write(folder + "tokenizer_config.json",
                  "{\"tokenizer_class\": \"" + std::string(type) + "\"}");
  scratch().write(folder + file, bytes);
  use(scratch() / folder);
}

void tokenizer_json(std::string_view bytes) {
  scratch().write("json/tokenizer.json", bytes);
  use(scratch() / "json");
}

void tokenizer_config(std::string_view bytes) {
  scratch().write("settings/vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\n##b\n");
  scratch().write("settings/tokenizer_config.json", bytes);
  use(scratch() / "settings");
}

void word_piece(std::string_view bytes) { use_as("BertTokenizer", "vocab.txt", bytes); }

void merges(std::string_view bytes) {
  scratch().write("GPT2Tokenizer/vocab.json",
                  R"({"a": 0, "b": 1, "ab": 2, "Ġ": 3, "Ġa": 4, "e": 5, "<|endoftext|>": 6})");
  use_as("GPT2Tokenizer", "merges.txt", bytes);
}

void sentencepiece(std::string_view bytes) { use_as("T5Tokenizer", "spiece.model", bytes); }

void sentencepiece_pairs(std::string_view bytes) {
  use_as("LlamaTokenizer", "tokenizer.model", bytes);
}

// Words from a dictionary, and the characters of the rest.
void dictionary(std::string_view bytes) { use_as("RoFormerTokenizer", "vocab.txt", bytes); }

void marian(std::string_view bytes) {
  for (const char* side : {"source.spm", "target.spm"}) {
    scratch().write(std::string("MarianTokenizer/") + side,
                    tests::read_text(std::string(LOCUS_SOURCE_FOLDER) +
                                     "/tests/fuzz/corpus/sentencepiece/unigram.model"));
  }
  use_as("MarianTokenizer", "vocab.json", bytes);
}

void fairseq(std::string_view bytes) {
  use_as("XLMRobertaTokenizer", "sentencepiece.bpe.model", bytes);
}

void protein(std::string_view bytes) { use_as("EsmTokenizer", "vocab.txt", bytes); }

void special_tokens_map(std::string_view bytes) {
  scratch().write("special/vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\n##b\n");
  scratch().write("special/tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})");
  scratch().write("special/special_tokens_map.json", bytes);
  use(scratch() / "special");
}

void added_tokens(std::string_view bytes) {
  scratch().write("added/vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\n##b\n");
  scratch().write("added/tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})");
  scratch().write("added/added_tokens.json", bytes);
  use(scratch() / "added");
}

void llama2c_tokenizer(std::string_view bytes) {
  use(scratch().write("llama2c/tokenizer.bin", bytes));
}

// An expression, up to a zero byte where there is one, and a text of ours.
void regex(std::string_view bytes) {
  const size_t end = std::min(bytes.find('\0'), bytes.size());
  const tokenization::Regex expression(bytes.substr(0, end));
  const std::string_view text = "it's 12 apples, \u4f60\u597d\n aaaaaaaaaaaaaaaaaaaaaaaaaaaaa!";
  Watch watch;
  for (size_t from = 0; from <= text.size();) {
    const auto found = expression.search(text, from, watch);
    if (!found) break;
    from = std::max(found->end, found->begin + 1);
    while (from < text.size() && (text[from] & 0xC0) == 0x80) ++from;
  }
}

constexpr std::array tokenizer_rows{Target{"tokenizer_json", tokenizer_json},
                                    Target{"tokenizer_config", tokenizer_config},
                                    Target{"word_piece", word_piece},
                                    Target{"merges", merges},
                                    Target{"sentencepiece", sentencepiece},
                                    Target{"sentencepiece_pairs", sentencepiece_pairs},
                                    Target{"dictionary", dictionary},
                                    Target{"marian", marian},
                                    Target{"fairseq", fairseq},
                                    Target{"protein", protein},
                                    Target{"special_tokens_map", special_tokens_map},
                                    Target{"added_tokens", added_tokens},
                                    Target{"llama2c_tokenizer", llama2c_tokenizer},
                                    Target{"regex", regex}};

}  // namespace

std::span<const Target> tokenizer_targets() { return tokenizer_rows; }

}  // namespace locus::fuzz
