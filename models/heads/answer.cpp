#include "models/answer.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "models/heads/probabilities.hpp"
#include "models/shifted_text.hpp"

namespace locus {
namespace {

/// One window's ids, and its logits of the text's tokens.
class AnswerWindow {
 public:
  AnswerWindow(const AskedText& asked, Range part) : part_(part), before_(asked.begin) {
    ids_ = around(asked.ids, asked);
    type_ids_ = around(asked.type_ids, asked);
  }

  void run(Session& session) {
    const Sequence sequence{ids_, type_ids_, {}};
    read_texts(session, {&sequence, 1});
    starts_ = column(session.output("start_logits"));
    ends_ = column(session.output("end_logits"));
    none_ = static_cast<double>(starts_.front()) + ends_.front();
    start_probabilities_ = heads::softmax(choices(starts_));
    end_probabilities_ = heads::softmax(choices(ends_));
  }

  double none() const { return none_; }

  /// Calls `take` for every span of at most `max_length` tokens.
  template <typename Take>
  void for_spans(int64_t max_length, Take take) const {
    const std::span<const float> starts = text(starts_), ends = text(ends_);
    const auto count = static_cast<int64_t>(starts.size());
    for (int64_t first = 0; first < count; ++first) {
      for (int64_t last = first; last < std::min(count, first + max_length); ++last) {
        take(Answer{part_.begin + first, part_.begin + last,
                    static_cast<double>(starts[first]) + ends[last],
                    start_probabilities_[first + 1] * end_probabilities_[last + 1]});
      }
    }
  }

 private:
  std::vector<int32_t> around(std::span<const int32_t> all, const AskedText& asked) const {
    std::vector<int32_t> ids(all.begin(), all.begin() + asked.begin);
    ids.insert(ids.end(), all.begin() + part_.begin, all.begin() + part_.end);
    ids.insert(ids.end(), all.begin() + asked.end, all.end());
    return ids;
  }

  static std::vector<float> column(ConstView logits) {  // [T, 1]
    std::vector<float> values;
    for (int64_t row = 0; row < logits.size(0); ++row) values.push_back(logits(row, 0));
    heads::check_finite_logits("answer", values);
    return values;
  }

  std::span<const float> text(const std::vector<float>& all) const {
    return std::span(all).subspan(before_, part_.end - part_.begin);
  }

  /// The first token, which stands for no answer, and the text's.
  std::vector<float> choices(const std::vector<float>& all) const {
    std::vector<float> values{all.front()};
    const std::span<const float> rest = text(all);
    values.insert(values.end(), rest.begin(), rest.end());
    return values;
  }

  Range part_;
  int64_t before_;  // tokens before the text
  std::vector<int32_t> ids_, type_ids_;
  std::vector<float> starts_, ends_;
  std::vector<double> start_probabilities_, end_probabilities_;
  double none_ = 0;
};

/// The best spans, each once, whatever the number of windows that hold it.
class BestAnswers {
 public:
  explicit BestAnswers(int64_t max) : max_(static_cast<size_t>(max)) {}

  void take(const Answer& answer) {
    if (best_.size() == max_ && best_.back().score >= answer.score) return;
    const auto same = std::ranges::find_if(best_, [&](const Answer& each) {
      return each.first == answer.first && each.last == answer.last;
    });
    if (same != best_.end()) {
      if (same->score >= answer.score) return;
      best_.erase(same);
    }
    const auto place =
        std::ranges::find_if(best_, [&](const Answer& each) { return each.score < answer.score; });
    best_.insert(place, answer);
    if (best_.size() > max_) best_.pop_back();
  }

  const std::vector<Answer>& best() const { return best_; }

 private:
  size_t max_;
  std::vector<Answer> best_;
};

void check_asked(const Session& session, const AskedText& asked, const AnswerSettings& settings) {
  const std::string& task = session.graph().spec().task;
  if (task != "question-answering") throw Error("answer", "a model that answers questions", task);
  if (asked.begin >= asked.end) throw Error("answer", "a text of at least one token", "none");
  for (const auto& [name, value] :
       {std::pair{"max_length", settings.max_length}, {"top", settings.top}}) {
    if (value < 1) throw Error(name, "at least 1", std::to_string(value));
  }
}

}  // namespace

std::vector<Range> plan_answer_windows(const AskedText& asked, const AnswerSettings& settings) {
  const int64_t around = static_cast<int64_t>(asked.ids.size()) - (asked.end - asked.begin);
  const int64_t room = settings.window - around;
  if (room < 1) {
    throw Error("question",
                "fewer than " + std::to_string(settings.window) +
                    " tokens, special ones included, so that there is room for the text",
                std::to_string(around));
  }
  const int64_t step = room - std::clamp<int64_t>(settings.overlap, 0, room / 2);
  std::vector<Range> windows;
  for (int64_t begin = asked.begin;; begin += step) {
    const int64_t end = std::min(asked.end, begin + room);
    windows.push_back({begin, end});
    if (end == asked.end) return windows;
  }
}

Answers find_answers(Session& session, const AskedText& asked, const AnswerSettings& settings) {
  check_asked(session, asked, settings);
  Answers answers;
  BestAnswers best(settings.top);
  for (const Range part : plan_answer_windows(asked, settings)) {
    AnswerWindow window(asked, part);
    window.run(session);
    window.for_spans(settings.max_length, [&](const Answer& answer) { best.take(answer); });
    answers.none = answers.windows == 0 ? window.none() : std::min(answers.none, window.none());
    ++answers.windows;
  }
  answers.best = best.best();
  return answers;
}

}  // namespace locus
