// Texts to be scored, one document each.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "../evaluation/score_text.hpp"
#include "../tokenizer/tokenizer.hpp"

namespace locus {

/// What gives a path's text: of a regular file where nobody says otherwise.
using TextReader = std::function<std::string(const std::filesystem::path&)>;
/// Called between documents; throws to end what is going on.
using CancelCheck = std::function<void()>;

/// The documents of files and folders (every file in them, by name), compressed by gzip or not. A
/// file is cut at `separator`, in which `\n` and `\t` stand for themselves, where it is not empty.
/// JSON lines, which `field` or a name in `.jsonl` or `.jsonl.gz` says that they are, are a
/// document each: the text of that key. Documents of white space alone are left out. Throws Error
/// for what cannot be read, is no UTF-8 or is empty, and for JSON lines without a field.
std::vector<Document> read_documents(const std::vector<std::string>& paths,
                                     const std::string& separator, const TextReader& read = {},
                                     const std::string& field = {});

/// So many of the documents, by chance, in their order; those longer than 8 kB are cut at paragraph
/// ends into blocks first, which are drawn in their place. All where there are not so many.
std::vector<Document> drawn_documents(const std::vector<Document>& documents, int64_t count,
                                      uint64_t seed);

/// The documents as the scorers see them, without special tokens.
std::vector<Text> make_texts(const Tokenizer& tokenizer, const std::vector<Document>& documents,
                             const CancelCheck& check = {});

/// Share of bytes in lines that the tokenizer does not give back as they were (0 to 1).
double lossy_share(const Tokenizer& tokenizer, const std::vector<Document>& documents,
                   const CancelCheck& check = {});

}  // namespace locus
