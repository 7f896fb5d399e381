#include "tools/cli/report/notes.hpp"

#include <algorithm>
#include <cmath>

#include "tools/cli/report/conditions.hpp"

namespace locus::cli {
namespace {

using Names = std::vector<std::string>;

// More names than this are a table's.
constexpr size_t max_names = 4;

template <typename Which>
Names names_where(const ComparedGroup& group, const Which& which) {
  Names names;
  for (const ComparedModel& model : group.models) {
    if (which(model)) names.push_back(model.name);
  }
  return names;
}

// Models by verdict: `better: a, b; worse: c`, or `7 better; 2 worse` where they are many.
std::string verdicts_of(const ComparedGroup& group, const ReportWords& words) {
  std::string text;
  const bool many = group.models.size() > max_names + 1;
  for (const Verdict verdict : {Verdict::better, Verdict::equivalent, Verdict::worse,
                                Verdict::undecided, Verdict::too_few_units}) {
    const Names names = names_where(group, [&](const ComparedModel& model) {
      return model.comparison && model.comparison->verdict == verdict;
    });
    if (names.empty()) continue;
    text += text.empty() ? "" : words.between;
    const std::string word = verdict_word(verdict, words);
    text += many ? phrase(words.notes.several,
                          {{"count", std::to_string(names.size())}, {"verdict", word}})
                 : word + std::string(words.colon) + joined(names, words);
  }
  return text;
}

/// Those that share a letter with a model.
Names tied_with(const ComparedModel& best, const ComparedGroup& group) {
  return names_where(group, [&](const ComparedModel& model) {
    return &model != &best && model.letters.find_first_of(best.letters) != std::string::npos;
  });
}

/// What verdicts are of; nothing where there are none.
std::string scope_note(const ComparedGroup& group, const ReportWords& words) {
  const auto of = [&](bool files) {
    return names_where(group, [&](const ComparedModel& model) {
      return model.comparison && (model.scope == Scope::files) == files;
    });
  };
  const Names files = of(true), pooled = of(false);
  if (files.empty() && pooled.empty()) return "";
  if (pooled.empty()) return std::string(words.notes.scopes_files);
  if (!files.empty()) {
    return phrase(words.notes.scopes_mixed,
                  {{"encodings", joined(pooled, words)}, {"files", joined(files, words)}});
  }
  const bool alike = std::ranges::none_of(group.models, [](const ComparedModel& model) {
    return model.comparison && model.scope == Scope::configurations;
  });
  return std::string(alike ? words.notes.scopes_encodings : words.notes.scopes_configurations);
}

/// The least difference that counts, and what seeds move, which is another question.
std::string margin_note(const ComparedGroup& group, const ReportWords& words) {
  const bool raised = group.margin > group.wished_margin;
  std::string text =
      phrase(raised ? words.notes.margin_of_seeds : words.notes.margin,
             {{"asked", fixed(group.wished_margin, 3)}, {"margin", fixed(group.margin, 3)}});
  if (!group.luck) return text;
  const double luck = group.luck->min_difference;
  text +=
      std::string(words.sentence_gap) + phrase(words.notes.seeds_move, {{"luck", fixed(luck, 3)}});
  const Names within = names_where(group, [&](const ComparedModel& model) {
    if (!model.comparison || model.scope != Scope::files) return false;
    const Verdict verdict = model.comparison->verdict;
    return (verdict == Verdict::better || verdict == Verdict::worse) &&
           std::abs(model.comparison->difference) < luck;
  });
  if (within.empty()) return text;
  return text + std::string(words.sentence_gap) +
         phrase(words.notes.within_seeds, {{"models", joined(within, words)}});
}

/// Runs that did not learn, and runs that are another one again.
void add_runs(Names& notes, const ComparedGroup& group, const ReportWords& words) {
  for (const ComparedModel& model : group.models) {
    Names low;
    for (const SeedRun& run : model.runs) {
      if (run.standing == Standing::not_trained) low.push_back(run.name);
    }
    if (model.runs.size() > 1 && !low.empty()) {
      notes.push_back(phrase(words.notes.run_not_trained,
                             {{"runs", joined(low, words)}, {"model", model.name}}));
    }
    for (const auto& [name, of] : model.repeats) {
      notes.push_back(phrase(words.notes.repeated_run, {{"run", name}, {"of", of}}));
    }
  }
}

std::string differences_text(const RecipeReport& report, const ReportWords& words) {
  std::string fields;
  for (const RecipeDifference& difference : report.differences) {
    std::string values;
    for (const auto& [value, models] : difference.models) {
      values += (values.empty() ? "" : std::string(words.comma)) +
                (value.size() > 24 ? value.substr(0, 12) + "..." : value) + " (" +
                joined(models, words) + ")";
    }
    fields += (fields.empty() ? "" : std::string(words.between)) +
              phrase(words.notes.recipe_field, {{"field", difference.field}, {"values", values}});
  }
  return fields;
}

void add_recipes(Names& notes, const ComparedGroup& group, const ReportWords& words) {
  const RecipeReport report = recipes_of(group);
  if (!report.differences.empty()) {
    notes.push_back(
        phrase(words.notes.recipe_differs, {{"fields", differences_text(report, words)}}));
  }
  if (report.unknown.size() == group.models.size()) {
    notes.emplace_back(words.notes.recipe_unknown_of_all);
  } else if (!report.unknown.empty()) {
    notes.push_back(
        phrase(words.notes.recipe_unknown, {{"models", joined(report.unknown, words)}}));
  }
  const Names unfinished = names_where(group, [](const ComparedModel& model) {
    if (!model.training) return false;
    const auto tokens = model.training->recipe.find("tokens");
    return tokens != model.training->recipe.end() &&
           tokens->second != std::to_string(model.training->tokens_seen);
  });
  if (!unfinished.empty()) {
    notes.push_back(phrase(words.notes.unfinished, {{"models", joined(unfinished, words)}}));
  }
  const bool alike = report.differences.empty() && report.unknown.empty();
  if (alike && group.models.size() > 1) notes.emplace_back(words.notes.recipe_same);
}

void add_obstacles(Names& notes, const ComparedGroup& group, const ReportWords& words) {
  const auto of = [&](Obstacle obstacle) {
    return names_where(group, [&](const ComparedModel& model) {
      return obstacle == Obstacle::not_trained ? model.standing == Standing::not_trained
                                               : model.obstacle == obstacle;
    });
  };
  const auto add = [&](Obstacle obstacle, std::string_view sentence) {
    const Names names = of(obstacle);
    if (names.empty()) return;
    const auto floors = floors_of(group);
    const auto floor = floors.empty() ? std::string() : floor_word(floors.front().kind, words);
    notes.push_back(
        phrase(sentence,
               {{"models", joined(names, words)}, {"floor", floor}, {"lead", fixed(min_lead, 1)}}));
  };
  add(Obstacle::not_trained, words.notes.not_trained);
  add(Obstacle::other_text, words.notes.other_text);
  add(Obstacle::one_recipe, words.notes.one_recipe);
}

bool drawn(const ComparedModel& model) {
  return model.comparison && model.comparison->min_p > 0 &&
         model.comparison->p <= model.comparison->min_p;
}

}  // namespace

std::string finding_of(const ComparedGroup& group, const ReportWords& words) {
  const auto best = std::ranges::find_if(group.models, [&](const ComparedModel& model) {
    return model.comparison || model.name == group.baseline;  // others are not compared with it
  });
  const std::string metric = metric_word(group.models.front().task, words);
  if (best == group.models.end()) return phrase(words.notes.nothing, {{"metric", metric}});
  const bool alone = std::ranges::none_of(
      group.models, [](const ComparedModel& model) { return model.comparison.has_value(); });
  std::string text =
      phrase(alone ? words.notes.alone : words.notes.best,
             {{"metric", metric}, {"model", best->name}, {"bits", fixed(bits_of(*best), 3)}});
  const Names tied = tied_with(*best, group);
  if (!tied.empty() && tied.size() <= max_names) {
    text += phrase(words.notes.tied, {{"models", joined(tied, words)}});
  }
  const std::string verdicts = verdicts_of(group, words);
  if (verdicts.empty()) return text;
  return text + phrase(words.notes.versus, {{"baseline", group.baseline}}) + verdicts +
         std::string(words.list_end) + scope_note(group, words);
}

std::vector<std::string> notes_of(const ComparedGroup& group, const ReportWords& words) {
  Names notes = conditions_of(group, words);
  if (group.other_baseline) notes.emplace_back(words.notes.other_baseline);
  add_obstacles(notes, group, words);
  add_runs(notes, group, words);
  const auto compared = [](const ComparedModel& model) { return model.comparison.has_value(); };
  if (std::ranges::any_of(group.models, compared)) {
    notes.push_back(scope_note(group, words));
    notes.push_back(margin_note(group, words));
  }
  const auto lettered = [](const ComparedModel& model) { return !model.letters.empty(); };
  if (std::ranges::any_of(group.models, lettered)) notes.emplace_back(words.notes.letters);
  if (std::ranges::any_of(group.models, drawn)) notes.emplace_back(words.notes.p_floor);
  add_recipes(notes, group, words);
  const auto floors = floors_of(group);
  const auto of_text = std::ranges::count(floors, true, &ModelFloor::of_text);
  if (of_text > 0 && of_text < std::ssize(floors)) {
    notes.emplace_back(words.notes.floors_of_both);
  } else if (!floors.empty()) {
    notes.emplace_back(of_text > 0 ? words.notes.floors_of_text : words.notes.floors_of_training);
  }
  if (tokenizers_differ(group)) notes.emplace_back(words.notes.tokenizers);
  return notes;
}

std::string verdict_of(const ComparedModel& model, const ComparedGroup& group,
                       const ReportWords& words) {
  if (model.standing == Standing::not_trained) return std::string(words.not_trained);
  if (model.comparison) return verdict_word(model.comparison->verdict, words);
  if (model.name == group.baseline) {
    return group.models.size() > 1 ? std::string(words.baseline) : "";
  }
  return std::string(words.not_comparable);
}

std::string p_text(const Comparison& comparison) {
  const bool min = comparison.min_p > 0 && comparison.p <= comparison.min_p;
  const double p = comparison.adjusted_p;
  if (min) return "< " + significant(p, 2);
  return p < 0.0001 ? significant(p, 1) : fixed(p, 4);
}

bool tokenizers_differ(const ComparedGroup& group) {
  return std::ranges::any_of(group.models, [&](const ComparedModel& model) {
    return model.tokenizer != group.models.front().tokenizer;
  });
}

std::string interval_text(const Interval& interval) {
  if (!std::isfinite(interval.low) || !std::isfinite(interval.high)) return "";
  return "[" + fixed(interval.low, 3) + ", " + fixed(interval.high, 3) + "]";
}

}  // namespace locus::cli
