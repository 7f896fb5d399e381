// The registry of positional encodings: one row a scheme.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attributes.hpp"
#include "options.hpp"
#include "position.hpp"

namespace locus {

/// What a scheme needs to know of the model it serves.
struct SchemeContext {
  int64_t width = 0;      ///< D, of token vectors
  int64_t heads = 0;      ///< H, of queries
  int64_t head_size = 0;  ///< d
  bool causal = false;    ///< whether queries see earlier keys alone
  int64_t capacity = 0;   ///< positions that tables are built for
  uint64_t seed = 0;      ///< of the initial state of weights that no checkpoint supplies
  Precision precision = Precision::f32;  ///< that the model is asked for
};

/// The initial state of a weight that no checkpoint supplies.
struct Initial {
  enum class Kind { zero, one, identity, normal } kind = Kind::normal;
  float deviation = 0.02f;
};

/// Where a scheme's weights come from.
class SchemeWeights {
 public:
  virtual ~SchemeWeights() = default;
  /// Whether a checkpoint supplies the weight.
  virtual bool contains(std::string_view name) const = 0;
  /// The shape of a weight that a checkpoint supplies.
  virtual Shape shape(std::string_view name) const = 0;
  /// The weight; a seeded initial state where no checkpoint supplies it. Throws Error when a stored
  /// shape differs from `expected` (-1 accepts any size).
  virtual Tensor take(std::string_view name, Shape expected, Initial initial) = 0;
};

/// What holds for a scheme. Tests and tools choose their checks by it.
struct SchemeTraits {
  bool relative = false;     ///< shifting all positions changes nothing
  bool stepwise = true;      ///< decoding step by step equals one pass
  bool learned = false;      ///< has weights
  bool limited = false;      ///< represents a bounded number of positions
  int64_t score_terms = 0;   ///< terms that share the scale of attention (DeBERTa)
  bool absolute = false;     ///< shifting all positions changes the result
  bool rotates = false;      ///< changes q and k themselves
  bool meets_heads = false;  ///< its score depends on q or k, not on the distance alone
  bool planar = false;       ///< reads positions of two axes, a row and a column
};

/// One parameter of a scheme.
struct SchemeParameter {
  std::string name;
  Attribute value;      ///< the default; its type is the parameter's
  std::string meaning;  ///< for people, with the values it takes
};

/// One row of the registry.
struct Scheme {
  std::string name;
  std::string summary;
  std::string source;  ///< paper and section
  std::vector<SchemeParameter> parameters;
  /// The type of parameters with other names; none: such parameters are refused. The text of a
  /// scheme that has it holds formulas: a plus begins the next link only before a scheme's name.
  std::optional<SchemeParameter> definition = {};
  SchemeTraits traits;
  /// The scheme whose weights and parameters it takes over when it replaces that scheme in a model;
  /// empty: none.
  std::string continues = {};
  /// Names of weights that it reads whatever scheme they were stored for; empty: none. The
  /// attributes are complete.
  std::function<std::set<std::string>(const Attributes&)> names = {};
  std::function<std::shared_ptr<const PositionalEncoding>(const Attributes&, SchemeWeights&,
                                                          const SchemeContext&)>
      make;
  /// How parameters change the traits of the defaults (`rope:scaling=dynamic` is not stepwise);
  /// empty where they change nothing. The attributes are complete.
  std::function<SchemeTraits(SchemeTraits, const Attributes&)> refine;
};

/// The schemes of Locus, by name.
std::span<const Scheme> schemes();
/// Their names, in the same order.
std::vector<std::string> scheme_names();

// A program may bring schemes of its own: the functions below take them as `own`, beside the
// schemes of Locus. `GraphOptions::schemes` and `ModelOptions::schemes` are handed to all of these
// functions.

/// Throws Error that lists the known names.
const Scheme& find_scheme(std::string_view name, std::span<const Scheme> own = {});
/// Throws Error for a scheme of `own` whose name is taken or is not a word of letters, digits and
/// `_`, and for one without `make`.
void check_schemes(std::span<const Scheme> own);

/// A scheme with its parameters: one link of a chain.
struct SchemeChoice {
  std::string name;
  Attributes parameters;
  bool operator==(const SchemeChoice&) const = default;
};

/// Parses `rope:base=1000,pairing=half+alibi`. Throws Error on unknown names and parameters, and on
/// values of the wrong type.
std::vector<SchemeChoice> parse_encoding(std::string_view text, std::span<const Scheme> own = {});
/// The text form that `parse_encoding` reads; defaults of Locus's schemes are left out.
std::string to_string(std::span<const SchemeChoice> chain);

/// What must hold for a chain with its parameters: a trait of every link, or of any. Throws Error
/// as `parse_encoding` does.
SchemeTraits traits_of(std::span<const SchemeChoice> chain, std::span<const Scheme> own = {});

/// Names of weights that a choice reads whatever scheme they were stored for. Throws Error as
/// `parse_encoding` does.
std::set<std::string> weight_names_of(const SchemeChoice& choice, std::span<const Scheme> own = {});

/// Makes one scheme: checks parameter names and types, fills in defaults, calls its factory.
std::shared_ptr<const PositionalEncoding> make_encoding(const SchemeChoice& choice,
                                                        SchemeWeights& weights,
                                                        const SchemeContext& context,
                                                        std::span<const Scheme> own = {});
/// Several encodings applied one after the other, hook by hook.
std::shared_ptr<const PositionalEncoding> chain_encodings(
    std::vector<std::shared_ptr<const PositionalEncoding>> links);

}  // namespace locus
