// Texts to be scored, one document each.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "evaluation/score_text.hpp"
#include "tokenizer/tokenizer.hpp"

namespace locus::cli {

/// The documents of files and folders (every file in them, by name; `-` is stdin). A file is cut at
/// `separator`, in which `\n` and `\t` stand for themselves, where it is not empty. Documents of
/// white space alone are left out. Throws Error for what cannot be read, is no UTF-8 or is empty.
std::vector<Document> read_documents(const std::vector<std::string>& paths,
                                     const std::string& separator);

/// The documents as the scorers see them, without special tokens.
std::vector<Text> make_texts(const Tokenizer& tokenizer, const std::vector<Document>& documents);

/// A text for each line of ids.
std::vector<Text> read_ids_file(const std::string& file);

/// Share of bytes in lines that the tokenizer does not give back as they were (0 to 1).
double lossy_share(const Tokenizer& tokenizer, const std::vector<Document>& documents);

}  // namespace locus::cli
