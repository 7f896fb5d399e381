"""Encodings that are written in Python: slower than a built-in one, and as right."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from . import _locus
from .arguments import checked, shown

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
        score(tile)                      what is added to scores [H, Tq, Tk], or [Tq, Tk] for every
                                         head; -infinity hides a key

    Arrays of another shape, of no real numbers, or with NaN are refused. What a hook is given is its
    own to keep or change. An instance has the attribute `context` (see `Context`) before a hook runs.
    `relative`: shifting all positions changes nothing.

        @locus.scheme("recency", strength=1.0)
        class Recency:
            def __init__(self, strength):
                self.strength = strength

            def score(self, tile):
                distance = np.abs(tile.keys[None, :] - tile.queries[:, None])
                return -self.strength * np.log1p(distance)

        locus.open("causal-none", encoding="recency:strength=2")
    """

    for parameter, value in parameters.items():
        _expect_parameter(f"scheme {name!r}: {parameter}", value)

    def register(written: _Class) -> _Class:
        if not any(hasattr(written, hook) for hook in ("embed", "rotate", "score")):
            raise TypeError(f"scheme {name!r}: expected a method embed, rotate or score, found none")
        row = {
            "name": name,
            "summary": (written.__doc__ or "").strip().split("\n")[0],
            "parameters": list(parameters.items()),
            "relative": relative,
            "make": lambda values, context: _hooks(name, written, values, context),
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


def _hooks(name: str, written: type, values: dict[str, Any], context: dict[str, Any]) -> Any:
    made = written(**values)
    try:
        made.context = Context(**context)
    except (AttributeError, TypeError):
        expected = "instances that take the attribute context"
        raise TypeError(f"scheme {name!r}: expected {expected}, found others") from None
    hooks = type("Hooks", (), {})()
    for hook, dressed in (("embed", _embed), ("rotate", _rotate), ("score", _score)):
        if hasattr(made, hook):
            setattr(hooks, hook, dressed(f"{name}.{hook}", getattr(made, hook)))
    return hooks


def _expect_parameter(who: str, value: Any) -> None:
    several = isinstance(value, (list, tuple))
    kinds = (int, float) if several else (bool, int, float, str)
    if not all(isinstance(each, kinds) for each in (value if several else [value])):
        expected = "a number, numbers, a text, True or False"
        raise TypeError(f"{who}: expected {expected}, found {shown(value)}")


def _values(who: str, found: Any, shape: tuple[int, ...], spread: tuple[int, ...] = ()) -> np.ndarray:
    """What a hook gave as float32 of this shape; of fewer axes only where `spread` has their number."""
    import numpy as np

    try:
        array = np.asarray(found)
    except ValueError:  # rows of unequal length
        array = np.asarray(None)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{who}: expected an array of real numbers, found {shown(found)}")
    try:
        if array.shape != shape and array.ndim not in spread:
            raise ValueError
        whole = np.broadcast_to(array, shape)
    except ValueError:
        sizes = [*shape], [*array.shape]
        raise ValueError(f"{who}: expected an array of {sizes[0]}, found one of {sizes[1]}") from None
    with np.errstate(over="ignore"):  # the engine refuses what is infinite
        return np.ascontiguousarray(whole, np.float32)


def _embed(who: str, hook: Callable[..., Any]) -> Callable[..., Any]:
    return lambda shape, positions: _values(who, hook(positions), shape)


def _rotate(who: str, hook: Callable[..., Any]) -> Callable[..., Any]:
    def rotate(heads: Any, role: str, positions: Any) -> Any:
        shape = heads.shape
        return _values(who, hook(heads, role, positions), shape)

    return rotate


def _score(who: str, hook: Callable[..., Any]) -> Callable[..., Any]:
    return lambda shape, *tile: _values(who, hook(Tile(*tile)), shape, spread=(0, 2, 3))
