// Connections: requests that are no HTTP, bodies that are too long, clients that take their time.
#include <doctest/doctest.h>

#include <list>

#include "tests/server/raw_client.hpp"

namespace locus::tests {

TEST_CASE("requests that are no HTTP, too long or half there do no harm") {
  ServerOptions options;
  options.max_body = 1000;
  const Served served({"bert/bare"}, options);
  const auto answer = [&](const std::string& bytes) {
    RawClient client(served.port());
    client.send(bytes);
    return client.receive_all();
  };
  const auto expect = [&](const std::string& bytes, const std::string& status,
                          const std::string& message) {
    const std::string found = answer(bytes);
    CHECK(found.starts_with("HTTP/1.1 " + status));
    CHECK(found.find("{\"error\":{\"message\":\"" + message) != std::string::npos);
  };
  expect("hello\r\n\r\n", "400", "request: expected HTTP as of RFC 9110, found Bad Request");
  expect("FOO / HTTP/1.1\r\nHost: localhost\r\n\r\n", "400",
         "request: expected HTTP as of RFC 9110, found Bad Request");
  expect("GET /" + std::string(20000, 'a') + " HTTP/1.1\r\nHost: localhost\r\n\r\n", "414",
         "request: expected HTTP as of RFC 9110, found URI Too Long");
  expect("GET / HTTP/1.1\r\nA: " + std::string(100000, 'a'), "431",
         "head: expected at most 32768 bytes, found more");
  std::string many;  // and whole, though it arrived at once
  for (int i = 0; i < 10000; ++i) many += "X: a\r\n";
  expect("GET /health HTTP/1.1\r\nHost: localhost\r\n" + many + "\r\n", "431",
         "head: expected at most 32768 bytes, found more");
  expect(
      "POST /v1/embeddings HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: gzip\r\n"
      "Content-Length: 2\r\n\r\n{}",
      "415", "Content-Encoding: expected none, found 'gzip'");
  CHECK(answer(request_text("/v1/embeddings", std::string(1001, ' '))).find(" 413 ") !=
        std::string::npos);
  CHECK(
      answer(
          "POST /v1/embeddings HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" +
          std::string("7d0\r\n") + std::string(2000, ' ') + "\r\n0\r\n\r\n")
          .find(" 413 ") != std::string::npos);
  CHECK(
      answer(
          "POST /v1/embeddings HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\nContent-Type: "
          "multipart/form-data; boundary=x\r\n\r\n--x--\r\n\r\n")
          .find(" 415 ") != std::string::npos);
  // Two requests at once, the second with ranges that would ask for a lot.
  const std::string get = "GET /health HTTP/1.1\r\nHost: localhost\r\n";
  const std::string both =
      answer(get + "\r\n" + get + "Range: bytes=0-,0-,0-\r\nConnection: close\r\n\r\n");
  CHECK(both.find("{\"status\":\"ok\"}") != std::string::npos);
  CHECK(both.rfind("{\"status\":\"ok\"}") != both.find("{\"status\":\"ok\"}"));
  CHECK(both.find(" 206 ") == std::string::npos);
  CHECK(served.get("/health").status == 200);
}

TEST_CASE("a body that is too long is refused before it is sent") {
  ServerOptions options;
  options.max_body = 1000;
  const Served served({"bert/bare"}, options);
  const std::string head =
      "POST /v1/embeddings HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000000\r\n";
  for (const std::string expect : {"", "Expect: 100-continue\r\n"}) {
    RawClient client(served.port());
    client.send(head + expect + "\r\n");
    const std::string text = client.receive_all();
    CHECK(text.starts_with("HTTP/1.1 413 "));
    CHECK(text.find("body: expected at most 1000 bytes, found more") != std::string::npos);
    CHECK(text.find("Connection: close") != std::string::npos);
  }
}

TEST_CASE("a client that waits to be asked for its body is asked") {
  const Served served({"bert/bare"});
  RawClient client(served.port());
  client.send(
      "POST /v1/embeddings HTTP/1.1\r\nHost: localhost\r\nContent-Length: 13\r\n"
      "Connection: close\r\nExpect: 100-continue\r\n\r\n");
  CHECK(client.receive() == "HTTP/1.1 100 Continue\r\n\r\n");
  client.send(R"({"input":"a"})");
  CHECK(client.receive_all().starts_with("HTTP/1.1 200 "));
}

TEST_CASE("clients that take their time keep nobody else waiting") {
  ServerOptions options;
  options.connections = 2;
  const Served served({"bert/bare"}, options);
  const std::string begun = "POST /v1/embeddings HTTP/1.1\r\nHost: localhost\r\n";
  const std::string body = R"({"input":"a"})";
  std::list<RawClient> slow;
  for (int i = 0; i < 30; ++i) {
    slow.emplace_back(served.port()).send(begun.substr(0, 20));
    slow.emplace_back(served.port()).send(begun + "Content-Length: 13\r\n\r\n" + body.substr(0, 5));
    slow.emplace_back(served.port()).send(begun + "Transfer-Encoding: chunked\r\n\r\nd\r\n{");
    slow.emplace_back(served.port());
  }
  CHECK(served.get("/health").status == 200);
  CHECK(served.post("/v1/embeddings", {{"input", "a"}}).status == 200);
  // Who finishes in time is answered.
  RawClient& first = slow.front();
  first.send(begun.substr(20) + "Content-Length: 13\r\nConnection: close\r\n\r\n" + body);
  CHECK(first.receive_all().find(" 200 ") != std::string::npos);
}

TEST_CASE("health is answered while every thread for models has work") {
  ServerOptions options = for_long_texts();
  options.connections = 1;
  const Served served({"llama/lm"}, options);
  RawClient client(served.port());
  client.send(request_text("/v1/completions", endless(true).dump()));
  CHECK(client.receive().find(" 200 ") != std::string::npos);
  CHECK(served.get("/health").status == 200);
}

}  // namespace locus::tests
