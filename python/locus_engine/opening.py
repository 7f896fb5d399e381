"""From a name to a model."""

from __future__ import annotations

import os
from typing import Literal

from . import _locus
from .arguments import checked, path_of
from .model import Model, Progress
from .results import warn
from .schemes import own_schemes


def models() -> dict[str, str]:
    """Names that `open` knows, each with its folder.

    They are the sub-folders of the folders that the variable LOCUS_MODELS lists, separated by colons;
    else those beside an installed Locus. The package brings no models: those of the source tree or the
    installed Locus that it was built from are found as long as they are there.
    """
    return _locus.named_models()


@checked
def open(
    path: str | os.PathLike[str],
    *,
    precision: Literal["f32", "bf16", "int8"] = "f32",
    encoding: str | None = None,
    threads: int = 0,
    capacity: int = 0,
    progress: Progress | None = None,
) -> Model:
    """Opens a Hugging Face folder, a `locus.json` file or one of `models` by its name.

    Nothing is downloaded: a name of the hub's is no name here.

    precision: `bf16` is f32 where the CPU has no instructions for it (a LocusWarning says so).
    encoding: a scheme to swap in, as `alibi`, `rope:base=1000` or `bias:score=-0.1*abs(i-j)`.
    threads: of each call; 0 for the physical cores. Results do not depend on it, to the bit.
    capacity: positions that tables are built for; 0 for the model's context.
    progress: called with (done, total) while weights are read and packed.
    """
    settings = _locus.OpenSettings()
    settings.precision = precision
    settings.encoding = encoding or ""
    settings.threads = threads
    settings.capacity = capacity
    settings.schemes = own_schemes()
    model = Model(_locus.open(path_of("path", path), settings, progress), threads)
    facts = model.info
    if facts["untrained"]:
        warn(f"{encoding}: no checkpoint supplies its weights, which are untrained")
    if facts["precision"] != facts["asked_precision"]:
        warn(f"{precision}: the CPU has no instructions for it; {facts['precision']} is used")
    return model
