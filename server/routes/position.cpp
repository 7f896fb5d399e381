#include "pipelines/comparison.hpp"
#include "server/routes/routes.hpp"

namespace locus::server {
namespace {

std::string name_of(EncodingPicture::Kind kind) {
  using Kind = EncodingPicture::Kind;
  switch (kind) {
    case Kind::added_rows:
      return "added rows";
    case Kind::rotation:
      return "rotated rows";
    case Kind::bias:
      return "bias of scores";
    case Kind::response:
      return "response of scores";
    case Kind::nothing:
      break;
  }
  return "nothing";
}

Json rows_json(const Tensor& matrix) {
  Json rows = Json::array();
  if (matrix.shape().size() != 2) return rows;
  const ConstView view = matrix.view();
  for (int64_t row = 0; row < view.size(0); ++row) rows.push_back(view.row(row));
  return rows;
}

}  // namespace

Reply position(const Service& service, const Call& call) {
  expect_fields(call.fields(), {"model", "encoding"});
  const auto engine = engine_of(service, call);
  const auto pictures = draw_encodings(*engine->model().graph());
  const EncodingPicture& picture = pictures.front();  // an encoder's, where there are two
  return json_reply({{"model", engine->name()},
                     {"encodings", engine->model().encodings()},
                     {"kind", name_of(picture.kind)},
                     {"first_column", picture.first_column},
                     {"values", rows_json(picture.values)}});
}

}  // namespace locus::server
