"""The array that `position` returns."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import _locus
from .arguments import checked
from .schemes import own_schemes


class Position(np.ndarray):
    """What an encoding adds or rotates, or else its bias: a float32 array like any other."""

    encoding: str
    _matrices: dict[str, Any]
    _dimension: int

    def __array_finalize__(self, other: Any) -> None:
        self._matrices = getattr(other, "_matrices", {})
        self._dimension = getattr(other, "_dimension", 0)
        self.encoding = getattr(other, "encoding", "")

    def __reduce__(self) -> Any:
        """Its values alone go into a file: what is behind them belongs to this process."""
        return np.asarray(self).__reduce__()

    @checked
    def bias(self, heads: int | None = None) -> np.ndarray:
        """What is added to scores by head and distance key - query. [heads, 2 length - 1]"""
        return self._matrix("bias", heads)

    @checked
    def response(self, heads: int | None = None) -> np.ndarray:
        """What is added to the score of a query and a key of ones / sqrt(d). [heads, 2 length - 1]"""
        return self._matrix("response", heads)

    def decay(self) -> np.ndarray:
        """Inner product of rotated ones / sqrt(d) by distance. [length]"""
        return self._matrix("decay", None)

    def products(self) -> np.ndarray:
        """Inner products of the rows. [length, length]"""
        return self._matrix("products", None)

    def _matrix(self, name: str, heads: int | None) -> np.ndarray:
        matrices = self._matrices
        if heads is not None:
            if not self._dimension:
                raise ValueError("heads: expected none for a model's own encoding")
            length = matrices["length"]
            sizes = [length, self._dimension, heads]
            matrices = _locus.scheme_matrices(self.encoding, sizes, own_schemes())
        if name == "products" and "products" not in matrices and matrices:
            matrices["products"] = matrices["subject"].products()
        found = matrices.get(name)
        if found is None:
            raise ValueError(f"{self.encoding}: expected an encoding with {name}, found none")
        return found

    def _repr_html_(self) -> str:
        from .notebook import matrix_html

        return matrix_html(self, self.encoding)


def make(matrices: dict[str, Any], dimension: int) -> Position:
    kinds = ("rows", "bias", "response")
    kind = next((kind for kind in kinds if matrices[kind] is not None), None)
    shown = np.zeros((0, 0), np.float32) if kind is None else matrices[kind]
    array = shown.view(Position)
    wide = matrices["bias"] if matrices["bias"] is not None else matrices["response"]
    rows = matrices["rows"]
    length = len(rows) if rows is not None else 0 if wide is None else (wide.shape[1] + 1) // 2
    array._matrices = {**matrices, "length": length}
    array._dimension = dimension
    array.encoding = matrices["encoding"]
    return array
