// Templates of chats, against what Jinja makes of them with transformers' settings.
#include "pipelines/template/chat_template.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"

namespace locus::tests {
namespace {

std::string rendered(const std::string& source) {
  const nlohmann::json query = {{"role", "query"}, {"content", "how far "}};
  const nlohmann::json document = {{"role", "document"}, {"content", "the  word\n"}};
  const pipelines::ChatTemplate chat("chat", source);
  return chat.render({{"messages", nlohmann::json::array({query, document})}, {"end", "</s>"}});
}

}  // namespace

TEST_CASE("a chat's template is filled as Jinja fills it") {
  CHECK(rendered("{% for m in messages %}{{ m.role }}:{{ m['content'] | trim }}"
                 "{% if not loop.last %}, {% endif %}{% endfor %}") ==
        "query:how far, document:the  word");
  CHECK(rendered("{% set x = 'a' %}{% for m in messages %}{% set x = x + m.role %}{{ x }} "
                 "{% endfor %}{{ x }}") == "aquery adocument a");
  CHECK(rendered("  {% if end %}\n{{ end }}{% endif %}\n  {%+ if true %}  keep\n{% endif %}\n") ==
        "</s>    keep\n");
  CHECK(rendered("{{- 'a\\n\\'b' -}}   \n\n c {{ missing | default('z') }}") == "a\n'bc z");
  CHECK(
      rendered("{{ messages | map(attribute='role') | join(', ') }} {{ messages | length > 1 }}") ==
      "query, document True");
}

TEST_CASE("strip takes characters, and white space as Python knows it") {
  CHECK(rendered("{{ 'ëaé'.strip('é') }}{{ '\u3000 a\u00a0' | trim }}|") == "ëaa|");
  CHECK_THROWS_WITH_AS(rendered("{{ missing['\xff'] }}"), doctest::Contains("expected UTF-8"),
                       Error);
}

TEST_CASE("what is not followed of a template is refused by name") {
  for (const auto& [source, message] :
       {std::pair{"{{ messages | tojson }}", "a filter that is followed, found 'tojson'"},
        {"{% macro a() %}{% endmacro %}", "if, for or set, found 'macro'"},
        {"{{ namespace(x=1) }}", "no calls of functions, found 'namespace('"},
        {"{{ a", "an end of each {{, {% and {#, found none"},
        {"{% if x %}", "'endif', found the end"},
        {"{% endif %}", "no end of what has not begun"}}) {
    const std::string shown = source;
    CAPTURE(shown);
    CHECK_THROWS_WITH_AS(rendered(source), doctest::Contains(message), Error);
  }
}

TEST_CASE("a stranger's template comes to an end") {
  std::string loops;
  for (int i = 0; i < 40; ++i) loops += "{% for m in messages %}";
  loops += "x";
  for (int i = 0; i < 40; ++i) loops += "{% endfor %}";
  CHECK_THROWS_WITH_AS(rendered(loops), doctest::Contains("an end after 10,000 steps"), Error);
  std::string deep(300, '(');
  CHECK_THROWS_AS(rendered("{{ " + deep + " }}"), Error);
  CHECK_THROWS_AS(rendered(std::string(70000, 'a')), Error);

  const auto repeated = [](const std::string& part, int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += part;
    return text;
  };
  for (const auto& [source, message] :
       {std::pair{"{{ " + repeated("end or ", 5000) + "end }}", "at most 1,000 words"},
        {"{{ " + repeated("1 if end else ", 4000) + "1 }}", "at most 1,000 words"},
        {"{% if end %}" + repeated("{% elif end %}", 4000) + "{% endif %}", "at most 64 blocks"},
        {"{% set x = end %}" + repeated("{% set x = [x, x] %}", 60), "at most 16 MiB"},
        {"{% set x = end %}" + repeated("{% set x = x + x %}", 60), "at most 16 MiB"}}) {
    const std::string shown = message;
    CAPTURE(shown);
    CHECK_THROWS_WITH_AS(rendered(source), doctest::Contains(message), Error);
  }
  const std::string grown =
      "{% set x = 'aaaaaaaaaaaaaaaa' %}" + repeated("{% set x = x ~ x %}", 18);
  const std::string turns = "{% for i in [" + repeated("1, ", 300) + "1] %}";
  const auto often = [&](const std::string& part, int count) {
    return grown + turns + "{% if " + repeated(part, count) + "x %}{% endif %}{% endfor %}";
  };
  for (const std::string& source :
       {often("x and ", 400), often("x == x or ", 200), often("x | upper or ", 100),
        often("x.strip(x) or ", 100), often("x ~ 'b' in x or ", 100)}) {
    CHECK_THROWS_WITH_AS(rendered(source), doctest::Contains("256 MiB of values"), Error);
  }
  CHECK_THROWS_WITH_AS(rendered("{% set x = end %}" + repeated("{% set x = [x] %}", 70)),
                       doctest::Contains("lists at most 64 deep"), Error);
  CHECK(rendered(repeated("{% if end %}a{% elif end %}b{% endif %}", 100)).size() == 100);
}

}  // namespace locus::tests
