#include "locus_handles.hpp"

void expect_ok(locus_status status, locus_error* error) {
  const Freed<locus_error> freed(error);
  if (status == LOCUS_OK) return;
  throw LocusError(status, error ? error->message : "no memory");
}

OpenModel::OpenModel(const std::string& path, const locus_open_options& options) {
  locus_error* error = nullptr;
  locus_status status = locus_open(path.c_str(), &options, &model, &error);
  expect_ok(status, error);
  status = locus_worker_open(model, 0, &worker, &error);
  if (status != LOCUS_OK) locus_close(&model);  // no destructor runs for what was not constructed
  expect_ok(status, error);
}

OpenModel::~OpenModel() {
  locus_worker_close(&worker);
  locus_close(&model);
}
