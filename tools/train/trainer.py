"""One training run: seeded, logged, and resumable at any moment.

What a step reads and how it is corrupted follow from the step's number, so a state is the parameters,
what the optimizers remember, and that number.
"""

import json
import os
import signal
import time
from pathlib import Path

import torch

import optimizers
from data import Text
from products import rounded
from recipe import CURVE, Recipe

SAVE_EVERY = 120.0  # seconds
VALIDATE_EVERY = 256  # steps
LOG_EVERY = 16  # steps


class Trainer:
    """Runs one task by a recipe, with its state in a folder."""

    def __init__(self, task, recipe: Recipe):
        self.task, self.recipe = task, recipe
        self.optimizers = optimizers.optimizers_of(task, recipe)
        self.step = 0
        self.stopped = False

    def generator(self, step: int) -> torch.Generator:
        return torch.Generator().manual_seed(self.recipe.seed * 1_000_003 + step)

    def advance(self, text: Text) -> float:
        """One step of the optimizers; the loss before it."""
        if self.step == self.recipe.first_mixed:
            self.optimizers = optimizers.optimizers_of(self.task, self.recipe)
        optimizers.set_share(self.optimizers, self.recipe.share_at(self.step))
        with rounded():
            loss = self.task.loss(text.at(self.step), self.generator(self.step))
        loss.backward()
        optimizers.clip(self.task, self.recipe.clip)
        optimizers.step(self.optimizers)
        self.step += 1
        return loss.item()

    @torch.no_grad()
    def validate(self, table: torch.Tensor) -> float:
        """Mean loss over the rows of `table`, in f32, corrupted the same way every time."""
        parts = table.split(self.recipe.step_tokens // table.shape[1])
        losses = [self.task.loss(part, self.generator(-1 - i)) for i, part in enumerate(parts)]
        weights = [len(part) / len(table) for part in parts]
        return sum(loss.item() * weight for loss, weight in zip(losses, weights))

    def told(self, validation: torch.Tensor) -> dict[str, float]:
        """Losses on the validation rows: whole, and cut to the short context."""
        short = validation.reshape(-1, self.recipe.short)
        return {
            "validation": round(self.validate(validation), 5),
            "validation_short": round(self.validate(short), 5),
        }

    def save(self, folder: Path) -> None:
        state = {
            "module": self.task.module.state_dict(),
            "optimizers": optimizers.states(self.optimizers),
            "step": self.step,
        }
        torch.save(state, folder / "state.new")
        os.replace(folder / "state.new", folder / "state.pt")

    def resume(self, folder: Path) -> None:
        """Goes on from the last state, if there is one, and forgets what was logged after it."""
        path = folder / "state.pt"
        if path.exists():
            state = torch.load(path, weights_only=True)
            self.task.module.load_state_dict(state["module"])
            optimizers.load(self.optimizers, state["optimizers"])
            self.step = state["step"]
        log = folder / "log.jsonl"
        if log.exists():
            lines = [line for line in log.read_text().splitlines() if line.endswith("}")]
            known = [line for line in lines if json.loads(line)["step"] <= self.step]
            log.write_text("".join(line + "\n" for line in known))

    def stop(self, *_) -> None:
        self.stopped = True

    def entry(self, loss: float, text: Text) -> dict:
        """A line of the log, if this step has one."""
        tokens = self.step * self.recipe.step_tokens
        entry = {"step": self.step, "tokens": tokens, "loss": round(loss, 5)}
        last = self.step == self.recipe.steps
        if tokens in CURVE or last or self.step % VALIDATE_EVERY == 0:
            return entry | self.told(text.validation)
        return entry if self.step % LOG_EVERY == 0 else {}

    def run(self, folder: Path, text: Text) -> None:
        """Trains to the end of the recipe, or until SIGTERM, saving every two minutes."""
        signal.signal(signal.SIGTERM, self.stop)
        folder.mkdir(parents=True, exist_ok=True)
        self.resume(folder)
        saved = started = time.monotonic()
        first = self.step
        with open(folder / "log.jsonl", "a", buffering=1) as log:
            while self.step < self.recipe.steps and not self.stopped:
                if entry := self.entry(self.advance(text), text):
                    seconds = time.monotonic() - started
                    rate = (self.step - first) * self.recipe.step_tokens / seconds
                    log.write(json.dumps(entry | {"tokens_per_second": round(rate)}) + "\n")
                if time.monotonic() - saved > SAVE_EVERY:
                    self.save(folder)
                    saved = time.monotonic()
        self.save(folder)
