"""Many texts, a part of them at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from . import _locus
from .arguments import expect
from .options import progress_bar
from .results import warn

if TYPE_CHECKING:
    import numpy as np

Progress = Callable[[int, int], Any]

_TEXTS, _CHARACTERS = 256, 1 << 20  # of a part


def parts_of(texts: Iterable[str], divided: bool) -> Iterator[tuple[int, list[str], int]]:
    """Parts of the texts, or all of them as one: the place of each one's first, its texts, and how many
    there are in all, where that is known, else so far. An iterator is read as parts are asked for."""
    total = len(texts) if hasattr(texts, "__len__") else 0
    first, part, characters = 0, [], 0
    for place, text in enumerate(texts):
        expect(f"texts[{place}]", text, ("str",))
        part.append(text)
        characters += len(text)
        if divided and (len(part) == _TEXTS or characters >= _CHARACTERS):
            yield first, part, total or place + 1
            first, part, characters = place + 1, [], 0
    if part:
        yield first, part, total or first + len(part)


def scored_parts(
    engine: _locus.Engine, texts: Iterable[str], options: _locus.EvaluateOptions, progress: Progress | None
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """nll, tokens and bytes of each text of a part; of all texts where tokens are sampled of all.
    Progress counts texts."""
    task = engine.describe()["task"]
    divided = task == "causal-lm" or (task == "masked-lm" and options.sample == 0)
    for first, part, total in parts_of(texts, divided):
        yield engine.score_all(part, options, _in_texts(progress, first, len(part), total))


def _in_texts(progress: Progress | None, first: int, count: int, total: int) -> Progress | None:
    """What is told of a part's tokens, told in texts."""
    if progress is None:
        return None
    return lambda done, tokens: progress(first + count * done // max(tokens, 1), total)


def vectors_of(
    engine: _locus.Engine, texts: list[str], options: _locus.EmbedOptions, shown: bool
) -> Any:
    """Vectors [N, D]; of tokens a list of [tokens, D]."""
    import numpy as np

    parts: list[np.ndarray] = []
    bar = progress_bar(len(texts)) if shown else None
    for first in range(0, max(1, len(texts)), _TEXTS):
        part = texts[first : first + _TEXTS]
        found = engine.embed(part, options)
        for text, kept in zip(part, found["cut_tokens"]):
            if kept:
                warn(f"'{text[:30]}...' was cut at {kept} tokens")
        if found["by_token"]:
            parts.extend(np.split(found["values"], np.cumsum(found["rows"])[:-1]))
        else:
            parts.append(found["values"])
        if bar is not None:
            bar.update(len(part))
    if bar is not None:
        bar.close()
    if found["by_token"]:
        return parts
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
