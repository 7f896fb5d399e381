#include "pipelines/documents.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/error.hpp"
#include "evaluation/score_masked.hpp"
#include "evaluation/score_units.hpp"
#include "pipelines/document_stream.hpp"

namespace locus {
namespace fs = std::filesystem;
namespace {

constexpr size_t read_at_once = size_t{1} << 20;
constexpr size_t longest_whole = 8192;  // bytes of a document that is drawn as it is
constexpr int64_t min_block = 4096;

/// A part of a text, without the characters that it would cut at either end.
std::string utf8_part(const std::string& text, int64_t begin, int64_t end) {
  const auto continues = [&](int64_t at) {
    return at < static_cast<int64_t>(text.size()) &&
           (static_cast<unsigned char>(text[static_cast<size_t>(at)]) & 0xc0) == 0x80;
  };
  while (continues(begin)) ++begin;
  while (continues(end)) ++end;
  return text.substr(static_cast<size_t>(begin), static_cast<size_t>(end - begin));
}

bool blank(std::string_view text) { return text.find_first_not_of(" \t\r\n\f\v") == text.npos; }

/// Reads on in what is read as a whole.
OpenBytes bytes_of(const TextReader& read) {
  return [read](const fs::path& file) -> ReadBytes {
    return [content = read(file), at = size_t{0}](size_t bytes) mutable {
      std::string part = content.substr(at, bytes);
      at += part.size();
      return part;
    };
  };
}

// Lines with their line ends, so that their bytes add up.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto size = end == text.npos ? text.size() : end + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

Text make_text_of(const Tokenizer& tokenizer, const Document& document) {
  auto encoding = tokenizer.encode(document.raw, {.special = false, .max_length = {}});
  std::vector<std::pair<int64_t, int64_t>> offsets;
  int64_t last = 0;
  for (const auto& span : encoding.offsets) {
    offsets.emplace_back(span ? span->begin : last, span ? span->end : last);
    last = offsets.back().second;
  }
  auto text = make_text(document.raw, std::move(encoding.ids), offsets);
  text.name = document.name;
  for (size_t i = 1; i < text.ids.size(); ++i) {  // a mark counts as white space does
    const bool marked = tokenizer.starts_word(text.ids[i]) || tokenizer.ends_word(text.ids[i - 1]);
    text.word_start[i] = marked || text.word_start[i];
  }
  return text;
}

}  // namespace

std::vector<Document> read_documents(const std::vector<std::string>& paths,
                                     const std::string& separator, const TextReader& read,
                                     const std::string& field) {
  const auto open = stream_documents(paths, separator, read ? bytes_of(read) : OpenBytes(), field);
  const auto stream = open();
  std::vector<Document> documents;
  while (stream->next()) {
    Document document;
    for (std::string part = stream->read(read_at_once); !part.empty();) {
      document.raw += part;
      part = stream->read(read_at_once);
    }
    document.name = stream->name();
    if (!blank(document.raw)) documents.push_back(std::move(document));
  }
  if (documents.empty()) throw Error(paths.front(), "a text that is not empty", "nothing");
  return documents;
}

std::vector<Document> drawn_documents(std::vector<Document> documents, int64_t count,
                                      uint64_t seed) {
  std::vector<Document> blocks;
  for (Document& document : documents) {
    if (document.raw.size() <= longest_whole) {
      blocks.push_back(std::move(document));
      continue;
    }
    auto ends = paragraph_ends(document.raw, min_block);
    ends.push_back(static_cast<int64_t>(document.raw.size()));
    int64_t begin = 0;
    for (const int64_t end : ends) {
      auto part = utf8_part(document.raw, begin, end);
      if (!blank(part)) blocks.push_back({document.name + "@" + std::to_string(begin), part});
      begin = end;
    }
  }
  std::vector<Document> drawn;
  const auto all = static_cast<int64_t>(blocks.size());
  for (const int64_t index : sample_indices(all, count, seed)) {
    drawn.push_back(std::move(blocks[static_cast<size_t>(index)]));
  }
  return drawn;
}

std::vector<Text> make_texts(const Tokenizer& tokenizer, const std::vector<Document>& documents,
                             const CancelCheck& check) {
  std::vector<Text> texts;
  for (const auto& document : documents) {
    if (check) check();
    texts.push_back(make_text_of(tokenizer, document));
  }
  return texts;
}

double lossy_share(const Tokenizer& tokenizer, const std::vector<Document>& documents,
                   const CancelCheck& check) {
  size_t lost = 0, all = 0;
  for (const auto& document : documents) {
    if (check) check();
    all += document.raw.size();
    if (tokenizer.round_trips(document.raw)) continue;
    for (const auto line : lines_of(document.raw)) {
      if (!tokenizer.round_trips(line)) lost += line.size();
    }
  }
  return static_cast<double>(lost) / static_cast<double>(std::max<size_t>(all, 1));
}

}  // namespace locus
