"""Options as people give them, for the engine."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from typing import Any

from . import _locus
from .arguments import checked, expect, kinds_of

_OPTIONS = {
    **dict.fromkeys(("max_tokens", "min_tokens", "beams", "n_best"), "int | None"),
    "length_penalty": "float | None",
    "temperature": "float | None",
    "top_k": "int | None",
    **dict.fromkeys(("top_p", "min_p", "typical_p"), "float | None"),
    "seed": "int | None",
    "repetition_penalty": "float | None",
    "no_repeat_ngram": "int | None",
    "stop": "str | Sequence[str] | None",
}


def texts_of(who: str, texts: Iterable[Any]) -> list[Any]:
    """Several texts: one alone would be taken apart into its characters."""
    if isinstance(texts, (str, bytes)):
        raise TypeError(f"{who}: expected several texts, as a list, found one")
    return list(texts)


def ids_of(ids: Iterable[Any]) -> list[int]:
    """Ids as Python's own numbers; neither text nor fractions are."""
    if isinstance(ids, (str, bytes)):
        raise TypeError(f"ids: expected integers, found {type(ids).__name__}")
    return [operator.index(i) for i in ids]


def asked_sequence(who: str, pair: Any) -> tuple[list[int], int]:
    """One of `Model.predict`'s sequences: ids and the first that is predicted."""
    expect(who, pair, ("Sequence",))
    if len(pair) != 2:
        raise TypeError(f"{who}: expected ids and a number, found {len(pair)} values")
    ids, first = pair
    expect(f"{who}[0]", ids, ("Sequence",))
    expect(f"{who}[1]", first, ("int",))
    try:
        return ids_of(ids), first
    except TypeError:
        for place, one in enumerate(ids):
            expect(f"{who}[0][{place}]", one, ("int",))
        raise


def progress_bar(total: int) -> Any:
    """A bar of tqdm's, where that is installed; else None."""
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return None
    return tqdm(total=total, desc="Texts")


def generate_options(given: dict[str, Any]) -> _locus.GenerateOptions:
    options = _locus.GenerateOptions()
    for side in ("source_language", "target_language"):
        expect(side, given.get(side), kinds_of("str | None"))
    languages = [given.pop(f"{side}_language", None) or "" for side in ("source", "target")]
    if any(languages):
        options.set_languages(*languages)
    for name, value in given.items():
        if name not in _OPTIONS:
            raise TypeError(f"generate: expected one of {', '.join(_OPTIONS)}, found {name!r}")
        expect(name, value, kinds_of(_OPTIONS[name]))
        if name == "seed":
            _expect_seed(value)
        if name == "stop":
            value = [value] if isinstance(value, str) else list(value or [])
        if value is not None:
            _set(options, name, value)
    return options


def _set(options: Any, name: str, value: Any) -> None:
    try:
        setattr(options, name, value)
    except TypeError:
        for place, text in enumerate(value if name == "stop" else ()):
            expect(f"stop[{place}]", text, ("str",))
        raise TypeError(f"{name}: expected another value, found {value!r}") from None


def _expect_seed(seed: int | None) -> None:
    if seed is not None and seed < 0:
        raise ValueError(f"seed: expected 0 or more, found {seed}")


@checked
def evaluate_options(
    task: str | None = None,
    convention: str | None = None,
    context: int | None = None,
    stride: int | None = None,
    sample: int | None = None,
    seed: int = 0,
) -> _locus.EvaluateOptions:
    options = _locus.EvaluateOptions()
    options.task = task or ""
    options.context = context
    options.stride = stride
    _expect_seed(seed)
    options.seed = seed
    if convention is not None:
        options.set_convention(convention)
    if sample is not None:
        options.sample = sample
    return options
