// The keys of a model's files that are known to change no number, and those that change numbers in
// ways that Locus does not follow.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/files/config.hpp"
#include "models/model.hpp"

namespace locus::files {

/// Keys with one reason why they change nothing.
struct HarmlessKeys {
  std::string_view reason;
  std::vector<std::string_view> keys;
  std::vector<std::string_view> families = {};  ///< in whose configs; none: in all
};

std::span<const HarmlessKeys> harmless_keys();
/// Whether a key may stay unread: one of the list, or one that decoding reads from either file.
bool is_harmless(std::string_view model_type, std::string_view key);

/// Throws Error that names a key which changes numbers and is not followed, where its value asks
/// for that.
void refuse_unfollowed(const Config& config);
/// Throws Error for a key that some families follow and the model's own has not read. To be called
/// once the family has read its config.
void refuse_unread(const Config& config);
/// The keys that `refuse_unfollowed` and `refuse_unread` look at.
std::vector<std::string_view> unfollowed_keys();

/// The keys of a folder's files of which no use is made and of which nothing is known.
std::vector<UnreadKey> unread_keys(const Config& config, const Config& generation);

}  // namespace locus::files
