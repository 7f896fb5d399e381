"""training.json of a weights folder: how the model was trained, as data. README.md gives the schema."""

import json
from pathlib import Path

import data
import recipe
import settings
from recipe import CURVE, MIXED, Recipe
from tasks import MASKED_SHARE, NOISE_SHARE, NOISE_SPAN

NAME = "training.json"
TASKS = {
    "causal": {"task": "next token"},
    "masked": {"task": "masked tokens", "masked_share": MASKED_SHARE},
    "span": {"task": "removed spans", "noise_share": NOISE_SHARE, "mean_span": NOISE_SPAN},
}
ARITHMETIC = "f32, products of bf16 with sums in f32"
CURVE_FIELDS = ("tokens", "validation", "validation_short")


def in_turn(numbers) -> str:
    """One text, as which a field of two recipes is compared and printed."""
    return ", ".join(map(str, numbers))


def schedule(own: Recipe) -> list[dict]:
    """The parts of training, each with its length of rows; parts without steps are left out."""
    parts = ((own.short, own.short_steps), (own.context, own.first_mixed - own.short_steps))
    found = [
        {"steps": steps, "rows": own.step_tokens // context, "context": context}
        for context, steps in parts
        if steps
    ]
    if own.mixed_steps:
        rows = [own.step_tokens // context for context in MIXED]
        part = {"steps": own.mixed_steps, "rows": in_turn(rows), "context": in_turn(MIXED)}
        found.append(part | {"rate_share": own.mixed_rate})
    return found


def recipe_block(kind: str, own: Recipe, corpus: dict[str, str]) -> dict:
    """What two models must have in common to be trained alike."""
    return {
        **TASKS[kind],
        "tokens": own.tokens,
        "steps": own.steps,
        "schedule": schedule(own),
        "optimizer": "Muon for matrices of blocks, AdamW for all else",
        "adamw": {"peak_rate": own.rate, "betas": list(own.betas), "decay": 0.0},
        "muon": {
            "peak_rate": own.rate * own.matrix_rate,
            "momentum": own.momentum,
            "decay": own.matrix_decay,
        },
        "warmup_share": own.warmup_share,
        "last_share": own.last,
        "clip": own.clip,
        "token_scale": settings.TOKEN_SCALE,
        "arithmetic": ARITHMETIC,
        "corpus": corpus["corpus"],
        "vocabulary": corpus["vocabulary"],
    }


def entries(run: Path) -> list[dict]:
    """The lines of a run's log, without a last one that was cut off."""
    log = run / "log.jsonl"
    lines = log.read_text().splitlines() if log.exists() else []
    return [json.loads(line) for line in lines if line.endswith("}")]


def curve(run: Path, own: Recipe) -> list[dict]:
    """Validation losses at the token counts of CURVE and at the end, with the context trained on until then."""
    told = {*CURVE, own.tokens}
    return [
        {"context": own.context_at(entry["step"] - 1), **{key: entry[key] for key in CURVE_FIELDS}}
        for entry in entries(run)
        if entry["tokens"] in told and "validation" in entry
    ]


def block(name: str, run: Path, corpus: dict[str, str]) -> dict:
    """The content of training.json, for a run that is finished or still going on."""
    kind, _, encoding = name.partition("-")
    own, log = recipe.read(run), entries(run)
    speeds = [entry["tokens_per_second"] for entry in log]
    return {
        "format": 1,
        "kind": kind,
        "encoding": encoding,
        "recipe": recipe_block(kind, own, corpus),
        "position_scale": settings.position_scale(name),
        "seed": own.seed,
        "tokens_seen": log[-1]["tokens"] if log else 0,
        "curve": curve(run, own),
        "made": {
            "processor": (run / "processor.txt").read_text(),
            "tokens_per_second": speeds[-1] if speeds else None,
        },
    }


def write(name: str, run: Path, corpus: Path, folder: Path) -> None:
    found = block(name, run, data.hashes(corpus))
    (folder / NAME).write_text(json.dumps(found, indent=1) + "\n")
