#include "tools/cli/output/destinations.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>

#include "base/error.hpp"
#include "base/read_file.hpp"
#include "models/model.hpp"
#include "pipelines/model_files.hpp"
#include "tools/cli/arguments/usage.hpp"

namespace locus::cli {
namespace fs = std::filesystem;
namespace {

constexpr uintmax_t largest_searched = uintmax_t{16} << 20;

fs::path resolved(const fs::path& path) {
  std::error_code failure;
  const fs::path whole = fs::weakly_canonical(fs::absolute(path, failure), failure);
  const fs::path plain = failure ? path.lexically_normal() : whole;
  return plain.has_filename() ? plain : plain.parent_path();
}

bool same(const fs::path& a, const fs::path& b) {
  std::error_code failure;
  if (fs::exists(a, failure) && fs::exists(b, failure)) return fs::equivalent(a, b, failure);
  return resolved(a) == resolved(b);
}

/// What is written to a device or a pipe replaces nothing.
bool is_special(const fs::path& path) {
  std::error_code failure;
  const fs::file_status status = fs::status(path, failure);
  return fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status);
}

/// Whether a model is read from a file of that path within its folder. Results may lie beside it.
bool is_read(const fs::path& name) {
  static constexpr std::array results{".html", ".csv", ".md", ".tex", ".svg", ".npy", ".jsonl"};
  if (is_model_file(name) || name.filename() == "config.json") return true;  // of a module too
  if (name.extension() != ".json") return std::ranges::count(results, name.extension()) == 0;
  return name.string().ends_with(".index.json") || name == "training.json";
}

/// Whether a new file of that name would be read as a part of the model.
bool would_be_read(const fs::path& name) {
  const bool weights = name.extension() == ".safetensors" && name != "model.safetensors";
  return is_model_file(name) && !weights;
}

/// Whether `find` agrees to a file below a folder, by its path there.
template <typename Find>
bool any_file(const fs::path& folder, const Find& find) {
  std::error_code failure;
  auto files = fs::recursive_directory_iterator(
      folder, fs::directory_options::skip_permission_denied, failure);
  for (; !failure && files != fs::recursive_directory_iterator(); files.increment(failure)) {
    const fs::path& file = files->path();
    if (files->is_regular_file(failure) && find(file, file.lexically_relative(folder))) return true;
  }
  return false;
}

bool is_of_folder(const fs::path& path, const fs::path& folder) {
  return any_file(folder, [&](const fs::path& file, const fs::path& name) {
    return is_read(name) && same(path, file);
  });
}

/// Whether the path is in the place of a file of a model's folder, or of one that it may have.
bool is_of_model_folder(const fs::path& path, const fs::path& folder) {
  const fs::path name = resolved(path).lexically_relative(resolved(folder));
  return same(path, folder) || would_be_read(name) || is_of_folder(path, folder);
}

/// A file of a model, and those beside it that it has need of.
bool is_of_model_file(const fs::path& path, const fs::path& model) {
  std::error_code failure;
  if (same(path, model)) return true;
  const fs::path other = model.parent_path() / path.filename();
  if (!same(path, other)) return false;
  const fs::path name = path.filename();
  if (would_be_read(name) && name != "config.json" && name != "locus.json") return true;
  if (model.extension() != ".json" || fs::file_size(model, failure) > largest_searched)
    return false;
  return read_file(model).find('"' + name.string() + '"') != std::string::npos;
}

bool is_of_model(const fs::path& path, const std::string& name) {
  std::error_code failure;
  ModelPlace place{name, {}};
  try {
    place = find_place(name);
  } catch (const Error&) {  // whoever opens it says so; it may be a folder of models
  }
  if (fs::is_regular_file(place.model, failure)) return is_of_model_file(path, place.model);
  if (!fs::is_directory(place.model, failure)) return false;
  if (!place.folder.empty()) {
    return is_of_model_folder(path, place.folder) || is_of_model_folder(path, place.model);
  }
  for (const auto& entry : fs::directory_iterator(place.model, failure)) {
    if (!entry.is_directory(failure) || !holds_model(entry.path())) continue;
    if (is_of_model_folder(path, entry.path())) return true;
  }
  return false;
}

bool is_input(const fs::path& path, const GivenPath& input) {
  std::error_code failure;
  if (input.use == PathUse::reads_model) return is_of_model(path, input.path);
  if (input.path == "-") return false;
  if (!fs::is_directory(input.path, failure)) return same(path, input.path);
  return same(path, input.path) || any_file(input.path, [&](const fs::path& file, const fs::path&) {
           return same(path, file);
         });
}

[[noreturn]] void refuse(const GivenPath& output, const GivenPath& other) {
  throw UsageError(output.option + ": expected another path than what " + other.option +
                   (other.use == PathUse::writes ? " writes" : " reads") + ", found '" +
                   output.path + "'");
}

}  // namespace

void check_destinations(const std::vector<GivenPath>& paths) {
  for (auto output = paths.begin(); output != paths.end(); ++output) {
    if (output->use != PathUse::writes || is_special(output->path)) continue;
    for (auto other = paths.begin(); other != paths.end(); ++other) {
      if (other->use != PathUse::writes && is_input(output->path, *other)) refuse(*output, *other);
      if (other->use != PathUse::writes || other >= output) continue;
      if (same(output->path, other->path)) refuse(*output, *other);
    }
  }
}

}  // namespace locus::cli
