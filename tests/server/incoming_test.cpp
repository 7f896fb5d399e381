// How much of a request has arrived, byte by byte.
#include "server/http/incoming.hpp"

#include <doctest/doctest.h>

#include <string>

namespace locus::tests {
namespace {

using namespace server;
using State = Incoming::State;

const std::string begun = "POST /a HTTP/1.1\r\nHost: b\r\n";

/// The bytes after which a request is complete; one more than there are where it never is.
size_t completed_at(const std::string& text, const IncomingRules& rules = {}) {
  Incoming incoming(rules);
  for (size_t size = 0; size <= text.size(); ++size) {
    if (incoming.update(std::string_view(text).substr(0, size)) == State::complete) return size;
  }
  return text.size() + 1;
}

}  // namespace

TEST_CASE("a request is complete with its last byte, and not before") {
  for (const std::string& whole :
       {std::string("GET / HTTP/1.1\r\nHost: b\r\n\r\n"), begun + "Content-Length: 3\r\n\r\n{ }",
        begun + "Transfer-Encoding: chunked\r\n\r\n3\r\n{ }\r\n0\r\n\r\n",
        begun + "Transfer-Encoding: chunked\r\n\r\n1;a=b\r\n{\r\n0a\r\n0123456789\r\n0\r\nA: "
                "b\r\n\r\n"}) {
    CAPTURE(whole);
    CHECK(completed_at(whole) == whole.size());
    CHECK(completed_at(whole + "GET / HTTP/1.1\r\n") == whole.size());
    CHECK(completed_at(whole.substr(0, whole.size() - 1)) == whole.size());
  }
}

TEST_CASE("the states follow each other") {
  const IncomingRules rules;
  Incoming incoming(rules);
  CHECK(incoming.update("") == State::nothing);
  CHECK(incoming.update("P") == State::head);
  CHECK(incoming.update(begun + "Content-Length: 2\r\n\r\n") == State::body);
  CHECK(incoming.update(begun + "Content-Length: 2\r\n\r\n{}") == State::complete);
}

TEST_CASE("what is refused is not waited for") {
  IncomingRules rules;
  rules.head_bytes = 100;
  rules.body_bytes = 10;
  const auto at_head = [&](const std::string& head) {
    CAPTURE(head);
    CHECK(completed_at(head, rules) == head.size());
  };
  at_head(begun + "Content-Length: 11\r\n\r\n");
  at_head(begun + "Content-Length: 999999999999999999\r\n\r\n");
  at_head(begun + "Content-Length: 1\r\nContent-Length: 1\r\n\r\n");
  CHECK(completed_at(std::string(200, 'a'), rules) == 101);
  const std::string chunked = begun + "Transfer-Encoding: chunked\r\n\r\n";
  CHECK(completed_at(chunked + "zz\r\n", rules) == chunked.size() + 4);
  CHECK(completed_at(chunked + "ffffffffffffffffff\r\n", rules) == chunked.size() + 20);
  CHECK(completed_at(chunked + "20\r\n" + std::string(40, ' '), rules) < chunked.size() + 40);
  rules.refuses = [](const Head& head) { return head.target == "/a"; };
  at_head(begun + "Content-Length: 5\r\n\r\n");
}

}  // namespace locus::tests
