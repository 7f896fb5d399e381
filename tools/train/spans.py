"""The encoder-decoders: T5's pre-norm block with its bias, with rows added to token vectors, or with turned
queries and keys in its self-attention."""

from functools import partial

from torch import Tensor, nn
from transformers import T5Config, T5ForConditionalGeneration

import vocabulary as v
from scale import rescaled
from schemes.encoding import Encoding
from shape import Shape

SHAPE = Shape()


def t5() -> T5ForConditionalGeneration:
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
        **v.SPECIAL,
    )
    module = rescaled(T5ForConditionalGeneration(config))
    # T5 multiplies what this gain gives by D^-0.5 before its tied head: begun so that logits are as small
    # as those of the causal models.
    nn.init.constant_(module.decoder.final_layer_norm.weight, SHAPE.width**0.5)
    return module


def add_rows(encoding: Encoding, _, positional: tuple) -> tuple:
    """A hook of a stack's first block: what it reads are token vectors, [B, T, D]."""
    return encoding.embed(positional[0]), *positional[1:]


def turn(encoding: Encoding, _module: nn.Module, _inputs: tuple, x: Tensor) -> Tensor:
    """A hook of a projection to queries or keys, [B, T, H d]."""
    heads = x.unflatten(-1, (SHAPE.heads, SHAPE.head_width)).transpose(1, 2)
    return encoding.turn(heads).transpose(1, 2).flatten(-2).to(x.dtype)


def replace_bias(stack: nn.Module, encoding: Encoding) -> None:
    """Takes T5's bias away, and keeps `encoding` where Locus looks for its weights."""
    attention = stack.block[0].layer[0].SelfAttention  # whose bias all layers of the stack share
    attention.has_relative_attention_bias = False
    del attention.relative_attention_bias
    stack.position = encoding


def with_rows(scheme: type[Encoding]) -> T5ForConditionalGeneration:
    """T5's block where each stack adds rows of its own to its token vectors."""
    module = t5()
    for stack in (module.encoder, module.decoder):
        replace_bias(stack, scheme(SHAPE))
        stack.block[0].register_forward_pre_hook(partial(add_rows, stack.position))
    module.config.locus = {"encoding": module.encoder.position.text}
    return module


def with_rotation(scheme: type[Encoding]) -> T5ForConditionalGeneration:
    """T5's block where every self-attention turns queries and keys; attention across does not."""
    module = t5()
    for stack in (module.encoder, module.decoder):
        replace_bias(stack, scheme(SHAPE))
        for block in stack.block:
            attention = block.layer[0].SelfAttention
            for projection in (attention.q, attention.k):
                projection.register_forward_hook(partial(turn, stack.position))
    module.config.locus = {"encoding": module.encoder.position.text}
    return module
