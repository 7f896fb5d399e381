#include "pipelines/trace.hpp"

namespace locus {
namespace {

// The batch dimension goes: a row for the sequence is a vector. [rows, width] or [width]
Tensor without_batch(ConstView view, bool row_of_sequence) {
  std::vector<float> values;
  values.reserve(static_cast<size_t>(view.count()));
  for (int64_t i = 0; i < view.size(0); ++i) {
    const auto row = view.row(i);
    values.insert(values.end(), row.begin(), row.end());
  }
  if (row_of_sequence) return Tensor({view.size(1)}, values);
  return Tensor({view.size(0), view.size(1)}, values);
}

// One number for each token, where a head has them, is a column in the reference. [rows]
Tensor standard_output(const GraphSpec& spec, const std::string& name, const Tensor& tensor) {
  const bool column = name == "start_logits" || name == "end_logits" ||
                      (name == "logits" && spec.task == "replaced-tokens");
  if (column && tensor.shape().back() == 1) return Tensor({tensor.count()}, tensor.values());
  return tensor.clone();
}

Tensors collect(const Model& model, Session& session) {
  std::map<std::string, std::string> rows;
  for (const auto& node : model.graph()->nodes()) rows[node.name] = node.rows;
  Tensors tensors;
  for (const auto& [name, view] : session.trace()) {
    tensors.emplace(name, without_batch(view, rows[name] == "sequences"));
  }
  for (const auto& [name, node] : model.spec().outputs) {
    if (!tensors.contains(node)) continue;
    tensors.insert_or_assign(name, standard_output(model.spec(), name, tensors.at(node)));
  }
  return tensors;
}

}  // namespace

Tensors run_trace(const Model& model, Session& session, const TraceInput& input) {
  const Sequence sequence = input.model.sequence(input.positions);
  session.encode({&sequence, 1});
  const Sequence target{input.decoder_ids};
  if (!input.decoder_ids.empty()) session.decode({&target, 1});
  return collect(model, session);
}

}  // namespace locus
