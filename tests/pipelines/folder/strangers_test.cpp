// Files beside a model that name other files, or ask for more than they hold.
#include <doctest/doctest.h>

#include <functional>

#include "pipelines/document_stream.hpp"
#include "pipelines/model_files.hpp"
#include "pipelines/sentence/sentence_rules.hpp"
#include "pipelines/tokenizers.hpp"
#include "pipelines/training.hpp"
#include "tests/support/failure.hpp"
#include "tests/support/temporary_folder.hpp"

namespace locus::tests {
namespace {

std::string modules_json(const std::string& path, int count = 1) {
  std::string all = R"([{"type": "sentence_transformers.models.Transformer", "path": ""})";
  for (int i = 0; i < count; ++i)
    all += R"(, {"type": "sentence_transformers.models.Normalize", "path": ")" + path + "\"}";
  return all + "]";
}

/// How many documents a file of so many bytes holds.
int64_t documents_in(const std::string& text, const std::string& field) {
  const OpenBytes open = [&text](const std::filesystem::path&) -> ReadBytes {
    return [&text, at = size_t{0}](size_t count) mutable {
      const std::string part = text.substr(at, count);
      at += part.size();
      return part;
    };
  };
  const auto stream = stream_documents({"a.jsonl"}, "\n", open, field)();
  int64_t count = 0;
  while (stream->next()) ++count;
  return count;
}

}  // namespace

TEST_CASE("no file of a model's folder names one outside it") {
  const TemporaryFolder folder;
  for (const char* path : {"..", "../other", "/etc", "1_Pooling/../../other", "a//b", "."}) {
    CAPTURE(path);
    folder.write("modules.json", modules_json(path));
    const auto message = folder.message([&] { pipelines::read_sentence_rules(folder.path()); });
    CHECK(message.ends_with(std::string("path: expected a folder within the model's, found '") +
                            path + "'"));
  }
  folder.write("modules.json", modules_json("1_Normalize"));
  CHECK(pipelines::read_sentence_rules(folder.path()).normalizes);
  folder.write("locus.json", R"({"tokenizer": "../vocab.txt"})");
  CHECK(folder.message([&] { tokenizer_folder(folder.path()); })
            .ends_with("tokenizer: expected a file name without a folder, found '../vocab.txt'"));
}

TEST_CASE("a tokenizer's file without end is not copied") {
  const TemporaryFolder folder;
  const std::filesystem::path out = folder / "out";
  std::filesystem::create_directory(out);
  for (const char* name : {"vocab.txt", "tokenizer.json", "1_Pooling/config.json", "tok512.bin"}) {
    CAPTURE(name);
    const auto file = folder.write(name, "{}");
    std::filesystem::resize_file(file, uint64_t{1} << 40);  // of which the disk holds two bytes
    CHECK(folder.message([&] { copy_companions(folder.path(), out); }) ==
          std::string(name) + ": expected at most 1073741824 bytes, found 1099511627776");
    CHECK(std::filesystem::is_empty(out));
    std::filesystem::resize_file(file, 2);
  }
  copy_companions(folder.path(), out);
  CHECK(std::filesystem::exists(out / "1_Pooling/config.json"));
}

TEST_CASE("a model's modules and poolings have a greatest number") {
  const TemporaryFolder folder;
  folder.write("modules.json", modules_json("", 64));
  CHECK(folder.message([&] { pipelines::read_sentence_rules(folder.path()); })
            .find("expected at most 64 modules") != std::string::npos);
  std::string poolings = R"({"pooling_mode": ["mean")";
  for (int i = 0; i < 16; ++i) poolings += R"(, "mean")";
  folder.write("1_Pooling/config.json", poolings + "]}");
  folder.write("modules.json", R"([{"type": "sentence_transformers.models.Transformer", "path": ""},
                                   {"type": "sentence_transformers.models.Pooling", "path": "1_Pooling"}])");
  CHECK(folder.message([&] { pipelines::read_sentence_rules(folder.path()); })
            .find("expected at most 16 poolings") != std::string::npos);
}

TEST_CASE("a record of training is bounded, and its vocabulary a text") {
  const auto record = [](const std::string& recipe) {
    return parse_training("t", R"({"format": 1, "kind": "k", "encoding": "e", "seed": 1,)"
                               R"("tokens_seen": 1, "recipe": )" +
                                   recipe + "}");
  };
  CHECK(record(R"({"vocabulary": "x", "": {"vocabulary": 5}})").vocabulary() == "x");
  CHECK(record(R"({"": {"vocabulary": 5}})").vocabulary().empty());
  CHECK(record(R"({"a": {"b": [1, {}]}})").recipe ==
        std::map<std::string, std::string>{{"a.b.0", "1"}, {"a.b.1", "{}"}});
  const std::string expected = "expected at most 10,000 fields, with paths of at most 1,024 bytes";
  std::string many = "[0";
  for (int i = 0; i < 20000; ++i) many += ",0";
  CHECK(failure_of([&] { record("{\"a\": " + many + "]}"); }).find(expected) != std::string::npos);
  const std::string longer = "{\"" + std::string(2000, 'x') + "\": [0]}";
  CHECK(failure_of([&] { record(longer); }).find(expected) != std::string::npos);
}

TEST_CASE("millions of empty lines and documents are read in time that grows with their number") {
  CHECK(documents_in(std::string(4'000'000, '\n') + "{\"a\": \"b\"}", "a") == 1);
  std::string lines;
  for (int i = 0; i < 300'000; ++i) lines += "{\"a\":\"b\"}\n";
  CHECK(documents_in(lines, "a") == 300'000);
}

TEST_CASE("the keys of a stranger's line are named as far as a line of a message goes") {
  std::string line = "{";
  for (int i = 0; i < 2000; ++i) line += "\"" + std::to_string(i) + "\": \"\", ";
  line += "\"" + std::string(5000, 'x') + "\": \"\"}\n";
  const std::string message = failure_of([&] { documents_in(line, ""); });
  CHECK(message.find("its first line has 0, 1, 10, 100") != std::string::npos);
  CHECK(message.size() < 400);
}

}  // namespace locus::tests
