"""One training run: seeded, logged, and resumable at any moment."""

import json
import math
import os
import signal
import time
from pathlib import Path

import torch

from data import Order
from settings import Schedule, Settings

SAVE_EVERY = 120.0  # seconds
VALIDATE_EVERY = 100  # steps
LOG_EVERY = 10  # steps


def rate_at(step: int, schedule: Schedule) -> float:
    """Share of the peak rate: linear warm-up, then a cosine down to `last`."""
    if step < schedule.warmup:
        return (step + 1) / schedule.warmup
    done = (step - schedule.warmup) / max(1, schedule.steps - schedule.warmup)
    return schedule.last + (1 - schedule.last) * 0.5 * (1 + math.cos(math.pi * done))


def optimizer_of(task, settings: Settings, schedule: Schedule) -> torch.optim.Optimizer:
    """AdamW; matrices decay, the encoding's parameters, gains and offsets do not."""
    groups = {"matrix": [], "vector": [], "position": []}
    for name, parameter in task.module.named_parameters():
        kind = "matrix" if parameter.ndim > 1 else "vector"
        groups["position" if task.is_position(name) else kind].append(parameter)
    options = {
        "matrix": {"decay": schedule.decay, "multiple": 1.0},
        "vector": {"decay": 0.0, "multiple": 1.0},
        "position": {"decay": 0.0, "multiple": settings.position_rate},
    }
    return torch.optim.AdamW(
        [
            {
                "params": groups[kind],
                "weight_decay": option["decay"],
                "multiple": option["multiple"],
            }
            for kind, option in options.items()
            if groups[kind]
        ],
        lr=settings.learning_rate,
        betas=schedule.betas,
        fused=True,
    )


class Trainer:
    """Runs one task over the rows of `order`, with its state in `folder`."""

    def __init__(self, task, settings: Settings, schedule: Schedule):
        self.task, self.settings, self.schedule = task, settings, schedule
        self.optimizer = optimizer_of(task, settings, schedule)
        self.step = 0
        self.stopped = False

    def generator(self, step: int) -> torch.Generator:
        return torch.Generator().manual_seed(self.schedule.seed * 1_000_003 + step)

    def advance(self, order: Order) -> float:
        """One step of the optimizer; the loss before it."""
        peak = self.settings.learning_rate * rate_at(self.step, self.schedule)
        for group in self.optimizer.param_groups:
            group["lr"] = peak * group["multiple"]
        loss = self.task.loss(order.at(self.step), self.generator(self.step))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.task.module.parameters(), self.schedule.clip)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.step += 1
        return loss.item()

    @torch.no_grad()
    def validate(self, table: torch.Tensor) -> float:
        """Mean loss over the rows of `table`, corrupted the same way every time."""
        parts = table.split(self.schedule.rows)
        losses = [self.task.loss(part, self.generator(-1 - i)) for i, part in enumerate(parts)]
        weights = [len(part) / len(table) for part in parts]
        return sum(loss.item() * weight for loss, weight in zip(losses, weights))

    def save(self, folder: Path) -> None:
        state = {
            "module": self.task.module.state_dict(),
            "optimizer": self.optimizer.state_dict(),
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
            self.optimizer.load_state_dict(state["optimizer"])
            self.step = state["step"]
        log = folder / "log.jsonl"
        if log.exists():
            lines = [line for line in log.read_text().splitlines() if line.endswith("}")]
            known = [line for line in lines if json.loads(line)["step"] <= self.step]
            log.write_text("".join(line + "\n" for line in known))

    def stop(self, *_) -> None:
        self.stopped = True

    def run(self, folder: Path, order: Order, validation: torch.Tensor, until: int) -> None:
        """Trains up to step `until` of the schedule, or until SIGTERM, saving every two minutes."""
        signal.signal(signal.SIGTERM, self.stop)
        folder.mkdir(parents=True, exist_ok=True)
        self.resume(folder)
        saved = started = time.monotonic()
        with open(folder / "log.jsonl", "a", buffering=1) as log:
            while self.step < until and not self.stopped:
                loss = self.advance(order)
                entry = {"step": self.step, "loss": round(loss, 5)}
                if self.step % VALIDATE_EVERY == 0 or self.step == until:
                    entry["validation"] = round(self.validate(validation), 5)
                if self.step % LOG_EVERY == 0 or self.step == until:
                    entry["seconds"] = round(time.monotonic() - started, 1)
                    log.write(json.dumps(entry) + "\n")
                if time.monotonic() - saved > SAVE_EVERY:
                    self.save(folder)
                    saved = time.monotonic()
        self.save(folder)
