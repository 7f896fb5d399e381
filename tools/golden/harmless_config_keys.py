"""Keys of config.json that change no number of inference, grouped by the reason; for `harmless_keys.py`.

A group's `only` is the one value at which its keys are harmless: another asks for what the reference ignores or
for another model, and is to be refused. Its `when` is a key that must be in the file too, as what counts instead.
A class that needs a key reads it; what stands here is for the classes that do not.
"""

from dataclasses import dataclass

CAUSAL = (
    "gemma gemma2 gemma3_text gpt_neox gptj granite llama ministral mistral olmo2 olmo3 phi3 qwen2 qwen3 smollm3 starcoder2".split()
)
ANYTHING = object()


@dataclass(frozen=True)
class Group:
    keys: str
    reason: str
    families: tuple[str, ...] = ("*",)
    only: object = ANYTHING
    file: str = "config.json"
    when: str = ""


NAMES = Group(
    "_name_or_path name_or_path _commit_hash transformers_version auto_map tokenizer_class processor_class finetuning_task"
    " model_card adapters _auto_class base_model_tp_plan base_model_pp_plan",
    "says where the model came from or which Python classes read it",
)
TRAINING = Group(
    "hidden_dropout_prob attention_probs_dropout_prob classifier_dropout classifier_dropout_prob attention_dropout hidden_dropout"
    " activation_dropout dropout dropout_rate embd_pdrop resid_pdrop attn_pdrop emb_pdrop attn_config.attn_pdrop embed_dropout"
    " embedding_dropout mlp_dropout resid_dropout cls_dropout pooler_dropout qa_dropout seq_classif_dropout dropatt"
    " summary_first_dropout summary_last_dropout layerdrop encoder_layerdrop decoder_layerdrop drop_path_rate"
    " initializer_range initializer_factor initializer_cutoff_factor init_std init_range init proj_init_std"
    " gradient_checkpointing tf_legacy_loss sparse_pred_ignore_index repad_logits_with_grad use_mems_train"
    " router_aux_loss_coef output_router_logits loss_type",
    "of training alone: dropout, first values of weights, losses",
)
HOW = Group(
    "attn_implementation _attn_implementation _attn_implementation_autoset _attn_implementation_internal experts_implementation"
    " chunk_size_feed_forward use_cache use_bfloat16 torchscript torch_dtype dtype _pre_quantization_dtype pretraining_tp slow_but_exact"
    " reorder_and_upcast_attn deterministic_flash_attn reference_compile onnx_export init_device attn_config.attn_impl"
    " verbose xla_device use_flash_attn fused_bias_fc fused_dropout_add_ln sequence_parallel pack_qkv unpad_inputs"
    " use_memory_efficient_attention _flash_attn_2_enabled use_mambapy pad_vocab_size_multiple use_xentropy attn_config.attn_uses_sequence_id",
    "says how or in which type the same numbers are computed; these are computed in f32",
)
OUTPUTS = Group(
    "output_attentions output_hidden_states return_dict use_return_dict output_past keys_to_ignore_at_inference",
    "asks for other things to be returned beside the same numbers",
)
LABELS = Group("label2id", "the other direction of id2label, which is read")
PIPELINE = Group(
    "task_specific_params prefix",
    "hints of pipelines and scripts: generate does not read them, as measured",
)
OLD_IDS = Group("eos_token_ids", "an older plural of transformers 2, which nothing reads")
IDS = Group(
    "bos_token_id cls_token_id sep_token_id mask_token_id image_token_id boi_token_index eoi_token_index image_token_index"
    " mm_tokens_per_image decoder_start_token_id pad_token_id eos_token_id",
    "an id that the graph does not use; families, decoding and tokenizers that use one read it",
)
CROSS = Group("add_cross_attention", "a decoder that reads another model's states is another model", only=False)
CROSS_SIZE = Group("cross_attention_hidden_size", "of such a decoder", only=None)
STORED = Group("quantization_config compression_config", "weights of other kinds than numbers", only=None)
OTHER_LAYERS = Group("per_layer_config", "layers that differ in other keys (5.24)", only=None)
TIED_STACKS = Group(
    "tie_encoder_decoder", "one set of weights for both stacks: 4.49 overwrites the decoder's by it", only=False
)
PRUNED = Group("pruned_heads", "heads that are left out of the weights", only={})
LIMITS = Group(
    "max_position_embeddings",
    "a training length: rotations, biases and formulas go beyond it (it counts where a scaling is derived from it)",
    (*CAUSAL, "deberta", "deberta-v2", "esm", "eurobert", "gte", "m2m_100", "modernbert", "modernbert-decoder", "nezha", "nomic_bert", "xglm"),
)
POSITIONS = Group("n_positions", "a training length: rotations go beyond it", ("gptj", "nomic_bert"))
PARTIAL = Group(
    "partial_rotary_factor",
    "5.24 computes the default rotation of these families over the whole head whatever it says; another value is a doubt",
    tuple(name for name in (*CAUSAL, "eurobert", "gte", "modernbert", "modernbert-decoder", "nomic_bert") if name not in ("gpt_neox", "phi3")),
    only=1.0,
)
LAYERS = Group(
    "max_window_layers use_sliding_window",
    "layer_types says it all (5.24); 4.49's eager path slides by sliding_window alone",
    ("qwen2", "qwen3", "smollm3"),
    when="layer_types",
)
PATTERN = Group("sliding_window_pattern _sliding_window_pattern", "layer_types says it all", ("gemma3_text",), when="layer_types")
LOCAL = Group("rope_local_base_freq", "rope_parameters says it all", ("gemma3_text",), when="rope_parameters")
VISION = Group("vision_config text_config", "of the model that also sees", ("gemma3_text",), only=None)
NO_CAP = Group("attn_logit_softcapping", "read by the class and used by none of its layers", ("gemma3_text",))
T5 = Group(
    "feed_forward_proj",
    "dense_act_fn and is_gated_act win in both versions; without them it decides",
    ("t5", "mt5", "umt5"),
    when="dense_act_fn",
)
NEO = Group("attention_types num_hidden_layers", "attention_layers says it all; a copy of num_layers", ("gpt_neo",), when="attention_layers")
DECODER_ALONE = Group(
    "encoder_layers encoder_attention_heads encoder_ffn_dim num_attention_heads decoder_vocab_size share_encoder_decoder_embeddings",
    "of the stack that MarianForCausalLM does not have",
    ("marian",),
)
SUMMARY = Group(
    "summary_type summary_use_proj summary_activation summary_proj_to_labels",
    "of heads that summarise a text (multiple choice, double heads), which read them; no other class does",
    ("electra", "gpt2", "openai-gpt", "roformer"),
)
DEBERTA = Group("pooler_hidden_size", "the pooler of these classes has the width of the model", ("deberta", "deberta-v2"))
CONV = Group("conv_groups", "without conv_kernel_size there is no convolution; with it, it is read", ("deberta-v2",))
LEGACY = Group("legacy", "says which head a masked language model has; other classes have none", ("deberta", "deberta-v2"))
SINUSOIDS = Group(
    "sinusoidal_pos_embds", "the stored table is used either way (both versions)", ("distilbert",)
)
FOLDING = Group("esmfold_config is_folding_model vocab_list", "of the model that folds proteins", ("esm",), only=None)
BIASES = Group("force_bos_token_to_be_generated", "the older name of forced_bos_token_id: false asks for nothing", ("bart",), only=False)
SPARSE = Group("sparse_prediction", "computes logits of labelled tokens alone, in training", ("modernbert",))
BIDIRECTIONAL = Group("use_bidirectional_attention", "read by a class of vision alone; null or false in all others", ("gemma", "gemma2"), only=None)
MPT_IGNORED = Group(
    "attn_config.alibi learned_pos_emb no_bias",
    "transformers' MPT ignores it: another value is a model that its own code alone runs",
    ("mpt",), only=True,
)  # fmt: skip
MPT_REFUSED = Group("attn_config.prefix_lm attn_config.qk_ln", "transformers' MPT ignores it", ("mpt",), only=False)
MPT_NORM = Group("norm_type", "transformers' MPT ignores it", ("mpt",), only="low_precision_layernorm")
MPT_LOGITS = Group("logit_scale", "transformers' MPT ignores it", ("mpt",), only=None)
MPT_SIZE = Group("expansion_ratio", "transformers' MPT has four times the width whatever it says", ("mpt",), only=4)
MPT_FRACTION = Group("embedding_fraction", "of training alone", ("mpt",))
XL = Group("adaptive trainer_compatible", "nothing reads it", ("transfo-xl",))
XL_LOSS = Group("sample_softmax", "a loss over samples; -1 is none", ("transfo-xl",), only=-1)
XLNET = Group(
    "mem_len reuse_len same_length use_mems_eval start_n_top end_n_top untie_r n_token",
    "of texts in segments and of an answer head with beams: a text in one piece has no memory",
    ("xlnet",),
)
XLNET_BOTH = Group("bi_data", "texts read in both directions at once, in training", ("xlnet",), only=False)
SWIN = Group(
    "encoder_stride out_features out_indices stage_names num_layers hidden_size",
    "of other uses as a backbone, or derived from depths and embed_dim",
    ("swin", "swinv2"),
)
PUBLISHED = Group(
    "max_trained_positions summary_type summary_use_proj summary_activation summary_proj_to_labels scale_attn_weights"
    " rotary_emb_scale_base rotary_scaling_factor mlp_fc1_bias mlp_fc2_bias qkv_proj_bias",
    "of the code that models were published with: copies of GPT-2's config, or told by the names of weights",
    ("nomic_bert",),
)
GROUPS = [value for value in list(globals().values()) if isinstance(value, Group)]
