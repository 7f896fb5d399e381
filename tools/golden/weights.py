"""Seeded weights for tiny models.

A deviation of 0.02, usual for a fresh model, would hide errors: attention would be uniform whatever
the scores, and a bias or gain could be dropped unseen. These are wide enough that every term shifts
the output, and not so wide that softmax saturates. All values are exact in f16.
"""

import torch
from torch import Tensor, nn

VECTOR = 0.3  # deviation of biases, and of gains around 1
TABLE = 0.7  # deviation of embedding tables


def normal(shape, deviation: float, generator: torch.Generator) -> Tensor:
    """Normal values that f16 represents exactly."""
    return (torch.randn(shape, generator=generator) * deviation).half().float()


def is_norm(module: nn.Module) -> bool:
    return "norm" in type(module).__name__.lower()


def deviation_of(module: nn.Module, parameter: Tensor, gain: float) -> float:
    if parameter.dim() == 1:
        return VECTOR
    if isinstance(module, nn.Embedding):
        return TABLE
    inputs = parameter.shape[0] if type(module).__name__ == "Conv1D" else parameter.shape[1]
    return gain / inputs**0.5


@torch.no_grad()
def fill(model: nn.Module, seed: int, gain: float) -> None:
    """Gives every trainable parameter its values; `gain` is the growth of a product's output."""
    generator = torch.Generator().manual_seed(seed)
    for module in model.modules():
        for name, parameter in module.named_parameters(recurse=False):
            if not parameter.requires_grad:
                continue  # a table that the reference computes
            values = normal(parameter.shape, deviation_of(module, parameter, gain), generator)
            if is_norm(module) and name == "weight" and not type(module).__name__.startswith("Gemma"):  # which add 1
                values = (1 + values).half().float()
            parameter.copy_(values)
    for name, buffer in model.named_buffers():
        if name == "final_logits_bias":
            buffer.copy_(normal(buffer.shape, VECTOR, generator))
