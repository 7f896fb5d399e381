// A family turns a Hugging Face config into a graph.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/graph_spec.hpp"
#include "engine/weights.hpp"
#include "models/files/config.hpp"
#include "models/model.hpp"

namespace locus {

/// What a family makes of a config.
struct FamilyGraph {
  GraphSpec spec;
  /// Stored names that may stay unread: regular expressions.
  std::vector<std::string> harmless;
};

/// One row of the table of families.
struct Family {
  std::string model_type;  ///< `model_type` of config.json
  /// The graph for a config. `weights` tells which optional parts are there (a pooler, a head, a
  /// name prefix); sizes and values come from the config.
  FamilyGraph (*build)(const Config& config, const Weights& weights);
  ModelIds special;  ///< the defaults of the model type's own config class
};

std::span<const Family> families();
/// Throws Error that lists the known types.
const Family& find_family(const Config& config);

FamilyGraph build_bert(const Config& config, const Weights& weights);
FamilyGraph build_nezha(const Config& config, const Weights& weights);
FamilyGraph build_roformer(const Config& config, const Weights& weights);
FamilyGraph build_roberta(const Config& config, const Weights& weights);
FamilyGraph build_xlm_roberta(const Config& config, const Weights& weights);
FamilyGraph build_camembert(const Config& config, const Weights& weights);
FamilyGraph build_distilbert(const Config& config, const Weights& weights);
FamilyGraph build_electra(const Config& config, const Weights& weights);
FamilyGraph build_albert(const Config& config, const Weights& weights);
FamilyGraph build_mpnet(const Config& config, const Weights& weights);
FamilyGraph build_deberta(const Config& config, const Weights& weights);
FamilyGraph build_deberta_v2(const Config& config, const Weights& weights);
FamilyGraph build_modernbert(const Config& config, const Weights& weights);
FamilyGraph build_feature_encoder(const Config& config, const Weights& weights);
FamilyGraph build_swin(const Config& config, const Weights& weights);
FamilyGraph build_t5(const Config& config, const Weights& weights);
FamilyGraph build_gpt2(const Config& config, const Weights& weights);
FamilyGraph build_llama(const Config& config, const Weights& weights);
FamilyGraph build_mistral(const Config& config, const Weights& weights);
FamilyGraph build_qwen2(const Config& config, const Weights& weights);
FamilyGraph build_gpt_neox(const Config& config, const Weights& weights);
FamilyGraph build_openai_gpt(const Config& config, const Weights& weights);
FamilyGraph build_gpt_neo(const Config& config, const Weights& weights);
FamilyGraph build_gptj(const Config& config, const Weights& weights);
FamilyGraph build_opt(const Config& config, const Weights& weights);
FamilyGraph build_xglm(const Config& config, const Weights& weights);
FamilyGraph build_bloom(const Config& config, const Weights& weights);
FamilyGraph build_mpt(const Config& config, const Weights& weights);
FamilyGraph build_bart(const Config& config, const Weights& weights);
FamilyGraph build_mbart(const Config& config, const Weights& weights);
FamilyGraph build_marian(const Config& config, const Weights& weights);
FamilyGraph build_pegasus(const Config& config, const Weights& weights);
FamilyGraph build_transformer(const Config& config, const Weights& weights);
FamilyGraph build_mt5(const Config& config, const Weights& weights);
FamilyGraph build_umt5(const Config& config, const Weights& weights);
FamilyGraph build_transfo_xl(const Config& config, const Weights& weights);

}  // namespace locus
