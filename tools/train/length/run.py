"""Whether a model that was trained on short problems solves longer ones, by its positional encoding.

python -m length.run --task copy --encoding rope         # trains one model, or goes on with it
python -m length.run --all                               # every task and encoding, and figures/length.json
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

import numpy
import torch
from torch import Tensor

import data
import recipe
from causal import CausalModel
from length import tasks
from losses import TiedCrossEntropy
from recipe import Recipe
from schemes import ENCODINGS
from shape import Shape
from train import DEFAULT_RUNS, prepare_process
from trainer import Trainer

COMPARED = ("none", "learned", "sinusoidal", "rope", "alibi", "t5")
TRAINED = 20  # the greatest length that is trained
TESTED = range(2, 41, 2)
EXAMPLES = 200  # of each length
ROWS = 64
SHAPE = Shape(width=128, layers=4, heads=4, hidden=512, context=128, longest=128, vocabulary=tasks.VOCABULARY)
STEPS = 4_000
FIGURES = Path(__file__).parents[1] / "figures" / "length.json"


def recipe_of(seed: int) -> Recipe:
    """The causal models' recipe; `tokens` counts rows of the trained context, padding too."""
    row = 3 * TRAINED + 4  # of the longest sum that is trained
    return Recipe(rate=0.003, short_share=0.0, tokens=STEPS * ROWS * row, step_tokens=ROWS * row, context=row, seed=seed)


class Task:
    """Next tokens of answers alone."""

    def __init__(self, module: CausalModel):
        self.module = module

    def is_position(self, name: str) -> bool:
        return name.startswith("encoding.")

    def loss(self, rows: Tensor, generator: torch.Generator) -> Tensor:
        wanted = tasks.answers(rows)
        x = self.module(data.with_first(rows, tasks.BOS))
        return TiedCrossEntropy.apply(x[wanted], self.module.tokens.weight, rows[wanted])

    @torch.no_grad()
    def solved(self, rows: Tensor) -> Tensor:
        """Whether greedy decoding gives the whole answer: [B]. Its first wrong token ends the question,
        so that it is right if every token is the likeliest one after the right tokens before."""
        logits = self.module(data.with_first(rows, tasks.BOS)) @ self.module.tokens.weight.t()
        return ((logits.argmax(-1) == rows) | ~tasks.answers(rows)).all(1)


class Problems:
    """The problems of any step, and those that models are tested by: the same for every encoding."""

    def __init__(self, task: str, seed: int):
        self.task, self.seed = task, seed
        self.validation = self.of_length(TRAINED)

    def at(self, step: int) -> Tensor:
        random = numpy.random.default_rng((self.seed, step))
        return tasks.batch(self.task, random, random.integers(1, TRAINED + 1, size=ROWS).tolist())

    def of_length(self, length: int) -> Tensor:
        return tasks.batch(self.task, numpy.random.default_rng((0, length)), [length] * EXAMPLES)


class LengthTrainer(Trainer):
    def told(self, validation: Tensor) -> dict[str, float]:
        """The share of solved problems of the greatest trained length."""
        return {"solved": self.task.solved(validation).float().mean().item()}


def trained(task: str, encoding: str, seed: int, runs: Path) -> LengthTrainer:
    """Trains a model to its end."""
    torch.manual_seed(seed)
    own = recipe_of(seed)
    trainer = LengthTrainer(Task(CausalModel(SHAPE, ENCODINGS[encoding])), own)
    run = runs / "length" / f"{task}-{encoding}-seed{seed}"
    if (run / "state.pt").exists() and asdict(recipe.read(run)) != asdict(own):
        raise SystemExit(f"{run}: expected a run by this recipe, found one by another")
    recipe.write(run, own)
    trainer.run(run, Problems(task, seed))
    if trainer.stopped:
        sys.exit(f"{run}: stopped after {trainer.step} of {own.steps} steps")
    return trainer


def accuracy(trainer: LengthTrainer, problems: Problems) -> dict[str, float]:
    """The share of solved problems by their length."""
    return {str(n): round(trainer.task.solved(problems.of_length(n)).float().mean().item(), 4) for n in TESTED}


def noted(task: str, encoding: str, seed: int, found: dict[str, float]) -> None:
    """Adds what one model came to."""
    known = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    known["trained"] = {"lengths": [1, TRAINED], "examples": EXAMPLES, "shape": asdict(SHAPE), "recipe": asdict(recipe_of(1))}
    known.setdefault("solved", {}).setdefault(task, {}).setdefault(encoding, {})[str(seed)] = found
    FIGURES.write_text(json.dumps(known, indent=1) + "\n")


def is_noted(task: str, encoding: str, seed: int) -> bool:
    known = json.loads(FIGURES.read_text()).get("solved", {}) if FIGURES.exists() else {}
    return str(seed) in known.get(task, {}).get(encoding, {})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--task", choices=tasks.TASKS)
    parser.add_argument("--encoding", choices=COMPARED)
    parser.add_argument("--all", action="store_true", help="every task and encoding that has no figures yet")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=Path, default=DEFAULT_RUNS)
    arguments = parser.parse_args()
    if not arguments.all and not (arguments.task and arguments.encoding):
        parser.error("expected --all, or --task and --encoding")
    prepare_process()
    for task in [arguments.task] if arguments.task else tasks.TASKS:
        for encoding in [arguments.encoding] if arguments.encoding else COMPARED:
            if is_noted(task, encoding, arguments.seed):
                continue
            trainer = trained(task, encoding, arguments.seed, arguments.runs)
            noted(task, encoding, arguments.seed, accuracy(trainer, Problems(task, arguments.seed)))


if __name__ == "__main__":
    main()
