#include "server/jobs/catalogue.hpp"

#include <algorithm>

#include "base/close_names.hpp"
#include "base/error.hpp"
#include "server/api/refusal.hpp"

namespace locus::server {

Catalogue::Catalogue(std::vector<ServedModel> models, const ServerOptions& options,
                     Metrics& metrics)
    : options_(options), metrics_(metrics) {
  if (models.empty()) throw Error("server", "at least one model", "none");
  for (ServedModel& served : models) {
    for (const auto& entry : entries_) {
      if (entry->served.name == served.name) {
        throw Error("models", "every name once", "'" + served.name + "' twice");
      }
    }
    auto engine = std::make_shared<Engine>(served, "", options_, metrics_);
    entries_.push_back(std::make_unique<Entry>());
    entries_.back()->served = std::move(served);
    entries_.back()->own = std::move(engine);
  }
}

Catalogue::Entry& Catalogue::entry(const std::string& name) {
  if (name.empty() && entries_.size() == 1) return *entries_.front();
  std::vector<std::string> names;
  for (const auto& entry : entries_) {
    if (entry->served.name == name) return *entry;
    names.push_back(entry->served.name);
  }
  const auto close = name.empty() ? names : close_names(name, names);
  std::string expected = "a served model";
  for (const std::string& each : close) expected += (&each == &close[0] ? ", as " : ", ") + each;
  throw Refusal{404, "model_not_found",
                Error("model", expected, name.empty() ? "none" : "'" + name + "'").what()};
}

std::shared_ptr<Engine> Catalogue::other(Entry& entry, const std::string& encoding) {
  const std::lock_guard lock(entry.mutex);
  auto& others = entry.others;
  const auto known =
      std::ranges::find(others, encoding, [](const auto& each) { return each.first; });
  if (known != others.end()) {
    others.splice(others.begin(), others, known);
    return others.front().second;
  }
  if (options_.encodings == 0) {
    throw Refusal{403, "encodings_not_allowed",
                  "encoding: expected the model's own, found another"};
  }
  auto engine = std::make_shared<Engine>(entry.served, encoding, options_, metrics_);
  others.emplace_front(encoding, engine);
  if (static_cast<int64_t>(others.size()) > options_.encodings) others.pop_back();
  return engine;
}

std::shared_ptr<Engine> Catalogue::find(const std::string& name, const std::string& encoding) {
  Entry& found = entry(name);
  return encoding.empty() ? found.own : other(found, encoding);
}

std::map<std::string, size_t> Catalogue::waiting() const {
  std::map<std::string, size_t> waiting;
  for (const auto& entry : entries_) waiting[entry->served.name] = entry->own->waiting();
  return waiting;
}

}  // namespace locus::server
