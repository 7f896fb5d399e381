"""Encodings that turn queries and keys."""

import torch
from torch import Tensor

from schemes.encoding import Encoding
from shape import Shape


class Rope(Encoding):
    """Pairs (i, i + d/2), as in GPT-NeoX, turned by position / 10000^(2i/d) (Su 2021)."""

    text = "rope:pairing=half"

    def __init__(self, shape: Shape):
        super().__init__(shape)
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
