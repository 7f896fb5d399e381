#include "server/api/refusal.hpp"

#include <new>

#include "base/error.hpp"

namespace locus::server {
namespace {

std::string type_of(int status) {
  if (status == 429) return "rate_limit_error";
  return status < 500 ? "invalid_request_error" : "server_error";
}

}  // namespace

Json error_json(const Refusal& refusal) {
  return {{"message", printable(refusal.message)},
          {"type", type_of(refusal.status)},
          {"param", nullptr},
          {"code", refusal.code.empty() ? Json() : Json(refusal.code)}};
}

Reply reply_of(const Refusal& refusal) {
  Reply reply = json_reply({{"error", error_json(refusal)}});
  reply.status = refusal.status;
  reply.retry_after = refusal.retry_after;
  return reply;
}

Refusal refusal_of(std::exception_ptr failure) {
  try {
    std::rethrow_exception(std::move(failure));
  } catch (const Refusal& refusal) {
    return refusal;
  } catch (const Error& error) {
    if (error.cancelled()) return {503, "cancelled", error.what()};
    return {400, "", error.what()};
  } catch (const std::bad_alloc&) {
    return {503, "out_of_memory", "memory: expected enough of it, found none left", 1};
  } catch (const std::exception& error) {
    return {500, "", error.what()};
  }
}

Reply reply_of(std::exception_ptr failure) { return reply_of(refusal_of(std::move(failure))); }

std::string json_line(const Json& document) {
  return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Reply json_reply(const Json& document) { return {json_line(document)}; }

}  // namespace locus::server
