"""Arguments as a function's signature says they are; else a TypeError: which, expected, found."""

from __future__ import annotations

import functools
import operator
import os
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

_Function = TypeVar("_Function", bound=Callable[..., Any])
_NOT_TAKEN = "incompatible function arguments"  # what the engine says of them
_NAMES = {
    "str": "a text",
    "int": "an integer",
    "float": "a number",
    "bool": "True or False",
    "None": "None",
    "os.PathLike": "a path",
    "Sequence": "a list",
    "Iterable": "a list",
    "Mapping": "a dict",
    "Callable": "a callable",
    "Progress": "a callable",
    "Literal": "a text",
}


def checked(function: _Function) -> _Function:
    """The same function, whose arguments are held against their annotations before it runs. Where it
    ends by a TypeError that the elements of a list explain, this is said in its place."""
    code = function.__code__  # the module inspect, which knows signatures, takes long to import
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    kinds = {
        name: kinds_of(annotation)
        for name, annotation in function.__annotations__.items()
        if name in names
    }

    @functools.wraps(function)
    def call(*arguments: Any, **named: Any) -> Any:
        given = {**dict(zip(names, arguments)), **named}
        for name, value in given.items():
            if name in kinds:
                expect(name, value, kinds[name])
        try:
            return function(*arguments, **named)
        except TypeError as failure:
            narrow = _NOT_TAKEN in str(failure)
            for name, value in given.items():
                _expect_elements(name, value, kinds.get(name, ()), narrow)
                if narrow:
                    _expect_32_bits(name, value)
            raise

    return call  # type: ignore[return-value]


def expect(name: str, value: Any, kinds: tuple[str, ...]) -> None:
    """TypeError unless the value is of one of these kinds, which are written as annotations."""
    if not any(_is(value, kind) for kind in kinds):
        expected = dict.fromkeys(_NAMES[_head(kind)] for kind in kinds)
        raise TypeError(f"{name}: expected {' or '.join(expected)}, found {shown(value)}")
    if isinstance(value, str):
        _expect_unicode(name, value)
    if any(_head(kind) == "int" for kind in kinds) and _is(value, "int"):
        _expect_64_bits(name, value)


def path_of(name: str, path: str | os.PathLike[str]) -> str:
    """A path as text; TypeError for one of bytes."""
    text = os.fspath(path)
    expect(name, text, ("str",))
    return text


def kinds_of(annotation: str) -> tuple[str, ...]:
    """`str | Sequence[str | int] | None` as its three kinds."""
    kinds, depth = [""], 0
    for character in annotation:
        depth += (character == "[") - (character == "]")
        if character == "|" and depth == 0:
            kinds.append("")
        else:
            kinds[-1] += character
    found = tuple(kind.strip() for kind in kinds)
    known = all(_head(kind) in _NAMES for kind in found)
    return found if known else ("Any",)


def _head(kind: str) -> str:
    return kind.partition("[")[0]


def _is(value: Any, kind: str) -> bool:
    head = _head(kind)
    if head == "Any":
        return True
    if head in ("str", "Literal"):
        return isinstance(value, str)
    if head == "None":
        return value is None
    if head == "bool":
        return isinstance(value, bool) or type(value).__name__ in ("bool_", "bool")
    if head == "int":
        return hasattr(value, "__index__") and not hasattr(value, "__len__")
    if head == "float":
        return hasattr(value, "__float__") or hasattr(value, "__index__")
    if head == "os.PathLike":
        return isinstance(value, os.PathLike)
    if head in ("Callable", "Progress"):
        return callable(value)
    if head == "Mapping":
        return isinstance(value, Mapping)
    return not isinstance(value, (str, bytes)) and hasattr(value, "__iter__")  # of what, is seen later


def _expect_elements(name: str, values: Any, kinds: tuple[str, ...], narrow: bool) -> None:
    lists = [kind for kind in kinds if _head(kind) in ("Sequence", "Iterable")]
    if not lists or not _is(values, lists[0]) or not hasattr(values, "__len__"):
        return  # an iterator has been read
    if isinstance(values, Mapping):
        return  # its keys are no elements
    inner = tuple(one for kind in lists for one in kinds_of(kind.partition("[")[2][:-1]))
    for place, value in enumerate(values):
        expect(f"{name}[{place}]", value, inner)
        if narrow:
            _expect_32_bits(f"{name}[{place}]", value)
        _expect_elements(f"{name}[{place}]", value, inner, narrow)


def _expect_unicode(name: str, text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        found = f"{text[error.start]!r} at character {error.start}"
        raise TypeError(f"{name}: expected a text of Unicode characters, found {found}") from None


def _expect_64_bits(name: str, value: Any) -> None:
    number = operator.index(value)
    if not -(2**63) <= number < 2**64:
        raise TypeError(f"{name}: expected an integer of 64 bits, found {number}")


def _expect_32_bits(name: str, value: Any) -> None:
    if _is(value, "int") and not -(2**31) <= operator.index(value) < 2**31:
        raise TypeError(f"{name}: expected an integer of 32 bits, found {operator.index(value)}")


def shown(value: Any) -> str:
    """A value as messages show it: short, with its type."""
    text = repr(value)
    short = text if len(text) <= 40 else text[:37] + "..."
    kind = type(value).__name__
    return short if value is None else f"{short} ({kind})"
