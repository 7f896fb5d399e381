#include "pipelines/text/streamed_texts.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "evaluation/score_units.hpp"
#include "pipelines/text/begin_documents.hpp"
#include "pipelines/text/lossy_text.hpp"
#include "pipelines/text/text_parts.hpp"

namespace locus::pipelines {
namespace {

constexpr size_t step = size_t{1} << 18;

bool blank(std::string_view text) { return text.find_first_not_of(" \t\r\n\f\v") == text.npos; }

/// A document's text on its way to the tokenizer.
struct Reading {
  DocumentStream& stream;
  const CancelCheck& check;
  Sha256 hash;
  int64_t bytes = 0;
  bool blank = true;

  std::string read(size_t wanted) {
    check();
    std::string part = stream.read(wanted);
    hash.add(part);
    bytes += static_cast<int64_t>(part.size());
    blank = blank && pipelines::blank(part);
    return part;
  }
};

std::optional<int32_t> id_outside(const std::vector<int32_t>& ids, int64_t vocabulary) {
  const auto outside = [&](int32_t id) { return id < 0 || id >= vocabulary; };
  const auto found = std::ranges::find_if(ids, outside);
  return found == ids.end() ? std::nullopt : std::optional(*found);
}

/// Calls `visit(number among those that are not blank)` for each of these.
template <typename Visit>
void for_each_document(DocumentStream& stream, const Survey& survey, const Visit& visit) {
  size_t number = 0;
  for (size_t i = 0; stream.next(); ++i) {
    if (i == survey.blank.size()) throw Error("texts", "as many as before", "more");
    if (!survey.blank[i]) visit(number++);
  }
}

}  // namespace

PartSettings StreamedTexts::parts() const {
  PartSettings settings;
  settings.check = check_;
  return settings;
}

Survey StreamedTexts::survey(int64_t vocabulary) const {
  Survey survey;
  std::string first = "";  // document
  for (const auto stream = begin_documents(open_); stream->next();) {
    Reading reading{*stream, check_, {}};
    PartEncoder encoder(
        tokenizer_, [&](size_t bytes) { return reading.read(bytes); }, parts());
    RoundTrip trip(tokenizer_);
    int64_t tokens = 0;
    std::optional<int32_t> outside;
    while (const auto part = encoder.next()) {
      if (!outside) outside = id_outside(part->ids, vocabulary);
      trip.add(part->raw, part->ids);
      tokens += static_cast<int64_t>(part->ids.size());
    }
    survey.blank.push_back(reading.blank);
    first = first.empty() ? stream->name() : first;
    if (reading.blank) continue;
    if (outside) {
      throw Error(stream->name(), "ids below " + std::to_string(vocabulary),
                  std::to_string(*outside));
    }
    survey.hashes.push_back({stream->name(), reading.bytes, reading.hash.digits()});
    survey.sizes.push_back({stream->name(), tokens});
    survey.lossless.push_back(trip.finish());
    survey.bytes += reading.bytes;
  }
  if (!survey.sizes.empty()) return survey;
  throw Error(first.empty() ? "texts" : first, "a text that is not empty", "nothing");
}

std::vector<std::vector<int64_t>> StreamedTexts::block_ends(const Survey& survey,
                                                            int64_t size) const {
  std::vector<std::vector<int64_t>> all;
  const auto stream = begin_documents(open_);
  for_each_document(*stream, survey, [&](size_t) {
    ParagraphEnds ends(size);
    for (std::string part = stream->read(step); !part.empty(); part = stream->read(step)) {
      check_();
      ends.add(part);
    }
    all.push_back(ends.finish());
  });
  return all;
}

double StreamedTexts::lossy_share(const Survey& survey) const {
  int64_t lost = 0;
  const auto stream = begin_documents(open_);
  for_each_document(*stream, survey, [&](size_t number) {
    if (survey.lossless[number]) return;
    const auto read_on = [&](size_t bytes) {
      check_();
      return stream->read(bytes);
    };
    lost += lossy_bytes(tokenizer_, read_on, check_);
  });
  return static_cast<double>(lost) / static_cast<double>(std::max<int64_t>(survey.bytes, 1));
}

NextTokens StreamedTexts::tokens(const Survey& survey) const {
  struct State {
    std::unique_ptr<DocumentStream> stream;
    size_t documents = 0;  // that were gone to, blank ones too
    size_t text = static_cast<size_t>(-1);
    std::unique_ptr<TextParts> parts;
  };
  const auto state = std::make_shared<State>();
  state->stream = begin_documents(open_);
  return [=, this, &survey](size_t text) {
    check_();
    while (state->text != text) {
      if (!state->stream->next()) return Text{};
      if (survey.blank[state->documents++]) continue;
      ++state->text;
      state->parts = std::make_unique<TextParts>(
          tokenizer_, [&stream = *state->stream](size_t bytes) { return stream.read(bytes); },
          parts());
    }
    return state->parts->next();
  };
}

}  // namespace locus::pipelines
