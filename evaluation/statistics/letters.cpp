#include "evaluation/letters.hpp"

#include <algorithm>

namespace locus {
namespace {

using Column = std::vector<bool>;  // which items carry the letter

bool within(const Column& part, const Column& whole) {
  for (size_t i = 0; i < part.size(); ++i) {
    if (part[i] && !whole[i]) return false;
  }
  return true;
}

/// Takes away a column that another holds.
void absorb(std::vector<Column>& columns) {
  for (size_t i = columns.size(); i-- > 0;) {
    const auto holds = [&](const Column& other) {
      return &other != &columns[i] && within(columns[i], other);
    };
    if (std::ranges::any_of(columns, holds)) {
      columns.erase(columns.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
}

/// Two items that differ may share no column: one that holds both becomes two.
void separate(std::vector<Column>& columns, size_t a, size_t b) {
  const size_t count = columns.size();
  for (size_t i = 0; i < count; ++i) {
    if (!columns[i][a] || !columns[i][b]) continue;
    Column without_b = columns[i];
    columns[i][a] = without_b[b] = false;
    columns.push_back(std::move(without_b));
  }
  absorb(columns);
}

std::string letter(size_t number) {
  if (number < 26) return std::string(1, static_cast<char>('a' + number));
  if (number < 52) return std::string(1, static_cast<char>('A' + (number - 26)));
  return "(" + std::to_string(number + 1) + ")";
}

}  // namespace

std::vector<std::string> compact_letters(size_t items, const Differ& differ) {
  std::vector<Column> columns{Column(items, true)};
  for (size_t a = 0; a < items; ++a) {
    for (size_t b = a + 1; b < items; ++b) {
      if (differ(a, b)) separate(columns, a, b);
    }
  }
  std::ranges::sort(columns, std::greater<>());  // the first item's columns first
  std::vector<std::string> letters(items);
  for (size_t column = 0; column < columns.size(); ++column) {
    for (size_t i = 0; i < items; ++i) {
      if (columns[column][i]) letters[i] += letter(column);
    }
  }
  return letters;
}

}  // namespace locus
