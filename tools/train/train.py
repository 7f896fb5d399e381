"""Trains one model, or goes on with it.

python train.py --model causal-alibi --corpus ~/.cache/locus/corpus --runs ~/.cache/locus/runs
"""

import argparse
import fcntl
from pathlib import Path

import torch

import data
import families
import prepare
import products
import settings
from trainer import Trainer

VALIDATION_ROWS = 64


def prepare_process() -> None:
    """One thread, and no subnormal numbers: two models side by side are faster than one on two."""
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    products.use_onednn()


def order_and_validation(corpus: Path, schedule: settings.Schedule):
    """The training order and the rows that the curve is measured on."""
    context = families.SHAPE.context
    order = data.Order(
        data.rows(data.stream(corpus, "train"), context), schedule.rows, schedule.seed
    )
    held = data.Order(data.rows(data.stream(corpus, "validation"), context), VALIDATION_ROWS, 1)
    return order, held.at(0)


def trained(name: str, run: Path) -> Trainer:
    """The state that a finished run's folder holds."""
    schedule, chosen = settings.read_schedule(run), settings.chosen(name)
    trainer = Trainer(families.build(name, chosen, schedule.seed), chosen, schedule)
    trainer.resume(run)
    if trainer.step < schedule.steps:
        raise SystemExit(f"{run}: expected {schedule.steps} steps, found {trainer.step}")
    trainer.task.module.eval()
    return trainer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, choices=families.MODELS)
    parser.add_argument("--corpus", type=Path, default=prepare.DEFAULT_CORPUS)
    parser.add_argument("--runs", type=Path, default=Path.home() / ".cache" / "locus" / "runs")
    full = settings.Schedule()
    parser.add_argument("--tokens", type=int, default=full.tokens, help="length of the run")
    parser.add_argument("--rows", type=int, default=full.rows, help="rows of a step")
    parser.add_argument("--seed", type=int, default=full.seed, help="of weights, order and noise")
    parser.add_argument("--until", type=int, help="stop early at this step, to be resumed")
    arguments = parser.parse_args()
    prepare_process()
    schedule = settings.Schedule(
        tokens=arguments.tokens, rows=arguments.rows, seed=arguments.seed
    )
    run = settings.run_of(arguments.runs, arguments.model, arguments.seed)
    settings.write_schedule(run, schedule)
    lock = open(run / "lock", "w")  # held while this process lives
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    chosen = settings.chosen(arguments.model)
    task = families.build(arguments.model, chosen, schedule.seed)
    rows = order_and_validation(arguments.corpus, schedule)
    Trainer(task, chosen, schedule).run(run, *rows, until=arguments.until or schedule.steps)


if __name__ == "__main__":
    main()
