#include "pipelines/documents.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/error.hpp"
#include "base/read_file.hpp"
#include "base/utf8.hpp"
#include "evaluation/score_masked.hpp"
#include "evaluation/score_units.hpp"
#include "pipelines/text/json_lines.hpp"

namespace locus {
namespace fs = std::filesystem;
namespace {

std::vector<fs::path> files_of(const fs::path& path) {
  std::error_code failure;  // a name that no file can have is said where the file is read
  if (!fs::is_directory(path, failure)) return {path};
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  if (files.empty()) throw Error(path.string(), "files in this folder", "none");
  return files;
}

std::string unescaped(std::string text) {
  for (const auto& [escape, character] : {std::pair{"\\n", "\n"}, std::pair{"\\t", "\t"}}) {
    for (auto at = text.find(escape); at != text.npos; at = text.find(escape)) {
      text.replace(at, 2, character);
    }
  }
  return text;
}

// A large text is moved, never copied.
std::vector<std::string> split(std::string text, const std::string& separator) {
  std::vector<std::string> parts;
  if (separator.empty()) {
    parts.push_back(std::move(text));
    return parts;
  }
  size_t begin = 0;
  for (auto end = text.find(separator); end != text.npos; end = text.find(separator, begin)) {
    parts.push_back(text.substr(begin, end - begin));
    begin = end + separator.size();
  }
  parts.push_back(text.substr(begin));
  return parts;
}

constexpr size_t longest_whole = 8192;  // bytes of a document that is drawn as it is
constexpr int64_t min_block = 4096;

/// A part of a text, without the characters that it would cut at either end.
std::string_view utf8_part(std::string_view text, int64_t begin, int64_t end) {
  const auto continues = [&](int64_t at) {
    return at < static_cast<int64_t>(text.size()) &&
           (static_cast<unsigned char>(text[static_cast<size_t>(at)]) & 0xc0) == 0x80;
  };
  while (continues(begin)) ++begin;
  while (continues(end)) ++end;
  return text.substr(static_cast<size_t>(begin), static_cast<size_t>(end - begin));
}

bool blank(std::string_view text) { return text.find_first_not_of(" \t\r\n\f\v") == text.npos; }

/// What is drawn: a document, or a block of a long one.
struct DocumentPart {
  size_t document = 0;
  int64_t begin = 0;
  std::string_view raw;
  bool whole = true;
};

std::vector<DocumentPart> parts_of(const std::vector<Document>& documents) {
  std::vector<DocumentPart> parts;
  for (size_t i = 0; i < documents.size(); ++i) {
    const std::string& raw = documents[i].raw;
    if (raw.size() <= longest_whole) {
      parts.push_back({i, 0, raw});
      continue;
    }
    auto ends = paragraph_ends(raw, min_block);
    ends.push_back(static_cast<int64_t>(raw.size()));
    int64_t begin = 0;
    for (const int64_t end : ends) {
      const auto part = utf8_part(raw, begin, end);
      if (!blank(part)) parts.push_back({i, begin, part, false});
      begin = end;
    }
  }
  return parts;
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
  std::vector<Document> documents;
  const auto add = [&](Document document) {
    if (!blank(document.raw)) documents.push_back(std::move(document));
  };
  for (const auto& path : paths) {
    for (const auto& file : files_of(path)) {
      auto content = pipelines::uncompressed(file.string(), read ? read(file) : read_file(file));
      utf8::require_utf8(content, file.string());
      if (pipelines::holds_json_lines(file, content, field)) {
        for (auto& each : pipelines::json_lines(file.string(), content, field))
          add(std::move(each));
        continue;
      }
      auto parts = split(std::move(content), unescaped(separator));
      for (size_t i = 0; i < parts.size(); ++i) {
        const auto suffix = parts.size() > 1 ? "#" + std::to_string(i + 1) : "";
        add({file.string() + suffix, std::move(parts[i])});
      }
    }
  }
  if (documents.empty()) throw Error(paths.front(), "a text that is not empty", "nothing");
  return documents;
}

std::vector<Document> drawn_documents(const std::vector<Document>& documents, int64_t count,
                                      uint64_t seed) {
  const std::vector<DocumentPart> parts = parts_of(documents);
  std::vector<Document> drawn;
  for (const int64_t index : sample_indices(static_cast<int64_t>(parts.size()), count, seed)) {
    const DocumentPart& part = parts[static_cast<size_t>(index)];
    const std::string& name = documents[part.document].name;
    drawn.push_back(
        {part.whole ? name : name + "@" + std::to_string(part.begin), std::string(part.raw)});
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
