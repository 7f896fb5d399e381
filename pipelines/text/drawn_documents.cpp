// Documents and blocks that are drawn from a text of any size: it is read twice, a part at a time.
//
// Which parts there are is known once all of it was read, so the first reading notes where they
// begin and end, and the second keeps those that were drawn.
#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "evaluation/score_masked.hpp"
#include "evaluation/score_units.hpp"
#include "pipelines/documents.hpp"
#include "pipelines/text/begin_documents.hpp"

namespace locus {
namespace {

constexpr int64_t max_whole_bytes = 8192;  // bytes of a document that is drawn as it is
constexpr int64_t min_block = 4096;
constexpr size_t read_step = size_t{1} << 20;
constexpr int64_t noted_space = 1024;  // bytes: no block but the last of a document is shorter

struct Range {
  int64_t begin = 0, end = 0;
};

/// The blocks of a long document.
struct LongDocument {
  std::vector<Range> blocks;
};

constexpr std::string_view white_space = " \t\r\n\f\v";

bool only_space(std::string_view text) { return text.find_first_not_of(white_space) == text.npos; }

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

/// Runs of white space that may hold a block. What is left of a character that a block's begin cuts
/// is not of the block, so that a run begins there already.
class Spaces {
 public:
  void add(std::string_view part) {
    for (size_t at = 0; at < part.size();) {
      const size_t end = std::min(part.find_first_not_of(white_space, at), part.size());
      run_ += static_cast<int64_t>(end - at);
      read_ += static_cast<int64_t>(end - at);
      if (end == part.size()) return;
      end_run();
      const size_t next = std::min(part.find_first_of(white_space, end), part.size());
      add_word(part.substr(end, next - end));
      at = next;
    }
  }
  /// The last run counts whatever its length, as the last block does.
  void finish() {
    if (run_ > 0) keep_run();
  }
  bool holds(const Range& block) const {
    return std::ranges::any_of(
        runs_, [&](const Range& run) { return run.begin <= block.begin && block.end <= run.end; });
  }

 private:
  void keep_run() { runs_.push_back({read_ - run_ - tail_, read_}); }
  void end_run() {
    if (run_ >= noted_space) keep_run();
    if (run_ > 0) tail_ = 0;
    run_ = 0;
  }
  void add_word(std::string_view word) {
    const auto size = std::ssize(word);
    int64_t tail = 0;
    while (tail < size && continues(word[static_cast<size_t>(size - 1 - tail)])) ++tail;
    tail_ = tail < size ? tail : tail_ + tail;
    read_ += size;
  }

  std::vector<Range> runs_;
  int64_t read_ = 0, run_ = 0;
  int64_t tail_ = 0;  // bytes of the last character before the run, its first one aside
};

/// Reads the rest of a document.
template <typename Take>
void read_on(DocumentStream& stream, const CancelCheck& check, const Take& take) {
  for (std::string part = stream.read(read_step); !part.empty(); part = stream.read(read_step)) {
    if (check) check();
    take(part);
  }
}

LongDocument blocks_of(DocumentStream& stream, const std::string& head, const CancelCheck& check) {
  ParagraphEnds paragraphs(min_block);
  Spaces spaces;
  int64_t bytes = 0;
  const auto add = [&](const std::string& part) {
    paragraphs.add(part);
    spaces.add(part);
    bytes += std::ssize(part);
  };
  add(head);
  read_on(stream, check, add);
  spaces.finish();
  std::vector<int64_t> ends = paragraphs.finish();
  ends.push_back(bytes);
  LongDocument document;
  int64_t begin = 0;
  for (const int64_t end : ends) {
    const Range block{begin, end};
    if (end > begin && !spaces.holds(block)) document.blocks.push_back(block);
    begin = end;
  }
  return document;
}

/// What a text is made of: short documents, which are parts themselves, and blocks of long ones.
struct Parts {
  int64_t count = 0;
  std::map<int64_t, LongDocument> long_documents;  // by the number of the document
};

Parts parts_of(DocumentStream& stream, const CancelCheck& check) {
  Parts parts;
  for (int64_t number = 0; stream.next(); ++number) {
    if (check) check();
    const std::string head = stream.read(max_whole_bytes + 1);
    if (std::ssize(head) <= max_whole_bytes) {
      parts.count += only_space(head) ? 0 : 1;
      continue;
    }
    LongDocument document = blocks_of(stream, head, check);
    parts.count += std::ssize(document.blocks);
    parts.long_documents.emplace(number, std::move(document));
  }
  return parts;
}

/// Cuts the blocks that were drawn out of a long document as it is read.
class Cutter {
 public:
  explicit Cutter(std::vector<Range> wanted) : wanted_(std::move(wanted)) {}

  void add(std::string_view part) {
    const int64_t begin = read_;
    read_ += std::ssize(part);
    for (size_t i = done_; i < wanted_.size() && wanted_[i].begin < read_; ++i) {
      if (texts_.size() == i) texts_.emplace_back();
      take(i, part, begin);
    }
    while (done_ < wanted_.size() && wanted_[done_].end + 4 <= read_) ++done_;
  }
  const std::vector<std::string>& texts() const { return texts_; }

 private:
  // A character that an end cuts belongs to the block before it.
  void take(size_t i, std::string_view part, int64_t begin) {
    const Range& range = wanted_[i];
    for (int64_t at = std::max(begin, range.begin); at < read_; ++at) {
      const char byte = part[static_cast<size_t>(at - begin)];
      const bool outside = at >= range.end && !continues(byte);
      if (outside) closed_ = std::max(closed_, i + 1);
      if (closed_ > i) return;
      const bool of_before = texts_[i].empty() && range.begin > 0 && continues(byte);
      if (!of_before) texts_[i] += byte;
    }
  }

  std::vector<Range> wanted_;
  std::vector<std::string> texts_;
  size_t done_ = 0;    // blocks of which nothing can follow
  size_t closed_ = 0;  // blocks whose end was met
  int64_t read_ = 0;
};

/// Reads a text again and keeps the parts whose numbers were drawn.
class Drawing {
 public:
  Drawing(const Parts& parts, std::vector<int64_t> wanted, const CancelCheck& check)
      : parts_(parts), wanted_(std::move(wanted)), check_(check) {}

  std::vector<Document> run(DocumentStream& stream) {
    for (int64_t number = 0; at_ < wanted_.size() && stream.next(); ++number) {
      if (check_) check_();
      const auto found = parts_.long_documents.find(number);
      if (found == parts_.long_documents.end()) {
        add_short(stream);
      } else {
        add_blocks(stream, found->second);
      }
    }
    if (at_ < wanted_.size()) throw Error("text", "the same text at a second reading", "another");
    return std::move(drawn_);
  }

 private:
  void add_short(DocumentStream& stream) {
    std::string raw = stream.read(max_whole_bytes + 1);
    if (only_space(raw)) return;
    if (passed_++ != wanted_[at_]) return;
    ++at_;
    const std::string rest = stream.read(1);  // after its end a document's name is known
    if (!rest.empty()) throw Error("text", "the same text at a second reading", "another");
    drawn_.push_back({stream.name(), std::move(raw)});
  }

  void add_blocks(DocumentStream& stream, const LongDocument& document) {
    std::vector<Range> ranges;
    for (const Range& block : document.blocks) {
      if (at_ + ranges.size() == wanted_.size()) break;
      if (passed_++ == wanted_[at_ + ranges.size()]) ranges.push_back(block);
    }
    if (ranges.empty()) return;
    Cutter cutter(ranges);
    read_on(stream, check_, [&](const std::string& part) { cutter.add(part); });
    if (cutter.texts().size() != ranges.size()) {
      throw Error("text", "the same text at a second reading", "another");
    }
    for (size_t i = 0; i < ranges.size(); ++i) {
      const std::string place = "@" + std::to_string(ranges[i].begin);
      drawn_.push_back({stream.name() + place, cutter.texts()[i]});
    }
    at_ += ranges.size();
  }

  const Parts& parts_;
  std::vector<int64_t> wanted_;
  const CancelCheck& check_;
  std::vector<Document> drawn_;
  size_t at_ = 0;       // of the next one that is wanted
  int64_t passed_ = 0;  // parts
};

}  // namespace

std::vector<Document> drawn_documents(const OpenDocuments& open, int64_t count, uint64_t seed,
                                      const CancelCheck& check) {
  const Parts parts = parts_of(*pipelines::begin_documents(open), check);
  if (parts.count == 0) throw Error("text", "a text that is not empty", "nothing");
  return Drawing(parts, sample_indices(parts.count, count, seed), check)
      .run(*pipelines::begin_documents(open));
}

}  // namespace locus
