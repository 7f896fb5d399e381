#include "pipelines/encoding_view.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/float_environment.hpp"
#include "engine/new_tables.hpp"

namespace locus {
namespace {

constexpr int64_t max_values = int64_t{1} << 28;  // of a matrix
constexpr int64_t max_products = 32768;           // positions, whose products are four gigabytes

/// No checkpoint: every weight begins as its scheme says.
class InitialWeights final : public SchemeWeights {
 public:
  explicit InitialWeights(const std::function<void()>& check) : tables_(0, check) {}

  bool contains(std::string_view) const override { return false; }
  Shape shape(std::string_view) const override { return {}; }
  Tensor take(std::string_view name, Shape expected, Initial initial) override {
    taken_ = true;
    const std::string prefix = link == 0 ? "encoding." : "encoding." + std::to_string(link) + ".";
    return tables_.make(prefix + std::string(name), expected, initial);
  }
  bool taken() const { return taken_; }

  size_t link = 0;  ///< of the chain, whose weights are asked for

 private:
  NewTables tables_;
  bool taken_ = false;
};

bool all_zero(const Tensor& tensor) {
  return std::ranges::all_of(tensor.values(), [](float value) { return value == 0; });
}

Tensor unless_zero(Tensor tensor) { return all_zero(tensor) ? Tensor() : std::move(tensor); }

bool constant_rows(const Tensor& rows) {
  const auto view = rows.view();
  for (int64_t i = 1; i < view.size(0); ++i) {
    if (!std::ranges::equal(view.row(i), view.row(0))) return false;
  }
  return true;
}

const PositionalEncoding& encoding_of(const PositionSubject& subject) {
  if (!subject.encoding) throw Error("position", "an encoding", "none");
  return *subject.encoding;
}

bool rotates(const PositionSubject& subject) {
  return std::ranges::any_of(std::array{Role::query, Role::key}, [&](Role role) {
    return !constant_rows(rotated_rows(encoding_of(subject), subject.probe, role));
  });
}

// The width of the vectors that a position node changes, or else the model's.
int64_t width_of(const Model& model, const std::string& encoding) {
  for (const auto& node : model.spec().nodes) {
    if (node.kind != "position" || node.encoding != encoding) continue;
    for (const auto& summary : model.graph()->nodes()) {
      if (summary.name == node.name) return summary.width;
    }
  }
  return model.spec().width;
}

/// Of the matrices that are looked at: [T, D] and [H, 2 T - 1].
void check_sizes(const Probe& probe) {
  const int64_t largest = std::max({probe.width, probe.heads, probe.head_size, int64_t{1}});
  if (probe.length <= max_values / 2 / largest) return;
  throw Error("encoding", "matrices of at most " + std::to_string(max_values) + " values",
              std::to_string(probe.length) + " positions of " + std::to_string(probe.width) +
                  " dimensions and " + std::to_string(probe.heads) + " heads");
}

Probe probe_of(const Model& model, const std::string& encoding, int64_t length) {
  Probe probe{length, width_of(model, encoding), 1, 1};
  for (const auto& node : model.spec().nodes) {
    const bool mine = node.encoding == encoding;
    if (node.kind != "attention" || (!mine && probe.head_size > 1)) continue;
    probe.heads = node.attributes.integer(node.name, "heads");
    probe.head_size = node.attributes.integer(node.name, "head_size");
    if (mine) break;
  }
  return probe;
}

}  // namespace

PositionSubject subject_of_scheme(const std::string& text, const Probe& probe,
                                  std::span<const Scheme> own) {
  const DefaultFloats floats;
  check_sizes(probe);
  SchemeContext context;
  context.width = probe.width;
  context.heads = probe.heads;
  context.head_size = probe.head_size;
  context.capacity = probe.length;
  InitialWeights weights(probe.check);
  std::vector<std::shared_ptr<const PositionalEncoding>> links;
  const auto chain = parse_encoding(text, own);
  for (const auto& choice : chain) {
    links.push_back(make_encoding(choice, weights, context, own));
    ++weights.link;
  }
  auto encoding = chain_encodings(std::move(links));
  return {"", to_string(chain), std::move(encoding), probe, weights.taken()};
}

std::vector<PositionSubject> subjects_of_model(const Model& model, int64_t length) {
  std::vector<PositionSubject> subjects;
  for (const auto& [name, spec] : model.spec().encodings) {
    if (spec.chain.empty()) continue;
    auto encoding = model.graph()->encoding(name);
    auto probe = probe_of(model, name, std::min(length, encoding->max_length()));
    check_sizes(probe);
    subjects.push_back(
        {name, to_string(spec.chain), std::move(encoding), probe, model.graph()->untrained()});
  }
  if (subjects.empty()) throw Error("position", "a model with an encoding", "none");
  return subjects;
}

Tensor rows_of(const PositionSubject& subject) {
  const DefaultFloats floats;
  auto added = added_rows(encoding_of(subject), subject.probe);
  if (!all_zero(added)) return added;
  for (const Role role : {Role::key, Role::query}) {
    auto rotated = rotated_rows(encoding_of(subject), subject.probe, role);
    if (!constant_rows(rotated)) return rotated;
  }
  return {};
}

Tensor bias_of(const PositionSubject& subject) {
  const DefaultFloats floats;
  return unless_zero(score_bias(encoding_of(subject), subject.probe));
}

Tensor products_of(const PositionSubject& subject) {
  const DefaultFloats floats;
  if (subject.probe.length > max_products) {
    throw Error("length", "at most " + std::to_string(max_products) + " positions",
                std::to_string(subject.probe.length));
  }
  const Probe& probe = subject.probe;
  const PositionalEncoding& encoding = encoding_of(subject);
  const Tensor added = added_rows(encoding, probe);
  if (!all_zero(added)) return inner_products(added, added, probe.check);
  if (!rotates(subject)) return {};
  return inner_products(rotated_rows(encoding, probe, Role::query),
                        rotated_rows(encoding, probe, Role::key), probe.check);
}

Tensor response_of(const PositionSubject& subject) {
  const DefaultFloats floats;
  if (!bias_of(subject).empty()) return {};
  return unless_zero(score_response(encoding_of(subject), subject.probe));
}

Tensor decay_of(const PositionSubject& subject) {
  const DefaultFloats floats;
  if (!rotates(subject)) return {};
  return rotation_decay(encoding_of(subject), subject.probe);
}

EncodingMatrices matrices_of(const PositionSubject& subject) {
  EncodingMatrices matrices = small_matrices_of(subject);
  matrices.inner_products = products_of(subject);
  return matrices;
}

EncodingMatrices small_matrices_of(const PositionSubject& subject) {
  EncodingMatrices matrices;
  matrices.adds = !all_zero(added_rows(encoding_of(subject), subject.probe));
  matrices.rows = rows_of(subject);
  matrices.decay = decay_of(subject);
  matrices.rotates = !matrices.decay.empty();
  matrices.bias = bias_of(subject);
  matrices.response = response_of(subject);
  return matrices;
}

}  // namespace locus
