#include "pipelines/documents.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "pipelines/document_stream.hpp"
#include "pipelines/text/lossy_text.hpp"
#include "pipelines/text/text_parts.hpp"

namespace locus {
namespace {

constexpr size_t read_at_once = size_t{1} << 20;
constexpr size_t max_held_bytes = size_t{256} << 20;

bool blank(std::string_view text) { return text.find_first_not_of(" \t\r\n\f\v") == text.npos; }

ReadOn reader_of(std::string_view text, const CancelCheck& check) {
  return [text, &check](size_t bytes) mutable {
    if (check) check();
    const std::string part(text.substr(0, bytes));
    text.remove_prefix(part.size());
    return part;
  };
}

Text make_text_of(const std::shared_ptr<const Tokenizer>& tokenizer, const Document& document,
                  const CancelCheck& check) {
  PartSettings settings;
  settings.who = document.name;
  settings.check = check;
  pipelines::TextParts parts(tokenizer, reader_of(document.raw, check), std::move(settings));
  Text text = parts.next();
  for (Text part = parts.next(); !part.ids.empty(); part = parts.next()) text.append(part);
  text.name = document.name;
  return text;
}

std::shared_ptr<const Tokenizer> lent(const Tokenizer& tokenizer) {
  return {std::shared_ptr<void>(), &tokenizer};
}

}  // namespace

std::vector<Document> read_documents(const std::vector<std::string>& paths,
                                     const std::string& separator, const OpenBytes& open,
                                     const std::string& field, const CancelCheck& check) {
  if (paths.empty()) throw Error("text", "at least one file or folder", "none");
  const auto stream = stream_documents(paths, separator, open, field)();
  std::vector<Document> documents;
  size_t held = 0;
  while (stream->next()) {
    Document document;
    bool empty = true;
    for (std::string part = stream->read(read_at_once); !part.empty();) {
      if (check) check();
      held += part.size();
      if (held > max_held_bytes) {
        throw Error(stream->name(),
                    "at most " + std::to_string(max_held_bytes) + " bytes of all texts", "more");
      }
      document.raw += part;
      empty = empty && blank(part);
      part = stream->read(read_at_once);
    }
    document.name = stream->name();
    if (!empty) documents.push_back(std::move(document));
  }
  if (documents.empty()) throw Error(paths.front(), "a text that is not empty", "nothing");
  return documents;
}

std::vector<Text> make_texts(const Tokenizer& tokenizer, const std::vector<Document>& documents,
                             const CancelCheck& check) {
  std::vector<Text> texts;
  for (const auto& document : documents) {
    if (check) check();
    texts.push_back(make_text_of(lent(tokenizer), document, check));
  }
  return texts;
}

double lossy_share(const Tokenizer& tokenizer, const std::vector<Document>& documents,
                   const CancelCheck& check) {
  int64_t lost = 0, all = 0;
  for (const auto& document : documents) {
    all += std::ssize(document.raw);
    if (pipelines::round_trips(lent(tokenizer), reader_of(document.raw, check), check)) {
      continue;
    }
    lost += pipelines::lossy_bytes(lent(tokenizer), reader_of(document.raw, check), check);
  }
  return static_cast<double>(lost) / static_cast<double>(std::max<int64_t>(all, 1));
}

}  // namespace locus
