#include "tokenizer/folder/piece_merges.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

constexpr std::size_t comparison_bytes = 8;  // of other work take as long as one

struct Split {
  std::string_view left, right;
  int32_t left_id, right_id;
};

struct RankedMerge {
  std::string_view left, right;
  double score;
  std::size_t left_size, right_size;  // in code points
};

using PieceIds = std::unordered_map<std::string_view, int32_t>;

std::vector<Split> splits_of(std::string_view piece, const PieceIds& ids, Watch& watch) {
  std::vector<Split> splits;
  for (std::size_t at = 0; (at += piece.empty() ? 1 : code_point(piece, at).size) < piece.size();) {
    watch.spend(piece.size());  // both halves are hashed
    const auto left = ids.find(piece.substr(0, at)), right = ids.find(piece.substr(at));
    if (left == ids.end() || right == ids.end()) continue;
    splits.push_back({left->first, right->first, left->second, right->second});
  }
  std::sort(splits.begin(), splits.end(), [](const Split& a, const Split& b) {
    return std::tie(a.left_id, a.right_id) < std::tie(b.left_id, b.right_id);
  });
  return splits;
}

}  // namespace

Json merges_of_pieces(const std::vector<std::pair<std::string, double>>& pieces, Watch& watch) {
  PieceIds ids;
  for (std::size_t id = 0; id < pieces.size(); ++id) {
    watch.spend(Watch::bytes_of_entry);
    ids[pieces[id].first] = static_cast<int32_t>(id);
  }
  std::vector<RankedMerge> merges;
  for (const auto& [piece, score] : pieces) {
    for (const Split& split : splits_of(piece, ids, watch)) {
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
    watch.spend(Watch::bytes_of_entry);
    list.push_back({merge.left, merge.right});
  }
  return list;
}

}  // namespace locus::tokenization
