#include "tools/cli/report/words.hpp"

#include "base/error.hpp"

namespace locus::cli {

const ReportWords& words_of(std::string_view language) {
  if (language == "en") return english_words();
  if (language == "zh") return chinese_words();
  throw Error("--language", "en or zh", "'" + std::string(language) + "'");
}

std::string phrase(std::string_view sentence, const std::map<std::string, std::string>& places) {
  std::string text;
  for (size_t open = sentence.find('{'); open != sentence.npos; open = sentence.find('{')) {
    const size_t close = sentence.find('}', open);
    text += sentence.substr(0, open);
    text += places.at(std::string(sentence.substr(open + 1, close - open - 1)));
    sentence.remove_prefix(close + 1);
  }
  return text.append(sentence);
}

std::string joined(const std::vector<std::string>& names, const ReportWords& words) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : std::string(words.comma)) + name;
  }
  return text;
}

const PictureWords& picture_words(EncodingPicture::Kind kind, const ReportWords& words) {
  return words.pictures[static_cast<size_t>(kind)];
}

std::string verdict_word(Verdict verdict, const ReportWords& words) {
  return std::string(words.verdicts[static_cast<size_t>(verdict)]);
}

std::string metric_word(ScoringTask task, const ReportWords& words) {
  return std::string(words.metrics[static_cast<size_t>(task)]);
}

std::string floor_word(ModelFloor::Kind kind, const ReportWords& words) {
  return std::string(words.floors[static_cast<size_t>(kind)]);
}

std::string floor_word(const ModelFloor& floor, const ReportWords& words) {
  const std::string word = floor_word(floor.kind, words);
  return floor.tokens_of.empty() ? word : word + " (" + floor.tokens_of + ")";
}

std::string documents_text(const CompareResult& result, const ReportWords& words) {
  const size_t count = result.documents.size();
  return phrase(count == 1 ? words.one_document : words.documents,
                {{"count", std::to_string(count)}, {"bytes", grouped(result.bytes)}});
}

}  // namespace locus::cli
