#include "tools/cli/install/description.hpp"

namespace locus::cli {
namespace {

std::string names_of(const std::vector<VerbDescription>& verbs) {
  std::string names;
  for (const auto& verb : verbs) names += (names.empty() ? "" : " ") + verb.name;
  return names;
}

std::string options_of(const VerbDescription& verb) {
  std::string names;
  for (const auto& option : verb.options) names += (names.empty() ? "" : " ") + option.name;
  return names;
}

// For single quotes of fish: what would mean something after a backslash.
std::string for_fish(const std::string& text) {
  std::string result;
  for (const char character : text) {
    if (character == '\'' || character == '\\') result += '\\';
    result += character;
  }
  return result;
}

// For a part of a specification in single quotes of zsh, which colons divide.
std::string for_zsh(const std::string& text) {
  std::string result;
  for (const char character : text) {
    if (character == '\'') {
      result += "'\\''";
      continue;
    }
    if (character == ':' || character == '[' || character == ']') result += '\\';
    result += character;
  }
  return result;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// Words that may stand where no option does, beside models and files.
std::string words_of(const VerbDescription& verb) {
  std::vector<std::string> words;
  for (const auto& positional : verb.positionals) {
    words.insert(words.end(), positional.choices.begin(), positional.choices.end());
  }
  return joined(words);
}

std::string zsh_positional(const VerbDescription& verb) {
  const std::string words = words_of(verb);
  return words.empty() ? "'*:model or file:_locus_models'"
                       : "'*:name, model or file:{compadd -- " + words + "; _locus_models}'";
}

std::string zsh_argument(const OptionDescription& option) {
  std::string text = "'" + option.name + "[" + for_zsh(option.meaning) + "]";
  if (option.value.empty()) return text + "'";
  text += ":" + for_zsh(option.value) + ":";
  if (!option.choices.empty()) return text + "(" + for_zsh(joined(option.choices)) + ")'";
  return text + (option.value.starts_with("FILE") ? "_files'" : "'");
}

/// A case of bash for each option of a verb that has a list of values.
std::string bash_choices(const VerbDescription& verb) {
  std::string text;
  for (const auto& option : verb.options) {
    if (option.choices.empty()) continue;
    text += "    '" + verb.name + " " + option.name + "') values=\"" + joined(option.choices) +
            "\" ;;\n";
  }
  return text;
}

}  // namespace

std::string bash_completion(const std::vector<VerbDescription>& verbs) {
  std::string text = R"(# bash completion of locus
_locus() {
  local word=${COMP_WORDS[COMP_CWORD]} at=$COMP_CWORD option options words values=
  if [ "$COMP_CWORD" = 1 ]; then
    COMPREPLY=($(compgen -W ")" +
                     names_of(verbs) + R"( --help --version" -- "$word"))
    return
  fi
  # Bash divides words at colons and equal signs, and replaces the last part alone.
  local part=${word#[:=]}
  while ((at > 2)) && [[ ${COMP_WORDS[at]} == [:=] || ${COMP_WORDS[at - 1]} == [:=] ]]; do
    word=${COMP_WORDS[--at]}$word
  done
  option=${COMP_WORDS[at - 1]}
  case $word in
    --*=*) option=${word%%=*} word=${word#*=} ;;
  esac
  case ${COMP_WORDS[1]} in
)";
  for (const auto& verb : verbs) {
    text += "    " + verb.name + ") options=\"" + options_of(verb) + "\" words=\"" +
            words_of(verb) + "\" ;;\n";
  }
  text += "  esac\n  case \"${COMP_WORDS[1]} $option\" in\n";
  for (const auto& verb : verbs) text += bash_choices(verb);
  text += R"__(  esac
  if [ -n "$values" ]; then
    compopt +o filenames 2>/dev/null  # which would put a backslash before a colon
    COMPREPLY=($(compgen -W "$values" -- "$word"))
  elif [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  else
    COMPREPLY=($(compgen -f -- "$word"
                 compgen -W "$words $("${COMP_WORDS[0]}" models --names 2>/dev/null)" -- "$word"))
  fi
  COMPREPLY=("${COMPREPLY[@]#"${word%"$part"}"}")
}
complete -o filenames -F _locus locus
)__";
  return text;
}

std::string zsh_completion(const std::vector<VerbDescription>& verbs) {
  std::string text = R"__(#compdef locus
_locus_models() {
  compadd -- ${(f)"$(locus models --names 2>/dev/null)"}
  _files
}
_locus() {
  local -a verbs=(
)__";
  for (const auto& verb : verbs) {
    text += "    '" + verb.name + ":" + for_zsh(verb.meaning) + "'\n";
  }
  text += R"(  )
  if (( CURRENT == 2 )); then
    _describe verb verbs
    return
  fi
  case $words[2] in
)";
  for (const auto& verb : verbs) {
    text += "    " + verb.name + ") _arguments";
    for (const auto& option : verb.options) {
      text += " \\\n      " + zsh_argument(option);
    }
    text += " \\\n      " + zsh_positional(verb) + " ;;\n";
  }
  return text + "  esac\n}\n_locus \"$@\"\n";
}

std::string fish_completion(const std::vector<VerbDescription>& verbs) {
  std::string text = "# fish completion of locus\n";
  for (const auto& verb : verbs) {
    text += "complete -c locus -n __fish_use_subcommand -f -a " + verb.name + " -d '" +
            for_fish(verb.meaning) + "'\n";
  }
  text +=
      "complete -c locus -n 'not __fish_use_subcommand' -a '(locus models --names 2>/dev/null)'\n";
  for (const auto& verb : verbs) {
    if (const std::string words = words_of(verb); !words.empty()) {
      text += "complete -c locus -n '__fish_seen_subcommand_from " + verb.name + "' -a '" + words +
              "'\n";
    }
    for (const auto& option : verb.options) {
      text += "complete -c locus -n '__fish_seen_subcommand_from " + verb.name + "' -l " +
              option.name.substr(2) + (option.value.empty() ? "" : " -r") +
              (option.choices.empty() ? "" : " -f -a '" + joined(option.choices) + "'") + " -d '" +
              for_fish(option.meaning) + "'\n";
    }
  }
  return text;
}

}  // namespace locus::cli
