#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <tuple>

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "engine/options.hpp"
#include "pipelines/provenance.hpp"
#include "tools/cli/output/provenance.hpp"
#include "tools/cli/output/staging.hpp"
#include "tools/cli/terminal/table.hpp"
#include "tools/cli/verbs/perplexity/perplexity.hpp"

namespace locus::cli {
namespace {

constexpr size_t lines_at_once = size_t{1} << 20;  // bytes

bool windowed(const ScoringSettings& settings) { return settings.task == ScoringTask::causal; }
bool sampled(const ScoringSettings& settings) {
  return settings.task == ScoringTask::masked || settings.task == ScoringTask::masked_word;
}

int64_t stride_of(const ScoringSettings& settings) {
  const bool free =
      settings.convention == Convention::sliding || settings.convention == Convention::hf;
  if (!free) return settings.context;
  return settings.stride > 0 ? settings.stride : settings.context / 2;
}

std::string tail_of(const ScoringSettings& settings) {
  return settings.convention == Convention::llama_cpp ? "dropped" : "scored";
}

Json windows_json(const PerplexityReport& report) {
  const auto& settings = report.evaluation.settings;
  const auto bos = window_opening(settings.tokens, settings.convention);
  return {{"convention", name_of(settings.convention)},
          {"stride", stride_of(settings)},
          {"bos", or_null(bos)},
          {"tail", tail_of(settings)}};
}

Json model_json(const Model& model) {
  const auto& graph = *model.graph();
  return {{"family", model.spec().family},    {"encoding", model.encodings()},
          {"parameters", graph.parameters()}, {"encoding_parameters", graph.encoding_parameters()},
          {"context", model.spec().context},  {"trained_context", model.spec().trained_context},
          {"files", hashes_of(model)}};
}

}  // namespace

Json settings_json(const PerplexityReport& report) {
  const auto& settings = report.evaluation.settings;
  const auto& tokenizer = report.evaluation.tokenizer;
  Json json{{"task", name_of(settings.task)}, {"context", settings.context}};
  if (windowed(settings)) json.update(windows_json(report));
  if (sampled(settings)) json["sample"] = settings.sample > 0 ? Json(settings.sample) : Json("all");
  json.update({{"seed", settings.seed},
               {"interval", "block bootstrap, 10000 resamples, expanded percentile"},
               {"unit", report.evaluation.unit},
               {"units", report.evaluation.units},
               {"precision", to_string(used_precision(report.model))},
               {"instruction_set", instruction_set()},
               {"threads", report.threads},
               {"version", LOCUS_VERSION},
               {"tokenizer", tokenizer ? Json(tokenizer->description()) : Json()},
               {"model", model_json(report.model)},
               {"text", hashes_json(report.evaluation.hashes)}});
  return json;
}

Json to_json(const PerplexityReport& report) {
  const Summary& summary = report.evaluation.summary;
  const Interval& interval = report.evaluation.interval;
  const bool text = !report.evaluation.hashes.empty();
  Json json{{"metric", metric_name(report.evaluation.settings.task)},
            {"tokens", summary.tokens},
            {"bytes", text ? Json(summary.extent.bytes) : Json()},
            {"words", text ? Json(summary.extent.words) : Json()},
            {"nll", summary.nll},
            {"perplexity", finite_or_null(summary.perplexity)},
            {"bits_per_byte", or_null(summary.bits_per_byte)},
            {"word_perplexity", or_null(summary.word_perplexity)},
            {"top1", summary.top1},
            {"top5", summary.top5},
            {"entropy", summary.entropy},
            {"lossy_share", or_null(report.evaluation.lossy_share)},
            {"ci95", {finite_or_null(interval.low), finite_or_null(interval.high)}},
            {"characters", text ? Json(summary.extent.characters) : Json()},
            {"bits_per_character", or_null(summary.bits_per_character)}};
  if (report.model.graph()->untrained()) json["untrained"] = true;
  json["settings"] = settings_json(report);
  return json;
}

namespace {

void add_figures(Table& table, const PerplexityReport& report) {
  const Summary& summary = report.evaluation.summary;
  const Interval& interval = report.evaluation.interval;
  const auto mean = summary.nll / static_cast<double>(summary.tokens);
  table.add({metric_name(report.evaluation.settings.task),
             fixed(summary.perplexity, 2) + "  (95 %: " + fixed(std::exp(interval.low), 2) +
                 " to " + fixed(std::exp(interval.high), 2) + ")"});
  table.add({"nats per token", fixed(mean, 4) + "  (95 %: " + fixed(interval.low, 4) + " to " +
                                   fixed(interval.high, 4) + ")"});
  if (summary.bits_per_byte) table.add({"bits per byte", fixed(*summary.bits_per_byte, 4)});
  if (summary.word_perplexity) table.add({"word perplexity", fixed(*summary.word_perplexity, 2)});
  table.add({"top 1, top 5",
             fixed(100 * summary.top1, 1) + " %, " + fixed(100 * summary.top5, 1) + " %"});
  table.add({"mean entropy", fixed(summary.entropy, 3) + " nats"});
}

void add_amounts(Table& table, const PerplexityReport& report) {
  const Summary& summary = report.evaluation.summary;
  const auto& lossy = report.evaluation.lossy_share;
  auto scored = grouped(summary.tokens) + " tokens";
  if (summary.extent.bytes > 0) {
    scored += ", " + grouped(summary.extent.bytes) + " bytes, " + grouped(summary.extent.words) +
              " words";
  }
  table.add({"scored", scored});
  if (lossy && *lossy > 0) {
    table.add({"lost by the tokenizer", fixed(100 * *lossy, 1) + " % of the bytes: figures per "
                                                                 "byte are not about the text"});
  }
  table.add({"interval", "bootstrap of " + std::to_string(report.evaluation.units) +
                             " units: " + report.evaluation.unit});
}

void add_controls(Table& table, const PerplexityReport& report) {
  const auto& settings = report.evaluation.settings;
  auto windows = std::to_string(settings.context) + " tokens";
  if (sampled(settings)) {
    windows += settings.sample > 0 ? ", a sample of " + grouped(settings.sample) + " tokens"
                                   : ", every token";
  }
  if (windowed(settings)) {
    windows += ", stride " + std::to_string(stride_of(settings)) + ", " +
               name_of(settings.convention) + ", tail " + tail_of(settings);
    const auto bos = window_opening(settings.tokens, settings.convention);
    windows += bos ? ", begin token " + std::to_string(*bos) : ", no begin token";
  }
  table.add({"window", windows});
  table.add({"arithmetic", std::string(to_string(used_precision(report.model))) + ", " +
                               instruction_set() + ", " + std::to_string(report.threads) +
                               " threads"});
}

}  // namespace

std::string to_text(const PerplexityReport& report) {
  Table table({left(), left()});
  add_figures(table, report);
  add_amounts(table, report);
  add_controls(table, report);
  return table.text(terminal_width());
}

void TokenLines::add(std::string_view document, const TokenScore& score,
                     std::optional<int64_t> byte_begin, const Tokenizer* tokenizer) {
  const Json line{{"document", document},
                  {"byte_offset", or_null(byte_begin)},
                  {"id", score.token},
                  {"token", tokenizer ? Json(tokenizer->token(score.token)) : Json()},
                  {"position", score.index},
                  {"context_length", score.context},
                  {"nll", score.nll},
                  {"rank", score.rank},
                  {"entropy", score.entropy}};
  lines_ += line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  if (lines_.size() >= lines_at_once) flush();
}

void TokenLines::flush() {
  std::ofstream file(staging_.path(), std::ios::binary | std::ios::app);
  file << lines_ << std::flush;
  if (!file) throw Error(file_, "room to write the file", std::strerror(errno));
  lines_.clear();
}

void TokenLines::commit() {
  flush();
  staging_.commit();
}

void write_token_lines(const std::string& file, const Evaluation& evaluation) {
  const auto& [texts, scores] = std::tie(evaluation.texts, evaluation.scores);
  TokenLines lines(file);
  for (size_t i = 0; i < texts.size(); ++i) {
    const auto& begins = texts[i].byte_begin;
    for (const auto& score : scores[i]) {
      const auto place = static_cast<size_t>(score.index);
      lines.add(texts[i].name, score, begins.empty() ? std::nullopt : std::optional(begins[place]),
                evaluation.tokenizer.get());
    }
  }
  lines.commit();
}

}  // namespace locus::cli
