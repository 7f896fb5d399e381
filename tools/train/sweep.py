"""Short trials of a whole recipe: of the one peak rate of a kind, and of where positions begin.

    python sweep.py --kind masked              -> settings/masked.json
    python sweep.py --model causal-learned     -> settings/causal-learned.json

A trial is the recipe on a million tokens with real steps. Rates are tried by factors of two until the best
one lies between two others; so are the scales of rows that are added to token vectors, by fours, at the
rate of the kind.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import families
import prepare
import recipe
import settings
import train
from data import Text
from trainer import Trainer

TOKENS = 2**20
RATES = (0.0015, 0.003, 0.006)
SCALES = (0.25, 1.0, 4.0)
# Whose losses choose the rate of a kind: encodings that learn something of it from a million tokens.
BY = {"causal": ("causal-rope", "causal-learned"), "masked": ("masked-rope",), "span": ("span-t5",)}


def trial(name: str, scale: float, own: recipe.Recipe, text: Text) -> float:
    """Validation loss at the full context after one short run."""
    trainer = Trainer(families.build(name, scale, own.seed), own)
    while trainer.step < own.steps:
        trainer.advance(text)
    loss = round(trainer.validate(text.validation), 4)
    print(f"{name}: rate {own.rate}, scale {scale}, {loss}", flush=True)
    return loss


def widened(first: tuple[float, ...], loss_of: Callable[[float], float]) -> dict[float, float]:
    """Loss by value: those of `first`, and beyond an end for as long as the best is there."""
    tried = {value: loss_of(value) for value in first}
    factor = first[1] / first[0]
    while min(tried, key=tried.get) in (min(tried), max(tried)):
        best = min(tried, key=tried.get)
        value = best / factor if best == min(tried) else best * factor
        tried[value] = loss_of(value)
    return dict(sorted(tried.items()))


def remember(name: str, entry: dict) -> None:
    recipe.SWEPT.mkdir(exist_ok=True)
    (recipe.SWEPT / f"{name}.json").write_text(json.dumps(entry, indent=1) + "\n")


def of_rates(kind: str, corpus: Path) -> None:
    """The rate whose loss, averaged over the models that choose, is lowest."""
    by_model: dict[str, dict[float, float]] = {name: {} for name in BY[kind]}

    def loss_of(rate: float) -> float:
        own = recipe.trial(kind, rate, TOKENS)
        text = Text(corpus, own)
        for name, found in by_model.items():
            found[rate] = trial(name, settings.DEFAULT, own, text)
        return sum(found[rate] for found in by_model.values()) / len(by_model)

    tried = widened(RATES, loss_of)
    trials = [
        {"model": name, "rate": rate, "validation": loss}
        for name, found in by_model.items()
        for rate, loss in sorted(found.items())
    ]
    remember(kind, {"rate": min(tried, key=tried.get), "tokens": TOKENS, "trials": trials})


def of_scales(name: str, corpus: Path) -> None:
    """The scale at which the named model's rows begin."""
    kind = families.kind_of(name)
    own = recipe.trial(kind, recipe.swept(kind)["rate"], TOKENS)
    text = Text(corpus, own)
    tried = widened(SCALES, lambda scale: trial(name, scale, own, text))
    trials = [{"position_scale": scale, "validation": loss} for scale, loss in tried.items()]
    remember(name, {"position_scale": min(tried, key=tried.get), "tokens": TOKENS, "trials": trials})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--kind", choices=recipe.KINDS)
    what.add_argument("--model", choices=[name for name in families.MODELS if families.adds_rows(name)])
    parser.add_argument("--corpus", type=Path, default=prepare.DEFAULT_CORPUS)
    arguments = parser.parse_args()
    train.prepare_process()
    if arguments.kind:
        of_rates(arguments.kind, arguments.corpus)
    else:
        of_scales(arguments.model, arguments.corpus)


if __name__ == "__main__":
    main()
