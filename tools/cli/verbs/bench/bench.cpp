#include <algorithm>
#include <chrono>
#include <fstream>
#include <numeric>
#include <optional>
#include <sstream>

#include "base/error.hpp"
#include "engine/options.hpp"
#include "tools/cli/arguments/common_options.hpp"
#include "tools/cli/input/feature_input.hpp"
#include "tools/cli/input/model_input.hpp"
#include "tools/cli/input/text_input.hpp"
#include "tools/cli/output/output.hpp"
#include "tools/cli/terminal/interruption.hpp"
#include "tools/cli/terminal/progress.hpp"
#include "tools/cli/terminal/table.hpp"
#include "tools/cli/verbs/bench/profile.hpp"
#include "tools/cli/verbs/bench/work.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int warm_ups = 3;
constexpr int64_t max_tokens = int64_t{1} << 24;  // of a run

struct BenchOptions {
  CommonOptions common;
  std::string lengths = "16,128,512";
  int64_t batch = 1;
  int64_t decode = 0;
  int64_t repeat = 20;
  bool profile = false;
};

struct BenchResult {
  Workload workload;
  double ms_min = 0;
  double ms_median = 0;
  double tokens_per_second = 0;
  double gflops = 0;
  double decoded_per_second = 0;    // 0: not measured
  std::vector<ProfileRow> profile;  // of nodes; none: not asked for
};

struct BenchReport {
  std::vector<BenchResult> results;
  double load_ms = 0;
  int threads = 0;
  std::optional<Peaks> peaks;  // where a profile is asked for
};

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// `VmRSS` or `VmHWM` of this process, in bytes.
int64_t memory(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with(field + ":")) continue;
    return std::stoll(line.substr(field.size() + 1)) * 1024;
  }
  return 0;
}

// Ids that look up rows all over the table.
std::vector<int32_t> some_ids(int64_t count, int64_t vocabulary) {
  std::vector<int32_t> ids(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) {
    ids[static_cast<size_t>(i)] = static_cast<int32_t>((i * 7919 + 13) % vocabulary);
  }
  return ids;
}

/// One model, one session, one length after the other.
class Bench {
 public:
  Bench(const Model& model, Session& session, const BenchOptions& options)
      : model_(model), session_(session), options_(options) {
    const auto& outputs = model.spec().outputs;
    has_decoder_ = outputs.contains("encoder_last_hidden_state");
    has_head_ = outputs.contains("logits") && !has_decoder_;
  }

  BenchResult run(int64_t length, Progress& progress) {
    ids_ = some_ids(length, model_.graph()->vocabulary());
    batch_.assign(static_cast<size_t>(options_.batch), Sequence{ids_, {}, {}});
    rows_.resize(static_cast<size_t>(length * options_.batch));
    std::iota(rows_.begin(), rows_.end(), 0);
    BenchResult result;
    result.workload = {length, options_.batch};
    Profile profile;
    const auto times = measure(profile, progress);
    result.ms_min = times.front();
    result.ms_median = times[times.size() / 2];
    result.tokens_per_second =
        1000 * static_cast<double>(length * options_.batch) / result.ms_median;
    result.gflops = operations(model_, result.workload) / result.ms_median / 1e6;
    if (options_.profile) result.profile = profile.nodes(work_by_node(model_, result.workload));
    if (options_.decode > 0) result.decoded_per_second = decode();
    return result;
  }

 private:
  // Sorted milliseconds of all runs but the first ones.
  std::vector<double> measure(Profile& profile, Progress& progress) {
    std::vector<double> times;
    for (int64_t i = -warm_ups; i < options_.repeat; ++i) {
      if (i == 0 && options_.profile) {
        session_.time_nodes([&](const NodeTime& time) { profile.add(time); });
      }
      if (i >= 0) profile.begin_run();
      const auto start = Clock::now();
      session_.encode(batch_);
      if (has_head_) session_.logits(rows_);
      if (i >= 0) times.push_back(milliseconds_since(start));
      progress.show(i + warm_ups, options_.repeat + warm_ups);
    }
    session_.time_nodes(nullptr);
    std::sort(times.begin(), times.end());
    return times;
  }

  void step(std::span<const Sequence> batch) {
    session_.decode(batch);
    std::vector<int64_t> last;
    const auto offsets = session_.offsets();
    for (size_t i = 1; i < offsets.size(); ++i) last.push_back(offsets[i] - 1);
    session_.logits(last);
  }

  // Tokens a second of a token for each sequence at a time, after the prompt.
  double decode() {
    const std::vector<int32_t> token = some_ids(1, model_.graph()->vocabulary());
    const std::vector<Sequence> next(batch_.size(), Sequence{token, {}, {}});
    if (has_decoder_) {
      session_.encode(batch_);
      step(next);
    } else {
      session_.restart();
      step(batch_);
    }
    const auto start = Clock::now();
    for (int64_t i = 0; i < options_.decode; ++i) step(next);
    return 1000 * static_cast<double>(options_.decode * options_.batch) / milliseconds_since(start);
  }

  const Model& model_;
  Session& session_;
  const BenchOptions& options_;
  bool has_decoder_ = false;
  bool has_head_ = false;
  std::vector<int32_t> ids_;
  std::vector<Sequence> batch_;
  std::vector<int64_t> rows_;
};

Json to_json(const BenchReport& report, const Model& model) {
  Json list = Json::array();
  for (const auto& result : report.results) {
    list.push_back({{"length", result.workload.length},
                    {"batch", result.workload.batch},
                    {"ms_min", result.ms_min},
                    {"ms_median", result.ms_median},
                    {"tokens_per_second", result.tokens_per_second},
                    {"gflops", result.gflops}});
    if (result.decoded_per_second > 0) {
      list.back()["decoded_tokens_per_second"] = result.decoded_per_second;
    }
    if (report.peaks) list.back()["profile"] = to_json(result.profile, *report.peaks);
  }
  Json document{{"results", std::move(list)},
                {"load_ms", report.load_ms},
                {"resident_bytes", memory("VmRSS")},
                {"peak_resident_bytes", memory("VmHWM")},
                {"weight_bytes", model.graph()->bytes()},
                {"threads", report.threads},
                {"precision", to_string(used_precision(model))},
                {"instruction_set", instruction_set()}};
  if (model.graph()->untrained()) document["untrained"] = true;
  return document;
}

std::string to_text(const BenchReport& report, const Model& model) {
  Table table({right("length"), right("batch"), right("ms min"), right("ms median"),
               right("tokens/s"), right("GFLOPS"), right("decoded/s")});
  for (const auto& result : report.results) {
    const auto decoded = result.decoded_per_second;
    table.add({std::to_string(result.workload.length), std::to_string(result.workload.batch),
               fixed(result.ms_min, 2), fixed(result.ms_median, 2),
               grouped(static_cast<int64_t>(result.tokens_per_second)), fixed(result.gflops, 1),
               decoded > 0 ? fixed(decoded, 0) : ""});
  }
  std::string profiles;
  for (const auto& result : report.results) {
    if (!report.peaks) break;
    profiles += "\nlength " + std::to_string(result.workload.length) + "\n" +
                to_text(result.profile, *report.peaks, terminal_width());
  }
  return table.text(terminal_width()) + profiles + "\nloaded in " + fixed(report.load_ms, 0) +
         " ms; " + bytes_text(memory("VmRSS")) + " resident (peak " + bytes_text(memory("VmHWM")) +
         "), weights " + bytes_text(model.graph()->bytes()) + "\n" +
         std::string(to_string(used_precision(model))) + ", " + instruction_set() + ", " +
         std::to_string(report.threads) + " threads\n";
}

void bench(const BenchOptions& options) {
  const auto lengths = parse_lengths("--lengths", options.lengths);
  const auto start = Clock::now();
  const auto longest = *std::max_element(lengths.begin(), lengths.end());
  if (longest * options.batch > max_tokens) {
    throw Error("--batch", "at most " + std::to_string(max_tokens) + " tokens in a run",
                std::to_string(options.batch) + " times " + std::to_string(longest));
  }
  const auto model = open_model(options.common, longest + options.decode);
  expect_input(*model, "bench", GraphInput::Kind::ids);
  BenchReport report;
  report.load_ms = milliseconds_since(start);
  Session session(model->graph(), session_options(options.common));
  const Cancellable cancellable(session);
  report.threads = session.threads();
  if (options.profile) report.peaks = measured_peaks(used_precision(*model), report.threads);
  Bench runner(*model, session, options);
  Progress progress("running", {.unit = "runs"});
  for (const auto length : lengths) report.results.push_back(runner.run(length, progress));
  progress.clear();
  if (options.common.json) return print_json(to_json(report, *model));
  print(to_text(report, *model));
}

}  // namespace

Action add_bench(Arguments& arguments) {
  const auto options = std::make_shared<BenchOptions>();
  add_model(arguments, options->common);
  arguments.option("--lengths", &options->lengths, {"N,N,...", "tokens of a sequence"});
  arguments.option("--batch", &options->batch, {"N", "sequences in a run", Range{1, 4096}});
  arguments.option("--decode", &options->decode,
                   {"N", "also decode N tokens one by one after each length", Range{0, 1 << 20}});
  arguments.option("--repeat", &options->repeat, {"N", "measured runs", Range{1, 1 << 20}});
  arguments.flag("--profile", options->profile,
                 "time by node and kind, beside the machine's measured peaks");
  arguments.example("locus bench causal-rope --lengths 16,128 --decode 32 --threads 2");
  return [options] { bench(*options); };
}

}  // namespace locus::cli
