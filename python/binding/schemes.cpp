#include "python/binding/schemes.hpp"

#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/variant.h>
#include <nanobind/stl/vector.h>

#include <cmath>

#include "base/error.hpp"
#include "python/binding/arrays.hpp"
#include "python/binding/bindings.hpp"
#include "python/binding/interpreter.hpp"

namespace locus::python {
namespace {

/// An object of Python's that threads without the lock may hand around and let go.
using SharedObject = std::shared_ptr<nb::object>;

SharedObject shared(nb::object object) {
  return {new nb::object(std::move(object)), [](nb::object* last) {
            if (!Py_IsInitialized()) return;
            const Locked locked;
            delete last;
          }};
}

void append(std::vector<float>& values, ConstView view) {
  for (int64_t i = 0; i < view.size(0); ++i) {
    view.rank == 1 ? values.push_back(view(i)) : append(values, view[i]);
  }
}

/// A copy: Python may keep it, and a debugger that looks at a hook's failure does.
nb::object copy_of(ConstView view) {
  std::vector<float> values;
  values.reserve(static_cast<size_t>(view.count()));
  append(values, view);
  return nb::cast(
      array_of(std::move(values), {view.sizes.begin(), view.sizes.begin() + view.rank}));
}

nb::tuple shape_of(ConstView view) {
  nb::list sizes;
  for (int axis = 0; axis < view.rank; ++axis) sizes.append(view.size(axis));
  return nb::tuple(sizes);
}

/// The next of `values` for each element, by `change(element, value)`.
template <class Change>
void change_all(View view, const float*& values, const Change& change) {
  for (int64_t i = 0; i < view.size(0); ++i) {
    view.rank == 1 ? change(view(i), *values++) : change_all(view[i], values, change);
  }
}

nb::object positions_of(const Positions& positions) {
  std::vector<double> values;
  for (int64_t row = 0; row < positions.count; ++row) values.push_back(positions.at(row));
  return nb::cast(array_of(std::move(values)));
}

const char* name_of(Role role) {
  if (role == Role::query) return "query";
  return role == Role::key ? "key" : "value";
}

class PythonEncoding : public PositionalEncoding {
 public:
  PythonEncoding(std::string name, nb::object hooks)
      : name_(std::move(name)),
        embeds_(nb::hasattr(hooks, "embed")),
        rotates_(nb::hasattr(hooks, "rotate")),
        scores_(nb::hasattr(hooks, "score")),
        hooks_(shared(std::move(hooks))) {}

  void embed(View x, const Block& block) const override {
    if (!embeds_) return;
    const Locked locked;
    const auto rows = call("embed", nb::make_tuple(shape_of(x), positions_of(block.queries)));
    put("embed", x, rows, [](float& element, float value) { element += value; });
  }

  void rotate(View heads, Role role, const Block& block) const override {
    if (!rotates_) return;
    const Locked locked;
    const auto rotated =
        call("rotate", nb::make_tuple(copy_of(heads), name_of(role), positions_of(block.queries)));
    put("rotate", heads, rotated, [](float& element, float value) { element = value; });
  }

  void score(View s, ConstView q, ConstView k, const Block& block) const override {
    if (!scores_) return;
    const Locked locked;
    const auto added = call(
        "score", nb::make_tuple(shape_of(s), copy_of(q), copy_of(k), positions_of(block.queries),
                                positions_of(block.keys), block.first_head, block.scale));
    put("score", s, added, [](float& element, float value) { element += value; });
  }

 private:
  using Found = nb::ndarray<const float, nb::numpy, nb::c_contig>;

  Found call(const char* hook, const nb::tuple& arguments) const {
    const nb::object method = hooks_->attr(hook);
    return nb::cast<Found>(call_python(method, arguments));
  }

  template <class Change>
  void put(const std::string& hook, View view, const Found& found, const Change& change) const {
    expect_numbers(hook, found);
    if (static_cast<int64_t>(found.size()) != view.count()) {
      throw Error(name_ + "." + hook, std::to_string(view.count()) + " values",
                  std::to_string(found.size()));
    }
    const float* values = found.data();
    if (view.count() > 0) change_all(view, values, change);
  }

  /// A score of -infinity hides a key.
  void expect_numbers(const std::string& hook, const Found& found) const {
    const bool score = hook == "score";
    for (size_t i = 0; i < found.size(); ++i) {
      const float value = found.data()[i];
      if (std::isfinite(value) || (score && value < 0)) continue;
      throw Error(name_ + "." + hook, score ? "numbers or -infinity" : "finite numbers",
                  std::to_string(value));
    }
  }

  std::string name_;
  bool embeds_, rotates_, scores_;
  SharedObject hooks_;
};

nb::dict context_dict(const SchemeContext& context) {
  nb::dict found;
  found["width"] = context.width;
  found["heads"] = context.heads;
  found["head_size"] = context.head_size;
  found["causal"] = context.causal;
  found["capacity"] = context.capacity;
  return found;
}

std::shared_ptr<const PositionalEncoding> make(const std::string& name, const SharedObject& factory,
                                               const Attributes& parameters,
                                               const SchemeContext& context) {
  const Locked locked;
  nb::dict values;
  for (const auto& [name, value] : parameters.values()) values[name.c_str()] = nb::cast(value);
  return std::make_shared<PythonEncoding>(
      name, call_python(*factory, nb::make_tuple(values, context_dict(context))));
}

Scheme scheme_of(const OwnScheme& own) {
  Scheme row;
  row.name = own.name;
  row.summary = own.summary;
  row.source = "Python";
  for (const auto& [name, value] : own.parameters) row.parameters.push_back({name, value, ""});
  row.traits.relative = own.relative;
  row.make = [name = own.name, factory = shared(own.make)](
                 const Attributes& parameters, SchemeWeights&, const SchemeContext& context) {
    return make(name, factory, parameters, context);
  };
  return row;
}

}  // namespace

std::vector<Scheme> schemes_of(const std::vector<OwnScheme>& own) {
  std::vector<Scheme> rows;
  for (const OwnScheme& scheme : own) rows.push_back(scheme_of(scheme));
  check_schemes(rows);
  return rows;
}

void bind_schemes(nb::module_& module) {
  nb::class_<OwnScheme>(module, "OwnScheme")
      .def(nb::init<>())
      .def_rw("name", &OwnScheme::name)
      .def_rw("summary", &OwnScheme::summary)
      .def_rw("parameters", &OwnScheme::parameters)
      .def_rw("relative", &OwnScheme::relative)
      .def_rw("make", &OwnScheme::make);
  module.def(
      "check_scheme", [](const OwnScheme& scheme) { schemes_of({scheme}); },
      "Refuses a name that is taken or no word.");
}

}  // namespace locus::python
