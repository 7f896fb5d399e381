#include "tools/claims/claims.hpp"
#include "tools/cli/arguments/command.hpp"

int main(int count, char** arguments) {
  const locus::cli::Program program{
      "locus-claims", "Measure what articles claim of positional encodings on the shipped models",
      "The models are looked for in LOCUS_MODELS, then beside the installation.",
      locus::cli::claims::add_claims};
  return locus::cli::run_program(program, count, arguments);
}
