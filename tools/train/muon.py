"""Muon: momentum whose every update is made orthogonal, for matrices (Jordan 2024).

    B <- B + (1 - m) (G - B),  U = G + m (B - G)      Nesterov's momentum as a running mean
    W <- (1 - r w) W - r sqrt(max(1, rows / columns)) orthogonal(U)

All singular values of U become about 1 by five steps of a quintic Newton-Schulz iteration, whose products
are of bf16 as in the original. Matrices of one shape go through it together, as [N, rows, columns].
"""

import math
from collections import defaultdict

import torch
from torch import Tensor

QUINTIC = (3.4445, -4.7750, 2.0315)  # steepest at 0 while [0.7, 1.2] maps to about itself
STEPS = 5


def orthogonal(x: Tensor, steps: int = STEPS) -> Tensor:
    """[N, m, n] -> U V^T of each matrix's U S V^T, but singular values only lie about 1."""
    a, b, c = QUINTIC
    tall = x.shape[-2] > x.shape[-1]
    x = x.mT if tall else x
    x = x / (torch.linalg.matrix_norm(x, keepdim=True) + 1e-7)
    for _ in range(steps):
        gram = torch.bmm(x, x.mT)
        x = torch.baddbmm(x, torch.baddbmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x.mT if tall else x


class Muon(torch.optim.Optimizer):
    """`pieces` of a group: a parameter [p m, n] is p matrices that have been written into one."""

    def __init__(self, groups: list[dict], lr: float, momentum: float, weight_decay: float):
        super().__init__(
            groups, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay, "pieces": 1}
        )

    @torch.no_grad()
    def step(self) -> None:
        by_shape = defaultdict(list)
        for group in self.param_groups:
            for parameter in group["params"]:
                parameter.mul_(1 - group["lr"] * group["weight_decay"])
                update = self.with_momentum(parameter, group["momentum"])
                for piece, target in zip(
                    update.chunk(group["pieces"]), parameter.chunk(group["pieces"])
                ):
                    by_shape[piece.shape, group["lr"]].append((piece, target))
        for ((rows, columns), rate), pairs in by_shape.items():
            directions = orthogonal(torch.stack([piece for piece, _ in pairs]).bfloat16()).float()
            for (_, target), direction in zip(pairs, directions):
                target.sub_(direction, alpha=rate * math.sqrt(max(1, rows / columns)))

    def with_momentum(self, parameter: Tensor, momentum: float) -> Tensor:
        """What Nesterov's momentum makes of the gradient."""
        state = self.state[parameter]
        if "mean" not in state:
            state["mean"] = torch.zeros_like(parameter)
        mean = state["mean"].lerp_(parameter.grad, 1 - momentum)
        return parameter.grad.lerp(mean, momentum)
