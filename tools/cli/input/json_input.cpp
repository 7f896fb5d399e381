#include "tools/cli/input/json_input.hpp"

#include "base/json/json.hpp"
#include "tools/cli/input/given_file.hpp"

namespace locus::cli {

Json read_json(const std::string& file) {
  constexpr size_t max_keys = 10000;  // an ordered object looks at all of them for each
  const std::string text = read_given(file);
  detail::parse_json(file, text, {.keys = max_keys});
  return Json::parse(text);
}

}  // namespace locus::cli
