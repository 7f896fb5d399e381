#include "models/files/harmless_keys.hpp"

#include <algorithm>
#include <array>

#include "models/generation/config.hpp"

namespace locus::files {
namespace {

// NOLINTNEXTLINE(readability-function-size): a list
const std::vector<HarmlessKeys>& table() {
  static const std::vector<HarmlessKeys> groups{
      {"dropout and layer drop work in training alone",
       {"activation_dropout",
        "attention_dropout",
        "attention_probs_dropout_prob",
        "attn_pdrop",
        "classifier_dropout",
        "classifier_dropout_prob",
        "classif_dropout",
        "cls_dropout",
        "decoder_layerdrop",
        "dropatt",
        "drop_path_rate",
        "dropout",
        "dropout_rate",
        "embd_pdrop",
        "embed_dropout",
        "embedding_dropout",
        "emb_pdrop",
        "encoder_layerdrop",
        "generator_dropout",
        "hidden_dropout",
        "hidden_dropout_prob",
        "layerdrop",
        "mlp_dropout",
        "pooler_dropout",
        "qa_dropout",
        "resid_dropout",
        "resid_pdrop",
        "seq_classif_dropout",
        "summary_first_dropout",
        "summary_last_dropout"}},
      {"what weights were before training",
       {"init", "init_device", "init_range", "init_std", "initializer_cutoff_factor",
        "initializer_factor", "initializer_range", "proj_init_std", "sinusoidal_pos_embds"}},
      {"how memory and time are spent",
       {"_attn_implementation_internal",
        "attn_uses_sequence_id",
        "_flash_attn_2_enabled",
        "fused_bias_fc",
        "fused_dropout_add_ln",
        "onnx_export",
        "pack_qkv",
        "pad_vocab_size_multiple",
        "sequence_parallel",
        "use_flash_attn",
        "use_mambapy",
        "use_xentropy",
        "attn_implementation",
        "_attn_implementation",
        "_attn_implementation_autoset",
        "attn_impl",
        "cache_config",
        "cache_implementation",
        "chunk_size_feed_forward",
        "compile_config",
        "continuous_batching_config",
        "deterministic_flash_attn",
        "disable_compile",
        "experts_implementation",
        "gradient_checkpointing",
        "low_memory",
        "max_cache_len",
        "memory_efficient_attention",
        "prefill_chunk_size",
        "pretraining_tp",
        "reference_compile",
        "repad_logits_with_grad",
        "slow_but_exact",
        "unpad_inputs",
        "use_cache",
        "use_memory_efficient_attention",
        "xla_device"}},
      {"in which type the reference computes; the weights say how they are stored",
       {"dtype", "torch_dtype", "use_bfloat16", "reorder_and_upcast_attn",
        "_pre_quantization_dtype"}},
      {"which values are handed out, or in which form",
       {"keys_to_ignore_at_inference", "output_attentions", "output_hidden_states", "output_logits",
        "output_past", "output_scores", "return_dict", "return_dict_in_generate",
        "return_legacy_cache", "torchscript", "tf_legacy_loss"}},
      {"losses and masks of training",
       {"use_mems_train", "router_aux_loss_coef", "output_router_logits", "loss_type",
        "label_smoothing", "mask_feature_length", "sample_softmax", "same_length_train",
        "sparse_pred_ignore_index", "sparse_prediction", "trainer_compatible"}},
      {"notes of where a model comes from, or what it is for",
       {"_auto_class",
        "adapters",
        "base_model_pp_plan",
        "base_model_tp_plan",
        "model_card",
        "processor_class",
        "_commit_hash",
        "_from_model_config",
        "_name_or_path",
        "_num_labels",
        "auto_map",
        "directionality",
        "finetuning_task",
        "language",
        "model_name",
        "name_or_path",
        "task_specific_params",
        "transformers.js_config",
        "transformers_version",
        "verbose",
        "type_of_class",
        "sentence_transformers",
        "sbert_ce_default_activation_function"}},
      {"what the class says of itself, which the model type says too",
       {"is_encoder_decoder", "add_bias_logits", "add_cross_attention_note", "legacy"}},
      {"names of classes beside `id2label`",
       {"label2id", "num_labels", "id2label", "problem_type"}},
      {"ids that texts are made with, which the tokenizer's files hold",
       {"bos_token_id", "eos_token_id", "pad_token_id", "sep_token_id", "cls_token_id",
        "mask_token_id", "unk_token_id", "decoder_start_token_id", "tokenizer_class", "prefix",
        "is_split_into_words", "vocab_list"}},
      {"speculation, which changes speed alone",
       {"assistant_confidence_threshold", "assistant_early_exit", "assistant_ensemble_weight",
        "assistant_lookbehind", "is_assistant", "max_matching_ngram_size", "num_assistant_tokens",
        "num_assistant_tokens_schedule", "prompt_lookup_num_tokens", "speculation_type",
        "target_lookbehind", "use_mtp"}},
      {"of classes of images that have no logits, or of models that read images beside text",
       {"boi_token_index", "eoi_token_index", "image_token_index", "encoder_stride",
        "image_token_id", "mm_tokens_per_image", "out_features", "out_indices", "stage_names"}},
      {"older configs' sizes of a pooler that no class has",
       {"pooler_fc_size", "pooler_num_attention_heads", "pooler_num_fc_layers",
        "pooler_size_per_head", "pooler_type"}},
      {"the reference reads none of them",
       {"cross_attention_hidden_size", "net_structure_type", "n_ctx", "predict_special_tokens",
        "gap_size", "num_memory_blocks", "down_scale_factor", "extra_pos_embeddings",
        "embedding_fraction", "expansion_ratio", "learned_pos_emb", "esmfold_config",
        "is_folding_model", "generation_kwargs", "adaptive", "use_return_dict", "eos_token_ids"}},
      {"copies of the number of the encoder's layers",
       {"num_hidden_layers"},
       {"bart", "m2m_100", "marian", "mbart", "pegasus"}},
      {"of the stack that a class without encoder does not have",
       {"decoder_vocab_size"},
       {"marian"}},
      {"an older name of forced_bos_token_id, false in all that is published",
       {"force_bos_token_to_be_generated"},
       {"bart"}},
      {"of heads that summarise a text, whose classes read them",
       {"summary_type", "summary_use_proj", "summary_activation", "summary_proj_to_labels"},
       {"electra", "gpt2", "openai-gpt", "roformer", "xlnet"}},
      {"of the head that classifies a text, whose class reads them",
       {"classifier_activation", "classifier_bias", "classifier_pooling"},
       {"modernbert"}},
      {"of the pooler, which classes with other heads do not have",
       {"pooler_hidden_act", "pooler_hidden_size"},
       {"deberta", "deberta-v2"}},
      {"whether distances share the projections of words, where no distance is looked at",
       {"share_att_key"},
       {"deberta-v2"}},
      {"transformers' MPT ignores them", {"norm_type", "model_type"}, {"mpt"}},
      {"whether the head shares the words' table, in classes without such a head",
       {"tie_word_embeddings"}},
      {"of the pooler, which classes with other heads do not have",
       {"pooler_activation"},
       {"roformer"}},
      {"old checkpoints' way to say that there is no last norm, which the weights say too",
       {"_remove_final_layer_norm"},
       {"opt"}},
      {"whether the decoder's output is scaled, in classes without a head of words",
       {"scale_decoder_outputs"},
       {"t5", "mt5", "umt5"}},
      {"of the code that Nomic's models were published with: how it computes, or copies of GPT-2's",
       {"max_trained_positions", "parallel_block_tied_norm", "scale_attn_by_inverse_layer_idx",
        "scale_attn_weights", "summary_activation", "summary_proj_to_labels", "summary_type",
        "summary_use_proj"},
       {"nomic_bert"}},
      {"of how published code makes a vector of a text",
       {"emb_pooler"},
       {"bert", "new", "nomic_bert"}},
      {"GPT-NeoX reads `rotary_emb_base` and `rotary_pct`, of which these are copies",
       {"rope_theta", "partial_rotary_factor"},
       {"gpt_neox"}},
      {"a rotation's, of models whose positions are not rotations, or that read other keys",
       {"rope_theta", "rope_scaling"},
       {"albert",
        "bart",
        "bert",
        "bloom",
        "camembert",
        "deberta",
        "deberta-v2",
        "distilbert",
        "electra",
        "esm",
        "feature_encoder",
        "gpt2",
        "gpt_neo",
        "gptj",
        "longformer",
        "m2m_100",
        "marian",
        "mbart",
        "modernbert",
        "mpnet",
        "mpt",
        "mt5",
        "nezha",
        "openai-gpt",
        "opt",
        "pegasus",
        "roberta",
        "roformer",
        "swin",
        "swinv2",
        "t5",
        "transfo-xl",
        "transformer",
        "umt5",
        "xglm",
        "xlm-roberta",
        "xlnet"}},
      {"of decoders, which these classes are not",
       {"is_decoder"},
       {"feature_encoder", "swin", "swinv2", "xlnet"}},
      {"of texts in segments, and of an answer head with beams: a text in one piece has no memory",
       {"end_n_top", "mem_len", "reuse_len", "same_length", "start_n_top", "untie_r",
        "use_mems_eval"},
       {"xlnet"}},
  };
  return groups;
}

constexpr auto unfollowed = std::to_array<std::string_view>(
    {"quantization_config", "pruned_heads", "add_cross_attention", "tie_encoder_decoder",
     "per_layer_config", "text_config", "transformers_weights", "vision_config"});

}  // namespace

std::span<const HarmlessKeys> harmless_keys() { return table(); }

std::span<const std::string_view> unfollowed_keys() { return unfollowed; }

bool is_harmless(std::string_view model_type, std::string_view key) {
  const auto holds = [](const auto& list, std::string_view name) {
    return std::ranges::find(list, name) != list.end();
  };
  if (holds(generation::generation_keys(), key)) return true;
  // MPT's config of attention is a config too, with the general keys of every config.
  constexpr std::string_view inner = "attn_config.";
  if (model_type == "mpt" && key.starts_with(inner)) key.remove_prefix(inner.size());
  return std::ranges::any_of(table(), [&](const HarmlessKeys& group) {
    return holds(group.keys, key) && (group.families.empty() || holds(group.families, model_type));
  });
}

void refuse_unfollowed(const Config& config) {
  for (const std::string_view key : unfollowed) {
    if (config.is_empty(key)) continue;
    const bool flag = key == "add_cross_attention" || key == "tie_encoder_decoder";
    if (flag && config.boolean(key, false)) config.fail(key, "false", "true");
    config.fail(key, "absent: it is not followed", "a value");
  }
}

std::vector<UnreadKey> unread_keys(const Config& config, const Config& generation) {
  std::vector<UnreadKey> keys;
  const std::string type = config.text("model_type", "");
  for (const Config* file : {&config, &generation}) {
    for (const std::string& key : file->unread()) {
      // Encoders that can be decoders read the key; the others may have it as false.
      if (key == "is_decoder" && file->is_empty(key)) continue;
      if (!is_harmless(type, key)) keys.push_back({file->who(), key});
    }
  }
  // For such a file transformers 4.49 decodes by config.json. Version 5 does not, nor does Locus.
  if (generation.boolean("_from_model_config", false)) {
    for (const std::string_view key : generation::generation_keys()) {
      if (key == "decoder_start_token_id") continue;  // it is read from either file
      if (config.has(key) && !generation.has(key)) keys.push_back({config.who(), std::string(key)});
    }
  }
  return keys;
}

}  // namespace locus::files
