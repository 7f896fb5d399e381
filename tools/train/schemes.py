"""Positional encodings of the causal model: one small class each.

An encoding acts at any of five places, all of which do nothing by default:

    embed(x)            what is added to or mixed into the token vectors    [B, T, D]
    rotate(q, k)        what happens to queries and keys                    [B, H, T, d] each
    bias(length)        scores that depend on the positions alone, once     [1, H, T, T]
    score(q, k, layer)  scores that depend on the contents too, per layer   [B, H, T, T]
    mix(p, v, layer)    what is added to the mixed values, per layer        [B, H, T, d]

A new encoding is one class here and one line in ENCODINGS.
"""

import math

import torch
from torch import Tensor, nn

from shape import Shape


class Encoding(nn.Module):
    """No positions at all, and the base of every scheme."""

    reads_probabilities = False  # whether `mix` is to be called, which needs the whole softmax

    def __init__(self, shape: Shape, token_scale: float):
        super().__init__()
        self.shape = shape

    def embed(self, x: Tensor) -> Tensor:
        return x

    def rotate(self, q: Tensor, k: Tensor) -> tuple[Tensor, Tensor]:
        return q, k

    def bias(self, length: int) -> Tensor | None:
        return None

    def score(self, q: Tensor, k: Tensor, layer: int) -> Tensor | None:
        return None

    def mix(self, p: Tensor, v: Tensor, layer: int) -> Tensor | None:
        return None


class Learned(Encoding):
    """One trained vector per position, begun at the scale of the token vectors."""

    def __init__(self, shape: Shape, token_scale: float):
        super().__init__(shape, token_scale)
        self.table = nn.Parameter(torch.randn(shape.context, shape.width) * token_scale)  # [T, D]

    def embed(self, x: Tensor) -> Tensor:
        return x + self.table[: x.shape[1]]


def sinusoid(positions: int, width: int) -> Tensor:
    """Pair k turns by position / 10000^(2k/width); sine and cosine interleaved (Vaswani 2017)."""
    pair = torch.arange(0, width, 2, dtype=torch.float64)
    angle = torch.arange(positions, dtype=torch.float64)[:, None] / 10000 ** (pair / width)
    return torch.stack((angle.sin(), angle.cos()), dim=-1).flatten(1).float()  # [T, D]


class Sinusoidal(Encoding):
    def __init__(self, shape: Shape, token_scale: float):
        super().__init__(shape, token_scale)
        table = sinusoid(shape.longest, shape.width)
        self.register_buffer("table", table, persistent=False)

    def embed(self, x: Tensor) -> Tensor:
        return x + self.table[: x.shape[1]]


def distance(length: int) -> Tensor:
    """query - key, [T, T]; negative above the diagonal, where the causal mask rules."""
    position = torch.arange(length)
    return position[:, None] - position[None, :]


class T5Bias(Encoding):
    """A learned scalar per head and logarithmic bucket of the distance, shared by all layers."""

    BUCKETS = 32
    FARTHEST = 128

    def __init__(self, shape: Shape, token_scale: float):
        super().__init__(shape, token_scale)
        self.table = nn.Parameter(torch.zeros(self.BUCKETS, shape.heads))
        self.register_buffer("buckets", self.bucket(distance(shape.longest)), persistent=False)

    def bucket(self, past: Tensor) -> Tensor:
        """Exact up to half of the buckets, then logarithmic (Raffel 2020, causal form)."""
        past = past.clamp(min=0)
        exact = self.BUCKETS // 2
        ratio = (past.clamp(min=1) / exact).log() / math.log(self.FARTHEST / exact)
        far = exact + (ratio * (self.BUCKETS - exact)).long()
        return torch.where(past < exact, past, far.clamp(max=self.BUCKETS - 1))

    def bias(self, length: int) -> Tensor:
        return self.table[self.buckets[:length, :length]].permute(2, 0, 1)[None]


def alibi_slopes(heads: int) -> list[float]:
    """Powers of 2^(-8/n); other counts borrow every other slope of the next power of two."""
    power = 2 ** math.floor(math.log2(heads))
    slopes = [2 ** (-8 * i / power) for i in range(1, power + 1)]
    if power == heads:
        return slopes
    return slopes + alibi_slopes(2 * power)[0::2][: heads - power]


class Alibi(Encoding):
    """A penalty that grows with the distance, one slope per head (Press 2022)."""

    def __init__(self, shape: Shape, token_scale: float):
        super().__init__(shape, token_scale)
        slopes = torch.tensor(alibi_slopes(shape.heads))
        line = -slopes[:, None, None] * distance(shape.longest)
        self.register_buffer("line", line[None], persistent=False)  # [1, H, T, T]

    def bias(self, length: int) -> Tensor:
        return self.line[..., :length, :length]


class Rope(Encoding):
    """Pairs (i, i + d/2), as in GPT-NeoX, turned by position / 10000^(2i/d) (Su 2021)."""

    def __init__(self, shape: Shape, token_scale: float):
        super().__init__(shape, token_scale)
        pair = torch.arange(0, shape.head_width, 2, dtype=torch.float64)
        frequency = 10000 ** (-pair / shape.head_width)
        angle = torch.arange(shape.longest, dtype=torch.float64)[:, None] * frequency
        angle = torch.cat((angle, angle), dim=-1)  # [T, d]
        self.register_buffer("cosine", angle.cos().float(), persistent=False)
        self.register_buffer("sine", angle.sin().float(), persistent=False)

    def turn(self, x: Tensor) -> Tensor:
        length = x.shape[-2]
        low, high = x.chunk(2, dim=-1)
        swapped = torch.cat((-high, low), dim=-1)
        return x * self.cosine[:length] + swapped * self.sine[:length]

    def rotate(self, q: Tensor, k: Tensor) -> tuple[Tensor, Tensor]:
        return self.turn(q), self.turn(k)


ENCODINGS: dict[str, type[Encoding]] = {
    "none": Encoding,
    "learned": Learned,
    "sinusoidal": Sinusoidal,
    "t5": T5Bias,
    "rope": Rope,
    "alibi": Alibi,
}
