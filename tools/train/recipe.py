"""How models are trained: one recipe for all models of a kind, kept as data beside every run."""

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

from shape import Shape

KINDS = ("causal", "masked", "span")
SWEPT = Path(__file__).with_name("settings")
CURVE = tuple(2**n for n in range(21, 26))  # tokens at which a run's loss is told: 2, 4, 8, 16, 33 million
MIXED = (16, 256, 64, 256, 32, 256, 128)  # tokens of a row, step by step, in the part of mixed lengths


@dataclass(frozen=True)
class Recipe:
    """Everything two runs of one kind have in common but their encoding and their seed."""

    rate: float  # AdamW's peak, of tables, norms and biases; swept
    short_share: float  # of the steps, read at the short context; the others at the full one
    tokens: int = CURVE[-1]
    step_tokens: int = 8_192
    short: int = 64
    context: int = Shape.context
    warmup_share: float = 0.1  # of the steps
    last: float = 0.1  # the rate at the end, as a share of the peak
    betas: tuple[float, float] = (0.9, 0.95)
    matrix_rate: float = 20 / 3  # Muon's peak, as a multiple of AdamW's
    momentum: float = 0.95
    matrix_decay: float = 0.01  # of Muon's matrices, times its rate; nothing else decays
    clip: float = 1.0
    seed: int = 1
    mixed_tokens: int = 0  # of `tokens`, the last ones: rows of all lengths of MIXED in turn, with new optimizers
    mixed_rate: float = 0.5  # the peak rates of that part, as a share of the others

    @property
    def steps(self) -> int:
        return self.tokens // self.step_tokens

    @property
    def mixed_steps(self) -> int:
        return self.mixed_tokens // self.step_tokens

    @property
    def first_mixed(self) -> int:
        """The step with which rows of mixed lengths begin; `steps` where none do."""
        return self.steps - self.mixed_steps

    @property
    def short_steps(self) -> int:
        return round(self.short_share * self.first_mixed)

    def context_at(self, step: int) -> int:
        """Tokens of a row of one step."""
        if step >= self.first_mixed:
            return MIXED[(step - self.first_mixed) % len(MIXED)]
        return self.short if step < self.short_steps else self.context

    def contexts(self) -> set[int]:
        """Every length of rows of the whole run."""
        return {self.short, self.context, *(MIXED if self.mixed_steps else ())}

    def share_at(self, step: int) -> float:
        """Share of the peak rates: linear warm-up, then a cosine down to `last`; the same again for mixed rows."""
        if step < self.first_mixed:
            return self.share_of(step, self.first_mixed)
        return self.mixed_rate * self.share_of(step - self.first_mixed, self.mixed_steps)

    def share_of(self, step: int, steps: int) -> float:
        warmup = max(1, round(self.warmup_share * steps))
        if step < warmup:
            return (step + 1) / warmup
        done = (step - warmup) / max(1, steps - warmup)
        return self.last + (1 - self.last) * 0.5 * (1 + math.cos(math.pi * done))


# A masked or removed token is told from its neighbours' order only once that has been learned, which a
# short context makes four times as easy to find; next tokens are learned from the last one at first.
SHORT_SHARE = {"causal": 0.0, "masked": 0.6, "span": 0.6}
# Rows of 64 and then of 256 leave a relative bias that is of no use for shorter texts.
MIXED_TOKENS = {"causal": 0, "masked": 2**23, "span": 0}


def swept(kind: str) -> dict:
    """What sweep.py wrote about one kind."""
    return json.loads((SWEPT / f"{kind}.json").read_text())


def of_kind(kind: str, **changes) -> Recipe:
    """The recipe of one kind, at the rate that its sweep chose."""
    mixed = MIXED_TOKENS[kind]
    own = {"rate": swept(kind)["rate"], "short_share": SHORT_SHARE[kind]}
    return Recipe(**own | {"mixed_tokens": mixed, "tokens": CURVE[-1] + mixed} | changes)


def trial(kind: str, rate: float, tokens: int) -> Recipe:
    """The recipe of one kind on fewer tokens."""
    return Recipe(rate=rate, short_share=SHORT_SHARE[kind], tokens=tokens)


def write(run: Path, recipe: Recipe) -> None:
    """Notes in a run's folder what it is trained by."""
    run.mkdir(parents=True, exist_ok=True)
    (run / "recipe.json").write_text(json.dumps(asdict(recipe)) + "\n")
    (run / "processor.txt").write_text(processor())


def read(run: Path) -> Recipe:
    """What a run was trained by."""
    noted = json.loads((run / "recipe.json").read_text())
    return Recipe(**noted | {"betas": tuple(noted["betas"])})


def processor() -> str:
    """What this machine calls its processor, and whether that multiplies bf16."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    fields = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    flags = fields.get("flags", "").split()
    wide = [name for flag, name in (("avx512f", "AVX-512"), ("avx512_bf16", "bf16")) if flag in flags]
    return fields.get("model name", "unknown processor") + (f" with {' and '.join(wide)}" if wide else "")
