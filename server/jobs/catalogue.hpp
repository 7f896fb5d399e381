// The models that are served, by name, and those with other encodings that were asked for.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "server/jobs/engine.hpp"

namespace locus::server {

class Catalogue {
 public:
  /// Opens every model. Throws Error as that does, and for two models of one name.
  Catalogue(std::vector<ServedModel> models, const ServerOptions& options, Metrics& metrics);

  /// The model of that name, or the only one where it is empty; with another encoding where
  /// `encoding` is not empty. Throws Refusal (404) where there is none, Error for encodings that
  /// the model does not open with.
  std::shared_ptr<Engine> find(const std::string& name, const std::string& encoding = {});

  struct Entry {
    ServedModel served;
    std::shared_ptr<Engine> own;
    /// Those with other encodings, the last used first.
    std::list<std::pair<std::string, std::shared_ptr<Engine>>> others;
    std::mutex mutex;  ///< of `others`
  };
  /// In the order in which they were named.
  const std::vector<std::unique_ptr<Entry>>& entries() const { return entries_; }
  /// Requests that wait, by model.
  std::map<std::string, size_t> waiting() const;

 private:
  Entry& entry(const std::string& name);
  std::shared_ptr<Engine> other(Entry& entry, const std::string& encoding);

  ServerOptions options_;
  Metrics& metrics_;
  std::vector<std::unique_ptr<Entry>> entries_;
};

}  // namespace locus::server
