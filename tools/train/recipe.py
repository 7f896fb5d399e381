"""How models are trained: one recipe for all models of a kind, kept as data beside every run."""

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

from shape import Shape

KINDS = ("causal", "masked", "span")
SWEPT = Path(__file__).with_name("settings")
CURVE = tuple(2**n for n in range(21, 26))  # tokens at which a run's loss is told: 2, 4, 8, 16, 33 million


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

    @property
    def steps(self) -> int:
        return self.tokens // self.step_tokens

    @property
    def short_steps(self) -> int:
        return round(self.short_share * self.steps)

    def context_at(self, step: int) -> int:
        """Tokens of a row of one step."""
        return self.short if step < self.short_steps else self.context

    def share_at(self, step: int) -> float:
        """Share of the peak rates: linear warm-up, then a cosine down to `last`."""
        warmup = max(1, round(self.warmup_share * self.steps))
        if step < warmup:
            return (step + 1) / warmup
        done = (step - warmup) / max(1, self.steps - warmup)
        return self.last + (1 - self.last) * 0.5 * (1 + math.cos(math.pi * done))


# A masked or removed token is told from its neighbours' order only once that has been learned, which a
# short context makes four times as easy to find; next tokens are learned from the last one at first.
SHORT_SHARE = {"causal": 0.0, "masked": 0.6, "span": 0.6}


def swept(kind: str) -> dict:
    """What sweep.py wrote about one kind."""
    return json.loads((SWEPT / f"{kind}.json").read_text())


def of_kind(kind: str, **changes) -> Recipe:
    """The recipe of one kind, at the rate that its sweep chose."""
    return Recipe(**{"rate": swept(kind)["rate"], "short_share": SHORT_SHARE[kind]} | changes)


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
