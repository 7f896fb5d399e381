#include "tools/cli/verbs/verbs.hpp"

#include <array>

namespace locus::cli {

std::span<const Verb> verbs() {
  static constexpr std::array table{
      Verb{"models", "list the models that have a name here", add_models},
      Verb{"inspect", "show what a model is made of", add_inspect},
      Verb{"tokenize", "turn text into token ids, or ids into text", add_tokenize},
      Verb{"trace", "run a model once and keep the output of every node", add_trace},
      Verb{"run", "do what the model was made for", add_run},
      Verb{"fill-mask", "fill the gaps of a text", add_fill_mask},
      Verb{"embed", "turn texts into vectors", add_embed},
      Verb{"rerank", "order documents by how well they answer a query", add_rerank},
      Verb{"classify", "say which class a text or image belongs to", add_classify},
      Verb{"tag", "find the entities of a text, or its replaced tokens", add_tag},
      Verb{"answer", "find the answer to a question in a text", add_answer},
      Verb{"generate", "continue or answer a text", add_generate},
      Verb{"perplexity", "measure how well a model predicts a text", add_perplexity},
      Verb{"compare", "compare models and their encodings on a text", add_compare},
      Verb{"probe", "measure how far back models copy, find and order", add_probe},
      Verb{"position", "draw, save or check a positional encoding", add_position},
      Verb{"ablate", "tamper with a model's encoding and see what it relied on", add_ablate},
      Verb{"doctor", "say how a model was read, and what speaks against it", add_doctor},
      Verb{"bisect", "find the first node that differs from a reference", add_bisect},
      Verb{"bench", "measure speed and memory", add_bench},
      Verb{"convert", "write a model in another format", add_convert},
      Verb{"serve", "answer requests over HTTP, in the form of OpenAI's", add_serve},
      Verb{"completions", "print what a shell needs to complete this command", add_completions},
  };
  return table;
}

}  // namespace locus::cli
