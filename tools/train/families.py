"""Builds every model by name: its module, begun from the seed, and its task."""

from functools import partial

import torch

import masked
import spans
from causal import CausalModel
from schemes import ENCODINGS
from schemes.biases import T5BothWays
from schemes.encoding import Encoding
from schemes.rows import Learned, Sinusoidal
from settings import Settings
from shape import Shape
from tasks import CausalTask, HalvedMaskedTask, MaskedTask, SpanTask

SHAPE = Shape()
OTHERS = {
    "masked-bert": (partial(masked.bert, SHAPE.context), MaskedTask),
    "masked-bert-512": (partial(masked.bert, 512), HalvedMaskedTask),
    "masked-roformer": (masked.roformer, MaskedTask),
    "masked-nezha": (masked.nezha, MaskedTask),
    "masked-relative_key": (masked.relative_key, MaskedTask),
    "masked-t5": (partial(masked.biased, T5BothWays), MaskedTask),
    "masked-none": (masked.without_positions, MaskedTask),
    "span-t5": (spans.t5, SpanTask),
    "span-sinusoidal": (partial(spans.with_rows, Sinusoidal), SpanTask),
    "span-bart": (partial(spans.with_rows, Learned), SpanTask),
}
MODELS = (*(f"causal-{name}" for name in ENCODINGS), *OTHERS)


def context_of(name: str) -> int:
    """Tokens of a row that the named model is trained on."""
    return OTHERS[name][1].context if name in OTHERS else SHAPE.context


def rescalable(task) -> list[Encoding]:
    """The fixed tables of a model that are added to its token vectors."""
    parts = [part for part in task.module.modules() if isinstance(part, Encoding)]
    return [part for part in parts if part.rescalable]


def build(name: str, settings: Settings, seed: int):
    """The task of the named model, whose `module` starts from `seed`."""
    torch.manual_seed(seed)
    if name in OTHERS:
        make, kind = OTHERS[name]
        task = kind(make(settings.token_scale))
    else:
        scheme = ENCODINGS[name.removeprefix("causal-")]
        task = CausalTask(CausalModel(SHAPE, scheme, settings.token_scale))
    if settings.position_scale != 1:
        for encoding in rescalable(task):
            encoding.rescale(settings.position_scale)
            if name in OTHERS:
                task.module.config.locus = {"encoding": encoding.text}
    return task
