// A request as the routes see it, and what they answer.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/json/json.hpp"

namespace locus::server {

using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

/// What a request asks for, and who waits for the answer.
struct Call {
  nlohmann::json body = nlohmann::json::object();
  std::map<std::string, std::string> query = {};  ///< of a GET
  std::function<bool()> alive = [] { return true; };
  Clock::time_point deadline = Clock::time_point::max();

  detail::JsonPlace fields() const { return {body, "body"}; }
};

/// Takes a piece of an answer; false where nobody reads it any more.
using WritePiece = std::function<bool(std::string_view piece)>;

struct Reply {
  std::string text;
  std::string type = "application/json";
  int status = 200;
  int retry_after = 0;                                 ///< seconds; 0: not said
  std::function<void(const WritePiece&)> pieces = {};  ///< instead of a text, one after the other
};

Reply json_reply(const Json& document);

/// JSON on one line; bytes that are no UTF-8 become U+FFFD.
std::string json_line(const Json& document);

}  // namespace locus::server
