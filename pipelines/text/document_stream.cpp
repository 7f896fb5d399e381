#include "pipelines/document_stream.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "base/error.hpp"
#include "base/file_bytes.hpp"
#include "base/utf8.hpp"
#include "pipelines/text/json_lines.hpp"

namespace locus {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t head_bytes = std::size_t{1} << 20;  // by which JSON lines are known
constexpr std::size_t line_step = std::size_t{1} << 16;
constexpr std::size_t piece_bytes = std::size_t{1} << 18;

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

/// A file's text, as far as it was read and not taken.
class TextBuffer {
 public:
  TextBuffer(const std::string& who, ReadBytes read)
      : read_(pipelines::uncompressed(who, std::move(read))), check_(who) {}

  /// Holds so many bytes, fewer at the end of the file alone.
  std::string_view hold(std::size_t bytes) {
    if (!ended_ && held().size() < bytes) {
      held_.erase(0, taken_);
      taken_ = 0;
      const std::size_t missing = std::max(bytes, piece_bytes) - held_.size();
      const std::string more = read_(missing);
      ended_ = more.size() < missing;
      check_.add(more);
      if (ended_) check_.finish();
      held_ += more;
    }
    return held();
  }
  std::string take(std::size_t bytes) {
    std::string part(held().substr(0, bytes));
    taken_ += part.size();
    return part;
  }
  bool ended() const { return ended_; }

 private:
  std::string_view held() const { return std::string_view(held_).substr(taken_); }

  ReadBytes read_;
  utf8::Utf8Check check_;
  std::string held_;
  std::size_t taken_ = 0;  // of it: short lines do not move the rest each time
  bool ended_ = false;
};

/// The documents of one file: parts between separators, or the whole.
class PartDocuments final : public DocumentStream {
 public:
  PartDocuments(std::string file, TextBuffer text, std::string separator)
      : file_(std::move(file)), text_(std::move(text)), separator_(std::move(separator)) {}

  bool next() override {
    while (inside_) read(line_step);
    inside_ = !ended_;
    number_ += 1;
    return inside_;
  }

  std::string read(std::size_t bytes) override {
    if (!inside_) return {};
    const std::size_t wanted = bytes + separator_.size() + 1;
    const std::string_view held = text_.hold(wanted).substr(0, wanted);
    const std::size_t end = separator_.empty() ? held.npos : held.find(separator_);
    if (end <= bytes) {
      inside_ = false;
      std::string part = text_.take(end);
      text_.take(separator_.size());
      return part;
    }
    if (held.size() <= bytes) {  // less than was asked for: the file ends
      inside_ = false;
      ended_ = true;
    }
    return text_.take(bytes);
  }

  std::string name() const override {
    return number_ == 1 && ended_ ? file_ : file_ + "#" + std::to_string(number_);
  }

 private:
  std::string file_;
  TextBuffer text_;
  std::string separator_;
  int64_t number_ = 0;
  bool inside_ = false;
  bool ended_ = false;
};

/// The documents of one file of JSON lines.
class LineDocuments final : public DocumentStream {
 public:
  LineDocuments(std::string file, TextBuffer text, std::string field)
      : file_(std::move(file)), text_(std::move(text)), field_(std::move(field)) {}

  bool next() override {
    while (const auto line = next_line()) {
      if (auto found = pipelines::json_line(file_, ++number_, *line, field_)) {
        document_ = std::move(*found);
        at_ = 0;
        return true;
      }
    }
    return false;
  }
  std::string read(std::size_t bytes) override {
    std::string part = document_.raw.substr(at_, bytes);
    at_ += part.size();
    return part;
  }
  std::string name() const override { return document_.name; }

 private:
  std::optional<std::string> next_line() {
    for (std::size_t bytes = line_step, seen = 0;;
         bytes = std::min(2 * bytes, max_line_bytes + 1)) {
      const std::string_view held = text_.hold(bytes).substr(0, max_line_bytes + 1);
      const std::size_t end = held.find('\n', seen);
      if (end != held.npos) {
        std::string line = text_.take(end);
        text_.take(1);
        return line;
      }
      if (held.size() > max_line_bytes) refuse_length();
      if (text_.ended())
        return held.empty() ? std::nullopt : std::optional(text_.take(held.size()));
      seen = held.size();
    }
  }

  [[noreturn]] void refuse_length() const {
    throw Error(
        file_ + ", line " + std::to_string(number_ + 1),
        "at most " + std::to_string(max_line_bytes) + " bytes, as longer texts are plain files",
        "more");
  }

  std::string file_;
  TextBuffer text_;
  std::string field_;
  Document document_;
  std::size_t at_ = 0;
  int64_t number_ = 0;
};

/// What the documents of some paths are cut by.
struct Rule {
  std::vector<std::string> paths;
  std::string separator;
  OpenBytes open;
  std::string field;
};

std::unique_ptr<DocumentStream> open_file(const fs::path& file, const Rule& rule) {
  TextBuffer text(file.string(), rule.open(file));
  const std::string head(text.hold(head_bytes));
  if (!pipelines::holds_json_lines(file, head, rule.field)) {
    return std::make_unique<PartDocuments>(file.string(), std::move(text), rule.separator);
  }
  pipelines::require_field(file.string(), head, rule.field);
  return std::make_unique<LineDocuments>(file.string(), std::move(text), rule.field);
}

class FileDocuments final : public DocumentStream {
 public:
  explicit FileDocuments(std::shared_ptr<const Rule> rule) : rule_(std::move(rule)) {}

  bool next() override {
    while (true) {
      if (file_ && file_->next()) return true;
      if (at_ == files_.size() && !next_path()) return false;
      file_ = open_file(files_[at_++], *rule_);
    }
  }
  std::string read(std::size_t bytes) override { return file_->read(bytes); }
  std::string name() const override { return file_->name(); }

 private:
  bool next_path() {
    if (path_ == rule_->paths.size()) return false;
    files_ = files_of(rule_->paths[path_++]);
    at_ = 0;
    return true;
  }

  std::shared_ptr<const Rule> rule_;
  std::size_t path_ = 0;
  std::vector<fs::path> files_;  // of a path
  std::size_t at_ = 0;
  std::unique_ptr<DocumentStream> file_;
};

}  // namespace

ReadBytes open_bytes(const fs::path& path) {
  auto file = std::make_shared<const FileBytes>(path);
  return [file, at = std::size_t{0}](std::size_t bytes) mutable {
    const auto rest = file->bytes().subspan(at);
    std::string part(std::min(bytes, rest.size()), '\0');
    file->copy(rest.first(part.size()), std::as_writable_bytes(std::span(part)));
    at += part.size();
    return part;
  };
}

OpenDocuments stream_documents(std::vector<std::string> paths, std::string separator,
                               OpenBytes open, std::string field) {
  auto rule =
      std::make_shared<const Rule>(Rule{std::move(paths), unescaped(std::move(separator)),
                                        open ? std::move(open) : open_bytes, std::move(field)});
  return [rule] { return std::make_unique<FileDocuments>(rule); };
}

}  // namespace locus
