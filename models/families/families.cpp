// The table of families: a new one is a file of this folder that defines its row, and its name here
// and in the list below.
#include "base/error.hpp"
#include "models/families/family.hpp"

namespace locus::families {

Family bert(), nezha(), roformer(), roberta(), xlm_roberta(), camembert(), distilbert(), electra(),
    albert(), mpnet(), deberta(), deberta_v2(), modernbert(), feature_encoder(), esm(),
    nomic_bert(), gte(), new_gte(), longformer(), xlnet();
Family swin(), swinv2();
Family t5(), mt5(), umt5(), bart(), mbart(), marian(), pegasus(), m2m_100(), transformer();
Family gpt2(), llama(), mistral(), qwen2(), openai_gpt(), gpt_neo(), gptj(), opt(), xglm(), bloom(),
    mpt(), transfo_xl(), gpt_neox(), qwen3(), gemma(), gemma2(), gemma3(), olmo2(), smollm3(),
    phi3();

namespace {

const std::vector<Family>& table() {
  static const std::vector<Family> rows{
      // encoders
      bert(), nezha(), roformer(), roberta(), xlm_roberta(), camembert(), distilbert(), electra(),
      albert(), mpnet(), deberta(), deberta_v2(), modernbert(), feature_encoder(), esm(),
      nomic_bert(), gte(), new_gte(), longformer(), xlnet(),
      // of images
      swin(), swinv2(),
      // encoders with a decoder
      t5(), mt5(), umt5(), bart(), mbart(), marian(), pegasus(), m2m_100(), transformer(),
      // decoders
      gpt2(), llama(), mistral(), qwen2(), openai_gpt(), gpt_neo(), gptj(), opt(), xglm(), bloom(),
      mpt(), transfo_xl(), gpt_neox(), qwen3(), gemma(), gemma2(), gemma3(), olmo2(), smollm3(),
      phi3()};
  return rows;
}

}  // namespace

std::span<const Family> registered() { return table(); }

const Family& find_family(const Config& config) {
  const std::string type = config.text("model_type", "");
  std::string known;
  for (const Family& family : table()) {
    if (family.model_type == type) return family;
    known += (known.empty() ? "" : ", ") + family.model_type;
  }
  if (type.empty()) {
    config.fail("model_type", "there, or a family to be named with --family: one of " + known,
                "none");
  }
  config.fail("model_type", "one of " + known, "'" + type + "'");
}

}  // namespace locus::families
