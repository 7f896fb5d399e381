"""The same small sweep for every model: short runs, the best validation loss wins.

Where no run gets below what the tokens' frequencies alone give, nothing has been learned that a
choice could go by: all of them are repeated, four times as long.

python sweep.py --model causal-alibi --corpus ~/.cache/locus/corpus
"""

import argparse
from dataclasses import asdict, replace
from pathlib import Path

import families
import figures
import prepare
import settings
import train
from trainer import Trainer

# One axis after the other, each at the best of those before it; the first of each is the start.
AXES = {
    "position_scale": (1.0, families.SHAPE.width**-0.5),  # as it is, or for tokens times sqrt(D)
    "learning_rate": (3e-3, 1.5e-3),
    "token_scale": (0.05, 0.25, 0.7),  # 0.7: a sinusoid's root mean square
    "position_rate": (1.0, 10.0),
}
SCHEDULE = settings.Schedule(tokens=262_144, rows=8, warmup=16)
LONGER = 4
LEARNED = 0.1  # nats below the frequencies' loss


def trial(name: str, tried: settings.Settings, corpus: Path, schedule=SCHEDULE) -> float:
    """Validation loss after one short run."""
    order, validation = train.order_and_validation(corpus, schedule)
    trainer = Trainer(families.build(name, tried, schedule.seed), tried, schedule)
    while trainer.step < schedule.steps:
        trainer.advance(order)
    loss = trainer.validate(validation)
    print(name, tried, f"{loss:.4f}", flush=True)
    return loss


def applies(axis: str, name: str) -> bool:
    """Token vectors have a scale of their own in pre-norm models, positions where a fixed table is
    added, and a rate of their own where something is learned."""
    if axis == "position_scale":
        task = families.build(name, settings.Settings(1.0, 1.0), SCHEDULE.seed)
        return bool(families.rescalable(task))
    if axis == "token_scale":
        return not name.startswith("masked")
    return axis != "position_rate" or has_parameters(name)


def has_parameters(name: str) -> bool:
    """Whether the model's encoding learns anything."""
    task = families.build(name, settings.Settings(1.0, 1.0), SCHEDULE.seed)
    parameters = task.module.named_parameters()
    return any(task.is_position(key) and value.requires_grad for key, value in parameters)


def trials(name: str, axes: list[str], corpus: Path, schedule) -> dict[settings.Settings, float]:
    """Validation loss by settings."""
    best = settings.Settings(**{axis: values[0] for axis, values in AXES.items()})
    tried = {best: trial(name, best, corpus, schedule)}
    for axis in filter(lambda axis: applies(axis, name), axes):
        for value in AXES[axis][1:]:
            candidate = replace(best, **{axis: value})
            tried[candidate] = trial(name, candidate, corpus, schedule)
        best = min(tried, key=tried.get)
    return tried


def sweep(name: str, axes: list[str], corpus: Path) -> None:
    schedule = SCHEDULE
    tried = trials(name, axes, corpus, schedule)
    while min(tried.values()) > figures.unigram_loss(corpus) - LEARNED:
        schedule = replace(schedule, tokens=LONGER * schedule.tokens)
        tried = trials(name, axes, corpus, schedule)
    results = [{**asdict(key), "validation": round(loss, 4)} for key, loss in tried.items()]
    settings.remember(name, min(tried, key=tried.get), results, schedule.tokens)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, choices=families.MODELS)
    parser.add_argument("--corpus", type=Path, default=prepare.DEFAULT_CORPUS)
    parser.add_argument("--axes", nargs="*", choices=AXES, default=list(AXES))
    arguments = parser.parse_args()
    train.prepare_process()
    sweep(arguments.model, arguments.axes, arguments.corpus)


if __name__ == "__main__":
    main()
