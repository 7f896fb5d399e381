// The two forms of what torch.save writes.
#pragma once

#include <filesystem>
#include <string_view>

namespace locus {

/// `zip` (PyTorch 1.6 and later) or `legacy`, by the file's first bytes. Throws Error where it has
/// neither form.
std::string_view torch_form(const std::filesystem::path& file);

/// Whether a file is a whole one of either form, by more of its bytes: other files begin with the
/// same one or two.
bool is_torch_file(const std::filesystem::path& file);

}  // namespace locus
