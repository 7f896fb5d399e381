#include "tools/cli/input/languages.hpp"

namespace locus::cli {

void add_languages(Arguments& arguments, Languages& languages) {
  arguments.option("--source-language", &languages.source,
                   {"CODE", "translators: the text's language, as the tokenizer calls it: en_XX"});
  arguments.option("--target-language", &languages.target,
                   {"CODE", "translators: the language to write: ro_RO; Marian's: fra"});
}

}  // namespace locus::cli
