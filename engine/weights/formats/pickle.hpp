// Python's pickles as data.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/tensor.hpp"
#include "engine/weights/byte_reader.hpp"

namespace locus::weights {

enum class PickleKind {
  none,
  boolean,
  integer,
  big,  ///< an integer beyond 64 bits
  real,
  text,
  tuple,
  list,
  dict,
  global,     ///< a name that the reader allowed
  call,       ///< of a global: what Python would do, written down and not done
  reference,  ///< to what lies outside of the pickle
};

using locus::to_string;
std::string_view to_string(PickleKind kind);

/// A value; those inside it are places in the document.
struct PickleValue {
  PickleKind kind = PickleKind::none;
  int64_t integer = 0;    ///< of booleans and integers
  std::string_view text;  ///< of texts; a global's name; the bytes of a big integer
  /// Of tuples and lists; of dicts keys and values in turn; of a call the global, its arguments,
  /// then keys and values that were put into its result; of a reference its identity.
  std::vector<uint32_t> items = {};
};

/// Everything that a pickle builds. Texts lie where they were read.
class Pickle {
 public:
  Pickle(std::string who, std::vector<PickleValue> values, uint32_t root)
      : who_(std::move(who)), values_(std::move(values)), root_(root) {}

  const std::string& who() const { return who_; }
  const PickleValue& root() const { return values_[root_]; }
  const PickleValue& at(uint32_t place) const { return values_[place]; }
  /// A part of a value. Throws Error, with `at` in front, where there is none or another kind.
  const PickleValue& item(const std::string& at, const PickleValue& value, size_t index) const;
  void expect(const std::string& at, const PickleValue& value, PickleKind kind) const;

 private:
  std::string who_;
  std::vector<PickleValue> values_;
  uint32_t root_;
};

/// Reads one pickle of protocols 2 to 5 (Python's pickletools.py describes them) up to its end,
/// without executing anything. `globals` are the names that may occur, `module.name`; every other
/// one is refused, and so is every opcode that plain data do not need. Memory stays in proportion
/// to the bytes that are read.
Pickle read_pickle(ByteReader& reader, std::span<const std::string_view> globals);

}  // namespace locus::weights
