"""Encodings that act on the token vectors, before the first block."""

from dataclasses import replace

import torch
from torch import Tensor, nn

from schemes.encoding import Encoding
from settings import TOKEN_SCALE
from shape import Shape


class NoPositions(Encoding):
    def rows(self) -> Tensor:
        return torch.zeros(self.shape.longest, self.shape.width)


class Learned(Encoding):
    """One trained vector per position, begun at the scale of the token vectors."""

    text = "learned"
    rescalable = True

    def __init__(self, shape: Shape):
        super().__init__(shape)
        self.table = nn.Parameter(torch.randn(shape.context, shape.width) * TOKEN_SCALE)  # [T, D]

    def rescale(self, factor: float) -> None:
        self.table.data *= factor

    def embed(self, x: Tensor) -> Tensor:
        return x + self.table[: x.shape[1]]

    def weights(self) -> dict[str, Tensor]:
        return {"table": self.table}

    def rows(self) -> Tensor:
        return self.table


class LearnedLong(Learned):
    """A table of twice the rows that the shape has, of which training reaches a quarter: what are the others worth?"""

    ROWS = 2 * Shape.context
    TRAINED = ROWS // 4

    def __init__(self, shape: Shape):
        super().__init__(replace(shape, context=self.ROWS))


def sinusoid(positions: int, width: int, doubled: bool = False) -> Tensor:
    """Pair k turns by position / 10000^(2k/width); sine and cosine interleaved (Vaswani 2017).

    `doubled` is the well-known error of twice the exponent.
    """
    pair = torch.arange(0, width, 2, dtype=torch.float64) * (2 if doubled else 1)
    angle = torch.arange(positions, dtype=torch.float64)[:, None] / 10000 ** (pair / width)
    return torch.stack((angle.sin(), angle.cos()), dim=-1).flatten(1).float()  # [T, D]


class Sinusoidal(Encoding):
    """Vaswani et al. multiply token vectors by sqrt(D); the sinusoid divided by it is the same to
    pre-norm blocks, and GPT-2's layout has a place for it."""

    rescalable = True
    doubled = False

    def __init__(self, shape: Shape):
        super().__init__(shape)
        self.scale = shape.width**-0.5
        table = sinusoid(shape.longest, shape.width, self.doubled)
        self.register_buffer("table", table * self.scale, persistent=False)  # [T, D]

    @property
    def text(self) -> str:
        options = ["exponent=doubled"] if self.doubled else []
        return f"sinusoidal:{','.join([*options, f'scale={self.scale:.9g}'])}"

    def embed(self, x: Tensor) -> Tensor:
        return x + self.table[: x.shape[1]]

    def rows(self) -> Tensor:
        return self.table

    def rescale(self, factor: float) -> None:
        self.table *= factor
        self.scale *= factor


class SinusoidalDoubled(Sinusoidal):
    doubled = True


class NormalisedIndex(Encoding):
    """The index as a share of the context, along one trained vector."""

    rescalable = True

    def __init__(self, shape: Shape):
        super().__init__(shape)
        self.text = f"normalised_index:length={shape.context}"
        self.weight = nn.Parameter(torch.randn(shape.width) * TOKEN_SCALE)  # [D]

    def rescale(self, factor: float) -> None:
        self.weight.data *= factor

    def share(self, length: int) -> Tensor:
        return torch.arange(length)[:, None] / (self.shape.context - 1)  # [T, 1]

    def embed(self, x: Tensor) -> Tensor:
        return x + self.share(x.shape[1]) * self.weight

    def weights(self) -> dict[str, Tensor]:
        return {"weight": self.weight}


class Mixture(Encoding):
    """What is learned of token vectors and of the sinusoid at its own size."""

    rescalable = True

    def __init__(self, shape: Shape):
        super().__init__(shape)
        table = sinusoid(shape.longest, shape.width)
        self.register_buffer("table", table, persistent=False)  # [T, D]


class WeightedMix(Mixture):
    """a x + b PE, where both numbers are trained."""

    def __init__(self, shape: Shape):
        super().__init__(shape)
        self.proportion = nn.Parameter(torch.tensor([1.0, shape.width**-0.5]))

    def rescale(self, factor: float) -> None:
        self.proportion.data[1] *= factor

    @property
    def text(self) -> str:
        a, b = self.proportion.tolist()
        return f"weighted_mix:a={a:.7g},b={b:.7g}"

    def embed(self, x: Tensor) -> Tensor:
        return self.proportion[0] * x + self.proportion[1] * self.table[: x.shape[1]]


class Concatenation(Mixture):
    """x W1 + E W2: token vector and sinusoid side by side, projected; begun at their sum."""

    text = "concatenation"

    def __init__(self, shape: Shape):
        super().__init__(shape)
        self.tokens = nn.Parameter(torch.eye(shape.width))
        self.positions = nn.Parameter(torch.eye(shape.width) * shape.width**-0.5)

    def rescale(self, factor: float) -> None:
        self.positions.data *= factor

    def embed(self, x: Tensor) -> Tensor:
        return x @ self.tokens.t() + self.table[: x.shape[1]] @ self.positions.t()

    def weights(self) -> dict[str, Tensor]:
        return {"tokens": self.tokens, "positions": self.positions}
