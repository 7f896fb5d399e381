#include <doctest/doctest.h>

#include <cmath>

#include "tests/support/paths.hpp"
#include "tests/tools/cli/command.hpp"
#include "tools/cli/output/npy.hpp"

namespace locus::tests {
namespace {

using nlohmann::json;

TEST_CASE("fill-mask gives candidates for each mask, most probable first") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "bert/lm");
  const auto masks = run({"fill-mask", model, "a [MASK] b [MASK]", "--top", "97", "--json"}).json();
  REQUIRE(masks.size() == 2);
  CHECK(masks[0]["position"] == 2);
  CHECK(masks[1]["position"] == 4);
  double sum = 0, last = 1;
  for (const auto& token : masks[0]["tokens"]) {
    const double probability = token["probability"];
    CHECK(probability <= last);
    sum += last = probability;
  }
  CHECK(masks[0]["tokens"].size() == 97);
  CHECK(sum == doctest::Approx(1).epsilon(1e-6));
  const auto again = run({"fill-mask", model, "--ids", "2,5,4,6,4,3", "--json"}).json();
  CHECK(again[1]["tokens"][0] == masks[1]["tokens"][0]);
  CHECK(again[0]["tokens"].size() == 5);
}

TEST_CASE("a text without a mask is refused") {
  const TemporaryFolder folder;
  const auto result = run({"fill-mask", model_with_tokenizer(folder, "bert/lm"), "a b"});
  CHECK(result.status == 1);
  CHECK(result.err.find("mask") != std::string::npos);
}

TEST_CASE("run does the model's own task") {
  const TemporaryFolder folder;
  const auto masked =
      run({"run", model_with_tokenizer(folder, "bert/lm"), "a [MASK]", "--json"}).json();
  CHECK(masked[0].contains("tokens"));
  const auto bare = run({"run", model_with_tokenizer(folder, "bert/bare"), "a b", "--json"}).json();
  CHECK(bare["dimension"] == 30);
  const auto causal = run({"run", model_with_tokenizer(folder, "gpt2/lm"), "a b", "--json"}).json();
  CHECK(causal.contains("tokens_per_second"));
}

struct Embedder {
  TemporaryFolder folder;
  std::string model = model_with_tokenizer(folder, "bert/bare");

  json embed(std::vector<std::string> more) const {
    std::vector<std::string> arguments{"embed", model, "the cat", "b", "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments).json();
  }
};

TEST_CASE_FIXTURE(Embedder, "poolings are what their names say") {
  const auto tokens = embed({"--pooling", "none"})["embeddings"][0];
  const auto mean = embed({})["embeddings"][0];
  const auto first = embed({"--pooling", "cls"})["embeddings"][0];
  const auto max = embed({"--pooling", "max"})["embeddings"][0];
  REQUIRE(tokens.size() == 6);  // [CLS] the c ##a ##t [SEP]
  CHECK(first == tokens[0]);
  for (size_t i = 0; i < 30; ++i) {
    double sum = 0, greatest = -1e9;
    for (const auto& row : tokens) {
      sum += row[i].get<double>();
      greatest = std::max(greatest, row[i].get<double>());
    }
    CHECK(mean[i].get<double>() == doctest::Approx(sum / 6).epsilon(1e-5));
    CHECK(max[i].get<double>() == greatest);
  }
}

TEST_CASE_FIXTURE(Embedder, "normalised vectors have length 1") {
  const auto document = embed({"--normalize"});
  CHECK(document["dimension"] == 30);
  CHECK(document["normalized"] == true);
  for (const auto& vector : document["embeddings"]) {
    double squares = 0;
    for (const double value : vector) squares += value * value;
    CHECK(squares == doctest::Approx(1).epsilon(1e-5));
  }
}

TEST_CASE_FIXTURE(Embedder, "lines of stdin are texts, and a NumPy file holds the same numbers") {
  const auto out = folder / "vectors.npy";
  const auto result = run({"embed", model, "--json", "--out", out}, "the cat\nb\n").json();
  CHECK(result == embed({}));
  const auto stored = cli::read_npy(out);
  CHECK(stored.shape() == Shape{2, 30});
  CHECK(stored.view()(1, 7) == result["embeddings"][1][7].get<float>());
}

TEST_CASE_FIXTURE(Embedder, "a folder's sentence-transformers files are the defaults") {
  const auto max = embed({"--pooling", "max", "--normalize"});
  folder.write("bert/bare/modules.json",
               R"([{"idx": 0, "path": "", "type": "sentence_transformers.models.Transformer"},
                   {"idx": 1, "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
                   {"idx": 2, "path": "2_N", "type": "sentence_transformers.models.Normalize"}])");
  folder.write("bert/bare/1_Pooling/config.json",
               R"({"word_embedding_dimension": 60, "pooling_mode_cls_token": false,
                   "pooling_mode_max_tokens": true, "pooling_mode_mean_tokens": false})");
  CHECK(embed({}) == max);
  folder.write("bert/bare/sentence_bert_config.json", R"({"max_seq_length": 4})");
  const auto cut = run({"embed", model, "the cat", "--pooling", "none", "--json"});
  CHECK(cut.json()["embeddings"][0].size() == 4);
  CHECK(cut.err == "locus: warning: 'the cat' was cut at 4 tokens\n");
  for (const char* wrong : {R"({"pooling_mode_median": true})", R"({"pooling_mode": "median"})",
                            R"({"pooling_mode_mean_tokens": false})", "[]"}) {
    CAPTURE(wrong);
    folder.write("bert/bare/1_Pooling/config.json", wrong);
    const auto refused = run({"embed", model, "a"});
    CHECK(refused.status == 1);
    CHECK(refused.err.find("1_Pooling/config.json") != std::string::npos);
  }
}

TEST_CASE_FIXTURE(Embedder, "an empty text among others is a text") {
  const auto found = run({"embed", model, "--json"}, "the cat\n\na\n").json();
  REQUIRE(found["embeddings"].size() == 3);
  CHECK(found["embeddings"][1] != found["embeddings"][2]);
}

TEST_CASE("greedy tokens equal the reference's, with and without an encoder") {
  const auto cases = json::parse(read_text(source_path("tests/goldens/decoding/cases.json")));
  int compared = 0;
  for (const auto& golden : cases["cases"]) {
    if (golden["name"] != "greedy") continue;
    const auto model = source_path("tests/goldens/decoding/" + golden["model"].get<std::string>());
    for (size_t i = 0; i < cases["prompts"].size(); ++i) {
      std::string ids;
      for (const int id : cases["prompts"][i]) ids += (ids.empty() ? "" : ",") + std::to_string(id);
      const auto document = run({"generate", model.string(), "--ids", ids, "--max-tokens",
                                 cases["new_tokens"].dump(), "--json"})
                                .json();
      CHECK(document["ids"] == golden["results"][i][0]["ids"]);
      CHECK(document["text"].is_null());
      ++compared;
    }
  }
  CHECK(compared >= 4);
}

struct Generator {
  TemporaryFolder folder;
  std::string model = model_with_tokenizer(folder, "gpt2/lm");

  CommandResult generate(std::vector<std::string> more, const std::string& input = "") const {
    std::vector<std::string> arguments{"generate", model, "--max-tokens", "12"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments, input);
  }
};

TEST_CASE_FIXTURE(Generator, "plain output streams the text that json gives") {
  const auto document = generate({"the cat", "--json"}).json();
  CHECK(document["ids"].size() <= 12);
  CHECK(document["score"].is_number());
  CHECK(document["tokens_per_second"].get<double>() > 0);
  const auto plain = generate({"the cat"});
  CHECK(plain.out == document["text"].get<std::string>() + "\n");
  CHECK(plain.err.empty());
}

TEST_CASE_FIXTURE(Generator, "several prompts come from stdin, each as if it were alone") {
  const auto list = generate({"--json"}, "the cat\nb\n").json();
  REQUIRE(list.size() == 2);
  CHECK(list[1]["prompt"] == 1);
  CHECK(list[0]["ids"] == generate({"the cat", "--json"}).json()["ids"]);
  CHECK(list[1]["ids"] == generate({"b", "--json"}).json()["ids"]);
}

TEST_CASE_FIXTURE(Generator, "beams give as many results as asked for, best first") {
  const auto list = generate({"the cat", "--beams", "4", "--n-best", "3", "--json"}).json();
  REQUIRE(list.size() == 3);
  CHECK(list[0]["score"].get<double>() >= list[1]["score"].get<double>());
  CHECK(list[1]["score"].get<double>() >= list[2]["score"].get<double>());
  CHECK(generate({"a", "--n-best", "2"}).status == 2);
  CHECK(generate({"a", "--beams", "2", "--temperature", "0.5"}).status == 2);
  CHECK(generate({"a", "--ids", "1,2"}).status == 2);
  CHECK(generate({"a", "--min-tokens", "9", "--max-tokens", "3"}).status == 2);
}

TEST_CASE_FIXTURE(Generator, "draws depend on the seed alone") {
  const auto draw = [&](const char* seed) {
    return generate({"a", "--temperature", "2", "--seed", seed, "--json"}).json()["ids"];
  };
  CHECK(draw("1") == draw("1"));
  CHECK(draw("1") != draw("2"));
  CHECK(generate({"a", "--top-k", "1", "--json"}).json()["ids"] ==
        generate({"a", "--json"}).json()["ids"]);
}

TEST_CASE_FIXTURE(Generator, "a stop text ends the text before it") {
  const auto whole = generate({"the cat", "--json"}).json()["text"].get<std::string>();
  REQUIRE(whole.size() > 4);
  const auto stop = whole.substr(2, 2);
  const auto expected = whole.substr(0, whole.find(stop));
  const auto document = generate({"the cat", "--stop", stop, "--json"}).json();
  CHECK(document["text"] == expected);
  CHECK(document["finish"] == "stop text");
  CHECK(generate({"the cat", "--stop", stop}).out == expected + "\n");
  CHECK(generate({"the cat", "--stop", stop, "--beams", "2"}).status == 2);
}

TEST_CASE_FIXTURE(Generator, "more tokens than there is room for are refused") {
  const auto result = generate({"a", "--max-tokens", "100"});
  CHECK(result.status == 1);
  CHECK(result.err.find("80") != std::string::npos);
}

}  // namespace
}  // namespace locus::tests
