#include "tools/cli/arguments/common_options.hpp"
#include "tools/cli/arguments/usage.hpp"
#include "tools/cli/input/text_input.hpp"
#include "tools/cli/output/output.hpp"
#include "tools/cli/terminal/interruption.hpp"
#include "tools/cli/terminal/table.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace {

struct RerankArguments {
  CommonOptions common;
  std::string query;
  std::vector<std::string> documents;
};

Json to_json(const std::vector<RankedDocument>& ranked, bool untrained) {
  Json list = Json::array();
  for (const auto& [index, score] : ranked) {
    list.push_back({{"index", index}, {"score", score}});
    if (untrained) list.back()["untrained"] = true;
  }
  return list;
}

std::string to_text(const std::vector<RankedDocument>& ranked,
                    const std::vector<std::string>& documents) {
  Table table({right("score"), right("index"), left("document")});
  for (const auto& [index, score] : ranked) {
    table.add({fixed(score, 4), std::to_string(index),
               visible(shortened(documents[static_cast<size_t>(index)], 50))});
  }
  return table.text(terminal_width());
}

void rerank(const RerankArguments& options) {
  if (options.query.empty()) throw UsageError("expected --query");
  Pipeline pipeline = open_pipeline(options.common);
  const Cancellable cancellable(pipeline);
  pipeline.tokenizer();  // before stdin is waited for
  const auto documents = texts_or_lines(options.documents);
  const auto ranked = pipeline.rerank(options.query, documents);
  warn_of_task(pipeline);
  if (options.common.json) {
    return print_json(to_json(ranked, pipeline.model().graph()->untrained()));
  }
  print(to_text(ranked, documents));
}

}  // namespace

Action add_rerank(Arguments& arguments) {
  const auto options = std::make_shared<RerankArguments>();
  add_model(arguments, options->common);
  arguments.option("--query", &options->query,
                   {"TEXT", "what the documents are to answer (needed)"});
  arguments.positional("DOCUMENT", &options->documents, "documents (default: every line of stdin)");
  arguments.example(
      "locus rerank path/to/model --query 'Who wrote it?' 'A letter.' 'Ada wrote it.'");
  return [options] { rerank(*options); };
}

}  // namespace locus::cli
