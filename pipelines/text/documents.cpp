#include "pipelines/documents.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/error.hpp"
#include "base/read_file.hpp"
#include "base/utf8.hpp"

namespace locus {
namespace fs = std::filesystem;
namespace {

std::vector<fs::path> files_of(const fs::path& path) {
  if (!fs::is_directory(path)) return {path};
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

std::vector<std::string> split(const std::string& text, const std::string& separator) {
  if (separator.empty()) return {text};
  std::vector<std::string> parts;
  size_t begin = 0;
  for (auto end = text.find(separator); end != text.npos; end = text.find(separator, begin)) {
    parts.push_back(text.substr(begin, end - begin));
    begin = end + separator.size();
  }
  parts.push_back(text.substr(begin));
  return parts;
}

bool blank(std::string_view text) { return text.find_first_not_of(" \t\r\n\f\v") == text.npos; }

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
                                     const std::string& separator, const TextReader& read) {
  std::vector<Document> documents;
  for (const auto& path : paths) {
    for (const auto& file : files_of(path)) {
      const auto content = read ? read(file) : read_file(file);
      utf8::require_utf8(content, file.string());
      const auto parts = split(content, unescaped(separator));
      for (size_t i = 0; i < parts.size(); ++i) {
        const auto suffix = parts.size() > 1 ? "#" + std::to_string(i + 1) : "";
        if (!blank(parts[i])) documents.push_back({file.string() + suffix, parts[i]});
      }
    }
  }
  if (documents.empty()) throw Error(paths.front(), "a text that is not empty", "nothing");
  return documents;
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
