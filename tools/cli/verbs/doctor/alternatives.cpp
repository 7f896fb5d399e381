#include "tools/cli/verbs/doctor/alternatives.hpp"

namespace locus::cli {

const std::vector<Alternatives>& alternatives() {
  using Text = std::string;
  static const std::vector<Alternatives> list = [] {
    std::vector<Alternatives> all;
    for (const Text scheme : {"sinusoidal", "weighted_mix"}) {
      all.push_back({scheme, "layout", {Text("interleaved"), Text("halves")}});
      all.push_back({scheme, "denominator", {Text("paper"), Text("t2t")}});
      all.push_back({scheme, "exponent", {Text("paper"), Text("doubled"), Text("doubled_apart")}});
      all.push_back({scheme, "start", {int64_t{0}, int64_t{1}, int64_t{2}}});
      all.push_back({scheme, "zero_row", {int64_t{-1}, int64_t{0}, int64_t{1}}});
    }
    all.push_back({"sinusoidal", "scale", {Text("1"), Text("sqrt"), Text("rsqrt")}});
    all.push_back({"alibi", "form", {Text("symmetric"), Text("causal")}});
    all.push_back({"rope", "pairing", {Text("interleaved"), Text("half")}});
    return all;
  }();
  return list;
}

}  // namespace locus::cli
