// Documents from their beginning, as often as they are gone through.
#pragma once

#include <memory>

#include "base/error.hpp"
#include "pipelines/document_stream.hpp"

namespace locus::pipelines {

/// Throws Error where there is nothing that opens them, or it gives nothing.
inline std::unique_ptr<DocumentStream> begin_documents(const OpenDocuments& open) {
  auto stream = open ? open() : nullptr;
  if (!stream) throw Error("documents", "a stream of them", "none");
  return stream;
}

}  // namespace locus::pipelines
