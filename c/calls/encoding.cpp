// Encodings as matrices.
#include "c/calls/handles.hpp"
#include "pipelines/encoding_view.hpp"

namespace {

using namespace locus;
using namespace locus::c;

constexpr int64_t max_side = 1 << 16;

int64_t side_or(const char* who, int64_t value, int64_t fallback) {
  const int64_t side = count_or_none(who, value).value_or(fallback);
  expect_choice(who, side, max_side);
  return side;
}

PositionSubject subject_of(const locus_model* model, const char* scheme,
                           const locus_encoding_options& given) {
  const int64_t length = side_or("length", given.length, 32);
  const int64_t width = side_or("width", given.width, 128);
  const int64_t heads = side_or("heads", given.heads, 8);
  if (scheme) return subject_of_scheme(text_of("scheme", scheme), {length, width, heads, width});
  auto subjects = subjects_of_model(shared(model).model(), length);
  const std::string name = text_or_empty("name", given.name);
  for (PositionSubject& subject : subjects) {
    if (name.empty() || subject.name == name) return std::move(subject);
  }
  throw Error("name", "an encoding of the model", name);
}

Tensor matrix_of(const PositionSubject& subject, int32_t kind) {
  using MatrixOf = Tensor (*)(const PositionSubject&);
  constexpr MatrixOf kinds[] = {rows_of, products_of, bias_of, response_of, decay_of};
  return kinds[kind](subject);
}

void fill(locus_matrix& result, Storage& storage, const Tensor& matrix) {
  if (matrix.empty()) return;
  const Shape& shape = matrix.shape();
  result.columns = static_cast<size_t>(shape.back());
  result.rows = static_cast<size_t>(matrix.count()) / result.columns;
  result.values = storage.keep(std::vector<float>(matrix.values().begin(), matrix.values().end()));
}

}  // namespace

locus_status locus_encoding(const locus_model* model, const char* scheme,
                            const locus_encoding_options* options, locus_matrix** result,
                            locus_error** error) {
  return answer(result, error, [&](locus_matrix& matrix, Storage& storage) {
    const auto given = options_of("options", options);
    expect_choice("kind", given.kind, LOCUS_DECAY + 1);
    const PositionSubject subject = subject_of(model, scheme, given);
    fill(matrix, storage, matrix_of(subject, given.kind));
    matrix.encoding = storage.keep(subject.text);
  });
}
