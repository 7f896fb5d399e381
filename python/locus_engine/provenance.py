"""What a file was made by, in the file itself: so that nothing made otherwise is taken for it."""

from __future__ import annotations

import hashlib
import json
import os
import pathlib
from collections.abc import Iterator
from typing import Any

from . import _locus

_KEY = b"locus_engine"


def made_by(actor: type, arguments: Any, options: dict[str, Any], settings: dict[str, Any]) -> Any:
    """An actor and what it is made with, as JSON: a model by its files' content. Threads are not
    among it, since they change no figure."""
    given = {name: _facts(value) for name, value in options.items() if name != "threads"}
    return {
        "actor": f"{actor.__module__}.{actor.__qualname__}",
        "arguments": [_facts(value) for value in arguments],
        "options": given,
        **settings,
    }


def stamped(table: Any, maker: Any) -> Any:
    """A table of Arrow's that says what it was made by."""
    return table.replace_schema_metadata({_KEY: json.dumps(maker).encode()})


def expect_made_by(path: pathlib.Path, maker: Any) -> None:
    """Throws ValueError for a Parquet file that another maker made."""
    import pyarrow.parquet as pq

    found = (pq.read_schema(path).metadata or {}).get(_KEY)
    if found is None:
        difference = "one of map_shards, found another"
    else:
        name, expected, other = next(_differences(maker, json.loads(found)), (None, None, None))
        if name is None:
            return
        difference = f"one made with {name} {_said(expected)}, found {_said(other)}"
    raise ValueError(f"{path}: expected {difference}: remove it, or write to another folder")


def _said(value: Any) -> str:
    return "not given" if value is None else json.dumps(value)


def _differences(a: Any, b: Any, name: str = "") -> Iterator[tuple[str, Any, Any]]:
    if isinstance(a, dict) and isinstance(b, dict):
        for key in {**a, **b}:
            yield from _differences(a.get(key), b.get(key), f"{name} {key}".strip())
    elif a != b:
        yield name, a, b


def _facts(value: Any) -> Any:
    if isinstance(value, (str, os.PathLike)):
        path = _place(os.fspath(value))
        return str(value) if path is None else {"files": _digest(path)}
    if isinstance(value, (list, tuple)):
        return [_facts(each) for each in value]
    return value if value is None or isinstance(value, (bool, int, float)) else repr(value)


def _place(name: str) -> pathlib.Path | None:
    """What a model's name or path stands for; None for another text."""
    if os.path.exists(name):
        return pathlib.Path(name)
    try:
        return pathlib.Path(_locus.find_model(name))
    except _locus.LocusError:
        return None


def _digest(path: pathlib.Path) -> str:
    """SHA-256 of a file, or of the names and contents of a folder's files."""
    if path.is_file():
        digest = hashlib.sha256()
        with open(path, "rb") as file:
            while part := file.read(1 << 20):
                digest.update(part)
        return digest.hexdigest()
    files = sorted(each for each in path.rglob("*") if each.is_file())
    lines = (f"{_digest(each)} {each.relative_to(path).as_posix()}\n" for each in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
