"""What the sweep may set for one encoding alone: the scale at which its positions begin."""

import json
from pathlib import Path

from recipe import SWEPT

TOKEN_SCALE = 0.05  # standard deviation of the token vectors at the start, of every model
DEFAULT = 1.0


def record(name: str) -> dict | None:
    """Everything the sweep wrote about one model, if it was swept."""
    path = SWEPT / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else None


def position_scale(name: str) -> float:
    """Of rows that are added to token vectors; at 1 both are of about one size."""
    found = record(name)
    return found["position_scale"] if found else DEFAULT


def run_of(runs: Path, name: str, seed: int) -> Path:
    """The folder of a run or of its weights; every seed but the first has one of its own."""
    return runs / (name if seed == 1 else f"{name}-seed{seed}")
