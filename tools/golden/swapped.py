"""The table of encodings that are put into BERT and GPT-2, with their seeded weights."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

import schemes as e
from parity_models import POSITIONS
from weights import normal

WIDTH, HEADS, SIZE = 30, 5, 6
Weights = dict[str, Tensor]


@dataclass(frozen=True)
class Swapped:
    name: str
    text: str  # as Locus writes it
    make: Callable[[Weights, bool], e.Encoding]  # from weights and whether the model is causal
    shapes: dict[str, tuple[int, ...]] = None  # of weights, by scheme-local name

    def weights(self) -> Weights:
        generator = torch.Generator().manual_seed(len(self.text))
        return {name: normal(shape, 0.8, generator) for name, shape in (self.shapes or {}).items()}


def rope(size: int = SIZE, base: float = 10000.0, **changes) -> e.Rope:
    return e.Rope(e.geometric(size, base), **changes)


def linear(factor: float) -> e.Rope:
    return e.Rope([f / factor for f in e.geometric(SIZE)], half=True)


def ntk(factor: float) -> e.Rope:
    """The base grows so that the slowest pair slows by the factor and the fastest stays."""
    return rope(base=10000.0 * factor ** (SIZE / (SIZE - 2)), half=True)


TABLE = {"table": (2 * POSITIONS - 1, SIZE)}
SHAW = {"keys": (9, SIZE), "values": (9, SIZE)}
NARROW_SHAW = {"keys": (6, SIZE), "values": (6, SIZE)}

SWAPPED = [
    Swapped("none", "none", lambda w, causal: e.Encoding()),
    Swapped("sinusoidal", "sinusoidal", lambda w, causal: e.Sinusoidal()),
    Swapped(
        "sinusoidal-t2t", "sinusoidal:layout=halves,denominator=t2t,start=1",
        lambda w, causal: e.Sinusoidal(halves=True, t2t=True, start=1),
    ),
    Swapped(
        "learned-offset", "learned:offset=2", lambda w, causal: e.Learned(w["table"], 2),
        {"table": (POSITIONS + 2, WIDTH)},
    ),
    Swapped(
        "index", "normalised_index",
        lambda w, causal: e.NormalisedIndex(w["weight"], POSITIONS if causal else None), {"weight": (WIDTH,)},
    ),
    Swapped("mix", "weighted_mix:a=0.5,b=2", lambda w, causal: e.Sinusoidal(a=0.5, b=2)),
    Swapped("t5", "t5", lambda w, causal: e.T5(w["table"], 128, causal), {"table": (32, HEADS)}),
    Swapped(
        "t5-short", "t5:buckets=12,max_distance=30", lambda w, causal: e.T5(w["table"], 30, causal),
        {"table": (12, HEADS)},
    ),
    Swapped("alibi", "alibi", lambda w, causal: e.Alibi()),
    Swapped("shaw", "shaw:clip=4", lambda w, causal: e.Shaw(w["keys"], w["values"], 4, 4), SHAW),
    Swapped(
        "shaw-uneven", "shaw:clip=3,clip_later=2", lambda w, causal: e.Shaw(w["keys"], w["values"], 3, 2),
        NARROW_SHAW,
    ),
    Swapped("relative-key", "relative_key", lambda w, causal: e.RelativeKey(w["table"], False), TABLE),
    Swapped("relative-key-query", "relative_key_query", lambda w, causal: e.RelativeKey(w["table"], True), TABLE),
    Swapped("nezha", "nezha:clip=8", lambda w, causal: e.Nezha(8, SIZE)),
    Swapped("rope", "rope", lambda w, causal: rope()),
    Swapped("rope-half", "rope:base=500,pairing=half", lambda w, causal: rope(base=500.0, half=True)),
    Swapped("rope-partial", "rope:fraction=0.67,pairing=half", lambda w, causal: rope(4, half=True)),
    Swapped("rope-values", "rope:rotate_value=true", lambda w, causal: rope(values=True)),
    Swapped("rope-linear", "rope:factor=4,pairing=half,scaling=linear", lambda w, causal: linear(4.0)),
    Swapped("rope-ntk", "rope:factor=4,pairing=half,scaling=ntk", lambda w, causal: ntk(4.0)),
    Swapped(
        "chain", "sinusoidal+rope+alibi", lambda w, causal: e.Chain(e.Sinusoidal(), rope(), e.Alibi())
    ),
    Swapped(
        "chain-learned", "t5:buckets=12,max_distance=30+shaw:clip=4",
        lambda w, causal: e.Chain(
            e.T5(w["table"], 30, causal), e.Shaw(w["1.keys"], w["1.values"], 4, 4)
        ),
        {"table": (12, HEADS), "1.keys": (9, SIZE), "1.values": (9, SIZE)},
    ),
]  # fmt: skip
