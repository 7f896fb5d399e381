#include "c/border/border.hpp"

namespace locus::c {

locus_status report(locus_error** error, locus_status status, const char* message) noexcept {
  if (!error) return status;
  try {
    auto held = std::make_unique<Held<locus_error>>();
    held->value = {status, held->storage.keep(std::string(message))};
    *error = &held.release()->value;
  } catch (const std::bad_alloc&) {
    *error = nullptr;
  }
  return status;
}

}  // namespace locus::c

int32_t locus_version(void) { return LOCUS_VERSION; }

void locus_free(void* result) { locus::c::destroy(result); }
