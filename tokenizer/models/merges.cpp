#include "tokenizer/models/merges.hpp"

#include "base/error.hpp"

namespace locus::tokenization {

MergeTable merge_table(const Vocabulary& vocabulary, const MergeList& merges, Watch& watch,
                       std::string_view prefix) {
  MergeTable table(merges.size());
  int32_t rank = 0;
  for (const auto& merge : merges) {  // Clang 14's lambdas take no structured binding along
    watch.spend(Watch::bytes_per_token);
    const std::string &left = merge.first, &right = merge.second;
    const auto id = [&](const std::string& token) {
      if (const auto found = vocabulary.id(token)) return *found;
      throw Error("merge " + std::to_string(rank + 1) + " ('" + left + "' '" + right + "')",
                  "tokens of the vocabulary", "'" + token + "', which is none");
    };
    if (!right.starts_with(prefix)) {
      throw Error("merge " + std::to_string(rank + 1) + " ('" + left + "' '" + right + "')",
                  "a second token that begins with '" + std::string(prefix) + "'", "another");
    }
    table.add(id(left), id(right), {rank, id(left + right.substr(prefix.size()))});
    ++rank;
  }
  return table;
}

}  // namespace locus::tokenization
