"""Encodings that add a number to each score, by head and positions alone."""

import math

import torch
from torch import Tensor, nn

from schemes.encoding import Encoding, distance
from shape import Shape


class T5Bias(Encoding):
    """A learned scalar per head and logarithmic bucket of the distance, shared by all layers."""

    text = "t5"
    BUCKETS = 32
    FARTHEST = 128

    def __init__(self, shape: Shape):
        super().__init__(shape)
        self.table = nn.Parameter(torch.zeros(self.BUCKETS, shape.heads))
        self.register_buffer("buckets", self.bucket(distance(shape.longest)), persistent=False)

    def bucket(self, past: Tensor) -> Tensor:
        """Of query - key: all buckets are for earlier keys."""
        return self.one_way(past.clamp(min=0), self.BUCKETS)

    def one_way(self, past: Tensor, buckets: int) -> Tensor:
        """Exact up to half of the buckets, then logarithmic (Raffel 2020, section 2.1)."""
        exact = buckets // 2
        ratio = (past.clamp(min=1) / exact).log() / math.log(self.FARTHEST / exact)
        far = exact + (ratio * (buckets - exact)).long()
        return torch.where(past < exact, past, far.clamp(max=buckets - 1))

    def bias(self, length: int) -> Tensor:
        return self.table[self.buckets[:length, :length]].permute(2, 0, 1)[None]

    def weights(self) -> dict[str, Tensor]:
        return {"table": self.table}


class T5BothWays(T5Bias):
    """The form of encoders: half of the buckets are for later keys."""

    def bucket(self, past: Tensor) -> Tensor:
        side = self.BUCKETS // 2
        return self.one_way(past.abs(), side) + (past < 0) * side


def alibi_slopes(heads: int) -> list[float]:
    """Powers of 2^(-8/n); other counts borrow every other slope of the next power of two."""
    power = 2 ** math.floor(math.log2(heads))
    slopes = [2 ** (-8 * i / power) for i in range(1, power + 1)]
    if power == heads:
        return slopes
    return slopes + alibi_slopes(2 * power)[0::2][: heads - power]


class Alibi(Encoding):
    """A penalty that grows with the distance, one slope per head (Press 2022)."""

    text = "alibi"

    def __init__(self, shape: Shape):
        super().__init__(shape)
        slopes = torch.tensor(alibi_slopes(shape.heads))
        line = -slopes[:, None, None] * distance(shape.longest)
        self.register_buffer("line", line[None], persistent=False)  # [1, H, T, T]

    def bias(self, length: int) -> Tensor:
        return self.line[..., :length, :length]


class Kerple(Encoding):
    """-a ln(1 + b distance), both numbers trained for each head and kept positive (Chi 2022)."""

    text = "kerple"
    MIN = 0.01

    def __init__(self, shape: Shape):
        super().__init__(shape)
        self.amplitude = nn.Parameter(torch.rand(shape.heads) * 2)
        self.rate = nn.Parameter(torch.rand(shape.heads))
        self.register_buffer("past", distance(shape.longest).clamp(min=0), persistent=False)

    def bias(self, length: int) -> Tensor:
        a, b = (x.clamp(min=self.MIN)[:, None, None] for x in (self.amplitude, self.rate))
        return -(a * (1 + b * self.past[:length, :length]).log())[None]

    def weights(self) -> dict[str, Tensor]:
        return {
            "amplitude": self.amplitude.clamp(min=self.MIN),
            "rate": self.rate.clamp(min=self.MIN),
        }

    def load(self, weights: dict[str, Tensor]) -> None:
        self.amplitude.data.copy_(weights["amplitude"])
        self.rate.data.copy_(weights["rate"])


class Fire(Encoding):
    """A small network's bias by psi(distance) / psi(max(L, query)), psi(n) = ln(1 + c n) (Li 2024)."""

    text = "fire"
    HIDDEN = 32
    MIN = 1e-6

    def __init__(self, shape: Shape):
        super().__init__(shape)
        self.up, self.down = nn.Linear(1, self.HIDDEN), nn.Linear(self.HIDDEN, shape.heads)
        self.bend = nn.Parameter(torch.tensor([0.1]))
        self.multiple = nn.Parameter(torch.ones(1))  # of the threshold's start, a quarter context
        self.register_buffer("past", distance(shape.longest).clamp(min=0), persistent=False)

    def threshold(self) -> Tensor:
        return (self.multiple * (self.shape.context // 4)).abs()

    def psi(self, positions: Tensor) -> Tensor:
        return (1 + self.bend.abs() * positions).log()

    def bias(self, length: int) -> Tensor:
        limit = torch.maximum(torch.arange(length)[:, None], self.threshold())  # [T, 1]
        share = self.psi(self.past[:length, :length]) / (self.psi(limit) + self.MIN)
        return self.down(self.up(share[..., None]).relu()).permute(2, 0, 1)[None]

    def weights(self) -> dict[str, Tensor]:
        return {
            "up": self.up.weight[:, 0],
            "up_bias": self.up.bias,
            "down": self.down.weight,
            "down_bias": self.down.bias,
            "bend": self.bend.abs(),
            "threshold": self.threshold(),
        }

    def load(self, weights: dict[str, Tensor]) -> None:
        super().load(weights)
        self.bend.data.copy_(weights["bend"])
        self.multiple.data.copy_(weights["threshold"] / (self.shape.context // 4))
