// A config.json read with types, ranges and defaults.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace locus {

/// A JSON object whose values are read once, with the default of the model type's own class where a
/// key is absent. Every failure is an Error that names the file and the key.
class Config {
 public:
  /// No size in a config may be larger: products of two stay far below 2^63.
  static constexpr int64_t max_integer = 2147483647;

  /// Reads a file. Throws Error where it is missing or no JSON object.
  static Config read(const std::filesystem::path& file);
  /// Parses a text.
  static Config parse(std::string who, std::string_view json);

  const std::string& who() const { return who_; }
  /// The keys that hold a value and that nothing has asked for, in the file's order of names; those
  /// of objects inside as `rope_parameters.factor`. Copies and objects inside share what they
  /// remember.
  std::vector<std::string> unread() const;
  /// Whether a key, or `object.key`, was asked for.
  bool was_read(std::string_view path) const;
  /// Says of keys that the values of others make them idle: they count as read.
  void idle(std::initializer_list<std::string_view> keys) const;
  /// A copy that remembers nothing, which several threads may read.
  Config settled() const;
  /// A copy with the values of a JSON object beside or in the place of its own.
  Config with(std::string_view json) const;
  /// The keys of a list alone.
  Config only(std::span<const std::string_view> keys) const;
  /// Everything as JSON, two spaces a level.
  std::string to_json() const;
  /// Whether the key is there with a value other than null.
  bool has(std::string_view key) const;
  /// Whether the key is there with null: for classes in which that is not the default.
  bool is_null(std::string_view key) const;
  /// Whether the value is absent, null, false, an empty list or an empty object.
  bool is_empty(std::string_view key) const;
  /// Of two names for one value (transformers' `attribute_map`) the one that the config uses;
  /// throws Error where it has both and they differ.
  std::string_view either(std::string_view key, std::string_view alias) const;
  /// A whole number from 1 to `max`.
  int64_t count(std::string_view key, int64_t fallback, int64_t max = max_integer) const;
  /// A whole number above 0. `fallback` where the key is absent, or 0 or less: how DeBERTa's
  /// configs say that there is none.
  int64_t count_if_any(std::string_view key, int64_t fallback) const;
  /// Throws Error where the whole number is there and another than `value`.
  void expect(std::string_view key, int64_t value) const;
  /// A whole number from 0 on.
  int64_t whole(std::string_view key, int64_t fallback) const;
  /// A list of whole numbers from 1 to `max`.
  std::vector<int64_t> counts(std::string_view key, std::vector<int64_t> fallback,
                              int64_t max = max_integer) const;
  /// A whole number from 1 to `max` for each of `parts`: a list, or one that all have.
  std::vector<int64_t> counts_of_each(std::string_view key, int64_t parts, int64_t fallback,
                                      int64_t max = max_integer) const;
  /// A number of layers: bounded, so that no config asks for a graph that fills the memory.
  int64_t layers(std::string_view key, int64_t fallback) const {
    return count(key, fallback, 4096);
  }
  /// A finite number.
  double number(std::string_view key, double fallback) const;
  bool boolean(std::string_view key, bool fallback) const;
  std::string text(std::string_view key, std::string_view fallback) const;
  /// The name of an activation that the engine knows.
  std::string activation(std::string_view key, std::string_view fallback) const;
  /// `name`, which `key` gave. Throws Error where the engine does not know it.
  std::string known_activation(std::string_view key, std::string name) const;
  /// A number, or a list of them: ids of tokens. Empty where absent, and for -1 alone, by which
  /// older configs say that there is none.
  std::vector<int32_t> ids(std::string_view key) const;
  /// A list of lists of ids. Empty where absent.
  std::vector<std::vector<int32_t>> id_lists(std::string_view key) const;
  /// Names of classes in the order of their ids (`id2label`). Empty where absent.
  std::vector<std::string> labels(std::string_view key) const;
  /// Names, one or several as `a|b` or a list. Empty where absent.
  std::vector<std::string> names(std::string_view key) const;
  /// Whether the value is a text.
  bool is_text(std::string_view key) const;
  /// A list of finite numbers. Empty where absent.
  std::vector<double> numbers(std::string_view key) const;
  /// `[[ids, number], ...]`. Empty where absent.
  std::vector<std::pair<std::vector<int32_t>, double>> weighted_ids(std::string_view key) const;
  /// A list of true and false. Empty where absent.
  std::vector<bool> booleans(std::string_view key) const;
  /// `[[names, times], ...]` written out, `count` names in all. Empty where absent.
  std::vector<std::string> repeated_names(std::string_view key, int64_t count) const;
  /// How many classes a head tells apart: those of `id2label`, or `num_labels`, or 2.
  int64_t classes() const;
  /// An object inside; an empty one where absent.
  Config object(std::string_view key) const;
  /// The first entry of `architectures`, one of `known`; `fallback` where the key is absent.
  std::string architecture(const std::vector<std::string>& known, std::string fallback) const;

  /// `whole / parts`, which must come out even: `hidden_size` among `num_attention_heads`.
  int64_t share(std::string_view whole_key, int64_t whole, std::string_view parts_key,
                int64_t parts) const;
  [[noreturn]] void fail(std::string_view key, const std::string& expected,
                         const std::string& found) const;

 private:
  using ReadKeys = std::set<std::string, std::less<>>;
  Config(std::string who, std::shared_ptr<const nlohmann::json> values);
  void note(std::string_view key) const;
  /// What an Error shows of a value.
  static std::string excerpt(const nlohmann::json& value);
  const nlohmann::json* find(std::string_view key) const;
  std::vector<int32_t> ids_of(std::string_view key, const nlohmann::json& value) const;
  struct Bounds {
    int64_t min, max;
  };
  int64_t between(Bounds bounds, std::string_view key, int64_t fallback) const;

  std::string who_;
  std::shared_ptr<const nlohmann::json> values_;
  std::shared_ptr<ReadKeys> read_;  ///< paths of what was asked for; null: nothing is remembered
  std::string at_;                  ///< the path of this object in its file, with its dot
};

}  // namespace locus
