"""What the sweep chose for every model, and the schedule all of them share."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from shape import Shape

CHOSEN = Path(__file__).with_name("settings")


@dataclass(frozen=True)
class Settings:
    """What the sweep may set."""

    learning_rate: float
    token_scale: float  # standard deviation of the token vectors at the start
    position_scale: float = 1.0  # of a fixed table that is added to them
    position_rate: float = 1.0  # learning rate of the encoding's own parameters, as a multiple


@dataclass(frozen=True)
class Schedule:
    """The full recipe; a run on fewer tokens or smaller steps says so in its card."""

    tokens: int = 8_192_000
    rows: int = 32  # of a step
    context: int = Shape.context
    warmup: int = 100  # steps
    last: float = 0.1  # the learning rate at the end, as a share of the peak
    decay: float = 0.1
    betas: tuple[float, float] = (0.9, 0.95)
    clip: float = 1.0
    seed: int = 1

    @property
    def steps(self) -> int:
        return self.tokens // (self.rows * self.context)


def record(name: str) -> dict:
    """Everything the sweep wrote about one model."""
    return json.loads((CHOSEN / f"{name}.json").read_text())


def chosen(name: str) -> Settings:
    """The settings of one model, as chosen by sweep.py."""
    return Settings(**record(name)["settings"])


def remember(name: str, best: Settings, sweep: list[dict], tokens: int) -> None:
    """Writes one model's choice and the trials behind it, of so many tokens each."""
    CHOSEN.mkdir(exist_ok=True)
    entry = {"settings": asdict(best), "tokens": tokens, "sweep": sweep}
    (CHOSEN / f"{name}.json").write_text(json.dumps(entry, indent=1) + "\n")


def run_of(runs: Path, name: str, seed: int) -> Path:
    """The folder of a run or of its weights; every seed but the first has one of its own."""
    return runs / (name if seed == Schedule.seed else f"{name}-seed{seed}")


def write_schedule(run: Path, schedule: Schedule) -> None:
    """Notes in a run's folder what it is trained by."""
    run.mkdir(parents=True, exist_ok=True)
    (run / "schedule.json").write_text(json.dumps(asdict(schedule)) + "\n")
    (run / "processor.txt").write_text(processor())


def processor() -> str:
    """What this machine calls its processor, and whether that has AVX-512."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    fields = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    wide = " with AVX-512" if "avx512f" in fields.get("flags", "").split() else ""
    return fields.get("model name", "unknown processor") + wide


def read_schedule(run: Path) -> Schedule:
    """What a run was trained by."""
    return Schedule(**json.loads((run / "schedule.json").read_text()))
