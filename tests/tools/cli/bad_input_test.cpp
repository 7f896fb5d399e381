#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "tests/tools/cli/command.hpp"

namespace locus::tests {
namespace {

/// A command that must fail, and what its one line must say.
struct BadInput {
  std::vector<std::string> arguments;
  std::vector<std::string> says;
  std::string input = "";
};

void check_refusal(const BadInput& bad) {
  CAPTURE(bad.arguments[0]);
  CAPTURE(bad.arguments.back());
  const auto result = run(bad.arguments, bad.input);
  CAPTURE(result.err);
  CHECK(result.status == 1);
  CHECK(result.out.empty());
  CHECK(result.err.starts_with("locus: "));
  CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
  for (const auto& part : bad.says) {
    CHECK_MESSAGE(result.err.find(part) != std::string::npos, part);
  }
}

std::string with_config(const TemporaryFolder& folder, const std::string& name,
                        const std::string& from, const std::string& to) {
  const auto model = model_with_tokenizer(folder, name);
  auto config = read_text(model + "/config.json");
  const auto at = config.find(from);
  REQUIRE(at != config.npos);
  folder.write(name + "/config.json", config.replace(at, from.size(), to));
  return model;
}

TEST_CASE("a model that is not there is refused in one line") {
  check_refusal({{"inspect", "no-such-model"}, {"no-such-model"}});
  check_refusal({{"compare", "no-such-model"}, {"no-such-model"}});
  check_refusal({{"position", "spiral"}, {"spiral", "--list"}});
  const TemporaryFolder folder;
  check_refusal({{"inspect", folder.path()}, {"config.json", "locus.json"}});
  check_refusal({{"embed", "/no/such/folder", "text"}, {"/no/such/folder"}});
}

TEST_CASE("a pipe or a device in the place of a config is refused, not read") {
  const TemporaryFolder folder;
  folder.write("pipe/model.safetensors", "");
  REQUIRE(mkfifo((folder / "pipe/config.json").c_str(), 0600) == 0);
  check_refusal({{"inspect", folder / "pipe"}, {"pipe/config.json", "a regular file"}});
  folder.write("device/model.safetensors", "");
  std::filesystem::create_symlink("/dev/zero", folder / "device/config.json");
  check_refusal({{"inspect", folder / "device"}, {"device/config.json", "a regular file"}});
}

TEST_CASE("weights without what names them are refused in one line") {
  const TemporaryFolder folder;
  folder.write("gpt2/config.json", read_text(golden_model("gpt2/lm") + "/config.json"));
  folder.write("gpt2/model-00001-of-00002.safetensors", "");
  check_refusal({{"inspect", folder / "gpt2"}, {"shards without the index that names them"}});
  check_refusal({{"inspect", folder / "gpt2/model-00001-of-00002.safetensors"},
                 {"a model's folder", "locus convert"}});
}

TEST_CASE("a folder without weights is refused in one line") {
  const TemporaryFolder folder;
  folder.write("model/config.json", R"({"model_type": "bert"})");
  check_refusal({{"inspect", folder / "model"}, {"safetensors"}});
}

TEST_CASE("truncated safetensors are refused in one line") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "bert/lm");
  const auto bytes = read_text(model + "/model.safetensors");
  for (const size_t size : {size_t{0}, size_t{5}, size_t{100}, bytes.size() - 1}) {
    folder.write("bert/lm/model.safetensors", bytes.substr(0, size));
    check_refusal({{"inspect", model}, {"model.safetensors"}});
  }
}

TEST_CASE("a pickle that would execute something is refused in one line, and nothing is executed") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "bert/lm");
  std::filesystem::remove(model + "/model.safetensors");
  const std::string mark = folder / "executed";
  const std::string head("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 15);
  const std::string version = "\x80\x02M\xe9\x03.", system = "\x80\x02}.";
  for (const std::string global : {"os\nsystem\n", "posix\nsystem\n", "builtins\neval\n"}) {
    const std::string command = "touch " + mark;
    const std::string call =
        "\x80\x02"
        "c" +
        global + "U" + static_cast<char>(command.size()) + command + "\x85R.";
    folder.write("bert/lm/pytorch_model.bin", head + version + system + call);
    const auto name = global.substr(0, global.size() - 1).replace(global.find('\n'), 1, ".");
    check_refusal({{"inspect", model}, {"pytorch_model.bin", "the global '" + name + "'"}});
    check_refusal({{"convert", model, folder / "out"}, {"the global '" + name + "'"}});
  }
  CHECK(folder.names() == std::vector<std::string>{"bert"});
}

TEST_CASE("truncated weights of PyTorch and TensorFlow are refused in one line") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "bert/pretraining");
  std::filesystem::remove(model + "/model.safetensors");
  const auto bytes = read_text(golden_model("../formats/torch/bert/pretraining/pytorch_model.bin"));
  for (const size_t size : {size_t{0}, size_t{5}, size_t{100}, bytes.size() - 1}) {
    folder.write("bert/pretraining/pytorch_model.bin", bytes.substr(0, size));
    check_refusal({{"inspect", model}, {"pytorch_model.bin"}});
  }
  std::filesystem::remove(model + "/pytorch_model.bin");
  const std::string checkpoint = golden_model("../formats/tensorflow/bert/pretraining/");
  const std::string index = "bert_model.ckpt.index", data = "bert_model.ckpt.data-00000-of-00001";
  folder.write("bert/pretraining/" + data, read_text(checkpoint + data));
  folder.write("bert/pretraining/" + index, read_text(checkpoint + index).substr(0, 900));
  check_refusal({{"inspect", model}, {index, "cut off"}});
  folder.write("bert/pretraining/" + index, read_text(checkpoint + index));
  folder.write("bert/pretraining/" + data, read_text(checkpoint + data).substr(0, 900));
  check_refusal({{"inspect", model}, {index, data, "a file of 900"}});
}

TEST_CASE("a file of PyTorch without its folder is not taken for a llama2.c checkpoint") {
  const TemporaryFolder folder;
  for (const char* file : {"odd.zip.bin", "odd.legacy.bin"}) {
    const auto model = golden_model("../formats/torch/" + std::string(file));
    check_refusal({{"convert", model, folder / "out"}, {file, "a folder", "a file of PyTorch"}});
  }
}

TEST_CASE("a RoFormer as it was published does not say of which tokens it is") {
  const TemporaryFolder folder;
  for (const auto& entry :
       std::filesystem::directory_iterator(golden_model("../formats/tensorflow/roformer/narrow"))) {
    folder.write("r/" + entry.path().filename().string(), read_text(entry.path()));
  }
  folder.write("r/vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n");
  check_refusal({{"embed", folder / "r", "a"}, {"tokenizer_config.json", "RoFormerTokenizer"}});
  folder.write("r/tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})");
  CHECK(run({"embed", folder / "r", "a"}).status == 0);
}

TEST_CASE("weights of another shape than the config's are refused by name") {
  const TemporaryFolder folder;
  const auto model = with_config(folder, "bert/lm", "\"hidden_size\": 60", "\"hidden_size\": 65");
  check_refusal({{"inspect", model}, {"expected", "65", "found", "60"}});
}

TEST_CASE("an unknown architecture is refused in one line") {
  const TemporaryFolder folder;
  const auto model =
      with_config(folder, "bert/lm", "\"model_type\": \"bert\"", "\"model_type\": \"perceiver\"");
  check_refusal({{"inspect", model}, {"perceiver"}});
}

TEST_CASE("an unknown encoding and an unknown parameter are refused in one line") {
  const auto model = golden_model("bert/lm");
  check_refusal({{"inspect", model, "--encoding", "spiral"}, {"spiral"}});
  check_refusal({{"inspect", model, "--encoding", "rope:colour=red"}, {"colour"}});
}

TEST_CASE("an empty text and an empty sequence are refused") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "bert/lm");
  const auto causal = model_with_tokenizer(folder, "gpt2/lm");
  check_refusal({{"trace", model, "--text", ""}, {"text", "not empty"}});
  check_refusal({{"trace", model, "--ids", ","}, {"--ids", "at least one"}});
  check_refusal({{"embed", model, ""}, {"not empty"}});
  check_refusal({{"embed", model}, {"stdin", "at least one text"}, "\n\n"});
  check_refusal({{"embed", model}, {"stdin"}, ""});
  check_refusal({{"fill-mask", model, ""}, {"not empty"}});
  check_refusal({{"tokenize", model, ""}, {"not empty"}});
  check_refusal({{"generate", causal, ""}, {"not empty"}});
  check_refusal({{"run", causal, ""}, {"not empty"}});
  const auto empty = folder.write("empty.txt", "");
  check_refusal({{"perplexity", causal, "--text", empty}, {"empty.txt", "not empty"}});
}

TEST_CASE("a text longer than the context is refused with both lengths") {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 100; ++i) text += "a ";
  for (const auto& [name, verb] :
       {std::pair{"bert/lm", "fill-mask"}, std::pair{"gpt2/lm", "generate"}}) {
    const auto model = model_with_tokenizer(folder, name);
    check_refusal({{verb, model, text}, {"80", "10"}});
    std::filesystem::remove_all(model);
  }
}

TEST_CASE("an id outside the vocabulary is refused with its value") {
  const auto model = golden_model("bert/lm");
  check_refusal({{"trace", model, "--ids", "1,97"}, {"97", "96"}});
  check_refusal({{"trace", model, "--ids", "1,-1"}, {"-1"}});
  check_refusal({{"trace", model, "--ids", "1,99999999999"}, {"99999999999"}});
  check_refusal({{"trace", model, "--ids", "1,two"}, {"two"}});
  check_refusal({{"generate", golden_model("gpt2/lm"), "--ids", "500"}, {"500"}});
}

TEST_CASE("a folder without tokenizer is refused where a text needs one") {
  for (const char* verb : {"embed", "fill-mask"}) {
    check_refusal({{verb, golden_model("bert/lm"), "a text"}, {"tokenizer"}});
  }
  check_refusal({{"generate", golden_model("gpt2/lm"), "a text"}, {"tokenizer"}});
}

TEST_CASE("a tokenizer that is broken is refused by its folder's name") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "bert/lm");
  folder.write("bert/lm/tokenizer.json", R"({"model": 3})");
  check_refusal({{"embed", model, "a"}, {"/lm: ", "expected an object, found 3"}});
}

TEST_CASE("lengths that are none are refused as such") {
  for (const char* lengths : {"abc", "99999999999", "0", ","}) {
    check_refusal(
        {{"bench", golden_model("bert/lm"), "--lengths", lengths}, {"--lengths", "length"}});
  }
}

TEST_CASE("a text that is no UTF-8 is refused with the offset") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "bert/lm");
  check_refusal({{"embed", model, "ab\xff"}, {"0xff", "offset 2"}});
  check_refusal({{"embed", model}, {"stdin, line 2", "0xc3"}, "good\n\xc3\n"});
  const auto file = folder.write("text.txt", "fine\n\x80");
  check_refusal({{"perplexity", model_with_tokenizer(folder, "gpt2/lm"), "--text", file},
                 {"text.txt", "0x80", "offset 5"}});
}

TEST_CASE("weights that are not finite are refused by name") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "bert/lm");
  auto bytes = read_text(model + "/model.safetensors");
  bytes.replace(bytes.size() - 4, 4, std::string("\x00\x00\xc0\x7f", 4));  // a NaN
  folder.write("bert/lm/model.safetensors", bytes);
  check_refusal({{"inspect", model}, {"finite"}});
}

TEST_CASE("a verb that the model cannot do is refused") {
  check_refusal({{"generate", golden_model("bert/lm"), "--ids", "5"}, {"generate", "masked-lm"}});
  check_refusal({{"fill-mask", golden_model("gpt2/lm"), "--ids", "5"}, {"fill-mask", "causal-lm"}});
}

TEST_CASE("nothing is written when the input is bad") {
  const TemporaryFolder folder;
  const auto model = golden_model("bert/lm");
  check_refusal({{"trace", model, "--ids", "2", "--out", folder.path()}, {"a file", "a folder"}});
  check_refusal({{"compare", model, "--report", folder.path()}, {"a file", "a folder"}});
  check_refusal({{"trace", model, "--ids", "200", "--out", folder / "trace.safetensors"}, {"200"}});
  check_refusal({{"convert", "no-such-model", folder / "out"}, {"no-such-model"}});
  check_refusal(
      {{"position", "learned", "--length", "9", "--out", folder / "none/x.npy"}, {"none"}});
  CHECK(folder.names().empty());
}

}  // namespace
}  // namespace locus::tests
