// All claims as they were measured, and how they are written.
#pragma once

#include <string>
#include <vector>

#include "tools/claims/words.hpp"
#include "tools/cli/output/output.hpp"

namespace locus::cli::claims {

struct ClaimsResult {
  std::vector<MeasuredClaim> claims;
  Setting setting;
  Json provenance;  ///< settings and hashes
};

std::string to_text(const ClaimsResult& result, const Words& words);
/// One document in English and Chinese.
std::string to_markdown(const ClaimsResult& result);
std::string to_page(const ClaimsResult& result, const Words& words);
/// Texts in both languages.
Json to_json(const ClaimsResult& result);

}  // namespace locus::cli::claims
