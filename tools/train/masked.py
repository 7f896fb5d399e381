"""The masked models: BERT's post-norm block with one positional encoding or another.

Classes of transformers compute them all but those with a bias on the scores, which a hook adds.
Functions that take `position_scale` add rows to token vectors; at 1 both begin at about one size.
"""

from functools import partial

import torch.nn.functional as F
from torch import Tensor, nn
from transformers import (
    BertConfig,
    BertForMaskedLM,
    NezhaConfig,
    NezhaForMaskedLM,
    PreTrainedModel,
    RoFormerConfig,
    RoFormerForMaskedLM,
)

import vocabulary as v
from scale import rescaled
from schemes.encoding import Encoding
from schemes.rows import sinusoid
from settings import TOKEN_SCALE
from shape import Shape

SHAPE = Shape()
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
    **v.SPECIAL,
}


def bert(positions: int, **changes) -> BertForMaskedLM:
    """BERT with a learned table of so many rows, if `changes` do not say otherwise."""
    config = BertConfig(max_position_embeddings=positions, **ENCODER, **changes)
    return rescaled(BertForMaskedLM(config))


def learned(position_scale: float) -> BertForMaskedLM:
    """BERT itself."""
    module = bert(SHAPE.context)
    nn.init.normal_(module.bert.embeddings.position_embeddings.weight, std=TOKEN_SCALE * position_scale)
    return module


def sinusoidal(position_scale: float) -> BertForMaskedLM:
    """BERT's table as an interleaved sinusoid that stays what it is (Vaswani 2017)."""
    scale = position_scale * SHAPE.width**-0.5
    module = bert(SHAPE.longest, locus={"encoding": f"sinusoidal:scale={scale:.9g}"})
    table = module.bert.embeddings.position_embeddings.weight
    table.data.copy_(sinusoid(SHAPE.longest, SHAPE.width) * scale)
    table.requires_grad_(False)
    return module


def silenced(module: BertForMaskedLM) -> BertForMaskedLM:
    """The model with position vectors that are zero and stay zero."""
    table = module.bert.embeddings.position_embeddings.weight
    nn.init.zeros_(table)
    table.requires_grad_(False)
    return module


def without_positions() -> BertForMaskedLM:
    return silenced(bert(SHAPE.longest, locus={"encoding": "none"}))


def relative_key() -> BertForMaskedLM:
    """A table of vectors by distance in every layer, which meet the queries (Huang 2020)."""
    return silenced(bert(SHAPE.context, position_embedding_type="relative_key"))


def give_bias(encoding: Encoding, _, positional: tuple, named: dict) -> tuple[tuple, dict]:
    """A hook of BERT's encoder: the bias takes the place of the mask, which hides nothing here."""
    return positional, named | {"attention_mask": encoding.bias(positional[0].shape[1])}


def biased(scheme: type[Encoding]) -> BertForMaskedLM:
    """BERT with a bias on the scores of all layers, kept where Locus looks for its weights."""
    encoding = scheme(SHAPE)
    module = silenced(bert(SHAPE.longest, locus={"encoding": encoding.text}))
    module.bert.embeddings.position = encoding
    module.bert.encoder.register_forward_pre_hook(partial(give_bias, encoding), with_kwargs=True)
    return module


def attend(own: nn.Module, hidden_states: Tensor, attention_mask=None, positions=None, *_) -> tuple[Tensor]:
    """RoFormer's self-attention by the attention that all models share, [B, T, D] -> [B, T, D]; nothing is hidden."""
    q, k, v = (
        own.transpose_for_scores(project(hidden_states)) for project in (own.query, own.key, own.value)
    )
    q, k = own.apply_rotary_position_embeddings(positions, q, k)
    return (F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(-2),)


def roformer() -> PreTrainedModel:
    config = RoFormerConfig(
        max_position_embeddings=SHAPE.longest,
        embedding_size=SHAPE.width,
        rotary_value=False,
        **ENCODER,
    )
    module = rescaled(RoFormerForMaskedLM(config))
    for layer in module.roformer.encoder.layer:
        layer.attention.self.forward = partial(attend, layer.attention.self)
    return module


def nezha() -> PreTrainedModel:
    """Fixed sinusoids for keys and values, clipped at a distance of 64 (Wei 2019)."""
    config = NezhaConfig(max_position_embeddings=SHAPE.context, max_relative_position=64, **ENCODER)
    return rescaled(NezhaForMaskedLM(config))
