"""The tiny models: each style in an odd shape (5 heads of 12, width 60; 5 heads of 6, width 30), and
narrower ones for what else a config may say."""

from dataclasses import dataclass

import reference as t

VOCABULARY = 97
POSITIONS = 80
WIDE = {"hidden_size": 60, "intermediate_size": 67}
MIDDLE = {"hidden_size": 30, "intermediate_size": 37}
NARROW = {"hidden_size": 20, "intermediate_size": 27}


@dataclass(frozen=True)
class TinyModel:
    name: str
    model: type  # a class of transformers
    config: t.PretrainedConfig
    gain: float = 1.5  # growth of a product's output
    generates: bool = False
    type_ids: bool = False
    old_names: bool = False  # store LayerNorm's weights as gamma and beta, and no prefix
    own_head: bool = False  # weights of its own where the config ties them


def bert(sizes: dict = NARROW, **changes) -> t.BertConfig:
    return t.BertConfig(
        vocab_size=VOCABULARY, num_hidden_layers=2, num_attention_heads=5, type_vocab_size=3,
        max_position_embeddings=POSITIONS, **(sizes | changes),
    )  # fmt: skip


def nezha(sizes: dict = NARROW, **changes) -> t.NezhaConfig:
    return t.NezhaConfig(
        vocab_size=VOCABULARY, num_hidden_layers=2, num_attention_heads=5, type_vocab_size=3,
        max_position_embeddings=POSITIONS, max_relative_position=9, **(sizes | changes),
    )  # fmt: skip


def roformer(sizes: dict = NARROW, **changes) -> t.RoFormerConfig:
    return t.RoFormerConfig(
        vocab_size=VOCABULARY, num_hidden_layers=2, num_attention_heads=5,
        max_position_embeddings=POSITIONS, **(sizes | changes),
    )  # fmt: skip


def t5(**changes) -> t.T5Config:
    """Heads times d_kv is not the width, and the stacks differ in depth."""
    sizes = {"d_model": 20, "d_kv": 6, "d_ff": 27, "num_heads": 5, "num_layers": 2, "num_decoder_layers": 1}
    return t.T5Config(
        vocab_size=VOCABULARY, decoder_start_token_id=0, relative_attention_num_buckets=12,
        relative_attention_max_distance=40, **(sizes | changes),
    )  # fmt: skip


def gpt2(**changes) -> t.GPT2Config:
    sizes = {"n_embd": 20, "n_inner": 27}
    return t.GPT2Config(
        vocab_size=VOCABULARY, n_layer=2, n_head=5, n_positions=POSITIONS, bos_token_id=1, eos_token_id=2,
        **(sizes | changes),
    )  # fmt: skip


def llama(**changes) -> t.LlamaConfig:
    """Six heads of queries share two of keys."""
    sizes = {
        "hidden_size": 24, "intermediate_size": 37, "num_attention_heads": 6, "num_key_value_heads": 2,
        "max_position_embeddings": POSITIONS,
    }  # fmt: skip
    return t.LlamaConfig(vocab_size=VOCABULARY, num_hidden_layers=2, **(sizes | changes))


def scaled(kind: str, **values) -> t.LlamaConfig:
    """A rotation that is scaled from a context of 16."""
    return llama(max_position_embeddings=16, rope_theta=100.0, rope_scaling={"rope_type": kind} | values)


def neox(sizes: dict = NARROW, **changes) -> t.GPTNeoXConfig:
    return t.GPTNeoXConfig(
        vocab_size=VOCABULARY, num_hidden_layers=2, num_attention_heads=5,
        max_position_embeddings=POSITIONS, **(sizes | changes),
    )  # fmt: skip


MODELS = [
    TinyModel("bert/lm", t.BertForMaskedLM, bert(WIDE), type_ids=True),
    TinyModel("bert/bare", t.BertModel, bert(MIDDLE), type_ids=True),
    TinyModel(
        "bert/pretraining", t.BertForPreTraining, bert(hidden_act="gelu_new", layer_norm_eps=1e-3),
        type_ids=True, old_names=True,
    ),
    TinyModel("bert/relative-key", t.BertModel, bert(position_embedding_type="relative_key")),
    TinyModel("bert/relative-key-query", t.BertModel, bert(position_embedding_type="relative_key_query")),
    TinyModel("bert/causal", t.BertLMHeadModel, bert(is_decoder=True, hidden_act="relu"), generates=True),
    TinyModel("nezha/lm", t.NezhaForMaskedLM, nezha(), type_ids=True),
    TinyModel("nezha/bare", t.NezhaModel, nezha()),
    TinyModel("roformer/lm", t.RoFormerForMaskedLM, roformer(MIDDLE), type_ids=True),
    TinyModel(
        "roformer/narrow", t.RoFormerForMaskedLM, roformer(embedding_size=14, rotary_value=True), type_ids=True
    ),
    TinyModel("roformer/bare", t.RoFormerModel, roformer(embedding_size=20)),
    TinyModel("roformer/causal", t.RoFormerForCausalLM, roformer(is_decoder=True), generates=True),
    TinyModel(
        "t5/lm", t.T5ForConditionalGeneration, t5(d_model=30, d_kv=10, d_ff=37), gain=1.2, generates=True
    ),
    TinyModel(
        "t5/gated", t.T5ForConditionalGeneration,
        t5(feed_forward_proj="gated-gelu", tie_word_embeddings=False), gain=1.2, generates=True,
    ),
    TinyModel("t5/encoder", t.T5EncoderModel, t5(feed_forward_proj="gated-silu"), gain=1.2),
    TinyModel("t5/bare", t.T5Model, t5(num_decoder_layers=2), gain=1.2),
    TinyModel("gpt2/lm", t.GPT2LMHeadModel, gpt2(n_embd=60, n_inner=67), generates=True),
    TinyModel("gpt2/bare", t.GPT2Model, gpt2(n_embd=30, n_inner=37)),
    TinyModel("gpt2/scaled", t.GPT2LMHeadModel, gpt2(scale_attn_by_inverse_layer_idx=True), generates=True),
    TinyModel(
        "llama/lm", t.LlamaForCausalLM, llama(hidden_size=60, intermediate_size=67, head_dim=12), generates=True
    ),
    TinyModel(
        "llama/biased", t.LlamaForCausalLM,
        llama(attention_bias=True, mlp_bias=True, tie_word_embeddings=True),
    ),
    TinyModel("llama/linear", t.LlamaForCausalLM, scaled("linear", factor=4.0)),
    TinyModel("llama/dynamic", t.LlamaForCausalLM, scaled("dynamic", factor=4.0)),
    TinyModel("llama/yarn", t.LlamaForCausalLM, scaled("yarn", factor=4.0, beta_fast=4.0)),
    TinyModel(
        "llama/llama3", t.LlamaForCausalLM,
        scaled(
            "llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=2.0,
            original_max_position_embeddings=16,
        ),
    ),
    TinyModel(
        "neox/lm", t.GPTNeoXForCausalLM, neox(WIDE, rotary_pct=1.0, use_parallel_residual=False), generates=True
    ),
    TinyModel(
        "neox/parallel", t.GPTNeoXForCausalLM,
        neox(rotary_pct=0.5, attention_bias=False, rotary_emb_base=500), generates=True,
    ),
]  # fmt: skip
