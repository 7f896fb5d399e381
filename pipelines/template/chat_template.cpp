#include "pipelines/template/chat_template.hpp"

#include "base/error.hpp"
#include "base/utf8.hpp"

namespace locus::pipelines {
namespace {

constexpr size_t max_template_bytes = 1 << 16;  // bytes of a template

/// What fails inside names the template's file.
template <class Work>
auto naming(const std::string& who, Work work) {
  try {
    return work();
  } catch (const Error& error) {
    throw Error(who + ": " + error.what());
  }
}

}  // namespace

ChatTemplate::ChatTemplate(std::string who, const std::string& source) : who_(std::move(who)) {
  statements_ = naming(who_, [&] {
    if (source.size() > max_template_bytes) throw Error("template", "at most 65536 bytes", "more");
    utf8::require_utf8(source, "template");
    return templates::parse_template(source);
  });
}

std::string ChatTemplate::render(const nlohmann::json& variables) const {
  return naming(who_, [&] {
    templates::Budget budget;
    templates::Scope scope(variables, budget);
    std::string text;
    templates::run(statements_, scope, text);
    return text;
  });
}

}  // namespace locus::pipelines
