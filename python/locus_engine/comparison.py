"""Models on one text."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from . import _locus
from .arguments import checked, path_of
from .documents import documents_of
from .results import warn

_COLUMNS = (
    "name encoding metric context tokens seeds status bits_per_byte low high perplexity letters "
    "difference difference_low difference_high holm_p verdict verdict_of"
).split()
_HEAD = ("model", "encoding", "metric", "context", "tokens", "bits/byte", "95 %", "value", "verdict")


@checked
def compare(
    models: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    text: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] | Mapping[str, str],
    *,
    lengths: Sequence[int] = (),
    baseline: str | None = None,
    separator: str = "",
    threads: int = 0,
    sample: int | None = None,
    seed: int = 0,
    progress: Callable[[str, int, int], Any] | None = None,
) -> Comparison:
    """Measures models on the same text, as `locus compare` does, and holds each against a baseline.

    text: a `pathlib.Path`, or a str that names a file or folder that is there, is read. Another str
    is a text itself, if it has several words and does not look like a file's name: a mistyped path
    is a LocusError, and is not scored. A list holds either files or texts. A dict {name: text} holds
    texts, whatever they look like. separator: what cuts a text into documents.

    lengths: contexts of a sweep over the same tokens. baseline: a model's name; else a learned
    table. progress: called with (what, done, total). A model that cannot be measured among others
    is a LocusWarning, and so are models of several tokenizers, whose bits per byte compare alone.
    """
    settings = _locus.CompareSettings()
    one = isinstance(models, (str, os.PathLike))
    paths = [models] if one else models
    settings.models = [path_of(f"models[{place}]", path) for place, path in enumerate(paths)]
    settings.lengths = sorted(lengths)
    settings.baseline = baseline or ""
    settings.threads = threads
    settings.seed = seed
    if sample is not None:
        settings.sample = sample
    if not settings.models:
        raise ValueError("models: expected at least one, found none")
    settings.documents = documents_of(text, separator)
    rows, failures = _locus.compare(settings, progress)
    for failure in failures:
        warn(failure)
    for metric in dict.fromkeys(row["metric"] for row in rows):
        if len({row["tokenizer"] for row in rows if row["metric"] == metric}) > 1:
            warn(f"{metric}: tokenizers differ, so figures per token do not compare")
    return Comparison(rows)


class Comparison:
    """Rows of figures, one for each model and metric; fewest bits per byte first in each metric."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self.rows = sorted(rows, key=lambda row: (row["metric"], row["bits_per_byte"]))

    def table(self) -> str:
        """The figures as text. Those of different metrics are not to be compared."""
        lines = [[*map(str, _cells(row))] for row in self.rows]
        widths = [max(map(len, column)) for column in zip(_HEAD, *lines)]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip()
            for line in (_HEAD, *lines)
        )

    def to_pandas(self) -> Any:
        """A DataFrame with a row for each model and metric."""
        import pandas as pd

        return pd.DataFrame([{name: row.get(name) for name in _COLUMNS} for row in self.rows])

    def report(self, path: str | os.PathLike[str]) -> None:
        """Writes a page with the table and the loss by length, which needs no network."""
        from .notebook import comparison_page

        curves = [(row["name"], row["by_length"]) for row in self.rows if len(row["by_length"]) > 1]
        with open(path, "w", encoding="utf-8") as file:
            file.write(comparison_page(self._repr_html_(), curves))

    def __repr__(self) -> str:
        return self.table()

    def _repr_html_(self) -> str:
        from .notebook import table_html

        return table_html(_HEAD, [_cells(row) for row in self.rows])


def _cells(row: dict[str, Any]) -> list[Any]:
    return [
        row["name"],
        row["encoding"],
        row["metric"],
        row["context"],
        row["tokens"],
        f"{row['bits_per_byte']:.4f}",
        f"{row['low']:.3f} to {row['high']:.3f}",
        f"{row['perplexity']:.3f}",
        _verdict(row),
    ]


def _verdict(row: dict[str, Any]) -> str:
    """As the command says it."""
    if row["status"] == "not trained":
        return "not trained"
    baseline = "baseline" if row["name"] == row["baseline"] else "not comparable"
    return row.get("verdict", baseline)
