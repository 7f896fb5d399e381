// Bad requests, limits, clients that go away, and the end of the server.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>

#include "tests/server/raw_client.hpp"

namespace locus::tests {
namespace {

using namespace std::chrono_literals;

}  // namespace

TEST_CASE("bodies that are wrong are refused in one clear line") {
  const Served served({"gpt2/lm"});
  const auto message = [&](const json& body) {
    const Answer answer = served.post("/v1/completions", body);
    CHECK(answer.status == 400);
    CHECK(answer.document()["error"]["type"] == "invalid_request_error");
    return answer.message();
  };
  CHECK(message({{"prompt", "the"}, {"max_token", 5}}) ==
        "body: expected fields of this route, such as max_tokens, found 'max_token'");
  CHECK(message({{"prompt", "the"}, {"temperature", "hot"}}) ==
        "body.temperature: expected a number from 0 to 100, found \"hot\"");
  CHECK(message({{"prompt", "the"}, {"n", 0}}) ==
        "body.n: expected an integer from 1 to 32, found 0");
  CHECK(message({{"prompt", "the"}, {"n", 1.5}}) ==
        "body.n: expected an integer from 1 to 32, found 1.5");
  CHECK(message({{"prompt", {0.5}}}) == "body.prompt[0]: expected an integer, found 0.5");
  CHECK(message({{"prompt", "the"}, {"stream_options", {{"include_usage", true}}}}) ==
        "body.stream_options: expected none where the answer is not streamed, found an object");
  CHECK(message({{"prompt", "the"}, {"stream", true}, {"stream_options", {{"usage", true}}}}) ==
        "body.stream_options: expected fields of this route, found 'usage'");
  CHECK(message({{"prompt", ""}}) == "prompt: expected a text that is not empty, found nothing");
  CHECK(message({{"prompt", {97}}}) == "prompt: expected ids from 0 to 96, found 97");
  CHECK(message({{"prompt", "the"}, {"frequency_penalty", 1}}) ==
        "body.frequency_penalty: expected a number from 0 to 0, found 1");
  CHECK(message({{"max_tokens", 5}}) == "body: expected a key 'prompt', found none");
  CHECK(served.post("/rerank", {{"query", "a"}, {"documents", {"b"}}}).message() ==
        "rerank: expected a model that classifies pairs of texts, found causal-lm");
  CHECK(served.post("/tokenize", {{"content", "a"}, {"text", "b"}}).message() ==
        "body: expected one of 'content' and 'text', found both");
  CHECK(served.post("/perplexity", {{"ids", {1, 2}}, {"text", "b"}}).message() ==
        "body: expected one of 'ids' and 'text', found both");
  CHECK(served.post("/classify", {{"text", "a"}, {"choices", json::array()}}).message() ==
        "body.choices: expected at least one text, found []");
  CHECK(served.post("/v1/nothing", json::object()).status == 404);
  CHECK(served.get("/v1/completions").status == 405);
}

TEST_CASE("malformed bodies by the hundred do no harm") {
  const Served served({"bert/bare"});
  const std::string body =
      R"({"model":"bert/bare","input":["the cat","of \u00e9"],"encoding_format":"float"})";
  const std::string expected = served.post_text("/v1/embeddings", body).text;
  int refused = 0;
  for (size_t size = 0; size < body.size(); ++size) {  // cut
    refused += served.post_text("/v1/embeddings", body.substr(0, size)).status == 400;
  }
  CHECK(refused == static_cast<int>(body.size()));
  std::vector<std::string> bodies{std::string(100000, '['),
                                  R"({"a":)" + std::string(100000, '{'),
                                  R"({"input":"a","input":"b"})",
                                  "{\"input\":\"\xff\xfe\"}",
                                  R"({"input":"\ud800"})",
                                  std::string(1000, '\0'),
                                  R"({"input":1e999})",
                                  R"({"input":[-1]})",
                                  R"({"input":[99999999999999999999]})",
                                  R"({"input":[[]]})",
                                  R"({"input":[[1],"a",{}]})",
                                  "[]",
                                  "null",
                                  R"("text")"};
  for (size_t i = 0; i < body.size(); ++i) {  // one byte another
    std::string changed = body;
    changed[i] = static_cast<char>(changed[i] ^ 0x80);
    bodies.push_back(changed);
  }
  for (const std::string& each : bodies) {
    const Answer answer = served.post_text("/v1/embeddings", each);
    CHECK((answer.status == 400 || answer.status == 404));
    CHECK_FALSE(answer.message().empty());
  }
  CHECK(served.post_text("/v1/embeddings", body).text == expected);
}

TEST_CASE("pages of other sites are refused") {
  const Served served({"bert/bare"});
  auto client = served.client();
  const auto status = [&](const httplib::Headers& headers) {
    return client.Post("/v1/embeddings", headers, R"({"input":"a"})", "text/plain")->status;
  };
  CHECK(status({{"Host", "evil.example"}}) == 403);
  CHECK(status({{"Host", "127.evil.example"}}) == 403);
  CHECK(status({{"Host", "127.0.0.1:1"}}) == 200);
  CHECK(status({{"Host", "localhost:1"}, {"Origin", "http://evil.example"}}) == 403);
  CHECK(status({{"Host", "localhost:1"}, {"Origin", "null"}}) == 403);
  CHECK(status({{"Host", "localhost:1"}, {"Origin", "http://localhost:1"}}) == 200);
  CHECK(status({{"Host", "[::1]:1"}}) == 200);
}

TEST_CASE("a key is asked for where one was set, but for the page and health") {
  ServerOptions options;
  options.api_key = "secret";
  const Served served({"bert/bare"}, options);
  const json body{{"input", "a"}};
  CHECK(served.get("/health").status == 200);
  CHECK(served.get("/v1/models").status == 401);
  CHECK(served.post("/v1/embeddings", body).code() == "invalid_api_key");
  auto client = served.client();
  const auto status = [&](const std::string& key) {
    return client.Post("/v1/embeddings", {{"Authorization", key}}, body.dump(), "application/json")
        ->status;
  };
  CHECK(status("Bearer secret") == 200);
  CHECK(status("Bearer secre") == 401);
  CHECK(status("Bearer secretsecret") == 401);
  CHECK(status("Bearer ") == 401);
  CHECK(status("secret") == 401);
}

TEST_CASE("a client that goes away cancels its run") {
  for (const bool stream : {false, true}) {
    const Served served({"llama/lm"}, for_long_texts());
    {
      RawClient client(served.port());
      client.send(request_text("/v1/completions", endless(stream).dump()));
      if (stream) CHECK(client.receive().find(" 200 ") != std::string::npos);
      std::this_thread::sleep_for(100ms);
    }
    CHECK(comes_true([&] { return served.metric("locus_given_up_total") == 1; }));
    const json body{{"prompt", "the"}, {"max_tokens", 2}, {"temperature", 0}};
    CHECK(served.post("/v1/completions", body).status == 200);
  }
}

TEST_CASE("a full queue refuses, and says when to come again") {
  ServerOptions options = for_long_texts();
  options.queue = 1;
  options.max_tokens = 300000;  // as many as two of these texts would come to do not run together
  const Served served({"llama/lm"}, options);
  RawClient running(served.port()), waiting(served.port());
  running.send(request_text("/v1/completions", endless(true).dump()));
  CHECK(running.receive().find(" 200 ") != std::string::npos);
  waiting.send(request_text("/v1/completions", endless(true).dump()));
  CHECK(comes_true([&] { return served.metric("locus_queue_requests{model=\"llama/lm\"}") == 1; }));
  const Answer refused = served.post("/v1/completions", endless(false));
  CHECK(refused.status == 429);
  CHECK(refused.code() == "queue_full");
  CHECK(refused.message() == "queue: expected at most 1 requests that wait, found as many");
  CHECK(std::stoi(refused.retry_after) >= 1);
  // Others than writers are answered meanwhile.
  CHECK(served.post("/perplexity", {{"text", "the cat and"}}).status == 200);
}

TEST_CASE("a request ends with its time") {
  ServerOptions options = for_long_texts();
  options.timeout = 0.2;
  const Served served({"llama/lm"}, options);
  const Answer answer = served.post("/v1/completions", endless(false));
  CHECK(answer.status == 503);
  CHECK(answer.code() == "timeout");
  const Answer stream = served.post("/v1/completions", endless(true));
  CHECK(stream.status == 200);
  CHECK(stream.text.find(R"("code":"timeout")") != std::string::npos);
}

TEST_CASE("a text is given up while it is cut into tokens") {
  ServerOptions options;
  options.timeout = 1e-6;
  const Served served({"bert/lm"}, options);
  std::string text;
  while (text.size() < 300'000) text += "the cat ";
  CHECK(served.post("/tokenize", {{"content", text}}).code() == "timeout");
  CHECK(served.post("/perplexity", {{"text", text}}).code() == "timeout");
  CHECK(served.post("/tokenize", {{"content", "the cat"}}).status == 200);
}

TEST_CASE("a request of too many tokens is refused before it runs") {
  ServerOptions options;
  options.max_tokens = 20;
  const Served served({"llama/lm"}, options);
  CHECK(served.post("/v1/completions", {{"prompt", "the"}, {"max_tokens", 30}}).message() ==
        "request: expected at most 20 tokens of this server, found 33");
  CHECK(served.post("/perplexity", {{"ids", std::vector<int>(21, 5)}}).status == 400);
  CHECK(served.post("/tokenize", {{"content", std::string(30, 'a')}}).status == 400);
  CHECK(served.post("/tokenize", {{"content", "the cat"}}).status == 200);
  CHECK(served.post("/detokenize", {{"tokens", std::vector<int>(21, 5)}}).status == 400);
  CHECK(served.post("/v1/embeddings", {{"input", std::vector<std::string>(2049, "a")}}).message() ==
        "body.input: expected at most 2048 inputs, found 2049");
}

TEST_CASE("a drained server finishes its streams, and takes no more") {
  Served served({"llama/lm"}, for_long_texts());
  RawClient client(served.port());
  json body = endless(true);
  body["max_tokens"] = body["min_tokens"] = 400;
  client.send(request_text("/v1/completions", body.dump()));
  std::string text = client.receive();
  CHECK(text.find(" 200 ") != std::string::npos);
  served.server().drain();
  text += client.receive_all();
  CHECK(text.find("data: [DONE]") != std::string::npos);
  served.wait_for_end();
  CHECK_FALSE(served.client().Get("/health"));
}

TEST_CASE("a port that is taken is refused, and so are two models of one name") {
  const Served served({"bert/bare"});
  ServerOptions options;
  options.port = served.port();
  const ServedModel model{
      "a", [](const std::string&) { return Model::open(golden_model("bert/bare")); }};
  TemporaryFolder folder;
  CHECK(folder.message([&] { Server({model}, options); }) ==
        "port " + std::to_string(served.port()) +
            " of 127.0.0.1: expected a free one, found Address already in use");
  options.port = 0;
  CHECK(folder.message([&] {
    Server({model, model}, options);
  }) == "models: expected every name once, found 'a' twice");
}

}  // namespace locus::tests
