// Ends a text at a stop text without ever showing a part of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace locus::pipelines {

/// Takes a text piece by piece and gives out what cannot belong to a stop text any more.
class StopText {
 public:
  explicit StopText(std::vector<std::string> stops) : stops_(std::move(stops)) {}

  /// What became certain. Nothing after a stop text was found.
  std::string push(std::string_view piece);
  /// What was held back, when the text ends without a stop text.
  std::string finish();
  bool found() const { return found_; }

 private:
  std::vector<std::string> stops_;
  std::string held_;
  bool found_ = false;
};

}  // namespace locus::pipelines
