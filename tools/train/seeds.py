"""Keeps the figures of a run from another seed, whose weights are not shipped.

python seeds.py --model causal-rope --seed 2 --corpus CORPUS --runs RUNS
"""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

import families
import figures
import prepare
import settings
import train

KEPT = Path(__file__).with_name("seeds")


def keep(name: str, run: Path, corpus: Path) -> None:
    """Measures a finished run as a shipped model is measured."""
    trained = train.trained(name, run)
    schedule = trained.schedule
    entry = {
        "model": name,
        "seed": schedule.seed,
        "tokens": schedule.tokens,
        "rows": schedule.rows,
        "settings": asdict(trained.settings),
        "figures": figures.measure(name, trained.task, corpus),
    }
    KEPT.mkdir(exist_ok=True)
    (KEPT / f"{name}-seed{schedule.seed}.json").write_text(json.dumps(entry, indent=1) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, choices=families.MODELS)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--corpus", type=Path, default=prepare.DEFAULT_CORPUS)
    parser.add_argument("--runs", type=Path, default=Path.home() / ".cache" / "locus" / "runs")
    arguments = parser.parse_args()
    train.prepare_process()
    run = settings.run_of(arguments.runs, arguments.model, arguments.seed)
    keep(arguments.model, run, arguments.corpus)


if __name__ == "__main__":
    main()
