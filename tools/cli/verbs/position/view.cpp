#include "tools/cli/verbs/position/view.hpp"

namespace locus::cli {
namespace {

Json matrix_json(const Tensor& matrix) {
  if (matrix.empty()) return nullptr;
  if (matrix.shape().size() == 1) return matrix.values();
  Json rows = Json::array();
  for (int64_t i = 0; i < matrix.shape()[0]; ++i) rows.push_back(matrix.view().row(i));
  return rows;
}

}  // namespace

PositionView look_at(PositionSubject subject) {
  PositionView view{matrices_of(subject), {}, indicators_of(*subject.encoding, subject.probe)};
  view.subject = std::move(subject);
  return view;
}

Json to_json(const PositionView& view) {
  const auto& [name, text, encoding, probe, untrained] = view.subject;
  Json distances = Json::array();
  for (int64_t n = 1 - probe.length; n < probe.length; ++n) distances.push_back(n);
  Json document{{"name", name},
                {"encoding", text},
                {"length", probe.length},
                {"dimension", view.rows.empty() ? probe.width : view.rows.shape()[1]},
                {"heads", probe.heads},
                {"rotates", view.rotates},
                {"matrix", matrix_json(view.rows)},
                {"inner_products", matrix_json(view.inner_products)},
                {"distances", std::move(distances)},
                {"bias", matrix_json(view.bias)},
                {"response", matrix_json(view.response)},
                {"decay", matrix_json(view.decay)},
                {"indicators", to_json(view.indicators)}};
  if (untrained) document["untrained"] = true;
  return document;
}

}  // namespace locus::cli
