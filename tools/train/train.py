"""Trains one model, or goes on with it.

python train.py --model causal-alibi --corpus ~/.cache/locus/corpus --runs ~/.cache/locus/runs
"""

import argparse
import fcntl
from dataclasses import asdict
from pathlib import Path

import torch

import families
import prepare
import products
import recipe
import settings
from data import Text
from trainer import Trainer

DEFAULT_RUNS = Path.home() / ".cache" / "locus" / "runs"


def prepare_process() -> None:
    """One thread, and no subnormal numbers."""
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    products.use_onednn()


def trained(name: str, run: Path) -> Trainer:
    """The state that a finished run's folder holds."""
    own = recipe.read(run)
    trainer = Trainer(families.build(name, settings.position_scale(name), own.seed), own)
    trainer.resume(run)
    if trainer.step < own.steps:
        raise SystemExit(f"{run}: expected {own.steps} steps, found {trainer.step}")
    trainer.task.module.eval()
    return trainer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, choices=families.MODELS)
    parser.add_argument("--corpus", type=Path, default=prepare.DEFAULT_CORPUS)
    parser.add_argument("--runs", type=Path, default=DEFAULT_RUNS)
    parser.add_argument("--tokens", type=int, help="another length of the run, without rows of mixed lengths")
    parser.add_argument("--seed", type=int, default=1, help="of weights, order and noise")
    arguments = parser.parse_args()
    prepare_process()
    changes = {"seed": arguments.seed, "context": families.context_of(arguments.model)}
    if arguments.tokens:
        changes |= {"tokens": arguments.tokens, "mixed_tokens": 0}
    own = recipe.of_kind(families.kind_of(arguments.model), **changes)
    run = settings.run_of(arguments.runs, arguments.model, arguments.seed)
    if (run / "state.pt").exists() and asdict(recipe.read(run)) != asdict(own):
        raise SystemExit(f"{run}: expected a run by this recipe, found one by another")
    recipe.write(run, own)
    lock = open(run / "lock", "w")  # held while this process lives
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    task = families.build(arguments.model, settings.position_scale(arguments.model), own.seed)
    Trainer(task, own).run(run, Text(arguments.corpus, own))


if __name__ == "__main__":
    main()
