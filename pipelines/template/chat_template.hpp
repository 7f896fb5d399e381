// Templates of chats, as tokenizers carry them: the part of Jinja that puts pairs of texts into a
// prompt.
#pragma once

#include <string>
#include <vector>

#include "base/json/values.hpp"
#include "pipelines/template/statements.hpp"

namespace locus::pipelines {

/// A template of a stranger: what it may ask for is bounded, and what is not followed (macros,
/// calls but for a few methods of texts) is refused when it is read.
class ChatTemplate {
 public:
  /// Throws Error that begins with `who` for a template that is malformed or not followed.
  ChatTemplate(std::string who, const std::string& source);

  /// What it makes of variables, an object: `messages` and names of special tokens. Throws Error.
  std::string render(const nlohmann::json& variables) const;

 private:
  std::string who_;
  templates::Statements statements_;
};

}  // namespace locus::pipelines
