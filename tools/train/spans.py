"""The encoder-decoder: T5's pre-norm block."""

from transformers import T5Config, T5ForConditionalGeneration

import vocabulary as v
from scale import rescaled
from shape import Shape

SHAPE = Shape()


def t5(token_scale: float) -> T5ForConditionalGeneration:
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
    return rescaled(T5ForConditionalGeneration(config), token_scale)
