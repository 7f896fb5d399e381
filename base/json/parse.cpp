#include <iterator>

#include "base/error.hpp"
#include "base/float_environment.hpp"
#include "base/json/json.hpp"
#include "base/json/reason.hpp"

namespace locus::detail {
namespace {

using nlohmann::json;

/// The bytes of a text, each of which is work.
class WatchedBytes {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  WatchedBytes(const char* at, Watch& watch) : at_(at), watch_(&watch) {}
  reference operator*() const { return *at_; }
  WatchedBytes& operator++() {
    ++at_;
    watch_->spend(1);
    return *this;
  }
  bool operator==(const WatchedBytes& other) const { return at_ == other.at_; }

 private:
  const char* at_;
  Watch* watch_;
};

/// Builds a value from the events of a parse and refuses what the grammar allows but a format does
/// not. The library's own way to see events takes time that grows with the square of an object's
/// size.
class Builder : public nlohmann::json_sax<json> {
 public:
  Builder(std::string_view who, const JsonLimits& limits) : who_(who), limits_(limits) {}

  json take() { return std::move(root_); }

  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(int64_t value) override { return put(value); }
  bool number_unsigned(uint64_t value) override { return put(value); }
  bool number_float(double value, const std::string&) override { return put(value); }
  bool string(std::string& value) override { return put(std::move(value)); }
  bool binary(json::binary_t&) override { return false; }  // no text has one
  bool start_object(std::size_t) override { return open(json::object()); }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(std::string& key) override {
    if (open_.back()->size() >= limits_.keys) {
      throw Error(who_, "objects of at most " + std::to_string(limits_.keys) + " keys", "more");
    }
    if (open_.back()->contains(key)) throw Error(who_, "every key once", "'" + key + "' twice");
    key_ = std::move(key);
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const json::exception& error) override {
    throw Error(who_, "JSON", reason_of(error));
  }

 private:
  // An open value stays where it is: nothing is added to what holds it until it is closed.
  json* place(json value) {
    if (++values_ > limits_.values) {
      throw Error(who_, "JSON of at most " + std::to_string(limits_.values) + " values", "more");
    }
    if (open_.empty()) return &(root_ = std::move(value));
    json& parent = *open_.back();
    if (!parent.is_array()) return &(parent[key_] = std::move(value));
    parent.push_back(std::move(value));
    return &parent.back();
  }

  bool put(json value) { return place(std::move(value)) != nullptr; }

  bool open(json value) {
    if (open_.size() >= static_cast<std::size_t>(limits_.depth)) {
      throw Error(who_, "JSON of at most " + std::to_string(limits_.depth) + " levels", "more");
    }
    open_.push_back(place(std::move(value)));
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  std::string who_;
  JsonLimits limits_;
  std::size_t values_ = 0;
  json root_;
  std::vector<json*> open_;  // the objects and lists that are not complete
  std::string key_;          // of the value that comes next in an object
};

}  // namespace

json parse_json(std::string_view who, std::string_view text, const JsonLimits& limits) {
  Watch unwatched;
  return parse_json(who, text, unwatched, limits);
}

json parse_json(std::string_view who, std::string_view text, Watch& watch,
                const JsonLimits& limits) {
  // The library takes a zero byte for the end, and what follows for nothing, and skips this mark.
  if (text.starts_with("\xef\xbb\xbf")) throw Error(who, "JSON", "a byte-order mark before it");
  if (text.find('\0') != std::string_view::npos) throw Error(who, "JSON", "a zero byte");
  const DefaultFloats floats;
  Builder builder(who, limits);
  json::sax_parse(WatchedBytes(text.data(), watch), WatchedBytes(text.data() + text.size(), watch),
                  &builder);
  return builder.take();
}

}  // namespace locus::detail
