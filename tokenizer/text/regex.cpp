#include "tokenizer/text/regex.hpp"

#include <oniguruma.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <string>

#include "base/error.hpp"

namespace locus::tokenization {
namespace {

constexpr unsigned long max_retries_of_place = 1'000'000;  // tens of milliseconds
// A step back to what a group has matched compares as many bytes as that has.
constexpr unsigned long max_retries_of_place_by_reference = 10'000;
constexpr unsigned long max_retries = 10'000'000, max_retries_per_byte = 64;
constexpr unsigned max_stack = 1u << 24;

constexpr std::string_view syntax = "an expression that Oniguruma compiles";

const OnigUChar* bytes_of(const char* text) { return reinterpret_cast<const OnigUChar*>(text); }

[[noreturn]] void refuse(std::string_view pattern, std::string_view expected,
                         std::string_view found) {
  const bool is_long = pattern.size() > 80;
  const std::string quoted(pattern.substr(0, 80));
  throw Error("regular expression '" + quoted + (is_long ? "..." : "") + "'", expected, found);
}

// We limit the depth by counting brackets: Oniguruma's own limit is a setting of the process, which
// belongs to the host.
std::ptrdiff_t brackets_of(std::string_view pattern) {
  return std::count_if(pattern.begin(), pattern.end(), [](char c) { return c == '(' || c == '['; });
}

// Whether an expression may ask for what a group has matched: `\1` or `\k<name>`.
bool refers_back(std::string_view pattern) {
  for (std::size_t at = 0; at + 1 < pattern.size(); ++at) {
    if (pattern[at] != '\\') continue;
    const char next = pattern[++at];
    if (next == 'k' || (next >= '1' && next <= '9')) return true;
  }
  return false;
}

std::string reason_of(int code, OnigErrorInfo* info = nullptr) {
  OnigUChar text[ONIG_MAX_ERROR_MESSAGE_LEN];
  const int size =
      info ? onig_error_code_to_str(text, code, info) : onig_error_code_to_str(text, code);
  return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(std::max(size, 0))};
}

// Oniguruma wants to be started once in a process, before the first expression.
void start_library() {
  static const int started = [] {
    OnigEncoding encodings[] = {ONIG_ENCODING_UTF8};
    return onig_initialize(encodings, 1);
  }();
  if (started != ONIG_NORMAL) throw Error("Oniguruma", "that it starts", reason_of(started));
}

regex_t* compiled(std::string_view pattern, int& code, OnigErrorInfo& info) {
  regex_t* made = nullptr;
  const OnigUChar* const begin = bytes_of(pattern.data());
  code = onig_new(&made, begin, begin + pattern.size(), ONIG_OPTION_NONE, ONIG_ENCODING_UTF8,
                  OnigDefaultSyntax, &info);
  return made;
}

// The match that a search finds, and the limits of its work.
class Search {
 public:
  Search(std::size_t text_size, unsigned long retries_of_place, Watch& watch)
      : region_(onig_region_new()), limits_(onig_new_match_param()), watch_(watch) {
    if (!region_ || !limits_) throw Error("regular expression", "memory for a search", "none");
    onig_initialize_match_param(limits_.get());
    onig_set_match_stack_limit_size_of_match_param(limits_.get(), max_stack);
    onig_set_retry_limit_in_match_of_match_param(limits_.get(), retries_of_place);
    onig_set_retry_limit_in_search_of_match_param(limits_.get(),
                                                  max_retries + max_retries_per_byte * text_size);
    onig_set_progress_callout_of_match_param(limits_.get(), begin_place);
    onig_set_callout_user_data_of_match_param(limits_.get(), this);
  }
  Search(const Search&) = delete;
  Search& operator=(const Search&) = delete;

  std::optional<Range> run(regex_t* compiled, std::string_view text, std::size_t from) {
    const OnigUChar* const begin = bytes_of(text.data());
    const OnigUChar* const end = begin + text.size();
    const int found = onig_search_with_param(compiled, begin, end, begin + from, end, region_.get(),
                                             ONIG_OPTION_NONE, limits_.get());
    if (stopped_) std::rethrow_exception(stopped_);
    if (found == ONIG_MISMATCH) return std::nullopt;
    if (found < 0) throw Error("regular expression", "a match within the limits", reason_of(found));
    return Range{static_cast<std::size_t>(found), static_cast<std::size_t>(region_->end[0])};
  }

 private:
  // Called by the callout that expressions begin with. Exceptions do not pass through Oniguruma.
  static int begin_place(OnigCalloutArgs*, void* search) {
    return static_cast<Search*>(search)->goes_on() ? ONIG_CALLOUT_SUCCESS : ONIG_ABORT;
  }
  bool goes_on() {
    constexpr std::chrono::milliseconds between_questions(5);
    const auto now = std::chrono::steady_clock::now();
    if (now - asked_ < between_questions) return true;
    try {
      watch_.ask();
      asked_ = now;
      return true;
    } catch (...) {
      stopped_ = std::current_exception();
      return false;
    }
  }

  struct Free {
    void operator()(OnigRegion* region) const { onig_region_free(region, 1); }
    void operator()(OnigMatchParam* limits) const { onig_free_match_param(limits); }
  };
  std::unique_ptr<OnigRegion, Free> region_;
  std::unique_ptr<OnigMatchParam, Free> limits_;
  Watch& watch_;
  std::chrono::steady_clock::time_point asked_ = std::chrono::steady_clock::now();
  std::exception_ptr stopped_;  // what the watch threw
};

}  // namespace

Regex::Regex(std::string_view pattern)
    : max_retries_of_place_(refers_back(pattern) ? max_retries_of_place_by_reference
                                                 : max_retries_of_place) {
  if (pattern.size() > max_bytes) {
    refuse(pattern, "at most " + std::to_string(max_bytes) + " bytes",
           std::to_string(pattern.size()));
  }
  if (const auto brackets = brackets_of(pattern); brackets > max_brackets) {
    refuse(pattern, "at most " + std::to_string(max_brackets) + " groups and classes",
           std::to_string(brackets));
  }
  start_library();
  int code = ONIG_NORMAL;
  OnigErrorInfo info;
  compiled_.reset(compiled(pattern, code, info));
  if (code != ONIG_NORMAL) refuse(pattern, syntax, reason_of(code, &info));
  // With a callout before its first alternative, which changes no match, it asks at each place. An
  // expression whose options must come first stays without.
  const std::string asking = "(?{})" + std::string(pattern);
  regex_t* const watched = compiled(asking, code, info);
  if (code == ONIG_NORMAL) compiled_.reset(watched);
}
Regex::~Regex() = default;
Regex::Regex(Regex&&) noexcept = default;

void Regex::Free::operator()(re_pattern_buffer* compiled) const { onig_free(compiled); }

std::optional<Range> Regex::search(std::string_view text, std::size_t from, Watch& watch) const {
  watch.ask();
  if (from > text.size()) return std::nullopt;
  return Search(text.size(), max_retries_of_place_, watch).run(compiled_.get(), text, from);
}

}  // namespace locus::tokenization
