// Completions that come while others are written.
#include <doctest/doctest.h>

#include "tests/server/raw_client.hpp"

namespace locus::tests {
namespace {

/// A client that reads an endless stream, of which the first piece has come.
struct Reader {
  explicit Reader(const Served& served) : client(served.port()) {
    json body = endless(true);
    body["temperature"] = 0.7;
    client.send(request_text("/v1/completions", body.dump()));
    REQUIRE(client.receive().find(" 200 ") != std::string::npos);
  }
  RawClient client;
};

}  // namespace

TEST_CASE("a completion joins those that are written, and is the one that it is alone") {
  const Served served({"llama/lm"}, for_long_texts());
  Pipeline pipeline = served.pipeline("llama/lm");
  GenerateOptions options;
  options.max_tokens = 40;
  options.after_prompt = true;
  for (const double temperature : {0.0, 1.2}) {
    Reader reader(served);
    options.temperature = temperature;
    options.seed = 7;
    const json answer = served
                            .post("/v1/completions", {{"prompt", {"the cat", "of the"}},
                                                      {"max_tokens", 40},
                                                      {"temperature", temperature},
                                                      {"seed", 7}})
                            .document();
    const std::vector<std::string> prompts{"the cat", "of the"};
    const auto expected = pipeline.generate(prompts, options);
    for (size_t i = 0; i < prompts.size(); ++i) {
      CHECK(answer["choices"][i]["text"] == expected.prompts[i][0].text);
    }
    CHECK_FALSE(reader.client.receive().empty());  // goes on
  }
}

TEST_CASE("streams progress side by side, and one that ends leaves the others alone") {
  const Served served({"llama/lm"}, for_long_texts());
  Reader first(served);
  {
    Reader second(served);
    CHECK_FALSE(first.client.receive().empty());
    CHECK_FALSE(second.client.receive().empty());
  }
  CHECK(comes_true([&] { return served.metric("locus_given_up_total") == 1; }));
  CHECK_FALSE(first.client.receive().empty());
}

TEST_CASE("company of another kind waits for a run's end, and is not overtaken") {
  ServerOptions options = for_long_texts();
  options.max_tokens = 300000;
  const Served served({"llama/lm"}, options);
  auto first = std::make_unique<Reader>(served);
  RawClient large(served.port()), small(served.port());
  large.send(request_text("/v1/completions", endless(true).dump()));  // no room for it yet
  const auto waiting = [&] { return served.metric("locus_queue_requests{model=\"llama/lm\"}"); };
  CHECK(comes_true([&] { return waiting() == 1; }));
  const json body{{"prompt", "the"}, {"max_tokens", 3}, {"stream", true}};
  small.send(request_text("/v1/completions", body.dump()));
  CHECK(comes_true([&] { return waiting() == 2; }));
  first.reset();
  CHECK(large.receive().find(" 200 ") != std::string::npos);
  CHECK(small.receive().find(" 200 ") != std::string::npos);
}

}  // namespace locus::tests
