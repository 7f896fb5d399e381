#include <filesystem>
#include <functional>

#include "base/close_names.hpp"
#include "base/error.hpp"
#include "models/model.hpp"
#include "tools/cli/arguments/common_options.hpp"
#include "tools/cli/arguments/usage.hpp"
#include "tools/cli/output/npy.hpp"
#include "tools/cli/output/staging.hpp"
#include "tools/cli/terminal/terminal.hpp"
#include "tools/cli/verbs/position/check.hpp"
#include "tools/cli/verbs/position/list.hpp"
#include "tools/cli/verbs/position/page.hpp"
#include "tools/cli/verbs/position/text.hpp"
#include "tools/cli/verbs/position/view.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace {

struct PositionOptions {
  CommonOptions common;  // `model` is a scheme or a model
  int64_t dimension = 128;
  int64_t length = 32;
  int64_t heads = 8;
  std::string name;
  std::string out;
  std::string check;
  std::vector<std::string> texts;
  bool list = false;
  std::function<bool(const std::string& name)> given;  // whether the user gave an option
};

bool is_scheme(const std::string& text) {
  const auto name = text.substr(0, text.find_first_of(":+"));
  const auto known = schemes();
  return std::any_of(known.begin(), known.end(),
                     [&](const auto& scheme) { return scheme.name == name; });
}

// What is no scheme is taken for a model's name; it may be a misspelt scheme.
void check_model(const std::string& name) {
  try {
    find_model(name);
  } catch (const Error&) {
    std::string expected = "a scheme that `locus position --list` prints or a model";
    for (const std::string& close : close_names(name.substr(0, name.find(':')), scheme_names())) {
      expected += ", as " + close;
    }
    throw Error(name, expected, "neither");
  }
}

std::vector<PositionSubject> subjects_of(const PositionOptions& options) {
  if (is_scheme(options.common.model)) {
    const Probe probe{options.length, options.dimension, options.heads, options.dimension};
    return {subject_of_scheme(options.common.model, probe)};
  }
  check_model(options.common.model);
  auto subjects = subjects_of_model(*open_model(options.common, options.length), options.length);
  if (options.name.empty()) return subjects;
  std::erase_if(subjects, [&](const auto& subject) { return subject.name != options.name; });
  if (subjects.empty()) throw Error("--name", "an encoding of the model", options.name);
  return subjects;
}

// The matrix that is written to a file: the first one that the encoding has.
const Tensor& main_matrix(const PositionView& view) {
  for (const auto* matrix : {&view.rows, &view.bias, &view.response}) {
    if (!matrix->empty()) return *matrix;
  }
  throw Error("--out", "an encoding with a matrix", view.subject.text);
}

std::string to_csv(const PositionView& view) {
  const auto& matrix = main_matrix(view);
  const bool rows = !view.rows.empty();
  const auto first = rows ? 0 : 1 - view.subject.probe.length;
  std::string text = rows ? "position" : "head";
  for (int64_t j = 0; j < matrix.shape()[1]; ++j) text += "," + std::to_string(first + j);
  text += "\n";
  for (int64_t i = 0; i < matrix.shape()[0]; ++i) {
    text += std::to_string(i);
    for (const auto value : matrix.view().row(i)) text += "," + significant(value, 9);
    text += "\n";
  }
  return text;
}

Json documents_of(const std::vector<PositionView>& views) {
  Json list = Json::array();
  for (const auto& view : views) list.push_back(to_json(view));
  return list.size() == 1 ? list.front() : list;
}

std::string page_of(const std::vector<PositionView>& views, const PositionOptions& options) {
  if (options.texts.empty()) return position_page(views, nullptr);
  const auto model = open_model(options.common, options.length);
  const PositionMeasure measure = measure_positions(*model, options.common, options.texts);
  return position_page(views, &measure);
}

// Formats by the end of the file's name.
void save(const std::vector<PositionView>& views, const PositionOptions& options) {
  const std::filesystem::path file = options.out;
  const auto format = file.extension();
  if (format == ".html") return write_file(file, page_of(views, options));
  if (format == ".json") return write_file(file, documents_of(views).dump() + "\n");
  if (format == ".csv") return write_file(file, to_csv(views.front()));
  if (format == ".npy") {
    const auto& matrix = main_matrix(views.front());
    return write_npy(file, matrix.shape(), matrix.values());
  }
  throw UsageError("--out: expected a file ending in .html, .csv, .json or .npy, found " +
                   file.string());
}

void check(const PositionOptions& options) {
  const auto match = check_table(read_npy(options.check), options.common.model);
  if (options.common.json) return print_json(to_json(match));
  print(to_text(match));
}

void show(const PositionOptions& options) {
  std::vector<PositionView> views;
  for (auto& subject : subjects_of(options)) views.push_back(look_at(std::move(subject)));
  if (!options.out.empty()) save(views, options);
  if (options.common.json) return print_json(documents_of(views));
  print(to_text(views.front()));
  if (views.size() == 1) return;
  std::string others;
  for (size_t i = 1; i < views.size(); ++i) others += " " + views[i].subject.name;
  print("\nOther encodings of the model (--name NAME shows one):" + others + "\n");
}

/// What a scheme has no use for, or a model.
void warn_of_idle(const PositionOptions& options) {
  const bool scheme = is_scheme(options.common.model);
  const std::vector<std::string> of_model{"--name",   "--threads", "--precision",    "--encoding",
                                          "--family", "--class",   "--leave-surplus"};
  const std::vector<std::string> of_scheme{"--dimension", "--heads"};
  for (const std::string& name : scheme ? of_model : of_scheme) {
    if (options.given(name)) warn(name + " has no effect on a " + (scheme ? "scheme" : "model"));
  }
}

void position(const PositionOptions& options) {
  if (options.list) {
    return options.common.json ? print_json(schemes_json()) : print(schemes_text());
  }
  if (options.common.model.empty()) throw UsageError("expected a SCHEME, a MODEL or --list");
  if (!options.texts.empty() && !options.out.ends_with(".html")) {
    throw UsageError("--text: expected --out FILE.html, where what it shows can be drawn");
  }
  if (!options.texts.empty() && is_scheme(options.common.model)) {
    throw UsageError("--text: expected a model to read it, found a scheme");
  }
  warn_of_idle(options);
  options.check.empty() ? show(options) : check(options);
}

}  // namespace

Action add_position(Arguments& arguments) {
  const auto options = std::make_shared<PositionOptions>();
  arguments.positional("SCHEME|MODEL", &options->common.model,
                       "a scheme as 'rope:base=1000', or a model");
  arguments.flag("--list", options->list, "print every scheme with its parameters and sources")
      .excludes({"SCHEME|MODEL", "--dimension", "--length", "--heads", "--name", "--out", "--text",
                 "--check"});
  const std::vector<std::string> table{"--check"};
  arguments
      .option("--dimension", &options->dimension,
              {"D", "of token vectors, or of a head's", Range{1, 1 << 16}})
      .idle_beside(table);
  arguments.option("--length", &options->length, {"T", "positions to look at", Range{1, 1 << 14}})
      .idle_beside(table);
  arguments.option("--heads", &options->heads, {"H", "of attention", Range{1, 1024}})
      .idle_beside(table);
  arguments.option("--name", &options->name, {"NAME", "one of the model's encodings"})
      .idle_beside(table);
  arguments.output(
      "--out", &options->out,
      {"FILE", "write a page of plots (.html), everything (.json) or the matrix (.csv, .npy)"});
  arguments.option("--text", &options->texts,
                   {"FILE", "let the model read it: the page shows what it makes of positions"});
  arguments
      .option("--check", &options->check,
              {"FILE.npy", "say which variant of the scheme a table is"})
      .excludes({"--out", "--text"});
  add_common(arguments, options->common);
  options->given = arguments.given();
  arguments.example("locus position sinusoidal:layout=halves --dimension 64");
  return [options] { position(*options); };
}

}  // namespace locus::cli
