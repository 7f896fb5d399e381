// What the words of a command line come to.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/tools/cli/command.hpp"
#include "tools/cli/arguments/command_line.hpp"

namespace locus::tests {
namespace {

using Words = std::vector<std::string>;

void check_wrong_usage(const Words& arguments, const std::string& says) {
  const auto result = run(arguments);
  CAPTURE(result.err);
  CHECK(result.status == 2);
  CHECK(result.out.empty());
  CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 2);
  CHECK_MESSAGE(result.err.find(says) != std::string::npos, says);
}

TEST_CASE("a text in brackets is one text") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "bert/lm");
  const auto plain = run({"tokenize", model, "--json"}, "[a,b]\n").json();
  CHECK(run({"tokenize", model, "[a,b]", "--json"}).json() == plain);
  CHECK(run({"tokenize", model, "--json", "--", "[a,b]"}).json() == plain);
  CHECK(run({"embed", model, "[a,b]", "[c]", "--json"}).json()["embeddings"].size() == 2);
  check_wrong_usage({"inspect", model, "[a,b]"}, "[a,b]");
}

TEST_CASE("--name= is an empty value, and takes no other word") {
  const auto model = golden_model("gpt2/lm");
  check_wrong_usage({"trace", model, "--ids=", "1"}, "--ids: expected a value that is not empty");
  check_wrong_usage({"inspect", model, "--encoding=", "--json"}, "--encoding: expected a value");
  check_wrong_usage({"generate", model, "--ids", "1", "--early-stopping="},
                    "--early-stopping: expected a value after '='");
  check_wrong_usage({"inspect", model, "--json="}, "--json: expected");
  const auto text = run({"trace", model, "--text=", "--json"});
  CHECK(text.status == 1);
  CHECK(text.err.find("expected a text that is not empty") != std::string::npos);
}

TEST_CASE("an empty value is refused by name where it means nothing") {
  const auto model = golden_model("gpt2/lm");
  for (const Words& arguments : std::vector<Words>{
           {"inspect", model, "--encoding", ""},
           {"inspect", model, "--family", ""},
           {"trace", model, "--ids", ""},
           {"trace", model, "--text", "a", "--pair", ""},
           {"trace", model, "--ids", "1", "--out", ""},
           {"generate", model, "a", "--stop", ""},
           {"perplexity", model, "--text", ""},
           {"perplexity", model, "--text", "a", "--bos", ""},
           {"probe", model, "--lengths", ""},
           {"compare", model, "--baseline", ""},
           {"answer", model, "--context", "a", "--question", ""},
           {"rerank", model, "a", "--query", ""},
           {"serve", model, "--api-key", ""},
           {"serve", model, "--host", ""},
           {"position", "rope", "--out", ""},
       }) {
    const std::string& option = arguments[arguments.size() - 2];
    CAPTURE(arguments.front());
    check_wrong_usage(arguments, option + ": expected a value that is not empty, found ''");
  }
}

TEST_CASE("an empty text that is given is not one that is missing") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "bert/lm");
  check_wrong_usage({"trace", model, "--text", "", "--ids", "1"}, "found both");
  folder.write("bert/lm/config_sentence_transformers.json",
               R"({"prompts": {"query": "a a a "}, "default_prompt_name": "query"})");
  folder.write("bert/lm/modules.json", R"([
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}])");
  folder.write("bert/lm/1_Pooling/config.json", R"({"pooling_mode_mean_tokens": true})");
  const Words with{"embed", model, "a", "--json"};
  Words without = with, bare = with;
  without.insert(without.end(), {"--prompt", ""});
  const auto plain = run(without).json();
  CHECK(plain["embeddings"] != run(with).json()["embeddings"]);
  CHECK(run({"embed", model, "a", "--json", "--prompt="}).json() == plain);
}

TEST_CASE("options that others leave without effect are refused by name") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "bert/lm");
  const auto causal = golden_model("gpt2/lm");
  const auto text = folder.write("a.txt", "a lamp\n");
  struct Case {
    Words arguments;
    std::string says;
  };
  for (const auto& [arguments, says] : std::vector<Case>{
           {{"models", "--names", "--json"}, "--json does not work with --names"},
           {{"inspect", model, "--graph", "dot", "--json"},
            "--json does not work with --graph dot"},
           {{"tokenize", model, "--jsonl", "a"}, "--jsonl does not work with TEXT"},
           {{"tokenize", model, "--ids", "1"}, "--ids needs --decode"},
           {{"tokenize", model, "--decode", "--pair", "a"}, "--pair does not work with --decode"},
           {{"trace", model, "--ids", "1", "--pair", "a"}, "--pair needs --text"},
           {{"fill-mask", model, "--ids", "4", "--pair", "a"}, "--pair does not work with --ids"},
           {{"classify", model, "--image", "x", "--pair", "a"},
            "--pair does not work with --image"},
           {{"embed", model, "--ids", "1", "--prompt", "a"}, "--prompt does not work with --ids"},
           {{"answer", model, "--context", "a", "--context-file", "b", "--question", "c"},
            "--context-file does not work with --context"},
           {{"generate", causal, "--stream", "a"}, "--stream needs --json"},
           {{"generate", causal, "--ids", "1", "a"}, "--ids does not work with PROMPT"},
           {{"generate", causal, "--ids", "1", "--no-special"},
            "--no-special does not work with --ids"},
           {{"generate", causal, "--ids", "1", "--length-penalty", "2"},
            "--length-penalty needs --beams"},
           {{"generate", causal, "--ids", "1", "--early-stopping"},
            "--early-stopping needs --beams"},
           {{"perplexity", model, "--text", text, "--full", "--sample", "9"},
            "--full does not work with --sample"},
           {{"perplexity", model, "--ids-file", text, "--field", "a"},
            "--field does not work with --ids-file"},
           {{"probe", causal, "--language", "zh"}, "--language needs --report"},
           {{"position", "--list", "rope"}, "--list does not work with SCHEME|MODEL"},
           {{"position", "rope", "--check", "x", "--out", "a.csv"},
            "--check does not work with --out"},
           {{"doctor", model, "--sample", "4"}, "--sample needs --text"},
           {{"convert", model, folder / "out.json", "--type", "bf16"}, "--type does not work"},
           {{"convert", model, folder / "out.json", "--weights", "safetensors"}, "needs a folder"},
       }) {
    check_wrong_usage(arguments, says);
  }
}

TEST_CASE("common options of which a verb or task makes no use are warned of by name") {
  const TemporaryFolder folder;
  const auto masked = model_with_tokenizer(folder, "bert/lm");
  const auto causal = model_with_tokenizer(folder, "gpt2/lm");
  const auto text = folder.write("a.txt", "a lamp a lamp a\n");
  struct Case {
    Words arguments;
    std::string says;
  };
  for (const auto& [arguments, says] : std::vector<Case>{
           {{"inspect", masked, "--threads", "1"}, "--threads has no effect on 'inspect'"},
           {{"tokenize", masked, "a", "--encoding", "rope"},
            "--encoding has no effect on 'tokenize'"},
           {{"convert", masked, folder / "out", "--precision", "bf16"},
            "--precision has no effect on 'convert'"},
           {{"generate", causal, "--ids", "1", "--seed", "3", "--max-tokens", "1"},
            "--seed has no effect, since nothing is drawn"},
           {{"generate", causal, "--ids", "1", "--temperature", "0", "--top-p", "0.5"},
            "--top-k, --top-p, --min-p and --typical-p have no effect beside --temperature 0"},
           {{"position", "rope", "--threads", "1"}, "--threads has no effect on a scheme"},
           {{"position", causal, "--heads", "4"}, "--heads has no effect on a model"},
       }) {
    const auto result = run(arguments);
    CAPTURE(result.err);
    CHECK(result.status == 0);
    const std::string warning = "locus: warning: " + says;
    CHECK_MESSAGE(result.err.find(warning) != std::string::npos, warning);
  }
}

TEST_CASE("perplexity refuses options of which the model's task makes no use") {
  const TemporaryFolder folder;
  const auto masked = model_with_tokenizer(folder, "bert/lm");
  const auto causal = model_with_tokenizer(folder, "gpt2/lm");
  const auto text = folder.write("a.txt", "a lamp a lamp a\n");
  const std::string of_masked = ": expected none for the task 'masked', found ";
  struct Case {
    Words arguments;
    std::string says;
  };
  for (const auto& [arguments, says] : std::vector<Case>{
           {{causal, "--sample", "4"}, "sample: expected none for the task 'causal', found 4"},
           {{causal, "--full"}, "sample: expected none for the task 'causal', found 0"},
           {{causal, "--convention", "disjoint", "--stride", "4"},
            "stride: expected none with the convention 'disjoint', found 4"},
           {{masked, "--stride", "4"}, "stride" + of_masked + "4"},
           {{masked, "--convention", "hf"}, "convention" + of_masked + "hf"},
           {{masked, "--bos", "none"}, "begin token" + of_masked + "one"},
       }) {
    Words words{"perplexity", "--text", text};
    words.insert(words.begin() + 1, arguments.begin(), arguments.end());
    const auto result = run(words);
    CHECK(result.status == 1);
    CHECK(result.err == "locus: " + says + "\n");
  }
}

TEST_CASE("every rule names arguments of its verb, and help tells it") {
  const auto line = cli::make_command_line();
  for (const auto& [verb, rules] : line.rules) {
    const auto* app = line.app->get_subcommand(verb);
    for (const auto& relation : rules.relations) {
      CAPTURE(relation.option);
      CHECK(app->get_option_no_throw(relation.option) != nullptr);
      for (const auto& other : relation.others) {
        CHECK_MESSAGE(app->get_option_no_throw(other) != nullptr, other);
      }
    }
  }
  CHECK(run({"probe", "--help"}).out.find("needs --report") != std::string::npos);
}

}  // namespace
}  // namespace locus::tests
