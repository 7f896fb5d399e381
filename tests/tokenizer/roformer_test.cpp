#include <doctest/doctest.h>

#include "support.hpp"

namespace locus::tests {
namespace {

std::string roformer_characters() { return "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n今\n天\n好\n"; }

TEST_CASE("RoFormer's words are those of jieba's dictionary as far as the vocabulary has them") {
  TemporaryFolder folder;
  folder.write("config.json", Json{{"model_type", "roformer"}}.dump());
  folder.write("vocab.txt", roformer_characters() + "今天\n天好\n");
  folder.write("jieba_dict.txt", "今天 100 t\n天好 1 n\n今 5 n\n天 5 n\n好 9 a\n");
  CHECK(Tokenizer::open(folder.path())->encode_ids("今天好天好") ==
        std::vector<int32_t>{2, 8, 7, 9, 3});
  folder.write("jieba_dict.txt", "今天 1 t\n天好 100 n\n今 5 n\n天 5 n\n好 9 a\n");
  CHECK(Tokenizer::open(folder.path())->encode_ids("今天好") == std::vector<int32_t>{2, 5, 9, 3});
  folder.write("jieba_dict.txt", "今天 100 t\n天好 many n\n");
  CHECK(error_of(folder).find("jieba_dict.txt, line 2: expected a word and its frequency") !=
        std::string::npos);
}

TEST_CASE("without jieba's dictionary RoFormer's words are refused, characters work") {
  TemporaryFolder folder;
  folder.write("config.json", Json{{"model_type", "roformer"}}.dump());
  folder.write("vocab.txt", roformer_characters());
  CHECK(Tokenizer::open(folder.path())->encode_ids("今天好") ==
        std::vector<int32_t>{2, 5, 6, 7, 3});
  folder.write("vocab.txt", roformer_characters() + "今天\n");
  const std::string error = error_of(folder);
  if (error.empty()) return;  // the Python package is installed here
  CHECK(error.find("expected jieba's dictionary, for words such as '今天'") != std::string::npos);
}

TEST_CASE("RoFormer's words without ideographs need no dictionary: C++, C#, AT&T") {
  TemporaryFolder folder;
  folder.write("config.json", Json{{"model_type", "roformer"}}.dump());
  folder.write("vocab.txt", roformer_characters() + "c++\nc#\n+\nc\nat&t\n&\n");
  const auto tokenizer = Tokenizer::open(folder.path());
  CHECK(tokenizer->encode_ids("C++ C#") == std::vector<int32_t>{2, 8, 9, 3});
  CHECK(tokenizer->encode_ids("今C#天c++") == std::vector<int32_t>{2, 5, 9, 6, 8, 3});
  CHECK(tokenizer->encode_ids("AT&T & C+") == std::vector<int32_t>{2, 1, 13, 1, 13, 11, 10, 3});
}

}  // namespace
}  // namespace locus::tests
