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
import torch.nn.functional as F
from torch import Tensor, nn

from shape import Shape


class Encoding(nn.Module):
    """No positions at all, and the base of every scheme."""

    text = "none"  # what Locus calls it
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

    def weights(self) -> dict[str, Tensor]:
        """What it has learned, by Locus's names."""
        return {}

    def rows(self) -> Tensor | None:
        """What it adds to token vectors, where that is all it does, written out. [T, D]"""
        return None


class NoPositions(Encoding):
    def rows(self) -> Tensor:
        return torch.zeros(self.shape.longest, self.shape.width)


class Learned(Encoding):
    """One trained vector per position, begun at the scale of the token vectors."""

    text = "learned"

    def __init__(self, shape: Shape, token_scale: float):
        super().__init__(shape, token_scale)
        self.table = nn.Parameter(torch.randn(shape.context, shape.width) * token_scale)  # [T, D]

    def embed(self, x: Tensor) -> Tensor:
        return x + self.table[: x.shape[1]]

    def rows(self) -> Tensor:
        return self.table


def sinusoid(positions: int, width: int, doubled: bool = False) -> Tensor:
    """Pair k turns by position / 10000^(2k/width); sine and cosine interleaved (Vaswani 2017).

    `doubled` is the well-known error of twice the exponent.
    """
    pair = torch.arange(0, width, 2, dtype=torch.float64) * (2 if doubled else 1)
    angle = torch.arange(positions, dtype=torch.float64)[:, None] / 10000 ** (pair / width)
    return torch.stack((angle.sin(), angle.cos()), dim=-1).flatten(1).float()  # [T, D]


class Sinusoidal(Encoding):
    text = "sinusoidal"
    doubled = False

    def __init__(self, shape: Shape, token_scale: float):
        super().__init__(shape, token_scale)
        table = sinusoid(shape.longest, shape.width, self.doubled)
        self.register_buffer("table", table, persistent=False)

    def embed(self, x: Tensor) -> Tensor:
        return x + self.table[: x.shape[1]]

    def rows(self) -> Tensor:
        return self.table


class SinusoidalDoubled(Sinusoidal):
    text = "sinusoidal:exponent=doubled"
    doubled = True


class NormalisedIndex(Encoding):
    """The index as a share of the context, along one trained vector."""

    def __init__(self, shape: Shape, token_scale: float):
        super().__init__(shape, token_scale)
        self.text = f"normalised_index:length={shape.context}"
        self.weight = nn.Parameter(torch.randn(shape.width) * token_scale)  # [D]

    def share(self, length: int) -> Tensor:
        return torch.arange(length)[:, None] / (self.shape.context - 1)  # [T, 1]

    def embed(self, x: Tensor) -> Tensor:
        return x + self.share(x.shape[1]) * self.weight

    def weights(self) -> dict[str, Tensor]:
        return {"weight": self.weight}


class WeightedMix(Sinusoidal):
    """a x + b PE, where both numbers are trained."""

    def __init__(self, shape: Shape, token_scale: float):
        super().__init__(shape, token_scale)
        self.proportion = nn.Parameter(torch.ones(2))

    @property
    def text(self) -> str:
        a, b = self.proportion.tolist()
        return f"weighted_mix:a={a:.7g},b={b:.7g}"

    def embed(self, x: Tensor) -> Tensor:
        return self.proportion[0] * x + self.proportion[1] * self.table[: x.shape[1]]

    def rows(self) -> None:
        return None


class Concatenation(Sinusoidal):
    """x W1 + E W2: token vector and sinusoid side by side, projected; begun at their sum."""

    text = "concatenation"

    def __init__(self, shape: Shape, token_scale: float):
        super().__init__(shape, token_scale)
        self.tokens = nn.Parameter(torch.eye(shape.width))
        self.positions = nn.Parameter(torch.eye(shape.width))

    def embed(self, x: Tensor) -> Tensor:
        return x @ self.tokens.t() + self.table[: x.shape[1]] @ self.positions.t()

    def weights(self) -> dict[str, Tensor]:
        return {"tokens": self.tokens, "positions": self.positions}

    def rows(self) -> None:
        return None


def distance(length: int) -> Tensor:
    """query - key, [T, T]; negative above the diagonal, where the causal mask rules."""
    position = torch.arange(length)
    return position[:, None] - position[None, :]


class T5Bias(Encoding):
    """A learned scalar per head and logarithmic bucket of the distance, shared by all layers."""

    text = "t5"
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

    def weights(self) -> dict[str, Tensor]:
        return {"table": self.table}


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

    def __init__(self, shape: Shape, token_scale: float):
        super().__init__(shape, token_scale)
        slopes = torch.tensor(alibi_slopes(shape.heads))
        line = -slopes[:, None, None] * distance(shape.longest)
        self.register_buffer("line", line[None], persistent=False)  # [1, H, T, T]

    def bias(self, length: int) -> Tensor:
        return self.line[..., :length, :length]


class Kerple(Encoding):
    """-a ln(1 + b distance), both numbers trained for each head and kept positive (Chi 2022)."""

    text = "kerple"
    LEAST = 0.01

    def __init__(self, shape: Shape, token_scale: float):
        super().__init__(shape, token_scale)
        self.amplitude = nn.Parameter(torch.rand(shape.heads) * 2)
        self.rate = nn.Parameter(torch.rand(shape.heads))
        self.register_buffer("past", distance(shape.longest).clamp(min=0), persistent=False)

    def bias(self, length: int) -> Tensor:
        a, b = (x.clamp(min=self.LEAST)[:, None, None] for x in (self.amplitude, self.rate))
        return -(a * (1 + b * self.past[:length, :length]).log())[None]

    def weights(self) -> dict[str, Tensor]:
        return {
            "amplitude": self.amplitude.clamp(min=self.LEAST),
            "rate": self.rate.clamp(min=self.LEAST),
        }


class Fire(Encoding):
    """A small network's bias by psi(distance) / psi(max(L, query)), psi(n) = ln(1 + c n) (Li 2024)."""

    text = "fire"
    HIDDEN = 32
    LEAST = 1e-6

    def __init__(self, shape: Shape, token_scale: float):
        super().__init__(shape, token_scale)
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
        share = self.psi(self.past[:length, :length]) / (self.psi(limit) + self.LEAST)
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


def by_row(x: Tensor) -> Tensor:
    """[B, H, T, n] -> [T, B H, n]: rows that meet a matrix of their own."""
    return x.permute(2, 0, 1, 3).flatten(1, 2)


class RelativeVectors(Encoding):
    """Vectors by clipped distance that meet queries, and others that are added to values."""

    reads_probabilities = True
    CLIP: int

    def __init__(self, shape: Shape, token_scale: float):
        super().__init__(shape, token_scale)
        index = (-distance(shape.longest)).clamp(-self.CLIP, self.CLIP) + self.CLIP
        self.register_buffer("index", index, persistent=False)  # key - query, [T, T]

    def tables(self) -> tuple[Tensor, Tensor]:
        """Of keys and of values, [2 CLIP + 1, d] each."""
        raise NotImplementedError

    def score(self, q: Tensor, k: Tensor, layer: int) -> Tensor:
        batch, heads, length, width = q.shape
        vectors = self.tables()[0][self.index[:length, :length]]  # [T, T, d]
        scores = by_row(q) @ vectors.transpose(1, 2)  # [T, B H, T]
        scores = scores.view(length, batch, heads, length) / math.sqrt(width)
        return scores.permute(1, 2, 0, 3)

    def mix(self, p: Tensor, v: Tensor, layer: int) -> Tensor:
        batch, heads, length, _ = p.shape
        vectors = self.tables()[1][self.index[:length, :length]]  # [T, T, d]
        mixed = by_row(p) @ vectors  # [T, B H, d]
        return mixed.view(length, batch, heads, -1).permute(1, 2, 0, 3)


class Shaw(RelativeVectors):
    """Trained vectors, shared by heads and layers (Shaw 2018)."""

    text = "shaw:clip=32"
    CLIP = 32

    def __init__(self, shape: Shape, token_scale: float):
        super().__init__(shape, token_scale)
        size = (2 * self.CLIP + 1, shape.head_width)
        self.keys, self.values = (nn.Parameter(torch.randn(size) * 0.02) for _ in range(2))

    def tables(self) -> tuple[Tensor, Tensor]:
        return self.keys, self.values

    def weights(self) -> dict[str, Tensor]:
        return {"keys": self.keys, "values": self.values}


class Nezha(RelativeVectors):
    """The sinusoid of the row's number, the same for keys and values (Wei 2019)."""

    text = "nezha"
    CLIP = 64

    def __init__(self, shape: Shape, token_scale: float):
        super().__init__(shape, token_scale)
        table = sinusoid(2 * self.CLIP + 1, shape.head_width)
        self.register_buffer("table", table, persistent=False)

    def tables(self) -> tuple[Tensor, Tensor]:
        return self.table, self.table


class TransformerXl(Encoding):
    """A projected sinusoid of the distance and two trained biases, for all layers (Dai 2019)."""

    text = "transformer_xl"

    def __init__(self, shape: Shape, token_scale: float):
        super().__init__(shape, token_scale)
        size = (shape.heads, 1, shape.head_width)
        self.content_bias, self.position_bias = (nn.Parameter(torch.zeros(size)) for _ in range(2))
        self.projection = nn.Parameter(torch.randn(shape.width, shape.width) * 0.02)
        halves = sinusoid(shape.longest, shape.width)
        halves = torch.cat((halves[:, 0::2], halves[:, 1::2]), dim=1)  # sines | cosines
        self.register_buffer("waves", halves, persistent=False)

    def score(self, q: Tensor, k: Tensor, layer: int) -> Tensor:
        batch, heads, length, width = q.shape
        rows = (self.waves[:length] @ self.projection.t()).view(length, heads, width)
        rows = rows.transpose(0, 1).flip(1)  # of distances T - 1 ... 0, [H, T, d]
        by_distance = (q + self.position_bias) @ rows.transpose(1, 2)  # [B, H, T, T]
        # Row i holds distance d at column T - 1 - d; key j is i - d: shift it left by T - 1 - i.
        shifted = F.pad(by_distance, (0, 1)).flatten(2)[..., length - 1 : length * length + length - 1]
        content = self.content_bias @ k.transpose(2, 3)  # [B, H, 1, T]
        return (shifted.view(batch, heads, length, length) + content) / math.sqrt(width)

    def weights(self) -> dict[str, Tensor]:
        return {
            "content_bias": self.content_bias[:, 0],
            "position_bias": self.position_bias[:, 0],
            "projection": self.projection,
        }


class Rope(Encoding):
    """Pairs (i, i + d/2), as in GPT-NeoX, turned by position / 10000^(2i/d) (Su 2021)."""

    text = "rope:pairing=half"

    def __init__(self, shape: Shape, token_scale: float):
        super().__init__(shape, token_scale)
        pair = torch.arange(0, self.rotated(), 2, dtype=torch.float64)
        frequency = 10000 ** (-pair / self.rotated())
        angle = torch.arange(shape.longest, dtype=torch.float64)[:, None] * frequency
        angle = torch.cat((angle, angle), dim=-1)  # [T, d]
        self.register_buffer("cosine", angle.cos().float(), persistent=False)
        self.register_buffer("sine", angle.sin().float(), persistent=False)

    def rotated(self) -> int:
        """Values of a head that turn."""
        return self.shape.head_width

    def turn(self, x: Tensor) -> Tensor:
        length = x.shape[-2]
        low, high = x.chunk(2, dim=-1)
        swapped = torch.cat((-high, low), dim=-1)
        return x * self.cosine[:length] + swapped * self.sine[:length]

    def rotate(self, q: Tensor, k: Tensor) -> tuple[Tensor, Tensor]:
        return self.turn(q), self.turn(k)


class RopePartial(Rope):
    """The first half of each head turns."""

    text = "rope:pairing=half,fraction=0.5"

    def rotated(self) -> int:
        return self.shape.head_width // 2

    def turn(self, x: Tensor) -> Tensor:
        turning, still = x.split(self.rotated(), dim=-1)
        return torch.cat((super().turn(turning), still), dim=-1)


class RopeInterleaved(Rope):
    """Pairs (2i, 2i + 1), as in RoFormer."""

    text = "rope"

    def turn(self, x: Tensor) -> Tensor:
        order = torch.cat((x[..., 0::2], x[..., 1::2]), dim=-1)
        low, high = super().turn(order).chunk(2, dim=-1)
        return torch.stack((low, high), dim=-1).flatten(-2)


ENCODINGS: dict[str, type[Encoding]] = {
    "none": NoPositions,
    "learned": Learned,
    "sinusoidal": Sinusoidal,
    "sinusoidal-doubled": SinusoidalDoubled,
    "normalised-index": NormalisedIndex,
    "weighted-mix": WeightedMix,
    "concatenation": Concatenation,
    "t5": T5Bias,
    "alibi": Alibi,
    "kerple": Kerple,
    "fire": Fire,
    "shaw": Shaw,
    "nezha": Nezha,
    "transformer-xl": TransformerXl,
    "rope": Rope,
    "rope-interleaved": RopeInterleaved,
    "rope-partial": RopePartial,
}
