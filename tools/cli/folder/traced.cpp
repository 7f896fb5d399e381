#include "tools/cli/folder/traced.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "models/families/parts/decoder_shift.hpp"
#include "tools/cli/arguments/usage.hpp"
#include "tools/cli/terminal/interruption.hpp"

namespace locus::cli {
namespace {

void expect_as_many(const char* who, size_t count, size_t rows) {
  if (count == 0 || count == rows) return;
  throw Error(who, std::to_string(rows) + " values, one for each id", std::to_string(count));
}

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

void check_trace_input(const Model& model, const TraceInput& input) {
  const auto width = static_cast<size_t>(std::max<int64_t>(1, model.graph()->input().width));
  const size_t features = input.model.features.values.size() / width;
  expect_as_many("--type-ids", input.model.type_ids.size(), input.model.ids.size());
  expect_as_many("--position-ids", input.positions.size(), input.model.ids.size() + features);
  if (!input.decoder_ids.empty()) check_sequence(model, "--decoder-ids", input.decoder_ids);
}

bool has_decoder(const Model& model) {
  return model.spec().outputs.contains("encoder_last_hidden_state");
}

std::vector<int32_t> default_decoder_ids(const Model& model, std::span<const int32_t> ids) {
  if (!has_decoder(model)) return {};
  std::vector<int32_t> shifted = shifted_ids(model.spec(), ids);
  if (!shifted.empty()) return shifted;
  if (model.special().decoder_start) return {*model.special().decoder_start};
  throw UsageError("expected --decoder-ids for a model without decoder_start_token_id");
}

Tensors run_trace(const Model& model, const TraceInput& input, const CommonOptions& options) {
  auto settings = session_options(options);
  settings.trace = true;
  Session session(model.graph(), settings);
  const Cancellable cancellable(session);
  const Sequence sequence = input.model.sequence(input.positions);
  session.encode({&sequence, 1});
  const Sequence target{input.decoder_ids, {}, {}};
  if (!input.decoder_ids.empty()) session.decode({&target, 1});
  return collect(model, session);
}

}  // namespace locus::cli
