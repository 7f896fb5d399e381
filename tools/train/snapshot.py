"""Keeps what every run has come to, for the case that the machine is lost: figures/NAME.json.

What an earlier run of the same model has come to stays, where that was more.

    python snapshot.py --corpus ~/.cache/locus/corpus --runs ~/.cache/locus/runs
"""

import argparse
import json
from pathlib import Path

import data
import prepare
import train
import training

EVERY = 64  # steps whose training loss is kept
FIGURES = Path(__file__).with_name("figures")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=prepare.DEFAULT_CORPUS)
    parser.add_argument("--runs", type=Path, default=train.DEFAULT_RUNS)
    arguments = parser.parse_args()
    corpus = data.hashes(arguments.corpus)
    FIGURES.mkdir(exist_ok=True)
    for run in sorted(path.parent for path in arguments.runs.glob("*/recipe.json")):
        found = training.block(run.name.partition("-seed")[0], run, corpus)
        kept = FIGURES / f"{run.name}.json"
        if kept.exists() and json.loads(kept.read_text())["tokens_seen"] > found["tokens_seen"]:
            print(run.name, "has come to more before")
            continue
        losses = [e for e in training.entries(run) if "validation" in e or e["step"] % EVERY == 0]
        found |= {"losses": losses}
        kept.write_text(json.dumps(found, indent=1) + "\n")
        print(run.name, found["tokens_seen"], "tokens of", found["recipe"]["tokens"])


if __name__ == "__main__":
    main()
