"""Locus: Transformer inference in which the positional encoding is a plug-in.

    import locus_engine as locus
    m = locus.open("causal-rope")
    print(m.generate("Once upon a time", max_tokens=40))

Models are Hugging Face folders, `locus.json` files or names of installed models. A model may be
used by any number of threads. The interpreter's lock is released while it runs, and Ctrl-C ends a
run within 50 ms. Failures are `LocusError`: who, expected, found.
"""

from __future__ import annotations

from ._locus import Generated, LocusError, Stream
from .comparison import Comparison, compare
from .encoding import position, schemes
from .model import Model
from .opening import models, open
from .results import (
    Answer,
    Candidate,
    Label,
    LocusWarning,
    Named,
    Ranked,
    Score,
    Tokens,
    Total,
    Totals,
)
from .schemes import Context, Tile, scheme

__version__ = "0.1.0"
__all__ = [
    "Answer",
    "Candidate",
    "Comparison",
    "Context",
    "Generated",
    "Label",
    "LocusError",
    "LocusWarning",
    "Model",
    "Named",
    "Ranked",
    "Score",
    "Stream",
    "Tile",
    "Tokens",
    "Total",
    "Totals",
    "compare",
    "models",
    "open",
    "position",
    "scheme",
    "schemes",
]
