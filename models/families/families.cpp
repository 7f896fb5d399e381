#include "base/error.hpp"
#include "models/families/family.hpp"

namespace locus::families {

#define LOCUS_FAMILY(name) Family name();
#include "models/families/families.inc"
#undef LOCUS_FAMILY

namespace {

const std::vector<Family>& table() {
  static const std::vector<Family> rows{
#define LOCUS_FAMILY(name) name(),
#include "models/families/families.inc"
#undef LOCUS_FAMILY
  };
  return rows;
}

}  // namespace

std::span<const Family> registered() { return table(); }

const Family& find_family(const Config& config) {
  const std::string type = config.text("model_type", "");
  std::string known;
  for (const Family& family : table()) {
    if (family.model_type == type) return family;
    known += (known.empty() ? "" : ", ") + family.model_type;
  }
  if (type.empty()) {
    config.fail("model_type", "there, or a family to be named with --family: one of " + known,
                "none");
  }
  config.fail("model_type", "one of " + known, "'" + type + "'");
}

}  // namespace locus::families
