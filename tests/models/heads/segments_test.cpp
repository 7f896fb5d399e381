// Transformer-XL's memory: texts that come in pieces, against the reference with its `mems`.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "base/json/values.hpp"
#include "base/read_file.hpp"
#include "models/model.hpp"
#include "tests/models/parity/golden.hpp"

namespace locus::tests {
namespace {

using nlohmann::json;

/// The largest difference of a piece's last row, as a share of the largest value.
double difference(Session& session, const std::vector<int64_t>& kept, const json& piece) {
  const auto ids = piece["ids"].get<std::vector<int32_t>>();
  const Sequence sequence{.ids = ids};
  session.decode({&sequence, 1});
  const std::vector<int64_t> last{static_cast<int64_t>(ids.size()) - 1};
  const ConstView logits = session.logits(last);
  double worst = 0, largest = 0;
  for (size_t i = 0; i < kept.size(); ++i) {
    const double expected = piece["log_p"][i];
    worst = std::max(worst, std::abs(logits(0, kept[i]) - expected));
    largest = std::max(largest, std::abs(expected));
  }
  return worst / largest;
}

}  // namespace

TEST_CASE("Transformer-XL remembers the pieces of a text as the reference does") {
  const json golden = json::parse(read_file(golden_path("segments.json")));
  const auto kept = golden["kept"].get<std::vector<int64_t>>();
  CHECK(golden["cases"].size() == 9);
  for (const json& example : golden["cases"]) {
    CAPTURE(example["model"].get<std::string>());
    const auto model = Model::open(golden_path("models") / example["model"].get<std::string>());
    Session session(model->graph(), {1, false});
    session.restart();
    for (const json& piece : example["pieces"]) {
      CAPTURE(piece["ids"].size());
      CHECK(difference(session, kept, piece) < 1e-4);
    }
  }
}

TEST_CASE("a piece of a text without the memory of those before it is another text") {
  const json golden = json::parse(read_file(golden_path("segments.json")));
  const auto kept = golden["kept"].get<std::vector<int64_t>>();
  const json& example = golden["cases"][0];
  const auto model = Model::open(golden_path("models") / example["model"].get<std::string>());
  Session session(model->graph(), {1, false});
  session.restart();
  CHECK(difference(session, kept, example["pieces"][2]) > 1e-2);
}

}  // namespace locus::tests
