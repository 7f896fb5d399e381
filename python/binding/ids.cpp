// Ids as a model reads them: what it says of each, and the special ones.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "evaluation/predict_tokens.hpp"
#include "python/binding/arrays.hpp"
#include "python/binding/bindings.hpp"
#include "python/binding/engine.hpp"

namespace locus::python {
namespace {

using namespace nb::literals;
using Ids = std::vector<int32_t>;

nb::list predict(Engine& engine, const std::vector<std::pair<Ids, int64_t>>& sequences) {
  std::vector<PredictedSequence> asked;
  for (const auto& [ids, first] : sequences) asked.push_back({ids, first});
  const auto predicted = engine.workers->run(
      [&](Pipeline& pipeline) { return predict_tokens(pipeline.session(), asked, 1); });
  import_arrays();
  nb::list found;
  for (size_t at = 0; at < asked.size(); ++at) {
    std::vector<double> values;
    Ids best;
    for (const PredictedToken& token : predicted[at]) {
      values.push_back(token.log_probability);
      best.push_back(token.best.front().id);
    }
    found.append(nb::make_tuple(array_of(std::move(values)), array_of(std::move(best))));
  }
  return found;
}

nb::dict special_ids(Engine& engine) {
  const Lease lease(*engine.workers);
  const SpecialIds ids =
      run_here([&](const auto&) { return lease->pipeline.tokenizer().special_ids(); });
  nb::dict found;
  found["bos"] = ids.bos;
  found["eos"] = ids.eos;
  found["pad"] = ids.pad;
  found["unknown"] = ids.unknown;
  found["mask"] = ids.mask;
  return found;
}

std::vector<std::vector<GeneratedText>> generate_ids(Engine& engine,
                                                     const std::vector<Ids>& prompts,
                                                     const GenerateOptions& options) {
  return engine.workers
      ->run([&](Pipeline& pipeline) { return pipeline.generate(prompts, options); })
      .prompts;
}

}  // namespace

void bind_ids(nb::module_& module) {
  module.def("predict", predict, "engine"_a, "sequences"_a, as_call);
  module.def("special_ids", special_ids, "engine"_a, as_call);
  module.def("generate_ids", generate_ids, "engine"_a, "prompts"_a, "options"_a, as_call);
}

}  // namespace locus::python
