#include "tools/cli/terminal/observed_run.hpp"
#include "tools/cli/verbs/compare/comparison.hpp"

namespace locus::cli {

std::vector<ComparedModel> measure_model(const std::string& name, const CompareOptions& options,
                                         const CompareResult& setting, const Step& step) {
  CommonOptions common = options.common;
  common.model = name;
  const auto model = open_model(common, setting.lengths.back());
  MeasureSettings settings{setting.lengths, session_options(common).threads};
  settings.sample = options.full ? 0 : options.sample;
  settings.seed = options.seed;
  settings.observe = [&](Session& session, const std::string& what) {
    return observe_run(session, what, step);
  };
  return locus::measure_model(*model, name, setting.documents, settings);
}

}  // namespace locus::cli
