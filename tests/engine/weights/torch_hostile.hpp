// Hostile files of PyTorch, and what must be said of them.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "engine/weights.hpp"
#include "tests/engine/weights/torch_files.hpp"
#include "tests/support/temporary_folder.hpp"

namespace locus::tests {

struct HostileTorch {
  std::string what;
  std::string bytes;
  std::string message;  ///< how it begins
};

/// A storage of four values, and the state of one tensor, `a`, that lies in it.
inline const std::string sixteen_bytes(16, '\0');
inline const std::string plain_storage = pickled::storage("FloatStorage", "0", 4);
inline const std::string plain_tensor =
    pickled::tensor(plain_storage, 0, pickled::sizes({2, 2}), pickled::sizes({2, 1}));
inline const std::string plain_state = pickled::state("a", plain_tensor);

inline void read_all_of_torch(const std::filesystem::path& file) {
  const Weights weights = open_torch(file);
  for (const std::string& name : weights.names()) {
    const DataType type = weights.at(name).type;
    if (type == DataType::f32 || type == DataType::f16 || type == DataType::f64) weights.f32(name);
  }
}

inline void check_refusals(const std::vector<HostileTorch>& files) {
  const TemporaryFolder folder;
  for (const HostileTorch& hostile : files) {
    CAPTURE(hostile.what);
    const auto path = folder.write("x", hostile.bytes);
    const std::string message = folder.message([&] { read_all_of_torch(path); });
    CAPTURE(message);
    CHECK(message.starts_with(hostile.message));
    CHECK(message.find('\n') == std::string::npos);
  }
}

}  // namespace locus::tests
