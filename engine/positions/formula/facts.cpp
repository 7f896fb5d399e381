#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "engine/positions/formula/program.hpp"

namespace locus::positions {
namespace {

bool is_reserved(const std::string& name) {
  const auto& known = model_names();
  return name == "sum" || arguments_of(name) > 0 || std::ranges::find(known, name) != known.end();
}

/// Visits every definition that `score` uses, directly or not, and collects facts about them.
class Walk {
 public:
  Walk(const std::string& who, const Definitions& definitions)
      : who_(who), definitions_(definitions) {
    definition("score");
  }

  FormulaFacts facts;

 private:
  enum class State { entered, left };

  void definition(const std::string& name) {
    const auto [state, fresh] = states_.try_emplace(name, State::entered);
    if (!fresh && state->second == State::left) return;
    if (!fresh) throw Error(who_ + "." + name, "no need of itself", "'" + name + "'");
    const auto outer = std::exchange(counters_, {});
    term(definitions_.at(name), who_ + "." + name);
    counters_ = outer;
    states_[name] = State::left;
  }

  void name(const std::string& name) {
    if (counters_.count(name) > 0) return;
    if (name == "i" || name == "j") facts.relative = false;
    if (is_reserved(name)) return;
    facts.names.insert(name);
    if (definitions_.count(name) > 0) {
      definition(name);
    } else {
      facts.weights.insert(name);
    }
  }

  void term(const Term& each, const std::string& owner) {
    if (++depth_ > max_depth) throw Error(owner, "formulas of fewer steps", "more");
    const bool loop = each.kind == Term::Kind::sum;
    const bool named = each.kind == Term::Kind::name || each.kind == Term::Kind::element;
    if ((loop || each.kind == Term::Kind::element) && is_reserved(each.name)) {
      refuse_term(owner, "a name that means nothing yet", each);
    }
    if (named) name(each.name);
    const bool fresh = loop && counters_.insert(each.name).second;
    for (const Term& argument : each.arguments) term(argument, owner);
    if (fresh) counters_.erase(each.name);
    --depth_;
  }

  static constexpr int max_depth = 2000;
  const std::string& who_;
  const Definitions& definitions_;
  std::map<std::string, State> states_;
  std::set<std::string> counters_;
  int depth_ = 0;
};

}  // namespace

const std::vector<std::string>& model_names() {
  static const std::vector<std::string> names{"i", "j", "n", "h", "H", "d", "D", "causal", "pi"};
  return names;
}

FormulaFacts facts_of(const std::string& who, const Definitions& definitions) {
  for (const auto& [name, term] : definitions) {
    if (is_reserved(name)) throw Error(who, "a name that means nothing yet", "'" + name + "'");
  }
  FormulaFacts facts = Walk(who, definitions).facts;
  for (const auto& [name, term] : definitions) {  // else a misspelt name would go unnoticed
    if (name != "score" && facts.names.count(name) == 0) {
      throw Error(who, "definitions that 'score' needs", "'" + name + "'");
    }
  }
  return facts;
}

}  // namespace locus::positions
