#include "tools/cli/texts/languages.hpp"

#include "base/error.hpp"

namespace locus::cli {

void add_languages(Arguments& arguments, LanguageOptions& options) {
  arguments.option("--source-language", &options.source,
                   {"CODE", "translators: the text's language, as the tokenizer calls it: en_XX"});
  arguments.option("--target-language", &options.target,
                   {"CODE", "translators: the language to write: ro_RO; Marian's: fra"});
}

TargetBeginning target_beginning(const Model& model, const Tokenizer& target) {
  const EncodedText encoding = target.encode("a");
  TargetBeginning beginning;
  for (size_t i = 0; i < encoding.ids.size() && encoding.special[i]; ++i) {
    beginning.behind.push_back(encoding.ids[i]);
  }
  const bool wraps = model.spec().family == "mbart" && encoding.special.back() != 0;
  if (wraps) beginning.start = encoding.ids.back();
  return beginning;
}

std::string marian_code(const Tokenizer& source, const std::string& language) {
  if (language.empty()) return "";
  const std::string code = ">>" + language + "<<";
  if (source.id(code)) return code + " ";
  throw Error("--target-language", "a language that the tokenizer knows", "'" + language + "'");
}

}  // namespace locus::cli
