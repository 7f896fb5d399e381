#include "tools/cli/verbs/ablate/ablate.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/error.hpp"
#include "evaluation/score_units.hpp"
#include "pipelines/documents.hpp"
#include "pipelines/tokenizers.hpp"
#include "tools/cli/arguments/usage.hpp"
#include "tools/cli/input/text_input.hpp"
#include "tools/cli/terminal/interruption.hpp"
#include "tools/cli/terminal/progress.hpp"
#include "tools/cli/terminal/terminal.hpp"
#include "tools/cli/verbs/compare/places.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace {

struct AblationOptions {
  AblationSettings settings;
  std::vector<std::string> changes;
};

const std::vector<std::string> usual_changes{"remove",     "shift:1",   "shift:7", "shift:64",
                                             "shift:1000", "scale:0.5", "scale:2", "shuffle:1"};

double number_of(const std::string& change, const std::string& value) {
  double number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error == std::errc() && end == value.data() + value.size() && std::isfinite(number)) {
    return number;
  }
  throw UsageError("expected a number after '" + change + ":', found '" + value + "'");
}

/// A text and how one variant of the model scores it.
struct Scored {
  ScoringTask task = ScoringTask::causal;
  int64_t context = 0;
  std::vector<Text> texts;
  ScoreUnits units;
  std::vector<TextScores> scores;
};

/// Opens, scores and compares variants of one model.
class Laboratory {
 public:
  Laboratory(const AblationSettings& options, std::vector<AblationChange> changes)
      : options_(options), changes_(std::move(changes)) {
    documents_ =
        read_documents(options.texts.empty() ? std::vector{shipped_text().string()} : options.texts,
                       options.separator);
  }

  AblationReport run() {
    const auto model = open({});
    AblationReport report;
    report.model = model->folder().filename().string();
    report.encoding = listed(model->encodings());
    trained_ = score(*model, "as trained");
    report.task = trained_.task;
    report.context = trained_.context;
    report.unit = trained_.units.unit;
    const auto units = units_by_token(trained_.units.scores);
    report.nll = weighted_mean(units);
    for (const auto& unit : units) report.tokens += static_cast<int64_t>(unit.weight);
    for (const AblationChange& each : changes_) change(each, *model, report.results);
    judge(units, report.results);
    report.documents = std::move(documents_);
    return report;
  }

 private:
  std::shared_ptr<const Model> open(const AblationChange& change) const {
    ModelOptions wanted = model_options(options_.common, options_.context.value_or(0));
    if (!change.encoding.empty()) wanted.encoding = change.encoding;
    wanted.change = change.change;
    wanted.revise = change.revise;
    return Model::open(find_model(options_.common.model), wanted);
  }

  Scored score(const Model& model, const std::string& what) {
    if (!tokenizer_) tokenizer_ = open_tokenizer(model);
    Scored scored;
    scored.texts = make_texts(*tokenizer_, documents_, check_interruption);
    ScoringSettings settings;
    settings.task = scored.task = scoring_task(model.spec(), "", false);
    settings.context = scored.context = options_.context.value_or(default_context(*model.graph()));
    settings.sample = options_.sample;
    settings.seed = options_.seed;
    settings.tokens = scoring_tokens(model, tokenizer_.get());
    Session session(model.graph(), session_options(options_.common));
    const Cancellable cancellable(session);
    Progress progress(what);
    settings.batch.progress = [&](int64_t done, int64_t total) { progress.show(done, total); };
    scored.scores = score_texts(session, scored.texts, settings);
    scored.units = score_units(scored.texts, scored.scores, documents_);
    return scored;
  }

  // The change in all layers, and where it was asked for in one layer at a time.
  void change(AblationChange change, const Model& model, std::vector<AblationResult>& results) {
    change.change.span = trained_.context;
    results.push_back(measure(change));
    if (!options_.layers || !change.encoding.empty()) return;
    const auto& nodes = model.spec().nodes;
    const auto layers = std::ranges::count_if(nodes, [](const NodeSpec& node) {
      return node.kind == "attention" && !node.encoding.empty();
    });
    for (int64_t layer = 0; layer < layers; ++layer) {
      change.change.layer = layer;
      results.push_back(measure(change));
    }
  }

  AblationResult measure(const AblationChange& change) {
    check_interruption();
    AblationResult result;
    result.change = change.text;
    result.layer = change.change.layer;
    try {
      const auto model = open(change);
      result.untrained = model->graph()->untrained();
      const Scored scored = score(*model, change.text);
      result.units = units_by_token(scored.units.scores);
      result.nll = weighted_mean(result.units);
      result.largest = largest_change(trained_.scores, scored.scores);
    } catch (const Error& error) {
      check_interruption();
      result.error = error.what();
    }
    return result;
  }

  void judge(const std::vector<Unit>& trained, std::vector<AblationResult>& results) const {
    std::vector<std::vector<Unit>> measured;
    for (const auto& result : results) {
      if (result.error.empty()) measured.push_back(result.units);
    }
    if (measured.empty()) return;
    ComparisonSettings settings;
    settings.margin = margin_in_nats;
    settings.bootstrap.seed = settings.sign_flip.seed = options_.seed;
    const auto comparisons = compare(measured, trained, settings);
    auto next = comparisons.begin();
    for (auto& result : results) {
      if (result.error.empty()) result.comparison = *next++;
    }
  }

  const AblationSettings& options_;
  std::vector<AblationChange> changes_;
  std::vector<Document> documents_;
  std::shared_ptr<const Tokenizer> tokenizer_;
  Scored trained_;
};

}  // namespace

AblationChange parse_lab_change(const std::string& text) {
  using Kind = EncodingChange::Kind;
  const size_t colon = text.find(':');
  const std::string name = text.substr(0, colon);
  const std::string value = colon == std::string::npos ? "" : text.substr(colon + 1);
  AblationChange change{text, {}, {}};
  if (text == "remove") {
    change.change.kind = Kind::remove;
  } else if (name == "shift") {
    change.change.kind = Kind::shift;
    change.change.amount = number_of(name, value);
  } else if (name == "scale") {
    change.change.kind = Kind::scale;
    change.change.amount = number_of(name, value);
  } else if (name == "shuffle") {
    change.change.kind = Kind::shuffle;
    change.change.seed = static_cast<uint64_t>(number_of(name, value));
  } else if (name == "swap" && !value.empty()) {
    change.encoding = value;
  } else {
    throw UsageError("expected remove, shift:N, scale:X, shuffle:SEED or swap:SCHEME, found '" +
                     text + "'");
  }
  return change;
}

AblationReport measure_changes(const AblationSettings& settings,
                               std::vector<AblationChange> changes) {
  return Laboratory(settings, std::move(changes)).run();
}

Action add_ablate(Arguments& arguments) {
  const auto options = std::make_shared<AblationOptions>();
  AblationSettings& settings = options->settings;
  add_model(arguments, settings.common);
  arguments.option(
      "--text", &settings.texts,
      {"FILE", "a text file or a folder; may be repeated (default: the shipped text)"});
  arguments.option("--separator", &settings.separator,
                   {"TEXT", "what divides the documents of a file"});
  arguments.option("--change", &options->changes,
                   {"CHANGE",
                    "remove, shift:N, scale:X, shuffle:SEED or swap:SCHEME; may be repeated "
                    "(default: a choice of them)"});
  arguments.flag("--layers", settings.layers, "make each change in one layer at a time as well");
  arguments.option("--context", &settings.context,
                   {"L", "tokens of a window (default: the model's)", Range{2, 1 << 24}});
  arguments.option("--sample", &settings.sample,
                   {"N", "masked models: tokens to score", Range{1, 1 << 30}});
  arguments.option("--seed", &settings.seed, {"N", "of samples and the bootstrap", Range{0}});
  arguments.example("locus ablate causal-rope --text README.md --change shift:64 --change remove");
  return [options] {
    std::vector<AblationChange> changes;
    for (const auto& text : options->changes.empty() ? usual_changes : options->changes) {
      changes.push_back(parse_lab_change(text));
    }
    const AblationReport report = measure_changes(options->settings, std::move(changes));
    if (options->settings.common.json) return print_json(to_json(report));
    print(to_text(report));
  };
}

}  // namespace locus::cli
