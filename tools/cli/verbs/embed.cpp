#include "tools/cli/verbs/embed.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "tools/cli/arguments/usage.hpp"
#include "tools/cli/input/model_input.hpp"
#include "tools/cli/input/text_input.hpp"
#include "tools/cli/output/npy.hpp"
#include "tools/cli/output/output.hpp"
#include "tools/cli/terminal/interruption.hpp"
#include "tools/cli/terminal/table.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace {

constexpr size_t max_compared = 6;  // texts whose similarities fit 80 columns

/// Vectors with what was embedded.
struct NamedEmbeddings {
  std::vector<std::string> names;
  Embeddings embeddings;
};

void warn_of_cuts(const NamedEmbeddings& named) {
  for (size_t i = 0; i < named.names.size(); ++i) {
    const int64_t kept = named.embeddings.cut_tokens[i];
    if (kept == 0) continue;
    warn("'" + visible(shortened(named.names[i], 30)) + "' was cut at " + std::to_string(kept) +
         " tokens");
  }
}

NamedEmbeddings run(const EmbedArguments& options, Pipeline& pipeline) {
  EmbedOptions wanted{{}, options.normalize, options.prompt, options.dimension};
  if (!options.pooling.empty()) wanted.pooling = parse_pooling(options.pooling);
  if (!options.ids.empty() && !options.texts.empty()) {
    throw UsageError("expected TEXT or --ids, found both");
  }
  if (!options.ids.empty()) {
    const ModelInput input{read_ids(pipeline.model(), options.ids)};
    return {{"--ids"}, pipeline.embed(input, wanted)};
  }
  if (options.texts.empty()) pipeline.tokenizer();  // fails before it waits for stdin
  auto texts = texts_or_lines(options.texts);
  auto embeddings = pipeline.embed(texts, wanted);
  return {std::move(texts), std::move(embeddings)};
}

Json rows_of(const Embedding& embedding) {
  Json rows = Json::array();
  const auto width = static_cast<size_t>(embedding.width);
  for (size_t begin = 0; begin < embedding.values.size(); begin += width) {
    rows.push_back(std::span(embedding.values).subspan(begin, width));
  }
  return rows;
}

Json to_json(const Embeddings& embeddings, bool untrained) {
  Json list = Json::array();
  for (const auto& embedding : embeddings.vectors) {
    auto rows = rows_of(embedding);
    list.push_back(embeddings.by_token ? std::move(rows) : std::move(rows.front()));
  }
  Json document{{"dimension", embeddings.vectors.front().width},
                {"pooling", embeddings.pooling},
                {"normalized", embeddings.normalized},
                {"embeddings", std::move(list)}};
  if (untrained) document["untrained"] = true;
  return document;
}

double product(const Embedding& a, const Embedding& b) {
  double sum = 0;
  for (size_t i = 0; i < a.values.size(); ++i) {
    sum += static_cast<double>(a.values[i]) * static_cast<double>(b.values[i]);
  }
  return sum;
}

double cosine(const Embedding& a, const Embedding& b) {
  return product(a, b) / std::sqrt(std::max(product(a, a) * product(b, b), 1e-300));
}

std::string vectors_text(const std::vector<std::string>& names,
                         const std::vector<Embedding>& embeddings) {
  Table table(
      {left("text"), right("rows"), right("dimension"), right("norm"), left("first values")});
  for (size_t i = 0; i < embeddings.size(); ++i) {
    const auto& [width, values] = embeddings[i];
    std::string first;
    for (size_t j = 0; j < std::min<size_t>(3, values.size()); ++j)
      first += fixed(values[j], 3) + " ";
    table.add({visible(shortened(names[i], 30)),
               std::to_string(static_cast<int64_t>(values.size()) / width), std::to_string(width),
               fixed(std::sqrt(product(embeddings[i], embeddings[i])), 3), first + "…"});
  }
  return table.text(terminal_width());
}

// A table of cosines between the texts, if there are only a few.
std::string similarities_text(const std::vector<std::string>& names,
                              const std::vector<Embedding>& embeddings) {
  std::vector<Table::Column> columns{left("cosine")};
  for (size_t i = 0; i < embeddings.size(); ++i) columns.push_back(right(std::to_string(i + 1)));
  Table table(columns);
  for (size_t i = 0; i < embeddings.size(); ++i) {
    std::vector<std::string> row{std::to_string(i + 1) + " " + visible(shortened(names[i], 26))};
    for (const auto& other : embeddings) row.push_back(fixed(cosine(embeddings[i], other), 3));
    table.add(row);
  }
  return table.text(terminal_width());
}

void save(const Embeddings& embeddings, const std::string& out) {
  const auto& vectors = embeddings.vectors;
  if (embeddings.by_token && vectors.size() > 1) {
    throw Error("--out", "one text with --pooling none", std::to_string(vectors.size()));
  }
  std::vector<float> values;
  for (const auto& embedding : vectors) {
    values.insert(values.end(), embedding.values.begin(), embedding.values.end());
  }
  const auto width = vectors.front().width;
  write_npy(out, {static_cast<int64_t>(values.size()) / width, width}, values);
}

}  // namespace

void embed(const EmbedArguments& options, Pipeline& pipeline) {
  const Cancellable cancellable(pipeline);
  const NamedEmbeddings named = run(options, pipeline);
  const auto& [names, embeddings] = named;
  warn_of_cuts(named);
  warn_of_task(pipeline);
  if (!options.out.empty()) save(embeddings, options.out);
  if (options.common.json) {
    return print_json(to_json(embeddings, pipeline.model().graph()->untrained()));
  }
  print(vectors_text(names, embeddings.vectors));
  const bool comparable = names.size() > 1 && names.size() <= max_compared;
  if (comparable && !embeddings.by_token) {
    print("\n" + similarities_text(names, embeddings.vectors));
  }
}

Action add_embed(Arguments& arguments) {
  const auto options = std::make_shared<EmbedArguments>();
  add_model(arguments, options->common);
  arguments.positional("TEXT", &options->texts, "texts (default: every line of stdin)");
  add_ids(arguments, options->ids);
  arguments.option(
      "--pooling", &options->pooling,
      {"KIND",
       "in the place of the folder's modules: mean, cls, max, "
       "mean_sqrt_len_tokens, weightedmean, lasttoken or none",
       Choices{"mean", "cls", "max", "mean_sqrt_len_tokens", "weightedmean", "lasttoken", "none"}});
  arguments.flag("--normalize", options->normalize, "scale vectors to length 1");
  arguments
      .option("--prompt", &options->prompt,
              {"NAME|TEXT",
               "what goes before every text: a prompt of the folder by its name, or a text "
               "(default: the folder's)",
               AnyText()})
      .excludes({"--ids"});
  arguments.option("--dimension", &options->dimension,
                   {"N", "cut vectors to their first N values", Range{1, 1 << 20}});
  arguments.output("--out", &options->out, {"FILE.npy", "write the vectors to a NumPy file"});
  arguments.example("locus embed masked-learned 'a text' 'another text' --normalize");
  return [options] {
    Pipeline pipeline = open_pipeline(options->common);
    embed(*options, pipeline);
  };
}

}  // namespace locus::cli
