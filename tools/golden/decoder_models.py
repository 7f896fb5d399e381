"""The tiny models of decoders and encoder-decoders that `parity_models.py` does not have."""

import torch
from transformers.models.mpt.modeling_mpt import build_mpt_alibi_tensor

import reference as t
from encoder_models import one_layer
from paper_transformer import TransformerConfig, TransformerForConditionalGeneration
from parity_models import NARROW, POSITIONS, VOCABULARY, TinyModel, gpt2, llama, neox

GROUPED = {
    "vocab_size": VOCABULARY, "num_hidden_layers": 2, "hidden_size": 24, "intermediate_size": 37,
    "num_attention_heads": 6, "num_key_value_heads": 2, "max_position_embeddings": POSITIONS,
}  # fmt: skip


def mistral(**changes) -> t.MistralConfig:
    return t.MistralConfig(**(GROUPED | changes))


def qwen2(**changes) -> t.Qwen2Config:
    return t.Qwen2Config(**(GROUPED | {"eos_token_id": 2} | changes))


SMALL = {"hidden_size": 12, "intermediate_size": 13}
SMALL_GPT2 = {"n_embd": 10, "n_inner": 13}
SHORT = {"d_model": 10, "encoder_layers": 1}
ALONE = {"is_encoder_decoder": False, "is_decoder": True}
SHORT_T5 = {"d_model": 10, "num_layers": 1, "num_decoder_layers": 1, "decoder_start_token_id": 0}
SIZES = {"vocab_size": VOCABULARY, "num_hidden_layers": 2, "num_attention_heads": 5, "max_position_embeddings": POSITIONS}


def gpt(**changes) -> t.OpenAIGPTConfig:
    sizes = {"n_embd": 20, "n_layer": 2, "n_head": 5, "n_positions": POSITIONS, "eos_token_id": 2}
    return t.OpenAIGPTConfig(vocab_size=VOCABULARY, **(sizes | changes))


def gpt_neo(**changes) -> t.GPTNeoConfig:
    sizes = {
        "hidden_size": 20, "num_layers": 2, "num_heads": 5, "max_position_embeddings": POSITIONS,
        "attention_types": [[["global", "local"], 1]], "window_size": 7, "bos_token_id": 1, "eos_token_id": 2,
    }  # fmt: skip
    return t.GPTNeoConfig(vocab_size=VOCABULARY, **(sizes | changes))


def gptj(**changes) -> t.GPTJConfig:
    sizes = {
        "n_embd": 20, "n_layer": 2, "n_head": 5, "n_positions": POSITIONS, "n_inner": 27, "bos_token_id": 1, "eos_token_id": 2,
    }  # fmt: skip
    return t.GPTJConfig(vocab_size=VOCABULARY, **(sizes | changes))


def scaled_neox(scaling: dict, sizes: dict = NARROW, **changes) -> t.GPTNeoXConfig:
    """A rotation that is scaled from a context of 16."""
    config = neox(sizes, **changes)
    config.max_position_embeddings, config.rope_scaling, config.num_hidden_layers = 16, scaling, 1
    return config


def opt(**changes) -> t.OPTConfig:
    return t.OPTConfig(**(SIZES | {"hidden_size": 20, "ffn_dim": 27} | changes))


def xglm(**changes) -> t.XGLMConfig:
    sizes = {
        "d_model": 20, "num_layers": 1, "attention_heads": 5, "ffn_dim": 27, "max_position_embeddings": POSITIONS,
    }  # fmt: skip
    return t.XGLMConfig(vocab_size=VOCABULARY, **(sizes | changes))


def bloom(**changes) -> t.BloomConfig:
    sizes = {"hidden_size": 20, "n_layer": 2, "n_head": 5}
    return t.BloomConfig(vocab_size=VOCABULARY, **(sizes | changes))


def mpt(attention: dict, **changes) -> t.MptConfig:
    sizes = {"d_model": 20, "n_heads": 5, "n_layers": 2, "max_seq_len": POSITIONS, "eos_token_id": 2}
    return t.MptConfig(vocab_size=VOCABULARY, attn_config=attention, **(sizes | changes))


class MptForCausalLM(t.MptForCausalLM):
    """Reads `alibi_bias_max`, as MosaicML's own code does and transformers 4.49 does not."""

    def __init__(self, config: t.MptConfig):
        super().__init__(config)
        max_bias = config.attn_config.alibi_bias_max
        self.transformer.build_mpt_alibi_tensor = lambda heads, length, device: build_mpt_alibi_tensor(heads, length, max_bias)


def sequences(make: type, **changes) -> t.PretrainedConfig:
    """Stacks of different depths, heads and inner sizes."""
    sizes = {
        "vocab_size": VOCABULARY, "d_model": 20, "max_position_embeddings": POSITIONS,
        "encoder_layers": 2, "encoder_attention_heads": 5, "encoder_ffn_dim": 27,
        "decoder_layers": 1, "decoder_attention_heads": 2, "decoder_ffn_dim": 31,
    }  # fmt: skip
    return make(**(sizes | changes))


def marian(**changes) -> t.MarianConfig:
    """Its start and padding are the last id, which it never generates."""
    last = changes.get("decoder_vocab_size", VOCABULARY) - 1
    ends = {"pad_token_id": last, "decoder_start_token_id": last, "bad_words_ids": [[last]]}
    return sequences(t.MarianConfig, **(ends | changes))


def long_t5(make: type, **changes) -> t.PretrainedConfig:
    sizes = {"d_model": 20, "d_kv": 6, "d_ff": 27, "num_heads": 5, "num_layers": 2, "num_decoder_layers": 2}
    buckets = {"relative_attention_num_buckets": 12, "relative_attention_max_distance": 40}
    return make(vocab_size=VOCABULARY, **(sizes | buckets | changes))


def type_as(tensor: torch.Tensor, other: torch.Tensor | None = None, dtype: torch.dtype | None = None) -> torch.Tensor:
    """Transformer-XL of transformers 4.49 asks for a type in a way that PyTorch does not know."""
    return tensor.to(other.dtype if dtype is None else dtype)


torch.Tensor.type_as = type_as


def transfo_xl(**changes) -> t.TransfoXLConfig:
    """Three clusters of vectors 20, 10 and 5 wide."""
    sizes = {
        "d_model": 20, "d_embed": 20, "n_head": 5, "d_head": 6, "d_inner": 27, "n_layer": 2, "cutoffs": [31, 60],
        "div_val": 2, "mem_len": 11, "clamp_len": 7, "dropout": 0.0, "eos_token_id": 2,
    }  # fmt: skip
    return t.TransfoXLConfig(vocab_size=VOCABULARY, **(sizes | changes))


DECODERS = [
    TinyModel("gpt/lm", t.OpenAIGPTLMHeadModel, gpt(n_layer=1, layer_norm_epsilon=1e-3), generates=True),
    TinyModel("gpt/bare", t.OpenAIGPTModel, gpt(n_embd=10, n_layer=1, afn="silu")),
    TinyModel(
        "gpt-neo/lm", t.GPTNeoForCausalLM, gpt_neo(intermediate_size=27), gain=1.0, generates=True
    ),
    TinyModel(
        "gpt-neo/bare", t.GPTNeoModel,
        gpt_neo(hidden_size=10, attention_types=[[["local"], 1], [["global"], 1]], activation_function="relu"),
    ),
    TinyModel("gptj/lm", t.GPTJForCausalLM, gptj(n_layer=1, rotary_dim=2), generates=True),
    TinyModel("gptj/bare", t.GPTJModel, gptj(n_layer=1, rotary_dim=4, n_inner=None, activation_function="silu")),
    TinyModel("neox/dynamic", t.GPTNeoXForCausalLM, scaled_neox({"rope_type": "dynamic", "factor": 4.0}, rotary_pct=1.0)),
    TinyModel(
        "neox/yarn", t.GPTNeoXModel,
        scaled_neox(
            {"rope_type": "yarn", "factor": 4.0}, {"hidden_size": 40, "intermediate_size": 27}, rotary_pct=0.5,
            hidden_act="relu", layer_norm_eps=1e-3,
        ),
    ),
    TinyModel("xglm/lm", t.XGLMForCausalLM, xglm(), generates=True),
    TinyModel("xglm/bare", t.XGLMModel, xglm(d_model=10, scale_embedding=False, activation_function="relu")),
    TinyModel("opt/lm", t.OPTForCausalLM, opt(num_hidden_layers=1), generates=True),
    TinyModel(
        "opt/post-norm", t.OPTForCausalLM,
        opt(num_hidden_layers=1, do_layer_norm_before=False, word_embed_proj_dim=14, activation_function="gelu"), generates=True,
    ),
    TinyModel(
        "opt/bare", t.OPTModel, opt(hidden_size=10, num_hidden_layers=1, enable_bias=False, layer_norm_elementwise_affine=False, word_embed_proj_dim=14)
    ),
    TinyModel("opt/headless-norm", t.OPTForCausalLM, opt(hidden_size=10, num_hidden_layers=1, _remove_final_layer_norm=True)),
    TinyModel("bloom/lm", t.BloomForCausalLM, bloom(n_layer=1), generates=True),
    TinyModel(
        "bloom/bare", t.BloomModel,
        bloom(hidden_size=10, n_layer=1, apply_residual_connection_post_layernorm=True, layer_norm_epsilon=1e-3),
    ),
    TinyModel("mpt/lm", t.MptForCausalLM, mpt({}, n_layers=1), generates=True),
    TinyModel(
        "mpt/clipped", MptForCausalLM,
        mpt({"clip_qkv": 0.9, "alibi_bias_max": 5, "softmax_scale": 0.7}, n_layers=1, layer_norm_epsilon=1e-3), generates=True,
    ),
    TinyModel("mpt/bare", t.MptModel, mpt({}, d_model=10, n_layers=1)),
    TinyModel(
        "mistral/lm", t.MistralForCausalLM,
        mistral(head_dim=8, sliding_window=11, rms_norm_eps=1e-3),
        generates=True,
    ),
    TinyModel(
        "mistral/open", t.MistralModel,
        mistral(sliding_window=None, rope_theta=700.0, hidden_act="gelu_new"),
    ),
    TinyModel("qwen2/lm", t.Qwen2ForCausalLM, qwen2(), generates=True),
    TinyModel(
        "qwen2/sliding", t.Qwen2ForCausalLM,
        qwen2(use_sliding_window=True, sliding_window=7, max_window_layers=0, tie_word_embeddings=True),
        generates=True,
    ),
    TinyModel("gpt/sequence", t.OpenAIGPTForSequenceClassification, gpt(n_embd=10, n_layer=1, num_labels=3)),
    TinyModel("gpt2/sequence", t.GPT2ForSequenceClassification, one_layer(gpt2(**SMALL_GPT2, num_labels=3))),
    TinyModel("gpt2/tokens", t.GPT2ForTokenClassification, one_layer(gpt2(**SMALL_GPT2, num_labels=5))),
    TinyModel("gpt2/answer", t.GPT2ForQuestionAnswering, one_layer(gpt2(**SMALL_GPT2))),
    TinyModel("neox/tokens", t.GPTNeoXForTokenClassification, one_layer(neox({"hidden_size": 10, "intermediate_size": 13}, rotary_pct=1.0, num_labels=5))),
    TinyModel("llama/sequence", t.LlamaForSequenceClassification, one_layer(llama(**SMALL, num_labels=3, problem_type="regression"))),
    TinyModel("llama/tokens", t.LlamaForTokenClassification, one_layer(llama(**SMALL, num_labels=5))),
    TinyModel("llama/answer", t.LlamaForQuestionAnswering, one_layer(llama(**SMALL))),
    TinyModel("mistral/answer", t.MistralForQuestionAnswering, one_layer(mistral(**SMALL))),
    TinyModel(
        "opt/sequence", t.OPTForSequenceClassification,
        opt(hidden_size=10, num_hidden_layers=1, word_embed_proj_dim=14, pad_token_id=None, num_labels=4),
    ),
    TinyModel("mpt/tokens", t.MptForTokenClassification, mpt({}, d_model=10, n_layers=1, num_labels=5)),
    TinyModel(
        "bart/lm", t.BartForConditionalGeneration,
        sequences(t.BartConfig, scale_embedding=True, forced_bos_token_id=0), generates=True,
    ),
    TinyModel("bart/bare", t.BartModel, sequences(t.BartConfig, d_model=10, encoder_layers=1, activation_function="relu")),
    TinyModel("bart/sequence", t.BartForSequenceClassification, sequences(t.BartConfig, **SHORT, num_labels=4)),
    TinyModel("bart/answer", t.BartForQuestionAnswering, sequences(t.BartConfig, **SHORT)),
    TinyModel("bart/decoder", t.BartForCausalLM, sequences(t.BartConfig, **SHORT, **ALONE), generates=True),
    TinyModel("marian/decoder", t.MarianForCausalLM, marian(**SHORT, **ALONE), generates=True),
    TinyModel("t5/sequence", t.T5ForSequenceClassification, long_t5(t.T5Config, **SHORT_T5, num_labels=4), gain=1.2),
    TinyModel("t5/tokens", t.T5ForTokenClassification, long_t5(t.T5Config, **SHORT_T5, num_labels=4), gain=1.2),
    TinyModel("umt5/answer", t.UMT5ForQuestionAnswering, long_t5(t.UMT5Config, **SHORT_T5), gain=1.2),
    TinyModel(
        "mbart/lm", t.MBartForConditionalGeneration,
        sequences(t.MBartConfig, encoder_layers=1, scale_embedding=True, decoder_start_token_id=5, forced_bos_token_id=6), generates=True,
    ),
    TinyModel("mbart/bare", t.MBartModel, sequences(t.MBartConfig, d_model=10, encoder_layers=1, decoder_start_token_id=5)),
    TinyModel("marian/lm", t.MarianMTModel, marian(encoder_layers=1, scale_embedding=True, activation_function="swish"), generates=True),
    TinyModel(
        "marian/two-tables", t.MarianMTModel,
        marian(encoder_layers=1, share_encoder_decoder_embeddings=False, decoder_vocab_size=VOCABULARY), generates=True,
    ),
    TinyModel("marian/bare", t.MarianModel, marian(d_model=10, encoder_layers=1)),
    TinyModel("pegasus/lm", t.PegasusForConditionalGeneration, sequences(t.PegasusConfig, encoder_layers=1, scale_embedding=True), generates=True),
    TinyModel("pegasus/bare", t.PegasusModel, sequences(t.PegasusConfig, d_model=10, encoder_layers=1, activation_function="relu")),
    TinyModel("mt5/lm", t.MT5ForConditionalGeneration, long_t5(t.MT5Config, num_layers=1, num_decoder_layers=1), gain=1.2, generates=True),
    TinyModel("umt5/lm", t.UMT5ForConditionalGeneration, long_t5(t.UMT5Config), gain=1.2, generates=True),
    TinyModel("umt5/encoder", t.UMT5EncoderModel, long_t5(t.UMT5Config, feed_forward_proj="relu"), gain=1.2),
    TinyModel("transfo-xl/lm", t.TransfoXLLMHeadModel, transfo_xl(), generates=True),
    TinyModel(
        "transfo-xl/segments", t.TransfoXLLMHeadModel,
        transfo_xl(
            same_length=False, pre_lnorm=True, untie_r=False, clamp_len=-1, proj_share_all_but_first=False,
            tie_word_embeddings=False, d_embed=24, layer_norm_epsilon=1e-3, n_layer=1,
        ),
        generates=True,
    ),
    TinyModel("transfo-xl/flat", t.TransfoXLLMHeadModel, transfo_xl(n_layer=1, div_val=1, d_embed=14)),
    TinyModel(
        "transfo-xl/bare", t.TransfoXLModel, transfo_xl(n_layer=1, div_val=1, cutoffs=[], mem_len=0, same_length=False)
    ),
    TinyModel(
        "transformer/lm", TransformerForConditionalGeneration,
        sequences(TransformerConfig, decoder_start_token_id=1, eos_token_id=2), generates=True,
    ),
]  # fmt: skip
