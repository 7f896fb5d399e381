"""What the sweep chose for every model, and the schedule all of them share."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

CHOSEN = Path(__file__).with_name("settings")


@dataclass(frozen=True)
class Settings:
    """The three things the sweep may set."""

    learning_rate: float
    token_scale: float  # standard deviation of the token vectors at the start
    position_rate: float = 1.0  # learning rate of the encoding's own parameters, as a multiple


@dataclass(frozen=True)
class Schedule:
    steps: int = 1000
    rows: int = 8
    warmup: int = 100
    last: float = 0.1  # the learning rate at the end, as a share of the peak
    decay: float = 0.1
    betas: tuple[float, float] = (0.9, 0.95)
    clip: float = 1.0
    seed: int = 1


def record(name: str) -> dict:
    """Everything the sweep wrote about one model."""
    return json.loads((CHOSEN / f"{name}.json").read_text())


def chosen(name: str) -> Settings:
    """The settings of one model, as chosen by sweep.py."""
    return Settings(**record(name)["settings"])


def remember(name: str, best: Settings, sweep: list[dict]) -> None:
    """Writes one model's choice and the trials behind it."""
    CHOSEN.mkdir(exist_ok=True)
    entry = {"settings": asdict(best), "sweep": sweep}
    (CHOSEN / f"{name}.json").write_text(json.dumps(entry, indent=1) + "\n")
