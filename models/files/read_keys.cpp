// Which keys of a config were asked for.
#include "base/json/values.hpp"
#include "models/files/config.hpp"

namespace locus {
namespace {

using Paths = std::set<std::string, std::less<>>;

void collect(const nlohmann::json& values, const std::string& at, const Paths& read,
             std::vector<std::string>& unread) {
  for (const auto& [key, value] : values.items()) {
    const std::string path = at + key;
    if (value.is_object() && read.contains(path + ".")) {
      collect(value, path + ".", read, unread);
    } else if (!value.is_null() && !read.contains(path)) {  // null asks for nothing
      unread.push_back(path);
    }
  }
}

}  // namespace

std::vector<std::string> Config::unread() const {
  std::vector<std::string> unread;
  if (read_) collect(*values_, at_, *read_, unread);
  return unread;
}

bool Config::was_read(std::string_view path) const {
  return read_ && read_->contains(at_ + std::string(path));
}

void Config::idle(std::initializer_list<std::string_view> keys) const {
  for (const std::string_view key : keys) note(key);
}

Config Config::settled() const {
  Config copy(*this);
  copy.read_.reset();
  return copy;
}

}  // namespace locus
