// What each route answers, against the same pipeline called directly.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <numeric>

#include "pipelines/comparison.hpp"
#include "tests/server/served.hpp"

namespace locus::tests {
namespace {

std::vector<float> floats_of(const json& list) { return list.get<std::vector<float>>(); }

/// Little-endian floats (RFC 4648).
std::vector<float> floats_of_base64(const std::string& text) {
  const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned held = 0;
  int bits = 0;
  for (const char digit : text) {
    if (digit == '=') break;
    held = held << 6 | static_cast<unsigned>(digits.find(digit));
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(held >> bits & 255);
  }
  std::vector<float> values(bytes.size() / sizeof(float));
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
  return values;
}

}  // namespace

TEST_CASE("embeddings are the pipeline's, bit for bit, as floats and as base64") {
  const Served served({"bert/bare"});
  Pipeline pipeline = served.pipeline("bert/bare");
  const auto expected = pipeline.embed("the cat").values;
  const json body{{"model", "bert/bare"}, {"input", {"of to", "the cat"}}};
  const json floats = served.post("/v1/embeddings", body).document();
  CHECK(floats["object"] == "list");
  CHECK(floats["model"] == "bert/bare");
  CHECK(floats["data"][1]["index"] == 1);
  CHECK(floats_of(floats["data"][1]["embedding"]) == expected);
  CHECK(floats["usage"] == json{{"prompt_tokens", 10}, {"total_tokens", 10}});

  json wanted = body;
  wanted["encoding_format"] = "base64";
  const json text = served.post("/v1/embeddings", wanted).document();
  CHECK(floats_of_base64(text["data"][1]["embedding"]) == expected);
}

TEST_CASE("embeddings take ids, and are cut to dimensions") {
  const Served served({"bert/bare"});
  Pipeline pipeline = served.pipeline("bert/bare");
  const auto ids = pipeline.tokenizer().encode_ids("the cat");
  const auto expected = pipeline.embed("the cat").values;
  const json one = served.post("/v1/embeddings", {{"input", ids}}).document();
  CHECK(floats_of(one["data"][0]["embedding"]) == expected);
  const json two =
      served.post("/v1/embeddings", {{"input", {ids, ids}}, {"dimensions", 3}}).document();
  CHECK(floats_of(two["data"][1]["embedding"]) ==
        std::vector<float>(expected.begin(), expected.begin() + 3));
  CHECK(served.post("/v1/embeddings", {{"input", ids}, {"dimensions", 1000}}).message() ==
        "dimension: expected at most the " + std::to_string(expected.size()) +
            " of the vectors, found 1000");
}

TEST_CASE("completions are the pipeline's, for texts and for ids") {
  const Served served({"gpt2/lm"});
  Pipeline pipeline = served.pipeline("gpt2/lm");
  GenerateOptions options;
  options.max_tokens = 5;
  options.temperature = 0;
  options.after_prompt = true;
  const auto expected = pipeline.generate("the cat", options);
  const json body{{"prompt", "the cat"}, {"max_tokens", 5}, {"temperature", 0}};
  const json answer = served.post("/v1/completions", body).document();
  CHECK(answer["object"] == "text_completion");
  CHECK(answer["choices"][0]["text"] == expected.text);
  CHECK(answer["choices"][0]["logprobs"].is_null());
  CHECK(answer["usage"]["completion_tokens"] == expected.ids.size());

  json of_ids = body;
  of_ids["prompt"] = json::array({pipeline.tokenizer().encode_ids("the cat")});
  of_ids["n"] = 2;
  const json two = served.post("/v1/completions", of_ids).document();
  REQUIRE(two["choices"].size() == 2);
  CHECK(two["choices"][1]["text"] == expected.text);
  CHECK(two["choices"][1]["index"] == 1);
}

TEST_CASE("the chosen seed decides the draws, whoever else asks") {
  const Served served({"gpt2/lm"});
  const json body{{"prompt", "the cat"}, {"max_tokens", 12}, {"temperature", 1.5}, {"seed", 7}};
  const std::string first = served.post("/v1/completions", body).document()["choices"][0]["text"];
  CHECK(served.post("/v1/completions", body).document()["choices"][0]["text"] == first);
  json other = body;
  other["seed"] = 8;
  CHECK(served.post("/v1/completions", other).document()["choices"][0]["text"] != first);
}

TEST_CASE("echo with logprobs scores the prompt as perplexity does") {
  const Served served({"gpt2/lm"});
  Pipeline pipeline = served.pipeline("gpt2/lm");
  const auto ids = pipeline.tokenizer().encode_ids("the cat", {false, {}});
  Text text;
  text.ids = ids;
  EvaluateOptions without_opening;
  without_opening.convention = Convention::hf;
  const Evaluation evaluation = pipeline.evaluate(std::vector{text}, without_opening);
  const json answer = served
                          .post("/v1/completions", {{"prompt", ids},
                                                    {"max_tokens", 1},
                                                    {"temperature", 0},
                                                    {"echo", true},
                                                    {"logprobs", 2}})
                          .document();
  const json logprobs = answer["choices"][0]["logprobs"];
  REQUIRE(logprobs["token_logprobs"].size() == ids.size() + 1);
  CHECK(logprobs["token_logprobs"][0].is_null());
  CHECK(logprobs["top_logprobs"][0].is_null());
  double nll = 0;
  for (size_t i = 1; i < ids.size(); ++i) {
    nll -= logprobs["token_logprobs"][i].get<double>();
    CHECK(logprobs["top_logprobs"][i].size() == 2);
  }
  CHECK(nll == doctest::Approx(evaluation.summary.nll).epsilon(1e-6));
  // The greedy token is the likeliest one.
  const json last = logprobs["top_logprobs"].back();
  const double written = logprobs["token_logprobs"].back();
  for (const auto& [token, value] : last.items()) CHECK(value.get<double>() <= written);
  std::string joined;
  for (const auto& token : logprobs["tokens"]) joined += token.get<std::string>();
  CHECK(joined == answer["choices"][0]["text"]);
}

TEST_CASE("a streamed completion is the whole one in pieces") {
  const Served served({"gpt2/lm"});
  json body{{"prompt", {"the cat", "of"}}, {"max_tokens", 6}, {"temperature", 0}};
  const json whole = served.post("/v1/completions", body).document();
  body["stream"] = true;
  body["stream_options"] = {{"include_usage", true}};
  const Answer answer = served.post("/v1/completions", body);
  CHECK(answer.status == 200);
  std::vector<std::string> texts(2), ends(2);
  std::istringstream events(answer.text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(events, line);) {
    if (line.starts_with("data: ")) lines.push_back(line.substr(6));
  }
  REQUIRE(lines.size() > 4);
  CHECK(lines.back() == "[DONE]");
  lines.pop_back();
  CHECK(json::parse(lines.back())["usage"] == whole["usage"]);
  lines.pop_back();
  for (const std::string& line : lines) {
    const json choice = json::parse(line)["choices"][0];
    const size_t index = choice["index"];
    texts.at(index) += choice["text"];
    if (!choice["finish_reason"].is_null()) ends.at(index) = choice["finish_reason"];
  }
  for (size_t i = 0; i < 2; ++i) {
    CHECK(texts[i] == whole["choices"][i]["text"]);
    CHECK(ends[i] == whole["choices"][i]["finish_reason"]);
  }
}

TEST_CASE("a stop text ends a completion") {
  const Served served({"gpt2/lm"});
  json body{{"prompt", "the cat"}, {"max_tokens", 12}, {"temperature", 0}};
  const std::string whole = served.post("/v1/completions", body).document()["choices"][0]["text"];
  REQUIRE(whole.size() > 4);
  const std::string stop = whole.substr(whole.find(' '), 2);  // in its middle
  body["stop"] = stop;
  const json choice = served.post("/v1/completions", body).document()["choices"][0];
  CHECK(choice["text"] == whole.substr(0, whole.find(stop)));
  CHECK(choice["finish_reason"] == "stop");
}

TEST_CASE("documents are ranked as the pipeline does it") {
  const Served served({"6.2.0/cross-sigmoid"});
  Pipeline pipeline = served.pipeline("6.2.0/cross-sigmoid");
  const std::vector<std::string> documents{"a lamp", "the ships", "was lit"};
  const auto expected = pipeline.rerank("the lamp", documents);
  const json body{{"query", "the lamp"}, {"documents", documents}, {"top_n", 2}};
  for (const char* route : {"/rerank", "/v1/rerank"}) {
    const json results = served.post(route, body).document()["results"];
    REQUIRE(results.size() == 2);
    for (size_t i = 0; i < 2; ++i) {
      CHECK(results[i]["index"] == expected[i].index);
      CHECK(results[i]["relevance_score"] == expected[i].score);
    }
  }
  const json with_texts{
      {"query", "the lamp"}, {"documents", {{{"text", "a lamp"}}}}, {"return_documents", true}};
  CHECK(served.post("/rerank", with_texts).document()["results"][0]["document"]["text"] ==
        "a lamp");
}

TEST_CASE("masks are filled, classes are named, tokens and texts change into each other") {
  const Served served({"bert/lm", "bert/sequence"});
  Pipeline bert = served.pipeline("bert/lm");
  const auto masks = bert.fill_mask("the [MASK] cat", 3);
  const json filled =
      served.post("/fill-mask", {{"model", "bert/lm"}, {"text", "the [MASK] cat"}, {"top_k", 3}})
          .document();
  REQUIRE(filled["masks"].size() == 1);
  CHECK(filled["masks"][0]["position"] == masks[0].position);
  CHECK(filled["masks"][0]["tokens"][2]["token"] == masks[0].tokens[2].token);
  CHECK(filled["masks"][0]["tokens"][2]["probability"] == masks[0].tokens[2].probability);

  Pipeline classifier = served.pipeline("bert/sequence");
  const auto scores = classifier.classify("the cat", "of");
  const json labels =
      served.post("/classify", {{"model", "bert/sequence"}, {"text", "the cat"}, {"pair", "of"}})
          .document()["labels"];
  REQUIRE(labels.size() == scores.size());
  CHECK(labels[0]["label"] == scores[0].label);
  CHECK(labels[0]["score"] == scores[0].value);

  const auto ids = bert.tokenizer().encode_ids("the cat");
  const json tokens =
      served.post("/tokenize", {{"model", "bert/lm"}, {"content", "the cat"}}).document();
  CHECK(tokens["tokens"] == ids);
  CHECK(tokens["count"] == ids.size());
  CHECK(tokens["offsets"][1] == json{0, 3});
  CHECK(served.post("/detokenize", {{"model", "bert/lm"}, {"tokens", ids}, {"skip_special", true}})
            .document()["content"] == "the cat");
}

TEST_CASE("perplexity is the pipeline's, also with another encoding") {
  const Served served({"gpt2/lm"});
  Pipeline pipeline = served.pipeline("gpt2/lm");
  const Evaluation expected = pipeline.evaluate("the cat and the dog");
  const json answer =
      served.post("/perplexity", {{"text", "the cat and the dog"}, {"per_token", true}}).document();
  CHECK(answer["tokens"] == expected.summary.tokens);
  CHECK(answer["perplexity"] == expected.summary.perplexity);
  double nll = 0;
  for (const json& score : answer["scores"]) nll += score["nll"].get<double>();
  CHECK(nll == doctest::Approx(expected.summary.nll));

  PipelineOptions options;
  options.encoding = "alibi";
  const json other =
      served.post("/perplexity", {{"text", "the cat and the dog"}, {"encoding", "alibi"}})
          .document();
  CHECK(other["encodings"][0] == "alibi");
  CHECK(other["perplexity"] != answer["perplexity"]);
  const json again = served.post("/perplexity", {{"text", "the cat and the dog"}}).document();
  CHECK(again["perplexity"] == answer["perplexity"]);
  CHECK(served.post("/perplexity", {{"text", "the cat"}, {"encoding", "no-such"}}).status == 400);
  CHECK(served.post("/perplexity", {{"text", "the cat"}, {"sample", 8}}).message() ==
        "sample: expected none for the task 'causal', found 8");
  const Served masked({"bert/lm"});
  const auto refused = masked.post("/perplexity", {{"text", "the cat"}, {"stride", 4}});
  CHECK(refused.status == 400);
  CHECK(refused.message() == "stride: expected none for the task 'masked', found 4");
}

TEST_CASE("an encoding's picture is the one that compare draws") {
  const Served served({"gpt2/lm"});
  Pipeline pipeline = served.pipeline("gpt2/lm");
  const auto pictures = draw_encodings(*pipeline.model().graph());
  const EncodingPicture& picture = pictures.front();
  const json answer = served.post("/position", json::object()).document();
  CHECK(answer["kind"] == "added rows");
  REQUIRE(answer["values"].size() == static_cast<size_t>(picture.values.shape()[0]));
  CHECK(answer["values"][1][2].get<float>() == picture.values.view()(1, 2));
}

}  // namespace locus::tests
