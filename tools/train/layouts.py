"""Our causal models in the layouts of transformers: GPT-2's, or serial GPT-NeoX's for RoPE."""

from torch import Tensor
from transformers import (
    GPT2Config,
    GPT2LMHeadModel,
    GPTNeoXConfig,
    GPTNeoXForCausalLM,
    PreTrainedModel,
)

import vocabulary as v
from causal import EPSILON, CausalModel
from schemes.rotations import Rope, RopePartial
from shape import Shape

ENCODING = "transformer.position."  # before the names of weights that GPT-2 does not have


def gpt2_names(layer: int) -> dict[str, str]:
    """Our name of each part of a block, and GPT-2's."""
    block = f"transformer.h.{layer}."
    return {
        "norm_attention": block + "ln_1",
        "qkv": block + "attn.c_attn",
        "output": block + "attn.c_proj",
        "norm_hidden": block + "ln_2",
        "up": block + "mlp.c_fc",
        "down": block + "mlp.c_proj",
    }


def neox_names(layer: int) -> dict[str, str]:
    """Our name of each part of a block, and GPT-NeoX's."""
    block = f"gpt_neox.layers.{layer}."
    return {
        "norm_attention": block + "input_layernorm",
        "qkv": block + "attention.query_key_value",
        "output": block + "attention.dense",
        "norm_hidden": block + "post_attention_layernorm",
        "up": block + "mlp.dense_h_to_4h",
        "down": block + "mlp.dense_4h_to_h",
    }


def renamed(model: CausalModel, names_of, last_norm: str) -> dict[str, Tensor]:
    """The blocks and the last norm under another layout's names."""
    tensors = {f"{last_norm}.{key}": value for key, value in model.norm.state_dict().items()}
    for layer, block in enumerate(model.blocks):
        for ours, theirs in names_of(layer).items():
            for key, value in getattr(block, ours).state_dict().items():
                tensors[f"{theirs}.{key}"] = value
    return tensors


def as_gpt2(model: CausalModel, shape: Shape, positions: Tensor) -> PreTrainedModel:
    """`positions` [T, D] becomes wpe; GPT-2 stores its linear weights as [in, out]."""
    config = GPT2Config(
        vocab_size=shape.vocabulary,
        n_positions=len(positions),
        n_embd=shape.width,
        n_layer=shape.layers,
        n_head=shape.heads,
        n_inner=shape.hidden,
        layer_norm_epsilon=EPSILON,
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        **v.SPECIAL,
    )
    tensors = renamed(model, gpt2_names, "transformer.ln_f")
    linear = {name for name in tensors if ".c_" in name and name.endswith("weight")}
    tensors = {name: value.t() if name in linear else value for name, value in tensors.items()}
    tensors["transformer.wte.weight"] = tensors["lm_head.weight"] = model.tokens.weight
    tensors["transformer.wpe.weight"] = positions
    twin = GPT2LMHeadModel(config)
    twin.load_state_dict(tensors)
    return twin


def interleaved(qkv: Tensor, heads: int) -> Tensor:
    """[q | k | v] of all heads -> q, k, v of head 0, then of head 1, and so on."""
    parts = qkv.view(3, heads, -1, *qkv.shape[1:])
    return parts.transpose(0, 1).reshape(qkv.shape)


def as_neox(model: CausalModel, shape: Shape, rotated: float) -> PreTrainedModel:
    config = GPTNeoXConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.width,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.hidden,
        hidden_act="gelu_new",
        rotary_pct=rotated,
        rotary_emb_base=10000,
        max_position_embeddings=shape.longest,
        layer_norm_eps=EPSILON,
        use_parallel_residual=False,
        tie_word_embeddings=True,
        **v.SPECIAL,
    )
    tensors = renamed(model, neox_names, "gpt_neox.final_layer_norm")
    for name, value in tensors.items():
        if "query_key_value" in name:
            tensors[name] = interleaved(value, shape.heads)
    tensors["gpt_neox.embed_in.weight"] = tensors["embed_out.weight"] = model.tokens.weight
    twin = GPTNeoXForCausalLM(config)
    twin.load_state_dict(tensors)
    return twin


def is_at_home(model: CausalModel) -> bool:
    """Whether a class of transformers computes the model."""
    return type(model.encoding) in (Rope, RopePartial) or model.encoding.rows() is not None


def causal_twin(model: CausalModel, shape: Shape) -> PreTrainedModel:
    """The transformers model that holds the weights; encodings not at home leave wpe unused."""
    encoding = model.encoding
    if type(encoding) in (Rope, RopePartial):
        return as_neox(model, shape, encoding.rotated() / shape.head_width)
    rows = encoding.rows()
    nothing = model.tokens.weight.new_zeros(shape.longest, shape.width)
    return as_gpt2(model, shape, nothing if rows is None else rows)
