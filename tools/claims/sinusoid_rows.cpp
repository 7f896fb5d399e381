#include "tools/claims/sinusoid_rows.hpp"

#include <cmath>

#include "tools/cli/verbs/position/view.hpp"

namespace locus::cli::claims {

Tensor rows_of_scheme(const std::string& scheme, int64_t first, int64_t count, int64_t width) {
  const PositionSubject subject = subject_of_scheme(scheme, {1, width, 1, width});
  Tensor rows({count, width});
  Scratch scratch;
  const Positions asked{first, count, {}, 1};
  subject.encoding->embed(rows.view(), {asked, asked, 0, first + count, 1, scratch});
  return rows;
}

std::vector<double> angles_of_scheme(const std::string& scheme, int64_t width) {
  const Tensor rows = rows_of_scheme(scheme, 1, 1, width);
  std::vector<double> angles;
  for (int64_t i = 0; i < width; i += 2) {
    angles.push_back(std::atan2(rows.view()(0, i), rows.view()(0, i + 1)));
  }
  return angles;
}

}  // namespace locus::cli::claims
