#include "tokenizer/folder/piece_merges.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/error.hpp"
#include "tokenizer/text/trie.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

constexpr std::size_t comparison_bytes = 8;  // of other work take as long as one

using Pieces = std::vector<std::pair<std::string, double>>;

struct Split {
  std::string_view left, right;
  int32_t left_id, right_id;
};

struct RankedMerge {
  std::string_view left, right;
  double score;
  std::size_t left_size, right_size;  // in code points
};

/// Finds the two halves of a piece that are pieces themselves, in time that its length alone says.
class Halves {
 public:
  Halves(const Pieces& pieces, Watch& watch)
      : watch_(watch), beginnings_(beginnings(pieces, watch)) {
    std::vector<std::string> turned;
    for (const auto& piece : pieces) {
      watch.spend(Watch::bytes_per_token);
      turned.emplace_back(piece.first.rbegin(), piece.first.rend());
    }
    std::vector<Trie::Entry> entries;
    for (std::size_t id = 0; id < turned.size(); ++id) {
      entries.push_back({turned[id], static_cast<int32_t>(id)});
    }
    endings_ = Trie(std::move(entries), watch);
  }

  std::vector<Split> of(std::string_view piece) const {
    std::vector<int32_t> left(piece.size(), none);  // by where it ends
    beginnings_.for_each_prefix(piece, [&](Trie::Match match) {
      if (match.size < piece.size()) left[match.size] = match.value;
    });
    const std::string turned(piece.rbegin(), piece.rend());
    std::vector<Split> splits;
    endings_.for_each_prefix(turned, [&](Trie::Match match) {
      const std::size_t at = piece.size() - match.size;
      if (at == 0 || left[at] == none) return;
      splits.push_back({piece.substr(0, at), piece.substr(at), left[at], match.value});
    });
    watch_.spend(piece.size());
    std::sort(splits.begin(), splits.end(), [](const Split& a, const Split& b) {
      return std::tie(a.left_id, a.right_id) < std::tie(b.left_id, b.right_id);
    });
    return splits;
  }

 private:
  static constexpr int32_t none = -1;

  static Trie beginnings(const Pieces& pieces, Watch& watch) {
    std::vector<Trie::Entry> entries;
    for (std::size_t id = 0; id < pieces.size(); ++id) {
      entries.push_back({pieces[id].first, static_cast<int32_t>(id)});
    }
    return Trie(std::move(entries), watch);
  }

  Watch& watch_;
  Trie beginnings_, endings_;
};

void expect_moderate(std::size_t bytes) {
  constexpr std::size_t max_bytes = std::size_t{1} << 28;
  if (bytes <= max_bytes) return;
  throw Error("merges of the pieces", "at most " + std::to_string(max_bytes) + " bytes", "more");
}

}  // namespace

Json merges_of_pieces(const Pieces& pieces, Watch& watch) {
  const Halves halves(pieces, watch);
  std::vector<RankedMerge> merges;
  std::size_t bytes = 0;
  for (const auto& [piece, score] : pieces) {
    for (const Split& split : halves.of(piece)) {
      watch.spend(Watch::bytes_per_token);
      expect_moderate(bytes += piece.size());
      merges.push_back({split.left, split.right, score, count_code_points(split.left),
                        count_code_points(split.right)});
    }
  }
  std::stable_sort(merges.begin(), merges.end(), [&](const RankedMerge& a, const RankedMerge& b) {
    watch.spend(comparison_bytes);
    return std::tie(a.score, a.left_size, a.right_size) >
           std::tie(b.score, b.left_size, b.right_size);
  });
  Json list = Json::array();
  for (const RankedMerge& merge : merges) {
    watch.spend(Watch::bytes_per_token);
    list.push_back({merge.left, merge.right});
  }
  return list;
}

}  // namespace locus::tokenization
