#include <array>

#include "base/error.hpp"
#include "models/families/family.hpp"

namespace locus {
namespace {

constexpr std::nullopt_t none = std::nullopt;

// Special ids: bos, eos, pad, decoder start (T5 starts with pad).
const std::array table{
    Family{"bert", build_bert, {none, none, 0, none, {}}},
    Family{"nezha", build_nezha, {2, 3, 0, none, {3}}},
    Family{"roformer", build_roformer, {none, none, 0, none, {}}},
    Family{"roberta", build_roberta, {0, 2, 1, none, {2}}},
    Family{"xlm-roberta", build_xlm_roberta, {0, 2, 1, none, {2}}},
    Family{"camembert", build_camembert, {0, 2, 1, none, {2}}},
    Family{"distilbert", build_distilbert, {none, none, 0, none, {}}},
    Family{"electra", build_electra, {none, none, 0, none, {}}},
    Family{"albert", build_albert, {2, 3, 0, none, {3}}},
    Family{"mpnet", build_mpnet, {0, 2, 1, none, {2}}},
    Family{"deberta", build_deberta, {none, none, 0, none, {}}},
    Family{"deberta-v2", build_deberta_v2, {none, none, 0, none, {}}},
    Family{"modernbert", build_modernbert, {50281, 50282, 50283, none, {50282}}},
    Family{"feature_encoder", build_feature_encoder, {none, none, none, none, {}}},
    Family{"swin", build_swin, {none, none, none, none, {}}},
    Family{"t5", build_t5, {none, 1, 0, 0, {1}}},
    Family{"mt5", build_mt5, {none, 1, 0, 0, {1}}},
    Family{"umt5", build_umt5, {none, 1, 0, 0, {1}}},
    Family{"bart", build_bart, {0, 2, 1, 2, {2}, none, 2}},
    Family{"mbart", build_mbart, {0, 2, 1, none, {2}, none, 2}},
    Family{"marian", build_marian, {none, 0, 58100, 58100, {0}, none, 0}},
    Family{"pegasus", build_pegasus, {none, 1, 0, 0, {1}, none, 1}},
    Family{"transformer", build_transformer, {none, none, none, none, {}}},
    Family{"gpt2", build_gpt2, {50256, 50256, none, none, {50256}}},
    Family{"llama", build_llama, {1, 2, none, none, {2}}},
    Family{"mistral", build_mistral, {1, 2, none, none, {2}}},
    Family{"qwen2", build_qwen2, {none, none, none, none, {}}},
    Family{"openai-gpt", build_openai_gpt, {none, none, none, none, {}}},
    Family{"gpt_neo", build_gpt_neo, {50256, 50256, none, none, {50256}}},
    Family{"gptj", build_gptj, {50256, 50256, none, none, {50256}}},
    Family{"opt", build_opt, {2, 2, 1, none, {2}}},
    Family{"xglm", build_xglm, {0, 2, 1, 2, {2}}},
    Family{"bloom", build_bloom, {1, 2, none, none, {2}}},
    Family{"mpt", build_mpt, {none, none, none, none, {}}},
    Family{"transfo-xl", build_transfo_xl, {none, 0, none, none, {0}}},
    Family{"gpt_neox", build_gpt_neox, {0, 2, none, none, {2}}},
};

}  // namespace

std::span<const Family> families() { return table; }

const Family& find_family(const Config& config) {
  const std::string type = config.text("model_type", "");
  std::string known;
  for (const Family& family : table) {
    if (family.model_type == type) return family;
    known += (known.empty() ? "" : ", ") + family.model_type;
  }
  config.fail("model_type", "one of " + known, type.empty() ? "none" : "'" + type + "'");
}

}  // namespace locus
