#include <algorithm>

#include "base/error.hpp"
#include "server/routes/routes.hpp"

namespace locus::server {
namespace {

constexpr size_t max_documents = 2048;

/// Texts, or objects that hold one as `text`.
std::vector<std::string> documents_of(const JsonPlace& place) {
  std::vector<std::string> documents;
  for (const JsonPlace& item : place.items()) {
    documents.push_back(item.value().is_object() ? item.at("text").text() : item.text());
  }
  if (documents.size() > max_documents) {
    throw Error(place.where(), "at most " + std::to_string(max_documents) + " documents",
                std::to_string(documents.size()));
  }
  return documents;
}

}  // namespace

Reply rerank(const Service& service, const Call& call) {
  const JsonPlace body = call.fields();
  expect_fields(body, {"model", "encoding", "query", "documents", "top_n", "return_documents"});
  const auto engine = engine_of(service, call);
  const std::string query = body.at("query").text();
  const auto documents = documents_of(body.at("documents"));
  check_texts(service, *engine, call, documents);
  const auto top = integer_field(body, "top_n", {1, 1e9}).value_or(max_documents);
  auto ranked = engine->run<std::vector<RankedDocument>>(
      call, [query, documents](Pipeline& pipeline) { return pipeline.rerank(query, documents); });
  ranked.resize(std::min(ranked.size(), static_cast<size_t>(top)));
  Json results = Json::array();
  for (const auto& [index, score] : ranked) {
    results.push_back({{"index", index}, {"relevance_score", score}});
    if (!body.flag("return_documents", false)) continue;
    results.back()["document"] = {{"text", documents[static_cast<size_t>(index)]}};
  }
  return json_reply({{"model", engine->name()}, {"results", std::move(results)}});
}

}  // namespace locus::server
