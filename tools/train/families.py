"""Builds every model by name, its kind and its encoding: the module, begun from the seed, and its task."""

import inspect
from functools import partial

import torch

import masked
import spans
from causal import CausalModel
from schemes import ENCODINGS
from schemes.biases import T5BothWays
from schemes.encoding import Encoding
from schemes.rotations import RopeInterleaved
from schemes.rows import Learned, LearnedLong, Sinusoidal
from shape import Shape
from tasks import CausalTask, MaskedTask, SpanTask

SHAPE = Shape()
OTHERS = {
    "masked-none": masked.without_positions,
    "masked-learned": masked.learned,
    "masked-sinusoidal": masked.sinusoidal,
    "masked-rope": masked.roformer,
    "masked-t5": partial(masked.biased, T5BothWays),
    "masked-nezha": masked.nezha,
    "masked-relative_key": masked.relative_key,
    "span-t5": spans.t5,
    "span-learned": partial(spans.with_rows, Learned),
    "span-sinusoidal": partial(spans.with_rows, Sinusoidal),
    "span-rope": partial(spans.with_rotation, RopeInterleaved),
}
TASKS = {"masked": MaskedTask, "span": SpanTask}
MODELS = (*(f"causal-{name}" for name in ENCODINGS), *OTHERS)


def kind_of(name: str) -> str:
    """causal, masked or span."""
    return name.partition("-")[0]


def context_of(name: str) -> int:
    """Tokens of the rows that the named model is trained on."""
    return LearnedLong.TRAINED if name == "causal-learned-512" else SHAPE.context


def rescalable(task) -> list[Encoding]:
    """The encodings of our own in a model that add rows to its token vectors."""
    parts = [part for part in task.module.modules() if isinstance(part, Encoding)]
    return [part for part in parts if part.rescalable]


def adds_rows(name: str) -> bool:
    """Whether the positions of the named model begin at a scale that can be chosen."""
    return takes_scale(name) or bool(rescalable(build(name, 1.0, seed=1)))


def takes_scale(name: str) -> bool:
    """Whether a table of transformers' class holds the rows."""
    return name in OTHERS and "position_scale" in inspect.signature(OTHERS[name]).parameters


def build(name: str, position_scale: float, seed: int):
    """The task of the named model, whose `module` starts from `seed`."""
    torch.manual_seed(seed)
    if name not in OTHERS:
        return rescaled(CausalTask(CausalModel(SHAPE, ENCODINGS[name.removeprefix("causal-")])), position_scale)
    module = OTHERS[name](position_scale) if takes_scale(name) else OTHERS[name]()
    return rescaled(TASKS[kind_of(name)](module), position_scale)


def rescaled(task, position_scale: float):
    """The task, the rows that its encodings add begun so many times as large."""
    for encoding in rescalable(task):
        encoding.rescale(position_scale)
        if hasattr(task.module, "config"):
            task.module.config.locus = {"encoding": encoding.text}
    return task
