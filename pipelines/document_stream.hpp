// Texts to be scored that need not fit into memory.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace locus {

/// Bytes of a line that is held whole, as one of JSON is. Longer texts belong in plain files, which
/// are read in parts.
inline constexpr std::size_t max_line_bytes = std::size_t{64} << 20;

/// Reads on in a file: so many bytes, fewer at its end alone.
using ReadBytes = std::function<std::string(std::size_t bytes)>;
/// Opens a file at its beginning, as often as it is asked to.
using OpenBytes = std::function<ReadBytes(const std::filesystem::path&)>;

/// Opens regular files. What it gives throws Error where a file changes between two reads.
ReadBytes open_bytes(const std::filesystem::path& file);

/// Documents one after the other, each read in parts.
class DocumentStream {
 public:
  virtual ~DocumentStream() = default;
  /// Goes to the next document, and skips what is left of the present one. False after the last.
  virtual bool next() = 0;
  /// The next `bytes` bytes of the document; fewer only at its end.
  virtual std::string read(std::size_t bytes) = 0;
  /// Valid once the document was read, because only then it is known how many its file holds.
  virtual std::string name() const = 0;
};

/// Opens the documents, as often as it is called.
using OpenDocuments = std::function<std::unique_ptr<DocumentStream>()>;

/// The documents of `read_documents`, and those of white space alone. A line of JSON is held in
/// memory and has at most `max_line_bytes` bytes. Reading throws Error where `read_documents` does.
OpenDocuments stream_documents(std::vector<std::string> paths, std::string separator,
                               OpenBytes open = {}, std::string field = {});

}  // namespace locus
