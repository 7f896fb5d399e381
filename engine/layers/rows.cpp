#include <algorithm>

#include "engine/layers/layer.hpp"

namespace locus::layers {

void for_rows(Run& run, int64_t rows, int64_t width,
              const std::function<void(int64_t, int64_t, int)>& task) {
  constexpr int64_t values_in_a_chunk = 32768;
  const int64_t chunk = std::max<int64_t>(1, values_in_a_chunk / std::max<int64_t>(1, width));
  run.team.parallel((rows + chunk - 1) / chunk, [&](int64_t index, int worker) {
    task(index * chunk, std::min(rows, (index + 1) * chunk), worker);
  });
}

}  // namespace locus::layers
