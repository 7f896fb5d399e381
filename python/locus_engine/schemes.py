"""Encodings that are written in Python: slower than a built-in one, and as right."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from . import _locus
from .arguments import checked

if TYPE_CHECKING:
    import numpy as np

_Class = TypeVar("_Class", bound=type)
_own: dict[str, dict[str, Any]] = {}  # rows of the registry by name


class Tile(NamedTuple):
    """A part of one sequence's scores."""

    q: np.ndarray  # [H, Tq, d] scaled and rotated
    k: np.ndarray  # [H, Tk, d] rotated
    queries: np.ndarray  # [Tq] positions
    keys: np.ndarray  # [Tk] positions
    first_head: int  # of the H heads
    scale: float  # already in q; a term without q multiplies by it


class Context(NamedTuple):
    """The model that an encoding is made for; `SCHEME.context`."""

    width: int  # D
    heads: int  # H
    head_size: int  # d
    causal: bool
    capacity: int  # positions that tables are built for


@checked
def scheme(name: str, *, relative: bool = False, **parameters: Any) -> Callable[[_Class], _Class]:
    """A class as an encoding, by this name wherever a built-in one may stand.

    The class is made with its parameters, whose defaults are given here, and has any of

        embed(positions)                 rows that are added to token vectors [T, D]
        rotate(heads, role, positions)   the heads [H, T, d] of `query` or `key`, rotated
        score(tile)                      what is added to scores [H, Tq, Tk], or [Tq, Tk] for every head

    An instance has the attribute `context` (see `Context`) before a hook runs. `relative`: shifting
    all positions changes nothing.

        @locus.scheme("recency", strength=1.0)
        class Recency:
            def __init__(self, strength):
                self.strength = strength

            def score(self, tile):
                distance = np.abs(tile.keys[None, :] - tile.queries[:, None])
                return -self.strength * np.log1p(distance)

        locus.open("causal-none", encoding="recency:strength=2")
    """

    def register(written: _Class) -> _Class:
        if not any(hasattr(written, hook) for hook in ("embed", "rotate", "score")):
            raise TypeError(f"scheme {name!r}: expected a method embed, rotate or score, found none")
        row = {
            "name": name,
            "summary": (written.__doc__ or "").strip().split("\n")[0],
            "parameters": list(parameters.items()),
            "relative": relative,
            "make": lambda values, context: _hooks(written, values, context),
        }
        _locus.check_scheme(_engine_row(row))
        _own[name] = row
        return written

    return register


def own_schemes() -> list[_locus.OwnScheme]:
    """Those that were registered, for the engine."""
    return [_engine_row(row) for row in _own.values()]


def _engine_row(row: dict[str, Any]) -> _locus.OwnScheme:
    made = _locus.OwnScheme()
    for name, value in row.items():
        setattr(made, name, value)
    return made


def _hooks(written: type, values: dict[str, Any], context: dict[str, Any]) -> Any:
    made = written(**values)
    made.context = Context(**context)
    hooks = type("Hooks", (), {})()
    for name, hook in (("embed", _embed), ("rotate", _rotate), ("score", _score)):
        if hasattr(made, name):
            setattr(hooks, name, hook(getattr(made, name)))
    return hooks


# The arrays that these write into are the engine's and end with the call: a scheme sees copies.


def _embed(hook: Callable[..., Any]) -> Callable[..., None]:
    def embed(x: Any, positions: Any) -> None:
        x += hook(positions)

    return embed


def _rotate(hook: Callable[..., Any]) -> Callable[..., None]:
    def rotate(heads: Any, role: str, positions: Any) -> None:
        heads[...] = hook(heads.copy(), role, positions)

    return rotate


def _score(hook: Callable[..., Any]) -> Callable[..., None]:
    def score(s: Any, q: Any, k: Any, *place: Any) -> None:
        s += hook(Tile(q.copy(), k.copy(), *place))

    return score
