#include "python/binding/schemes.hpp"

#include <nanobind/ndarray.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/variant.h>
#include <nanobind/stl/vector.h>

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

/// The engine's own memory as an array: for the time of a call.
template <class T>
nb::object seen(BasicView<T> view) {
  std::vector<size_t> shape;
  std::vector<int64_t> strides;
  for (int axis = 0; axis < view.rank; ++axis) {
    shape.push_back(static_cast<size_t>(view.size(axis)));
    strides.push_back(view.stride(axis));
  }
  const nb::ndarray<nb::numpy, T> array(view.data, shape.size(), shape.data(), nb::handle(),
                                        strides.data());
  return nb::cast(array, nb::rv_policy::reference);
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
  explicit PythonEncoding(nb::object hooks)
      : embeds_(nb::hasattr(hooks, "embed")),
        rotates_(nb::hasattr(hooks, "rotate")),
        scores_(nb::hasattr(hooks, "score")),
        hooks_(shared(std::move(hooks))) {}

  void embed(View x, const Block& block) const override {
    if (!embeds_) return;
    const Locked locked;
    call("embed", nb::make_tuple(seen(x), positions_of(block.queries)));
  }

  void rotate(View heads, Role role, const Block& block) const override {
    if (!rotates_) return;
    const Locked locked;
    call("rotate", nb::make_tuple(seen(heads), name_of(role), positions_of(block.queries)));
  }

  void score(View s, ConstView q, ConstView k, const Block& block) const override {
    if (!scores_) return;
    const Locked locked;
    call("score", nb::make_tuple(seen(s), seen(q), seen(k), positions_of(block.queries),
                                 positions_of(block.keys), block.first_head, block.scale));
  }

 private:
  void call(const char* hook, const nb::tuple& arguments) const {
    const nb::object method = hooks_->attr(hook);
    call_python(method, arguments);
  }

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

std::shared_ptr<const PositionalEncoding> make(const SharedObject& factory,
                                               const Attributes& parameters,
                                               const SchemeContext& context) {
  const Locked locked;
  nb::dict values;
  for (const auto& [name, value] : parameters.values()) values[name.c_str()] = nb::cast(value);
  return std::make_shared<PythonEncoding>(
      call_python(*factory, nb::make_tuple(values, context_dict(context))));
}

Scheme scheme_of(const OwnScheme& own) {
  Scheme row;
  row.name = own.name;
  row.summary = own.summary;
  row.source = "Python";
  for (const auto& [name, value] : own.parameters) row.parameters.push_back({name, value, ""});
  row.traits.relative = own.relative;
  row.make = [factory = shared(own.make)](const Attributes& parameters, SchemeWeights&,
                                          const SchemeContext& context) {
    return make(factory, parameters, context);
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
