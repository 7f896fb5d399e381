#include <set>

#include "engine/scheme.hpp"
#include "tools/cli/verbs/doctor/alternatives.hpp"
#include "tools/cli/verbs/doctor/readings.hpp"

namespace locus::cli {
namespace {

/// Every reading of `position --check`, and what a table by positions cannot tell.
std::vector<Alternatives> encoding_alternatives() {
  using Text = std::string;
  std::vector<Alternatives> all = alternatives();
  all.push_back({"rope", "base", {10000.0, 1000.0, 160000.0, 500000.0, 1000000.0}});
  all.push_back({"rope", "rotate_value", {false, true}});
  all.push_back({"learned", "offset", {int64_t{0}, int64_t{1}, int64_t{2}}});
  all.push_back({"t5", "direction", {Text("both"), Text("past")}});
  all.push_back({"t5", "max_distance", {int64_t{64}, int64_t{128}, int64_t{256}}});
  all.push_back({"nezha", "clip", {int64_t{32}, int64_t{64}, int64_t{127}}});
  return all;
}

using LinkVisitor = std::function<void(SchemeChoice& link, const std::string& encoding)>;

/// Every link of a scheme, with the name of its encoding.
void for_each_link(GraphSpec& spec, const std::string& scheme, const LinkVisitor& visit) {
  for (auto& [name, encoding] : spec.encodings) {
    for (SchemeChoice& link : encoding.chain) {
      if (link.name == scheme) visit(link, name);
    }
  }
}

/// A parameter of a link, or the scheme's default.
Attribute parameter_of(const SchemeChoice& link, const std::string& parameter) {
  const auto& given = link.parameters.values();
  if (const auto found = given.find(parameter); found != given.end()) return found->second;
  for (const SchemeParameter& each : find_scheme(link.name).parameters) {
    if (each.name == parameter) return each.value;
  }
  return std::string();
}

/// All links of the scheme get the value, unless one has it.
OtherReading parameter_reading(const Alternatives& each, const Attribute& value) {
  const auto revise = [scheme = each.scheme, parameter = each.parameter, value](GraphSpec& spec) {
    bool known = false;
    for_each_link(spec, scheme, [&](const SchemeChoice& link, const std::string&) {
      known = known || to_string(parameter_of(link, parameter)) == to_string(value);
    });
    if (known) return;
    for_each_link(spec, scheme, [&](SchemeChoice& link, const std::string&) {
      link.parameters.set(parameter, value);
    });
  };
  return {each.scheme + ": " + each.parameter + "=" + to_string(value), revise};
}

/// Of the attention that an encoding turns; 0 where there is none.
int64_t head_size_of(const GraphSpec& spec, const std::string& encoding) {
  for (const NodeSpec& node : spec.nodes) {
    if (node.kind == "attention" && node.encoding == encoding) {
      return node.attributes.integer(node.name, "head_size");
    }
  }
  return 0;
}

/// RoPE for a part of each head, or for all of it.
OtherReading rotated_share(double share) {
  return {"rope: fraction=" + to_string(Attribute(share)), [share](GraphSpec& spec) {
            for_each_link(spec, "rope", [&](SchemeChoice& link, const std::string& encoding) {
              const auto size = static_cast<double>(head_size_of(spec, encoding));
              const auto wanted = static_cast<int64_t>(share * size);
              int64_t current = link.parameters.integer("rope", "dimensions", 0);
              if (current == 0) {
                current =
                    static_cast<int64_t>(link.parameters.number("rope", "fraction", 1) * size);
              }
              if (wanted == current || wanted < 2 || wanted % 2 != 0) return;
              link.parameters.set("fraction", share);
              link.parameters.set("dimensions", int64_t{0});
            });
          }};
}

/// A `rope_scaling` by position alone; a factor of 1 is none.
OtherReading rope_scaling_reading(double factor) {
  const std::string type = factor == 1 ? "none" : "linear";
  const std::string name = "rope: scaling=" + type;
  return {factor == 1 ? name : name + ", factor=" + to_string(Attribute(factor)),
          [type, factor](GraphSpec& spec) {
            for_each_link(spec, "rope", [&](SchemeChoice& link, const std::string&) {
              const bool same = to_string(parameter_of(link, "scaling")) == type &&
                                (type == "none" || to_string(parameter_of(link, "factor")) ==
                                                       to_string(Attribute(factor)));
              if (same) return;
              link.parameters.set("scaling", type);
              link.parameters.set("factor", factor);
            });
          }};
}

/// Another scheme of the same tables.
OtherReading same_tables(const std::string& from, const std::string& to) {
  return {to + " instead of " + from, [from, to](GraphSpec& spec) {
            for_each_link(spec, from,
                          [&](SchemeChoice& link, const std::string&) { link.name = to; });
          }};
}

}  // namespace

OtherReadings encoding_readings() {
  OtherReadings rows;
  for (const Alternatives& each : encoding_alternatives()) {
    for (const Attribute& value : each.values) rows.push_back(parameter_reading(each, value));
  }
  for (const double share : {1.0, 0.5, 0.25}) rows.push_back(rotated_share(share));
  for (const double factor : {1.0, 2.0, 4.0, 8.0}) rows.push_back(rope_scaling_reading(factor));
  rows.push_back(same_tables("relative_key", "relative_key_query"));
  rows.push_back(same_tables("relative_key_query", "relative_key"));
  return rows;
}

}  // namespace locus::cli
