"""Encodings that act on the token vectors, before the first block."""

import torch
from torch import Tensor, nn

from schemes.encoding import Encoding
from shape import Shape


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

    def weights(self) -> dict[str, Tensor]:
        return {"table": self.table}

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
    """Vaswani et al. multiply token vectors by sqrt(D); the sinusoid divided by it is the same to
    pre-norm blocks, and GPT-2's layout has a place for it."""

    text = "sinusoidal"
    rescalable = True
    doubled = False

    def __init__(self, shape: Shape, token_scale: float):
        super().__init__(shape, token_scale)
        table = sinusoid(shape.longest, shape.width, self.doubled)
        self.register_buffer("table", table, persistent=False)

    def embed(self, x: Tensor) -> Tensor:
        return x + self.table[: x.shape[1]]

    def rows(self) -> Tensor:
        return self.table

    def rescale(self, factor: float) -> None:
        self.table *= factor
        self.text += f"{',' if ':' in self.text else ':'}scale={factor:.9g}"


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

    def rescale(self, factor: float) -> None:
        self.proportion.data[1] *= factor

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

    def rescale(self, factor: float) -> None:
        self.positions.data *= factor

    def embed(self, x: Tensor) -> Tensor:
        return x @ self.tokens.t() + self.table[: x.shape[1]] @ self.positions.t()

    def weights(self) -> dict[str, Tensor]:
        return {"tokens": self.tokens, "positions": self.positions}

    def rows(self) -> None:
        return None
