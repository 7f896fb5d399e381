#include "pipelines/languages.hpp"

#include "base/error.hpp"

namespace locus {

TargetBeginning target_beginning(const Model& model, const Tokenizer& target) {
  const EncodedText encoding = target.encode("a");
  TargetBeginning beginning;
  for (size_t i = 0; i < encoding.ids.size() && encoding.special[i]; ++i) {
    beginning.after_start.push_back(encoding.ids[i]);
  }
  const bool wraps = model.spec().family == "mbart" && encoding.special.back() != 0;
  if (wraps) beginning.start = encoding.ids.back();
  return beginning;
}

std::string marian_code(const Tokenizer& source, const std::string& language) {
  if (language.empty()) return "";
  const std::string code = ">>" + language + "<<";
  if (source.id(code)) return code + " ";
  throw Error("target language", "a language that the tokenizer knows", "'" + language + "'");
}

}  // namespace locus
