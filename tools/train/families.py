"""Builds every model by name: its module, begun from the seed, and its task."""

import torch
from torch import nn
from transformers import (
    BertConfig,
    BertForMaskedLM,
    RoFormerConfig,
    RoFormerForMaskedLM,
    T5Config,
    T5ForConditionalGeneration,
)

import vocabulary as v
from causal import CausalModel
from schemes import ENCODINGS
from settings import Settings
from shape import Shape
from tasks import CausalTask, MaskedTask, SpanTask

SHAPE = Shape()
SPECIAL = {"pad_token_id": v.PAD, "bos_token_id": v.BOS, "eos_token_id": v.EOS}
ENCODER = {
    "vocab_size": SHAPE.vocabulary,
    "hidden_size": SHAPE.width,
    "num_hidden_layers": SHAPE.layers,
    "num_attention_heads": SHAPE.heads,
    "intermediate_size": SHAPE.hidden,
    "hidden_act": "gelu",
    "hidden_dropout_prob": 0.0,
    "attention_probs_dropout_prob": 0.0,
    "layer_norm_eps": 1e-12,
    **SPECIAL,
}


def bert() -> nn.Module:
    return BertForMaskedLM(BertConfig(max_position_embeddings=SHAPE.context, **ENCODER))


def roformer() -> nn.Module:
    config = RoFormerConfig(
        max_position_embeddings=SHAPE.longest,
        embedding_size=SHAPE.width,
        rotary_value=False,
        **ENCODER,
    )
    return RoFormerForMaskedLM(config)


def t5() -> nn.Module:
    config = T5Config(
        vocab_size=SHAPE.vocabulary,
        d_model=SHAPE.width,
        d_kv=SHAPE.head_width,
        d_ff=SHAPE.hidden,
        num_layers=SHAPE.layers // 2,
        num_decoder_layers=SHAPE.layers // 2,
        num_heads=SHAPE.heads,
        relative_attention_num_buckets=32,
        relative_attention_max_distance=128,
        dropout_rate=0.0,
        feed_forward_proj="relu",
        decoder_start_token_id=v.PAD,
        **SPECIAL,
    )
    return T5ForConditionalGeneration(config)


def rescale(module: nn.Module, settings: Settings) -> None:
    """Starts the token vectors of a transformers model at the chosen scale."""
    weight = module.get_input_embeddings().weight
    with torch.no_grad():
        weight.mul_(settings.token_scale / weight.std())


OTHERS = {
    "masked-bert": (bert, MaskedTask),
    "masked-roformer": (roformer, MaskedTask),
    "span-t5": (t5, SpanTask),
}
MODELS = (*(f"causal-{name}" for name in ENCODINGS), *OTHERS)


def build(name: str, settings: Settings, seed: int):
    """The task of the named model, whose `module` starts from `seed`."""
    torch.manual_seed(seed)
    if name in OTHERS:
        make, task = OTHERS[name]
        module = make()
        rescale(module, settings)
        return task(module)
    scheme = ENCODINGS[name.removeprefix("causal-")]
    return CausalTask(CausalModel(SHAPE, scheme, settings.token_scale))
