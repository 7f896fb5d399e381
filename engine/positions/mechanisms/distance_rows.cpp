#include "engine/positions/mechanisms/distance_rows.hpp"

#include "engine/positions/mechanisms/runs.hpp"

namespace locus::positions {
namespace {

constexpr auto limit = static_cast<int64_t>(farthest);

using RowOf = std::function<int64_t(int64_t distance)>;

// The last distance from `first` on that shares its row.
int64_t last_of_row(const RowOf& row, int64_t first) {
  const int64_t shared = row(first);
  int64_t last = first, step = 1;
  while (last + step <= limit && row(last + step) == shared) {
    last += step;
    step *= 2;
  }
  for (; step > 0; step /= 2) {
    if (last + step <= limit && row(last + step) == shared) last += step;
  }
  return last;
}

// As `last_of_row`, less the last distance where it begins a run of rows side by side.
int64_t last_sharing(const RowOf& row, int64_t first) {
  const int64_t last = last_of_row(row, first);
  const bool goes_on = last > first && last + 2 <= limit && row(last + 1) == row(last) + 1 &&
                       row(last + 2) == row(last) + 2;
  return goes_on ? last - 1 : last;
}

// The last distance from `first` on whose row stands beside the one before.
int64_t last_beside(const RowOf& row, int64_t first) {
  int64_t last = first;
  while (last < limit && row(last + 1) == row(last) + 1) ++last;
  return last;
}

}  // namespace

DistanceRows DistanceRows::clamped(int64_t left, int64_t right) {
  return DistanceRows([=](int64_t distance) { return std::clamp(distance, -left, right) + left; });
}

DistanceRows DistanceRows::bounded(int64_t left, int64_t right) {
  DistanceRows rows = clamped(left, right);
  rows.bounds_ = Range{-left, right + 1};
  return rows;
}

DistanceRows::DistanceRows(const RowOf& row) {
  for (int64_t first = -limit; first <= limit;) {
    const int64_t beside = last_beside(row, first);
    const bool rises = beside > first;
    const int64_t last = rises ? beside : last_sharing(row, first);
    pieces_.push_back({first, row(first), rises ? 1 : 0});
    first = last + 1;
  }
  if (pieces_.size() == 1) return;
  const int64_t first = pieces_[1].first, end = pieces_.back().first;
  first_change_ = static_cast<double>(row(first) == row(first - 1) ? first : first - 1);
  last_change_ = static_cast<double>(row(end - 1) == row(end) ? end - 1 : end);
}

int64_t DistanceRows::row(const std::string& who, double distance) const {
  if (bounds_ && (distance < static_cast<double>(bounds_->begin) ||
                  distance >= static_cast<double>(bounds_->end))) {
    throw Error(who,
                "distances from " + std::to_string(bounds_->begin) + " to " +
                    std::to_string(bounds_->end - 1),
                to_string(Attribute(distance)));
  }
  const int64_t known = whole(who, std::clamp(distance, first_change_, last_change_));
  const auto piece = piece_of(known);
  return piece->row + piece->step * (known - piece->first);
}

bool DistanceRows::side_by_side(int64_t first, int64_t count) const {
  const auto piece = piece_of(first);
  if (count <= 1) return true;
  const auto next = std::next(piece);
  return piece->step == 1 && (next == pieces_.end() || first + count <= next->first);
}

DistanceRows::Pieces::const_iterator DistanceRows::piece_of(int64_t distance) const {
  const auto next = std::ranges::upper_bound(pieces_, distance, {},
                                             [](const Piece& piece) { return piece.first; });
  return next == pieces_.begin() ? next : std::prev(next);
}

}  // namespace locus::positions
