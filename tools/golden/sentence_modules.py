"""The modules of sentence-transformers 5 and 6 behind one set of names, with seeded weights."""

import sentence_transformers
from torch import nn

from weights import fill

VERSION = sentence_transformers.__version__
__all__ = ["Dropout", "Normalize"]  # beside what is defined here
IS_6 = VERSION.startswith("6.")
HAS_FLAGS = VERSION.startswith(("5.0", "5.1", "5.2", "5.3"))  # six flags in the pooling's file

try:
    from sentence_transformers.base.modules.dense import Dense
    from sentence_transformers.base.modules.normalize import Normalize
    from sentence_transformers.base.modules.transformer import Transformer
    from sentence_transformers.sentence_transformer.modules.dropout import Dropout
    from sentence_transformers.sentence_transformer.modules.layer_norm import LayerNorm
    from sentence_transformers.sentence_transformer.modules.pooling import Pooling
    from sentence_transformers.sparse_encoder.modules.splade_pooling import SpladePooling
except ImportError:
    from sentence_transformers.models import Dense, Dropout, LayerNorm, Normalize, Pooling, Transformer
    from sentence_transformers.sparse_encoder.models import SpladePooling

FLAGS = {
    "cls": "pooling_mode_cls_token", "max": "pooling_mode_max_tokens", "mean": "pooling_mode_mean_tokens",
    "mean_sqrt_len_tokens": "pooling_mode_mean_sqrt_len_tokens", "weightedmean": "pooling_mode_weightedmean_tokens",
    "lasttoken": "pooling_mode_lasttoken",
}  # fmt: skip


def transformer(folder, **settings) -> Transformer:
    return Transformer(str(folder), model_args={"attn_implementation": "eager"}, **settings)


def pooling(width: int, *modes: str, **settings) -> Pooling:
    if HAS_FLAGS:
        return Pooling(width, pooling_mode=None, **({flag: mode in modes for mode, flag in FLAGS.items()} | settings))
    return Pooling(width, pooling_mode=modes, **settings)


def dense(inner: int, outer: int, activation: nn.Module, seed: int = 11, **settings) -> Dense:
    return filled(Dense(inner, outer, activation_function=activation, **settings), seed)


def layer_norm(width: int) -> LayerNorm:
    return filled(LayerNorm(width), 12)


def filled(module: nn.Module, seed: int) -> nn.Module:
    fill(module, seed, 1.5)
    return module.eval()


def splade(**settings) -> SpladePooling:
    return SpladePooling(**settings)


def masked_lm(folder):
    """The first module of a sparse encoder."""
    if IS_6 or not HAS_FLAGS:
        return transformer(folder, transformer_task="fill-mask")
    from sentence_transformers.sparse_encoder.models import MLMTransformer

    return MLMTransformer(str(folder), model_args={"attn_implementation": "eager"})
