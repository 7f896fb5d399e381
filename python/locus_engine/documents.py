"""What is given as text: files, or texts themselves, and never one taken for the other."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import Any

from . import _locus
from .arguments import expect, path_of, shown

_FILE_LIKE = re.compile(r"(~|\.{0,2}[/\\]).*|.*(\.[A-Za-z]\w{0,7}|[/\\])")
_TEXT_LIKE = re.compile(r"[\s。，！？、]")
_LONGEST_PATH = 4096
_BLANK = " \t\r\n\f\v"


def documents_of(text: Any, separator: str) -> list[tuple[str, str]]:
    """The documents of `compare`'s argument `text`, each with its name."""
    if isinstance(text, Mapping):
        return _parts(text, separator)
    given = [text] if isinstance(text, (str, os.PathLike)) else list(text)
    for place, one in enumerate(given):
        expect(f"text[{place}]", one, ("str", "os.PathLike"))
    if _are_files(given):
        return _locus.read_documents([path_of(f"text[{place}]", path) for place, path in enumerate(given)], separator)
    names = ["text"] if len(given) == 1 else [f"text[{place}]" for place in range(len(given))]
    return _parts(dict(zip(names, given)), separator)


def _are_files(given: list[Any]) -> bool:
    """Whether all are files or folders; False where all are texts."""
    there = [isinstance(one, os.PathLike) or os.path.exists(one) for one in given]
    if all(there):
        return True
    strange = [one for one, file in zip(given, there) if not file]
    unclear = next(filter(_like_a_file, strange), None)
    if unclear is None and (any(there) or not any(map(_like_a_text, strange))):
        unclear = strange[0]
    if unclear is not None:
        expected = "a file that is there, or a text of several words ({name: text} is any text)"
        raise _locus.LocusError(f"text: expected {expected}, found {shown(unclear)}")
    return False


def _like_a_file(text: str) -> bool:
    return len(text) <= _LONGEST_PATH and _FILE_LIKE.fullmatch(text) is not None  # in one line


def _like_a_text(text: str) -> bool:
    return len(text) > _LONGEST_PATH or _TEXT_LIKE.search(text) is not None


def _parts(texts: Mapping[str, str], separator: str) -> list[tuple[str, str]]:
    """The texts, cut as files are."""
    separator = separator.replace("\\n", "\n").replace("\\t", "\t")
    documents = []
    for name, text in texts.items():
        expect("text's name", name, ("str",))
        expect(f"text[{name!r}]", text, ("str",))
        parts: Iterable[str] = text.split(separator) if separator else [text]
        for number, part in enumerate(parts, 1):
            if part.strip(_BLANK):
                documents.append((f"{name}#{number}" if part != text else name, part))
    if not documents:
        raise _locus.LocusError("text: expected a text that is not empty, found nothing")
    return documents
