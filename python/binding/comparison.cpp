// Models on one text.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "base/error.hpp"
#include "pipelines/comparison.hpp"
#include "pipelines/documents.hpp"
#include "pipelines/model_names.hpp"
#include "python/binding/arrays.hpp"
#include "python/binding/bindings.hpp"
#include "python/binding/places.hpp"
#include "python/binding/progress.hpp"
#include "python/binding/runner.hpp"

namespace locus::python {
namespace {

using namespace nb::literals;

/// What is measured, and how.
struct CompareSettings {
  std::vector<std::string> models;
  std::vector<std::pair<std::string, std::string>> documents;  ///< name and text
  std::vector<int64_t> lengths;
  std::string baseline;
  int threads = 0;
  int64_t sample = default_sample;
  uint64_t seed = 0;
};

/// The session that runs at present, so that it can be ended from outside.
class Running {
 public:
  void set(Session* session) {
    const std::lock_guard lock(mutex_);
    session_ = session;
    if (stopped_) throw Error::cancellation();
  }
  void stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    if (session_) session_->cancel();
  }

 private:
  std::mutex mutex_;
  Session* session_ = nullptr;
  bool stopped_ = false;
};

class Observer : public RunObserver {
 public:
  Observer(Running& running, Session& session, std::function<void(int64_t, int64_t)> tell)
      : running_(running), tell_(std::move(tell)) {
    running_.set(&session);
  }
  ~Observer() override {
    try {
      running_.set(nullptr);
    } catch (const Error&) {
    }
  }
  void progress(int64_t done, int64_t total) override {
    if (tell_) tell_(done, total);
  }

 private:
  Running& running_;
  std::function<void(int64_t, int64_t)> tell_;
};

using Told = std::function<std::function<void(int64_t, int64_t)>(const std::string& what)>;

struct Measured {
  std::vector<ComparedModel> models;
  std::vector<std::string> failures;  ///< why other models were not measured
};

std::vector<ComparedModel> measure_one(const std::string& name,
                                       const std::vector<Document>& documents,
                                       const MeasureSettings& measure, Running& running) {
  ModelOptions options;
  options.capacity = measure.lengths.empty() ? 0 : measure.lengths.back();
  options.threads = measure.threads;
  options.progress = [&running](int64_t, int64_t) { running.set(nullptr); };
  const auto model = Model::open(place_of(name).model, options);
  return measure_model(*model, name, documents, measure);
}

/// A model that cannot be measured does not end the others' comparison, unless it is the last.
Measured measure_all(const CompareSettings& settings, Running& running, const Told& told) {
  std::vector<Document> documents;
  for (const auto& [name, text] : settings.documents) documents.push_back({name, text});
  MeasureSettings measure;
  measure.lengths = settings.lengths;
  measure.threads = settings.threads;
  measure.sample = settings.sample;
  measure.seed = settings.seed;
  Measured measured;
  const std::vector<std::string> names = model_names(settings.models);
  for (size_t i = 0; i < names.size(); ++i) {
    const std::string& name = settings.models[i];
    running.set(nullptr);
    measure.observe = [&](Session& session, const std::string& what) {
      return std::make_unique<Observer>(running, session, told(name + ", " + what));
    };
    try {
      for (ComparedModel& model : measure_one(name, documents, measure, running)) {
        model.name = model.runs.front().name = names[i];
        measured.models.push_back(std::move(model));
      }
    } catch (const Error& error) {
      const bool last = i + 1 == names.size() && measured.models.empty();
      if (error.cancelled() || last) throw;
      measured.failures.push_back(name + ": " + error.what());
    }
  }
  return measured;
}

nb::list points_of(const std::vector<LengthPoint>& points) {
  nb::list list;
  for (const LengthPoint& point : points) {
    list.append(nb::make_tuple(point.length, point.tokens, point.nll, point.interval.low,
                               point.interval.high));
  }
  return list;
}

void add_comparison(nb::dict& row, const Comparison& comparison) {
  row["difference"] = comparison.difference;
  row["difference_low"] = comparison.interval.low;
  row["difference_high"] = comparison.interval.high;
  row["holm_p"] = comparison.adjusted_p;
  row["verdict"] = to_string(comparison.verdict);
}

nb::dict row_of(const ComparedGroup& group, const ComparedModel& model) {
  nb::dict row;
  row["metric"] = group.metric;
  row["baseline"] = group.baseline;
  row["name"] = model.name;
  row["family"] = model.family;
  row["encoding"] = model.encoding;
  row["parameters"] = model.parameters;
  row["context"] = model.context;
  row["trained_context"] = model.trained_context;
  row["tokens"] = model.summary.tokens;
  row["tokenizer"] = model.tokenizer;
  row["bytes"] = model.summary.extent.bytes;
  row["nll"] = model.summary.nll;
  row["seeds"] = model.runs.size();
  row["perplexity"] = model.summary.perplexity;
  row["bits_per_byte"] = bits_of(model);
  const Interval interval = model.bits_interval;
  row["low"] = interval.low;
  row["high"] = interval.high;
  row["status"] = to_string(model.standing);
  row["letters"] = model.letters;
  row["untrained"] = model.untrained;
  row["by_length"] = points_of(model.by_length);
  if (model.comparison) {
    add_comparison(row, *model.comparison);
    row["verdict_of"] = to_string(model.scope);
  }
  return row;
}

/// Rows, and why some models have none.
nb::tuple compare(const CompareSettings& settings, const nb::object& progress) {
  Running running;
  const Told told = [&](const std::string& what) -> std::function<void(int64_t, int64_t)> {
    if (progress.is_none()) return {};
    return [what, handle = nb::handle(progress)](int64_t done, int64_t total) {
      const Locked locked;
      call_python(handle, nb::make_tuple(what, done, total));
    };
  };
  std::vector<ComparedGroup> groups;
  std::vector<std::string> failures;
  Runner runner;
  const auto task = [&] {
    Measured measured = measure_all(settings, running, told);
    failures = std::move(measured.failures);
    const auto check = [&] { running.set(nullptr); };
    groups = compare_models(pool_runs(std::move(measured.models), check),
                            {.baseline = settings.baseline, .seed = settings.seed, .check = check});
  };
  run_watched(runner, task, [&] { running.stop(); });
  nb::list rows;
  for (const ComparedGroup& group : groups) {
    for (const ComparedModel& model : group.models) rows.append(row_of(group, model));
  }
  return nb::make_tuple(rows, failures);
}

std::vector<std::pair<std::string, std::string>> read_texts(const std::vector<std::string>& paths,
                                                            const std::string& separator) {
  const auto found =
      run_here([&](const auto& check) { return read_documents(paths, separator, {}, {}, check); });
  std::vector<std::pair<std::string, std::string>> documents;
  for (auto& [name, raw] : found) {
    documents.emplace_back(std::move(name), std::move(raw));
  }
  return documents;
}

}  // namespace

void bind_comparison(nb::module_& module) {
  nb::class_<CompareSettings>(module, "CompareSettings")
      .def(nb::init<>())
      .def_rw("models", &CompareSettings::models)
      .def_rw("documents", &CompareSettings::documents)
      .def_rw("lengths", &CompareSettings::lengths)
      .def_rw("baseline", &CompareSettings::baseline)
      .def_rw("threads", &CompareSettings::threads)
      .def_rw("sample", &CompareSettings::sample)
      .def_rw("seed", &CompareSettings::seed);
  module.def("compare", compare, "settings"_a, "progress"_a.none(), as_call);
  module.def("read_documents", read_texts, "paths"_a, "separator"_a, as_call);
}

}  // namespace locus::python
