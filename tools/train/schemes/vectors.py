"""Encodings whose vectors, one for each distance, meet queries, keys or probabilities."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from schemes.encoding import Encoding, distance
from schemes.rows import sinusoid
from shape import Shape


def by_row(x: Tensor) -> Tensor:
    """[B, H, T, n] -> [T, B H, n]: rows that meet a matrix of their own."""
    return x.permute(2, 0, 1, 3).flatten(1, 2)


class RelativeVectors(Encoding):
    """Vectors by clipped distance that meet queries, and others that are added to values."""

    reads_probabilities = True
    CLIP: int

    def __init__(self, shape: Shape):
        super().__init__(shape)
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

    def __init__(self, shape: Shape):
        super().__init__(shape)
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

    def __init__(self, shape: Shape):
        super().__init__(shape)
        table = sinusoid(2 * self.CLIP + 1, shape.head_width)
        self.register_buffer("table", table, persistent=False)

    def tables(self) -> tuple[Tensor, Tensor]:
        return self.table, self.table


class TransformerXl(Encoding):
    """A projected sinusoid of the distance and two trained biases, for all layers (Dai 2019)."""

    text = "transformer_xl"
    maps = ("projection",)

    def __init__(self, shape: Shape):
        super().__init__(shape)
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
