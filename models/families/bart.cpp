// BART: Lewis et al. 2019. mBART: Liu et al. 2020. Marian: Junczys-Dowmunt et al. 2018. Pegasus:
// Zhang et al. 2020. M2M-100: Fan et al. 2020, and NLLB: NLLB Team 2022. Names: transformers'
// modeling_bart, modeling_mbart, modeling_marian, modeling_pegasus, modeling_m2m_100.
#include "models/families/parts/encoder_decoder.hpp"

namespace locus::families {
namespace {

const SchemeChoice offset_table{"learned", {{"offset", 2}}};
const SchemeChoice halves{"sinusoidal", {{"layout", "halves"}}};

FamilyGraph build_bart(const Config& config, const Weights& weights) {
  const SequenceStyle style{.family = "bart",
                            .bare = "BartModel",
                            .headed = "BartForConditionalGeneration",
                            .classifies = true,
                            .positions = offset_table,
                            .embedding_norm = true};
  return build_encoder_decoder({config, style}, style, config, weights);
}

FamilyGraph build_mbart(const Config& config, const Weights& weights) {
  const SequenceStyle style{.family = "mbart",
                            .bare = "MBartModel",
                            .headed = "MBartForConditionalGeneration",
                            .classifies = true,
                            .positions = offset_table,
                            .norm_first = true,
                            .embedding_norm = true,
                            .shift = shift_after_last,
                            .last_norm = true};
  return build_encoder_decoder({config, style}, style, config, weights);
}

FamilyGraph build_marian(const Config& config, const Weights& weights) {
  const SequenceStyle style{.family = "marian",
                            .bare = "MarianModel",
                            .headed = "MarianMTModel",
                            .positions = halves,
                            .vocabulary = 58101,
                            .reads_shared = false};
  SequenceConfig sizes(config, style);
  if (!config.boolean("share_encoder_decoder_embeddings", true)) {
    sizes.shared_tables = false;
    sizes.decoder_vocabulary = config.count("decoder_vocab_size", sizes.vocabulary);
  }
  return build_encoder_decoder(sizes, style, config, weights);
}

FamilyGraph build_pegasus(const Config& config, const Weights& weights) {
  const SequenceStyle style{.family = "pegasus",
                            .bare = "PegasusModel",
                            .headed = "PegasusForConditionalGeneration",
                            .positions = halves,
                            .norm_first = true,
                            .last_norm = true,
                            .reads_shared = false};
  return build_encoder_decoder({config, style}, style, config, weights);
}

FamilyGraph build_m2m_100(const Config& config, const Weights& weights) {
  // fairseq's sinusoid, whose rows up to that of the padding stand for no position.
  const int64_t start = config.whole("pad_token_id", 1) + 1;
  const SchemeChoice sinusoid{"sinusoidal",
                              {{"layout", "halves"}, {"denominator", "t2t"}, {"start", start}}};
  const SequenceStyle style{.family = "m2m_100",
                            .bare = "M2M100Model",
                            .headed = "M2M100ForConditionalGeneration",
                            .positions = sinusoid,
                            .vocabulary = 128112,
                            .activation = "relu",
                            .scaled = true,
                            .norm_first = true,
                            .last_norm = true,
                            .skips_padding = true};
  return build_encoder_decoder({config, style}, style, config, weights);
}

}  // namespace

Family bart() {
  return {
      .model_type = "bart",
      .build = build_bart,
      .special =
          {.bos = 0, .eos = 2, .pad = 1, .decoder_start = 2, .all_eos = {2}, .forced_eos = 2},
  };
}

Family mbart() {
  return {
      .model_type = "mbart",
      .build = build_mbart,
      .special = {.bos = 0, .eos = 2, .pad = 1, .all_eos = {2}, .forced_eos = 2},
  };
}

Family marian() {
  return {
      .model_type = "marian",
      .build = build_marian,
      .special = {.eos = 0, .pad = 58100, .decoder_start = 58100, .all_eos = {0}, .forced_eos = 0},
  };
}

Family m2m_100() {
  return {
      .model_type = "m2m_100",
      .build = build_m2m_100,
      .special = {.bos = 0, .eos = 2, .pad = 1, .decoder_start = 2, .all_eos = {2}},
  };
}

Family pegasus() {
  return {
      .model_type = "pegasus",
      .build = build_pegasus,
      .special = {.eos = 1, .pad = 0, .decoder_start = 0, .all_eos = {1}, .forced_eos = 1},
  };
}

}  // namespace locus::families
