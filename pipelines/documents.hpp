// Texts to be scored, one document each.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "../evaluation/score_text.hpp"
#include "../tokenizer/tokenizer.hpp"
#include "document_stream.hpp"

namespace locus {

/// Called between documents; throws to end what is going on.
using CancelCheck = std::function<void()>;

/// The documents of files and folders (every file in them, by name), compressed by gzip or not. A
/// `separator` cuts a file into documents (`\n` and `\t` are understood); empty: a file is one. In
/// JSON lines (`.jsonl`, `.jsonl.gz`, or any file where `field` is given) each line is a document,
/// the text of the key `field`. Documents of white space alone are left out. Throws Error for what
/// cannot be read, is not UTF-8 or is empty, for JSON lines without a field, and for more than
/// 256 MiB in all: `stream_documents` and `drawn_documents` read texts of any size.
std::vector<Document> read_documents(const std::vector<std::string>& paths,
                                     const std::string& separator, const OpenBytes& open = {},
                                     const std::string& field = {}, const CancelCheck& check = {});

/// `count` documents drawn at random, in their order; all where there are not so many. Documents
/// longer than 8 kB are first cut into blocks at paragraph ends, and blocks are drawn. All of the
/// text is read twice, since every part must have the same chance, but only what is drawn is
/// held. Documents of white space alone are left out. Throws what `read_documents` throws.
std::vector<Document> drawn_documents(const OpenDocuments& open, int64_t count, uint64_t seed,
                                      const CancelCheck& check = {});

/// The documents as the scorers see them, without special tokens.
std::vector<Text> make_texts(const Tokenizer& tokenizer, const std::vector<Document>& documents,
                             const CancelCheck& check = {});

/// Share of bytes in lines that the tokenizer does not give back as they were (0 to 1).
double lossy_share(const Tokenizer& tokenizer, const std::vector<Document>& documents,
                   const CancelCheck& check = {});

}  // namespace locus
