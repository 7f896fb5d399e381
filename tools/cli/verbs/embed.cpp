#include "tools/cli/verbs/embed.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "models/embed.hpp"
#include "pipelines/sentence/sentence_vectors.hpp"
#include "tools/cli/input/model_input.hpp"
#include "tools/cli/input/text_input.hpp"
#include "tools/cli/output/npy.hpp"
#include "tools/cli/output/output.hpp"
#include "tools/cli/terminal/interruption.hpp"
#include "tools/cli/terminal/table.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace {

constexpr size_t most_compared = 6;  // texts whose similarities fit 80 columns

struct Texts {
  std::vector<std::string> names;
  std::vector<ModelInput> inputs;
};

Texts read_texts(const EmbedOptions& options, const Model& model,
                 const pipelines::SentenceReader& reader) {
  if (!options.ids.empty()) return {{"--ids"}, {{read_ids(model, options.ids), {}}}};
  Texts texts{texts_or_lines(options.texts), {}};
  for (const auto& name : texts.names) {
    auto text = reader.read(name);
    if (text.cut) {
      warn("'" + visible(shortened(name, 30)) + "' was cut at " + std::to_string(text.ids.size()) +
           " tokens");
    }
    texts.inputs.push_back({std::move(text.ids), std::move(text.type_ids)});
    check_sequence(model, "text", texts.inputs.back().ids);
  }
  return texts;
}

std::vector<Embedding> run(const EmbedOptions& options, const Model& model, const Texts& texts,
                           const pipelines::SentenceReader& reader) {
  Session session(model.graph(), session_options(options.common));
  const Cancellable cancellable(session);
  std::vector<Sequence> sequences;
  for (const auto& input : texts.inputs) sequences.push_back({input.ids, input.type_ids, {}});
  return reader.embed(session, sequences);
}

Json rows_of(const Embedding& embedding) {
  Json rows = Json::array();
  const auto width = static_cast<size_t>(embedding.width);
  for (size_t begin = 0; begin < embedding.values.size(); begin += width) {
    rows.push_back(std::span(embedding.values).subspan(begin, width));
  }
  return rows;
}

/// How vectors were made.
struct How {
  std::string pooling;
  bool by_token = false;
  bool normalized = false;
};

Json to_json(const std::vector<Embedding>& embeddings, const How& how, bool untrained) {
  Json list = Json::array();
  for (const auto& embedding : embeddings) {
    auto rows = rows_of(embedding);
    list.push_back(how.by_token ? std::move(rows) : std::move(rows.front()));
  }
  Json document{{"dimension", embeddings.front().width},
                {"pooling", how.pooling},
                {"normalized", how.normalized},
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

std::string vectors_text(const Texts& texts, const std::vector<Embedding>& embeddings) {
  Table table(
      {left("text"), right("rows"), right("dimension"), right("norm"), left("first values")});
  for (size_t i = 0; i < embeddings.size(); ++i) {
    const auto& [width, values] = embeddings[i];
    std::string first;
    for (size_t j = 0; j < std::min<size_t>(3, values.size()); ++j)
      first += fixed(values[j], 3) + " ";
    table.add({visible(shortened(texts.names[i], 30)),
               std::to_string(static_cast<int64_t>(values.size()) / width), std::to_string(width),
               fixed(std::sqrt(product(embeddings[i], embeddings[i])), 3), first + "…"});
  }
  return table.text(terminal_width());
}

// How alike the texts are: cosines, for a few texts.
std::string similarities_text(const Texts& texts, const std::vector<Embedding>& embeddings) {
  std::vector<Table::Column> columns{left("cosine")};
  for (size_t i = 0; i < embeddings.size(); ++i) columns.push_back(right(std::to_string(i + 1)));
  Table table(columns);
  for (size_t i = 0; i < embeddings.size(); ++i) {
    std::vector<std::string> row{std::to_string(i + 1) + " " +
                                 visible(shortened(texts.names[i], 26))};
    for (const auto& other : embeddings) row.push_back(fixed(cosine(embeddings[i], other), 3));
    table.add(row);
  }
  return table.text(terminal_width());
}

void save(const std::vector<Embedding>& embeddings, bool by_token, const std::string& out) {
  if (by_token && embeddings.size() > 1) {
    throw Error("--out", "one text with --pooling none", std::to_string(embeddings.size()));
  }
  std::vector<float> values;
  for (const auto& embedding : embeddings) {
    values.insert(values.end(), embedding.values.begin(), embedding.values.end());
  }
  const auto width = embeddings.front().width;
  write_npy(out, {static_cast<int64_t>(values.size()) / width, width}, values);
}

pipelines::SentenceWishes wishes_of(const EmbedOptions& options) {
  pipelines::SentenceWishes wishes;
  if (!options.pooling.empty()) wishes.pooling = parse_pooling(options.pooling);
  wishes.normalize = options.normalize;
  wishes.prompt = options.prompt;
  wishes.dimension = options.dimension;
  return wishes;
}

}  // namespace

void embed(const EmbedOptions& options, const Model& model) {
  const auto rules = pipelines::read_sentence_rules(find_model(options.common.model));
  const auto tokenizer = options.ids.empty() ? open_tokenizer(model) : nullptr;
  const pipelines::SentenceReader reader(tokenizer.get(), rules, wishes_of(options),
                                         longest_input(model));
  const auto texts = read_texts(options, model, reader);
  const auto embeddings = run(options, model, texts, reader);
  const bool by_token = options.pooling == "none";
  if (!options.out.empty()) save(embeddings, by_token, options.out);
  if (options.common.json) {
    return print_json(
        to_json(embeddings, {reader.description(), by_token, options.normalize || rules.normalizes},
                model.graph()->untrained()));
  }
  print(vectors_text(texts, embeddings));
  const bool comparable = embeddings.size() > 1 && embeddings.size() <= most_compared;
  if (comparable && !by_token) print("\n" + similarities_text(texts, embeddings));
}

Action add_embed(Arguments& arguments) {
  const auto options = std::make_shared<EmbedOptions>();
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
  arguments.option("--prompt", &options->prompt,
                   {"NAME|TEXT",
                    "what goes before every text: a prompt of the folder by its name, "
                    "or a text (default: the folder's)"});
  arguments.option("--dimension", &options->dimension,
                   {"N", "cut vectors to their first N values", Range{1, 1 << 20}});
  arguments.option("--out", &options->out, {"FILE.npy", "write the vectors to a NumPy file"});
  arguments.example("locus embed masked-bert 'a text' 'another text' --normalize");
  return [options] { embed(*options, *open_model(options->common)); };
}

}  // namespace locus::cli
