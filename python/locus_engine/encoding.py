"""Encodings as arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _locus
from .arguments import checked
from .schemes import own_schemes

if TYPE_CHECKING:
    from .position_array import Position


def schemes() -> list[str]:
    """Names of all schemes."""
    return [*_locus.scheme_names(), *(row.name for row in own_schemes())]


@checked
def position(scheme: str, length: int = 32, dimension: int = 128, heads: int = 8) -> Position:
    """An encoding as an array, with methods for more of it.

    Itself [length, dimension]: what is added to token vectors, or ones / sqrt(dimension) rotated;
    of a scheme that does neither, its bias [heads, 2 length - 1]. The methods are `.bias()`,
    `.decay()`, `.products()` and `.response()`.
    """
    for name, value in (("length", length), ("dimension", dimension), ("heads", heads)):
        if value < 1:
            raise ValueError(f"{name}: expected 1 or more, found {value}")
    sizes = [length, dimension, heads]
    return of_matrices(_locus.scheme_matrices(scheme, sizes, own_schemes()), dimension)


def of_matrices(matrices: dict[str, Any], dimension: int = 0) -> Position:
    # NumPy is imported when an array is wanted, so that `import locus_engine` takes no time.
    from .position_array import make

    return make(matrices, dimension)
