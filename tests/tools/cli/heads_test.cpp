// The verbs of encoders' heads, as a user runs them.
#include <doctest/doctest.h>

#include <cctype>
#include <fstream>

#include "base/read_file.hpp"
#include "tests/tools/cli/command.hpp"

namespace locus::tests {
namespace {

using nlohmann::json;

const std::vector<std::string> entity_names{"O", "B-A", "I-A", "B-B", "I-B", "B-C", "I-C"};

/// A copy of a tiny model whose classes have names.
std::string named_model(const TemporaryFolder& folder, const std::string& name,
                        const std::vector<std::string>& labels) {
  const std::string model = model_with_tokenizer(folder, name);
  json config = json::parse(read_file(model + "/config.json"));
  config["id2label"] = json::object();
  for (size_t id = 0; id < labels.size(); ++id) {
    config["id2label"][std::to_string(id)] = labels[id];
  }
  std::ofstream(model + "/config.json") << config.dump();
  return model;
}

void check_labels(const json& document, const std::vector<std::string>& names) {
  REQUIRE(document["labels"].size() == names.size());
  double sum = 0, last = 1;
  for (const auto& label : document["labels"]) {
    CHECK(label["label"] == names[label["id"].get<size_t>()]);
    CHECK(label["probability"].get<double>() <= last);
    sum += last = label["probability"].get<double>();
  }
  CHECK(sum == doctest::Approx(1));
}

/// An entity as transformers' pipeline gives it for the same model and text.
struct Known {
  const char* label;
  double probability;
  int64_t begin, end;
};

void check_entities(const json& document, const std::vector<Known>& expected) {
  REQUIRE(document["entities"].size() == expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    const json& entity = document["entities"][i];
    CHECK(entity["label"] == expected[i].label);
    CHECK(entity["probability"].get<double>() ==
          doctest::Approx(expected[i].probability).epsilon(1e-4));
    CHECK(entity["begin"] == expected[i].begin);
    CHECK(entity["end"] == expected[i].end);
  }
}

}  // namespace

TEST_CASE("classify ranks the config's labels by probability, and run does the same") {
  const TemporaryFolder folder;
  const std::vector<std::string> names{"good", "bad", "so so", "none"};
  const auto model = named_model(folder, "modernbert/first", names);
  const auto document = run({"classify", model, "a b", "--json"}).json();
  CHECK(document["task"] == "sequence-classification");
  check_labels(document, names);
  CHECK(run({"run", model, "a b", "--json"}).json() == document);
  CHECK(run({"classify", model, "--ids", "2,5,6,3", "--json"}).json() == document);
  CHECK(run({"classify", model, "a b", "--pair", "c", "--json"}).json() != document);
  const auto text = run({"run", model, "a b"});
  CHECK(text.out.starts_with("label  probability\n"));
  CHECK(text.out.find(document["labels"][0]["label"].get<std::string>()) < text.out.find('.'));
}

TEST_CASE("a text beyond the context is refused, not cut") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "distilbert/sequence");
  std::string text = "a";
  for (int i = 0; i < 90; ++i) text += " b";
  const auto result = run({"run", model, text});
  CHECK(result.status == 1);
  CHECK(result.err == "locus: text: expected at most 80 tokens, the model's context, found 93\n");
}

TEST_CASE("a regression gives its value, several labels a probability each") {
  const TemporaryFolder folder;
  const auto value =
      run({"run", model_with_tokenizer(folder, "nezha/sequence"), "a b", "--json"}).json();
  CHECK(value["task"] == "sequence-regression");
  CHECK(value["labels"][0]["value"].is_number());
  CHECK(value["labels"][0]["label"] == "LABEL_0");
  const auto several =
      run({"run", model_with_tokenizer(folder, "bert/sequence"), "a b", "--json"}).json();
  CHECK(several["task"] == "multi-label-classification");
  CHECK(several["labels"].size() == 3);
}

TEST_CASE("next-sentence models ask for a second text, and multiple choice for choices") {
  const TemporaryFolder folder;
  const auto next = model_with_tokenizer(folder, "bert/next-sentence");
  CHECK(run({"run", next, "a b"}).status == 2);
  check_labels(run({"run", next, "a b", "--pair", "c", "--json"}).json(), {"next", "random"});
  const auto choice = model_with_tokenizer(folder, "bert/choice");
  CHECK(run({"run", choice, "a b", "--choice", "c"}).status == 2);
  check_labels(run({"run", choice, "a b", "--choice", "c", "--choice", "the cat", "--json"}).json(),
               {"c", "the cat"});
}

TEST_CASE("what a task does not read is wrong usage") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "bert/tokens");
  CHECK(run({"run", model, "a", "--pair", "b"}).status == 2);
  CHECK(run({"run", model, "a", "--question", "b"}).status == 2);
  CHECK(run({"run", model, "a", "--choice", "b"}).status == 2);
  CHECK(run({"classify", model, "a"}).status == 1);
  CHECK(run({"answer", model, "--question", "a", "--context", "b"}).status == 1);
}

TEST_CASE("entities have labels, probabilities and the bytes that they are from") {
  const TemporaryFolder folder;
  const auto model = named_model(folder, "bert/tokens", entity_names);
  const std::string text = "the cat sat, the d\xc3\xb6g and a mat; so be it";
  const auto document = run({"tag", model, text, "--json"}).json();
  REQUIRE(!document["entities"].empty());
  int64_t last = 0;
  for (const auto& entity : document["entities"]) {
    const int64_t begin = entity["begin"], end = entity["end"];
    CHECK(begin >= last);
    CHECK(end > begin);
    CHECK(entity["text"] == text.substr(begin, end - begin));
    CHECK(entity["label"].get<std::string>().size() == 1);
    CHECK(entity["probability"].get<double>() > 1.0 / 7);
    last = end;
  }
  CHECK(run({"run", model, text, "--json"}).json() == document);
  const auto tokens = run({"tag", model, text, "--aggregation", "none", "--json"}).json();
  CHECK(tokens["entities"].size() >= document["entities"].size());
  for (const auto& entity : tokens["entities"]) {
    CHECK(entity["label"].get<std::string>().size() == 3);
  }
  const auto words = run({"tag", model, text, "--aggregation", "first", "--json"}).json();
  for (const auto& entity : words["entities"]) {
    const int64_t begin = entity["begin"], end = entity["end"];
    CHECK((begin == 0 || text[begin - 1] == ' ' || std::ispunct(text[begin]) != 0));
    CHECK((end == static_cast<int64_t>(text.size()) || text[end] == ' ' ||
           std::ispunct(text[end]) != 0 || std::ispunct(text[end - 1]) != 0));
  }
}

TEST_CASE("entities are those of transformers' pipeline, for every aggregation") {
  const TemporaryFolder folder;
  const auto model = named_model(folder, "bert/tokens", entity_names);
  const auto found = [&](const char* aggregation) {
    return run({"tag", model, "the cat sat, the dog and a mat; so be it", "--aggregation",
                aggregation, "--json"})
        .json();
  };
  check_entities(found("simple"),
                 {{"C", 0.55015, 0, 3},   {"C", 0.52761, 4, 5},   {"C", 0.48738, 5, 6},
                  {"C", 0.56895, 6, 7},   {"C", 0.43519, 8, 10},  {"C", 0.47877, 10, 11},
                  {"C", 0.49564, 11, 12}, {"C", 0.48763, 13, 16}, {"C", 0.41443, 17, 19},
                  {"C", 0.35957, 19, 20}, {"C", 0.46117, 25, 26}, {"C", 0.52739, 27, 28},
                  {"C", 0.50276, 28, 29}, {"C", 0.49140, 29, 30}, {"C", 0.55255, 30, 31},
                  {"C", 0.41644, 32, 34}, {"C", 0.39768, 35, 36}, {"C", 0.37989, 36, 37},
                  {"C", 0.39038, 38, 39}, {"C", 0.43485, 39, 40}});
  const auto words = [](const std::vector<double>& probabilities) {
    constexpr std::pair<int64_t, int64_t> spans[] = {{0, 3},   {4, 7},   {8, 11},  {11, 12},
                                                     {13, 16}, {17, 20}, {25, 26}, {27, 30},
                                                     {30, 31}, {32, 34}, {35, 37}, {38, 40}};
    std::vector<Known> entities;
    for (const auto& [begin, end] : spans) {
      entities.push_back({"C", probabilities[entities.size()], begin, end});
    }
    return entities;
  };
  check_entities(found("first"), words({0.55015, 0.52761, 0.41435, 0.49564, 0.48763, 0.46261,
                                        0.46117, 0.52739, 0.55255, 0.47408, 0.39768, 0.39038}));
  check_entities(found("average"), words({0.55015, 0.52798, 0.37657, 0.49564, 0.48763, 0.36095,
                                          0.46117, 0.50719, 0.55255, 0.32470, 0.38878, 0.41261}));
  check_entities(found("max"), words({0.55015, 0.56895, 0.47877, 0.49564, 0.48763, 0.46261, 0.46117,
                                      0.52739, 0.55255, 0.47408, 0.39768, 0.43485}));
}

TEST_CASE("a discriminator shows which tokens it takes for replaced ones") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "electra/discriminator");
  const auto document = run({"run", model, "the cat", "--json"}).json();
  REQUIRE(document["tokens"].size() == 4);
  CHECK(document["tokens"][1]["begin"] == 4);
  for (const auto& token : document["tokens"]) {
    CHECK(token["replaced"] == (token["probability"].get<double>() > 0.5));
  }
  CHECK(run({"run", model, "the cat"}).out.starts_with("token"));
}

TEST_CASE("hierarchical positions let a BERT read on after its table, which it keeps") {
  const TemporaryFolder folder;
  const auto model = model_with_tokenizer(folder, "bert/lm");
  std::string text = "[MASK]";
  for (int i = 0; i < 120; ++i) text += " b";
  CHECK(run({"fill-mask", model, text}).status == 1);
  const auto result = run({"fill-mask", model, text, "--encoding", "hierarchical", "--json"});
  REQUIRE(result.status == 0);
  CHECK_FALSE(result.json()[0].contains("untrained"));
  const auto plain = run({"fill-mask", model, "a [MASK]", "--json"}).json();
  CHECK(run({"fill-mask", model, "a [MASK]", "--encoding", "hierarchical", "--json"}).json() ==
        plain);
  const auto other =
      run({"fill-mask", model, "a [MASK]", "--encoding", "learned", "--json"}).json();
  CHECK(other[0]["untrained"] == true);
}

}  // namespace locus::tests
