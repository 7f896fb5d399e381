// What a server says of itself: its models, its health, its metrics.
#include <doctest/doctest.h>

#include "tests/server/served.hpp"

namespace locus::tests {

TEST_CASE("models are listed, and one that is not served is refused by name") {
  const Served served({"bert/lm", "gpt2/lm"});
  const json models = served.get("/v1/models").document();
  REQUIRE(models["data"].size() == 2);
  CHECK(models["data"][0]["id"] == "bert/lm");
  CHECK(models["data"][0]["task"] == "masked-lm");
  CHECK(models["data"][0]["mask_token"] == "[MASK]");
  const Answer wrong = served.post("/v1/embeddings", {{"model", "bet/lm"}, {"input", "a"}});
  CHECK(wrong.status == 404);
  CHECK(wrong.code() == "model_not_found");
  CHECK(wrong.message() == "model: expected a served model, as bert/lm, found 'bet/lm'");
  CHECK(served.post("/v1/embeddings", {{"input", "a"}}).status == 404);
  CHECK(served.get("/health").document()["status"] == "ok");
  CHECK(served.get("/").text.starts_with("<!doctype html>"));
}

TEST_CASE("metrics count what was asked and done") {
  const Served served({"bert/bare"});
  served.post("/v1/embeddings", {{"input", "the cat"}});
  served.post("/v1/embeddings", {{"input", 5}});
  CHECK(served.metric("locus_requests_total{route=\"/v1/embeddings\",status=\"200\"}") == 1);
  CHECK(served.metric("locus_requests_total{route=\"/v1/embeddings\",status=\"400\"}") == 1);
  CHECK(served.metric("locus_request_seconds_count{route=\"/v1/embeddings\"}") == 2);
  CHECK(served.metric("locus_run_requests_total") == 1);
  CHECK(served.metric("locus_read_tokens_total") == 6);
  CHECK(served.metric("locus_queue_requests{model=\"bert/bare\"}") == 0);
}

}  // namespace locus::tests
