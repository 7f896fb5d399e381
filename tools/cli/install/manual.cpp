#include <cctype>

#include "tools/cli/install/description.hpp"

namespace locus::cli {
namespace {

// Text in which roff reads nothing as a command.
std::string plain(const std::string& text) {
  std::string result;
  for (const char character : text) {
    if (character == '\\') {
      result += "\\e";
    } else if (character == '-') {
      result += "\\-";
    } else {
      result += character;
    }
  }
  const bool command = !result.empty() && (result[0] == '.' || result[0] == '\'');
  return command ? "\\&" + result : result;
}

std::string sentence(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text + ".";
}

std::string entry(const OptionDescription& option) {
  std::string text = ".TP\n.B " + plain(option.name);
  if (!option.value.empty()) text += " \\fI" + plain(option.value) + "\\fR";
  return text + "\n" + plain(option.meaning) + "\n";
}

std::string section(const VerbDescription& verb) {
  std::string text = ".SS locus " + plain(verb.name);
  for (const auto& positional : verb.positionals) text += " " + plain(positional.name);
  text += "\n" + sentence(plain(verb.meaning)) + "\n";
  for (const auto& positional : verb.positionals) text += entry(positional);
  for (const auto& option : verb.options) text += entry(option);
  if (!verb.example.empty()) text += ".PP\nExample:\n.PP\n.RS\n" + plain(verb.example) + "\n.RE\n";
  return text;
}

constexpr const char* beginning = R"(.TH LOCUS 1 "" "Locus )" LOCUS_VERSION R"("
.SH NAME
locus \- Transformer inference with pluggable positional encodings
.SH SYNOPSIS
.B locus
.I VERB MODEL
[\fIarguments\fR]
.br
.B locus \-\-version
.SH DESCRIPTION
MODEL is a Hugging Face folder, a folder that holds locus.json, a locus.json file, or the name of
a model in a folder of LOCUS_MODELS or beside the installation.
Results go to standard output; progress, warnings and errors go to standard error.
A positional encoding is written \fIname:key=value,key=value\fR, a chain of them with +.
.SH VERBS
)";

constexpr const char* end = R"(.SH EXIT STATUS
0 done; 1 failed, with one line that says who expected what and what was found; 2 wrong usage;
130 cancelled by Ctrl\-C, with nothing half written.
.SH ENVIRONMENT
.TP
.B LOCUS_MODELS
folders, divided by colons, in which models are looked for by name
.TP
.B LOCUS_INSTRUCTION_SET
sse4, avx2, avx512 or best: the instructions that may be used
.TP
.B NO_COLOR
print without colours
)";

}  // namespace

std::string manual(const std::vector<VerbDescription>& verbs) {
  std::string text = beginning;
  for (const auto& verb : verbs) text += section(verb);
  return text + end;
}

}  // namespace locus::cli
