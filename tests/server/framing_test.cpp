// Where requests end: what two readers would read in two ways is refused, and the rest of a request
// is not waited for when the server ends.
#include <doctest/doctest.h>

#include <chrono>

#include "tests/server/raw_client.hpp"

namespace locus::tests {
namespace {

using namespace std::chrono_literals;

const std::string body = R"({"input":"a"})";

std::string post_with(const std::string& headers, const std::string& rest = body) {
  return "POST /v1/embeddings HTTP/1.1\r\n" + headers + "\r\n" + rest;
}

std::string get_with(const std::string& headers, const std::string& rest = "") {
  return "GET /health HTTP/1.1\r\n" + headers + "\r\n" + rest;
}

}  // namespace

TEST_CASE("a request whose end is not clear is refused, and is the connection's last") {
  const Served served({"bert/bare"});
  const auto answer = [&](const std::string& bytes) {
    RawClient client(served.port());
    client.send(bytes);
    return client.receive_all();
  };
  const auto refused = [&](const std::string& bytes, const std::string& why) {
    // A request after it, which must not be answered.
    const std::string text = answer(bytes + get_with("Host: localhost\r\nConnection: close\r\n"));
    CAPTURE(text);
    CHECK(text.starts_with("HTTP/1.1 400 Bad Request\r\n"));
    CHECK(text.find("Connection: close\r\n") != std::string::npos);
    CHECK(text.find(why) != std::string::npos);
    CHECK(text.find("\"ok\"") == std::string::npos);
  };
  const std::string host = "Host: localhost\r\n", length = "Content-Length: 13\r\n";
  const std::string chunked = "Transfer-Encoding: chunked\r\n",
                    chunks = "d\r\n" + body + "\r\n0\r\n\r\n";
  refused(post_with(host + length + length), "Content-Length: expected one, found 2");
  refused(post_with(host + length + "Content-Length: 0\r\n"),
          "Content-Length: expected one, found 2");
  refused(post_with(host + "Content-Length: 13, 13\r\n"),
          "Content-Length: expected a number of bytes");
  refused(post_with(host + "Content-Length: +13\r\n"),
          "Content-Length: expected a number of bytes");
  refused(post_with(host + "Content-Length: -1\r\n"), "Content-Length: expected a number of bytes");
  refused(post_with(host + "Content-Length: 99999999999999999999\r\n"), "a number of bytes");
  refused(post_with(host + length + chunked, chunks), "expected none beside Transfer-Encoding");
  refused(post_with(host + "Transfer-Encoding: gzip, chunked\r\n", chunks), "expected chunked");
  refused(post_with(host + chunked + chunked, chunks), "Transfer-Encoding: expected chunked");
  refused(post_with(host, ""), "Content-Length: expected one of a POST, found none");
  refused(get_with(host + length, body), "GET: expected a request without a body");
  refused(get_with(host + chunked, chunks), "GET: expected a request without a body");
  refused(get_with(""), "Host: expected one, found none");
  refused(get_with(host + "Host: evil.example\r\n"), "Host: expected one, found 2");
  refused(post_with(host + "Content-Length : 13\r\n"), "headers: expected lines of a name");
  refused(post_with(host + "A: b\nContent-Length: 13\r\n"), "headers: expected lines that end");
  refused(post_with(host + length + " folded\r\n"), "headers: expected lines of a name");
  refused(post_with(host + "no colon\r\n" + length), "headers: expected lines of a name");

  CHECK(answer(post_with(host + length + "Connection: close\r\n")).find(" 200 ") !=
        std::string::npos);
  CHECK(answer(post_with(host + chunked + "Connection: close\r\n", chunks)).find(" 200 ") !=
        std::string::npos);
  CHECK(answer(get_with(host + "Content-Length: 0\r\nConnection: close\r\n")).find(" 200 ") !=
        std::string::npos);
  CHECK(answer("GET /health HTTP/1.0\r\n\r\n").find(" 200 ") != std::string::npos);
}

TEST_CASE("a drained server waits two seconds for the rest of a request") {
  for (const std::string& half : {post_with("Host: localhost\r\nContent-Length: 1000\r\n", "{"),
                                  std::string("POST /v1/embeddings HTTP/1.1\r\nHost: local")}) {
    Served served({"bert/bare"});
    RawClient client(served.port());
    client.send(half);
    std::this_thread::sleep_for(200ms);
    const auto begin = std::chrono::steady_clock::now();
    served.server().drain();
    const std::string text = client.receive_all();
    served.wait_for_end();
    CHECK(std::chrono::steady_clock::now() - begin < 5s);
    CHECK((text.empty() || text.starts_with("HTTP/1.1 400 ")));
  }
}

TEST_CASE("a drained server answers a request whose rest comes in time") {
  Served served({"bert/bare"});
  RawClient client(served.port());
  client.send(post_with("Host: localhost\r\nContent-Length: 13\r\n", body.substr(0, 5)));
  std::this_thread::sleep_for(200ms);
  served.server().drain();
  client.send(body.substr(5));
  CHECK(client.receive_all().find(" 200 ") != std::string::npos);
  served.wait_for_end();
}

}  // namespace locus::tests
