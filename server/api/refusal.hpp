// Why a request is not answered, in OpenAI's words.
#pragma once

#include <exception>
#include <string>

#include "server/api/call.hpp"

namespace locus::server {

/// A request that fails with another status than 400, which an Error stands for.
struct Refusal {
  int status = 400;
  std::string code;  ///< for programs: `model_not_found`
  std::string message;
  int retry_after = 0;  ///< seconds; 0: not said
};

Reply reply_of(const Refusal& refusal);
/// What is answered where a route throws.
Reply reply_of(std::exception_ptr failure);
/// `{"message": ..., "type": ..., "param": null, "code": ...}`
Json error_json(const Refusal& refusal);
Refusal refusal_of(std::exception_ptr failure);

}  // namespace locus::server
