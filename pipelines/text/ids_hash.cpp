#include "pipelines/text/ids_hash.hpp"

#include <algorithm>

#include "base/sha256.hpp"

namespace locus::pipelines {

std::string sha256_of_ids(std::span<const Text> texts, const CancelCheck& check) {
  constexpr size_t ids_at_once = size_t{1} << 18;
  Sha256 hash;
  for (const Text& text : texts) {
    for (std::span<const int32_t> rest = text.ids; !rest.empty();) {
      if (check) check();
      const auto part = rest.first(std::min(rest.size(), ids_at_once));
      hash.add({reinterpret_cast<const char*>(part.data()), part.size_bytes()});
      rest = rest.subspan(part.size());
    }
  }
  return hash.digits();
}

}  // namespace locus::pipelines
