"""What a positional encoding of our own is: five places at which it may act.

All of them do nothing by default:

    embed(x)            what is added to or mixed into the token vectors    [B, T, D]
    rotate(q, k)        what happens to queries and keys                    [B, H, T, d] each
    bias(length)        scores that depend on the positions alone, once     [1, H, T, T]
    score(q, k, layer)  scores that depend on the contents too, per layer   [B, H, T, T]
    mix(p, v, layer)    what is added to the mixed values, per layer        [B, H, T, d]
"""

import torch
from torch import Tensor, nn

from shape import Shape


class Encoding(nn.Module):
    """No positions at all, and the base of every scheme."""

    text = "none"  # what Locus calls it
    rescalable = False  # whether it adds rows whose scale `rescale` may set
    reads_probabilities = False  # whether `mix` is to be called, which needs the whole softmax
    maps = ()  # names of its parameters that are maps of whole vectors, as a block's matrices are

    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape

    def rescale(self, factor: float) -> None:
        """Begins with rows that are `factor` times as large."""
        raise TypeError(f"{type(self).__name__} adds no rows")

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

    def load(self, weights: dict[str, Tensor]) -> None:
        """Takes back what `weights` gave."""
        for name, value in self.weights().items():
            value.data.copy_(weights[name])

    def rows(self) -> Tensor | None:
        """What it adds to token vectors, where that is all it does, written out. [T, D]"""
        return None


def distance(length: int) -> Tensor:
    """query - key, [T, T]; negative above the diagonal, for later keys."""
    position = torch.arange(length)
    return position[:, None] - position[None, :]
