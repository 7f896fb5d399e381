#include <doctest/doctest.h>

#include "tests/tools/cli/command.hpp"

namespace locus::tests {
namespace {

using nlohmann::json;

struct Fixture {
  TemporaryFolder folder;
  std::string model = model_with_tokenizer(folder, "bert/lm");
};

TEST_CASE_FIXTURE(Fixture, "a text becomes ids with offsets in bytes") {
  const auto document = run({"tokenize", model, "The bá", "--json"}).json();
  CHECK(document["ids"] == json::array({2, 71, 6, 31, 3}));
  CHECK(document["tokens"] == json::array({"[CLS]", "the", "b", "##a", "[SEP]"}));
  CHECK(document["offsets"] == json::array({nullptr, {0, 3}, {4, 5}, {5, 7}, nullptr}));
  CHECK(document["type_ids"] == json::array({0, 0, 0, 0, 0}));
  CHECK(document["special"] == json::array({1, 0, 0, 0, 1}));
}

TEST_CASE_FIXTURE(Fixture, "a pair has two types, and special tokens can be left out") {
  const auto pair = run({"tokenize", model, "a", "--pair", "b", "--json"}).json();
  CHECK(pair["ids"] == json::array({2, 5, 3, 6, 3}));
  CHECK(pair["type_ids"] == json::array({0, 0, 0, 1, 1}));
  const auto bare = run({"tokenize", model, "a", "--no-special", "--json"}).json();
  CHECK(bare["ids"] == json::array({5}));
}

TEST_CASE_FIXTURE(Fixture, "ids become text") {
  CHECK(run({"tokenize", model, "--decode", "--ids", "2,71,6,31,3"}).out == "[CLS] the ba [SEP]\n");
  CHECK(run({"tokenize", model, "--decode", "--ids", "2,71,6,31,3", "--no-special"}).out ==
        "the ba\n");
  CHECK(run({"tokenize", model, "--decode", "71 6", "--json"}).json()["text"] == "the b");
}

TEST_CASE_FIXTURE(Fixture, "lines of stdin become lines of ids, and back") {
  const auto ids = run({"tokenize", model}, "a b\n\nthe\n");
  CHECK(ids.out == "2,5,6,3\n2,3\n2,71,3\n");
  CHECK(run({"tokenize", model, "--decode", "--no-special"}, "5,6\n71\n").out == "a b\nthe\n");
}

TEST_CASE_FIXTURE(Fixture, "with json one document holds all lines") {
  CHECK(run({"tokenize", model, "--json"}, "a\nb\n").json().size() == 2);
  CHECK(run({"tokenize", model, "--json"}, "a\n").json()["ids"] == json::array({2, 5, 3}));
}

TEST_CASE_FIXTURE(Fixture, "each JSON line is answered before the next one comes") {
  RunningCommand command({"tokenize", model, "--jsonl"}, "", true);
  for (const auto& [text, id] : {std::pair{"a", 5}, std::pair{"b", 6}, std::pair{"\\n c", 7}}) {
    command.write_line("\"" + std::string(text) + "\"");
    CHECK(json::parse(command.read_line())["ids"] == json::array({2, id, 3}));
  }
  CHECK(command.finish().status == 0);
}

TEST_CASE_FIXTURE(Fixture, "a JSON line that is no string is named") {
  const auto result = run({"tokenize", model, "--jsonl"}, "\"a\"\n{}\n");
  CHECK(result.status == 1);
  CHECK(std::count(result.out.begin(), result.out.end(), '\n') == 1);
  CHECK(result.err == "locus: stdin, line 2: expected a JSON string, found an object\n");
  CHECK(run({"tokenize", model, "--jsonl"}, "oops\n").err ==
        "locus: stdin, line 1: expected JSON, found parse error at line 1, column 1: syntax error "
        "while "
        "parsing value - invalid literal; last read: 'o'\n");
}

TEST_CASE_FIXTURE(Fixture, "JSON lines of ids are decoded") {
  const auto result = run({"tokenize", model, "--decode", "--jsonl"}, "[71,5]\n");
  CHECK(result.json()["text"] == "the a");
}

TEST_CASE_FIXTURE(Fixture, "a tokenizer needs no model") {
  std::filesystem::remove(model + "/model.safetensors");
  CHECK(run({"tokenize", model, "a", "--json"}).json()["ids"] == json::array({2, 5, 3}));
}

TEST_CASE_FIXTURE(Fixture, "a line of any length is one document, and one line of ids") {
  std::string words;
  for (int i = 0; i < 70000; ++i) words += i % 3 == 0 ? "the cat " : i % 3 == 1 ? "bá , " : "of ";
  const auto ids = run({"tokenize", model}, words + "\nthe\n").out;
  const auto document = run({"tokenize", model, "--json"}, words).json();
  const auto list = document["ids"].dump();
  CHECK(ids == list.substr(1, list.size() - 2) + "\n2,71,3\n");
  CHECK(document["offsets"].size() == document["ids"].size());
  CHECK(document["tokens"].size() == document["ids"].size());
  CHECK(document["special"].front() == 1);
  CHECK(document["special"].back() == 1);
  const auto last = document["offsets"].size() - 2;  // before [SEP]
  const auto short_ids = run({"tokenize", model, "--json"}, "the cat bá , of").json()["ids"];
  CHECK(std::equal(short_ids.begin(), short_ids.end() - 1, document["ids"].begin()));
  CHECK(document["offsets"][last][1].get<size_t>() == words.find_last_not_of(' ') + 1);
}

TEST_CASE_FIXTURE(Fixture, "a line that fails leaves JSON, or nothing") {
  const auto nothing = run({"tokenize", model, "--json"}, "a\n\xff\n");
  CHECK(nothing.status == 1);
  CHECK(nothing.out.empty());
  const auto list = run({"tokenize", model, "--json"}, "a\nb\n\xff\nthe\n");
  CHECK(list.status == 1);
  CHECK(list.json().size() == 2);
  CHECK(list.err == "locus: stdin, line 3: expected UTF-8, found byte 0xff at offset 0\n");
}

}  // namespace
}  // namespace locus::tests
