"""Which parameter is trained by which optimizer."""

import torch
from torch import nn
from torch.optim import AdamW, Optimizer

from muon import Muon
from recipe import Recipe
from schemes.encoding import Encoding
from shape import Shape

STACKED = {"qkv.weight": 3}  # matrices that a parameter of such a name holds


def matrices(task) -> dict[str, nn.Parameter]:
    """The weights of linear layers, by name, but for the vocabulary's and those of an encoding's own
    small networks; and what an encoding names as its maps."""
    chosen = set()
    for name, module in task.module.named_modules():
        if isinstance(module, Encoding):
            chosen |= {f"{name}.{parameter}" for parameter in module.maps}
        if isinstance(module, nn.Linear) and module.out_features != Shape.vocabulary:
            if not task.is_position(f"{name}.weight"):
                chosen.add(f"{name}.weight")
    return {name: p for name, p in task.module.named_parameters() if name in chosen}


def optimizers_of(task, recipe: Recipe) -> list[tuple[Optimizer, float]]:
    """Muon for the matrices, AdamW for all others, each with its peak rate."""
    chosen = matrices(task)
    by_pieces: dict[int, list[nn.Parameter]] = {}
    for name, parameter in chosen.items():
        pieces = next((n for end, n in STACKED.items() if name.endswith(end)), 1)
        by_pieces.setdefault(pieces, []).append(parameter)
    rate = recipe.rate * recipe.matrix_rate
    groups = [{"params": group, "pieces": pieces} for pieces, group in by_pieces.items()]
    muon = Muon(groups, lr=rate, momentum=recipe.momentum, weight_decay=recipe.matrix_decay)
    known = {id(parameter) for parameter in chosen.values()}
    others = [p for p in task.module.parameters() if p.requires_grad and id(p) not in known]
    adam = AdamW(others, lr=recipe.rate, betas=recipe.betas, weight_decay=0.0, fused=True)
    return [(muon, rate), (adam, recipe.rate)]


def set_share(optimizers: list[tuple[Optimizer, float]], share: float) -> None:
    """Every rate at so much of its peak."""
    for optimizer, peak in optimizers:
        for group in optimizer.param_groups:
            group["lr"] = peak * share


def step(optimizers: list[tuple[Optimizer, float]]) -> None:
    for optimizer, _ in optimizers:
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)


def states(optimizers: list[tuple[Optimizer, float]]) -> list[dict]:
    return [optimizer.state_dict() for optimizer, _ in optimizers]


def load(optimizers: list[tuple[Optimizer, float]], saved: list[dict]) -> None:
    for (optimizer, _), state in zip(optimizers, saved, strict=True):
        optimizer.load_state_dict(state)


def clip(task, max_norm: float) -> torch.Tensor:
    """Scales all gradients so that their norm is at most `max_norm`; gives the norm before."""
    return torch.nn.utils.clip_grad_norm_(task.module.parameters(), max_norm)
