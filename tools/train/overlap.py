"""Documents that hold a passage of the text that models are scored on."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

WORDS = 12  # in a row, whatever their case and punctuation


def passages(text: str) -> set[tuple[str, ...]]:
    """Every run of so many words."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + WORDS]) for i in range(len(words) - WORDS + 1)}


def passages_of(folder: Path) -> set[tuple[str, ...]]:
    """Those of all texts in a folder."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt")))
    return set().union(*map(passages, texts))


def without(
    documents: Iterable[tuple[str, str]], scored: set[tuple[str, ...]]
) -> Iterator[tuple[str, str]]:
    """The documents that share no passage with the scored text; says which are left out."""
    for name, text in documents:
        if scored.isdisjoint(passages(text)):
            yield name, text
        else:
            print(f"left out, for it holds a passage of the scored text: {name}")
