// `locus.json`: a graph, its weights and its tokenizer in one file, or in one file and its folder.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "graph_spec.hpp"
#include "weights.hpp"

namespace locus {

/// What a `locus.json` file holds:
///
///     {"locus": 1,
///      "tokenizer": "tokenizer.model",
///      "graph": {"family": ..., "width": ..., "encodings": {...}, "nodes": [...], ...},
///      "weights": {"table": {"shape": [2, 2], "values": [...]}, "gain": [1, 1]}}
///
/// `locus` is the version of the format, 1. `graph` is what `to_json(GraphSpec)` writes. `weights`
/// holds the numbers themselves, as `to_json(Weights)` writes them, or names a safetensors file (or
/// a safetensors index) in the same folder. `tokenizer`, which may be absent, names a file or
/// folder in the same folder. Other keys are refused.
struct LocusFile {
  GraphSpec graph;
  Weights weights;
  std::string tokenizer = {};     ///< empty: none is named
  std::string weights_file = {};  ///< as the file names it; empty: the numbers stand in the file
};

/// Reads a file. Throws Error that names the file and the place in it: unknown versions and keys,
/// missing parts, names that lead out of the folder, and what the readers of its parts refuse.
/// Schemes of the program's own are known where they are given as `own`.
LocusFile open_locus(const std::filesystem::path& file, std::span<const Scheme> own = {});

/// Writes a graph as `file` and the weights that it refers to as `model.safetensors` beside it.
/// Throws Error for a weight that is referred to and absent.
void save_locus(const std::filesystem::path& file, const LocusFile& contents,
                const SafetensorsOptions& options = {});

/// Writes everything into one file, the numbers as text. `check` is called after every 64 KB of it;
/// what it throws ends the writing, and nothing is left of it.
void save_locus_inline(const std::filesystem::path& file, const LocusFile& contents,
                       const std::function<void()>& check = {});

}  // namespace locus
