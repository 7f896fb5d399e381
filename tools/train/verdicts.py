"""Holds what `locus compare --out FILE.json` says against SciPy and the losses token by token.

    locus compare --out compare.json
    venv/bin/python verdicts.py compare.json --locus ../../build/release/tools/cli/locus

Of causal models: bits per byte, its interval, the paired difference with its interval, sign-flip test
and Holm's correction, and the curves of disjoint windows. Draws are others than those of Locus: ends
of intervals may differ by their Monte Carlo error, a share of the interval's width.
"""

import argparse
import json
import math
import subprocess
import tempfile
from collections import defaultdict
from pathlib import Path

import numpy
from scipy import stats

RESAMPLES = 10_000
END_TOLERANCE = 0.05  # of an interval's width
EXACT = 1e-9
P_TOLERANCE = 4  # standard deviations of a share of the draws


def scored(options, model: str, *arguments: str) -> list[dict]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tokens.jsonl"
        command = [options.locus, "perplexity", model, *arguments, "--per-token", str(file)]
        for text in options.texts:
            command += ["--text", text]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return [json.loads(line) for line in file.read_text().splitlines()]


def bits_of(rows: list[dict]) -> dict[str, float]:
    """Bits of each document, which are the units."""
    sums = defaultdict(list)
    for row in rows:
        sums[row["document"]].append(row["nll"])
    return {name: math.fsum(losses) / math.log(2) for name, losses in sums.items()}


def ratio(sums, weights, axis=-1):
    return sums.sum(axis) / weights.sum(axis)


def interval(sums: numpy.ndarray, weights: numpy.ndarray) -> tuple[float, float]:
    """Percentiles at the expanded levels (Hesterberg 2015, section 3.5)."""
    n = len(sums)
    level = 2 * stats.norm.cdf(math.sqrt(n / (n - 1)) * stats.t.ppf(0.975, n - 1)) - 1
    found = stats.bootstrap(
        (sums, weights),
        ratio,
        paired=True,
        method="percentile",
        n_resamples=RESAMPLES,
        confidence_level=level,
        rng=1,
    ).confidence_interval
    return found.low, found.high


def sign_flips(difference: numpy.ndarray) -> float:
    """P of a sum as far from 0 where each unit's sign is a toss; both sides."""
    return stats.permutation_test(
        (difference,),
        lambda x, axis=-1: abs(x.sum(axis)),
        permutation_type="samples",
        n_resamples=RESAMPLES,
        alternative="greater",
        rng=1,
    ).pvalue


def holm(ps: list[float]) -> list[float]:
    """Holm 1979, step down."""
    order = sorted(range(len(ps)), key=ps.__getitem__)
    adjusted, largest = [0.0] * len(ps), 0.0
    for rank, i in enumerate(order):
        largest = max(largest, min(1.0, (len(ps) - rank) * ps[i]))
        adjusted[i] = largest
    return adjusted


class Report:
    """Prints what was compared, and remembers whether anything was amiss."""

    def __init__(self):
        self.sound = True

    def line(self, name: str, what: str, own: float, peer: float, allowed: float) -> None:
        good = abs(own - peer) <= allowed
        self.sound = self.sound and good
        print(f"{name:26}{what:26}{own:14.7f}{peer:14.7f}{'' if good else '  AMISS'}", flush=True)

    def interval(self, name: str, what: str, own: list[float], peer: tuple[float, float]) -> None:
        allowed = END_TOLERANCE * (peer[1] - peer[0])
        self.line(name, f"{what}, low", own[0], peer[0], allowed)
        self.line(name, f"{what}, high", own[1], peer[1], allowed)


def check_group(report: Report, options, group: dict) -> None:
    models = {model["name"]: model for model in group["models"]}
    bits = {}
    for name, model in models.items():
        bits[name] = bits_of(scored(options, name, "--context", str(model["context"])))
    first = group["baseline"] or next(iter(models))
    sizes = numpy.array([options.sizes[document] for document in bits[first]], float)
    base = numpy.array(list(bits[first].values()))
    for name, model in models.items():
        own = numpy.array(list(bits[name].values()))
        report.line(name, "bits per byte", model["bits_per_byte"], ratio(own, sizes), EXACT)
        report.interval(name, "bits per byte", model["bits_per_byte_ci95"], interval(own, sizes))
        check_disjoint(report, options, model)
        found = model["comparison"]
        if not found or found["of"] != "files":  # over seeds too: tests/evaluation/statistics
            continue
        report.line(name, "difference", found["difference"], ratio(own - base, sizes), EXACT)
        report.interval(name, "difference", found["ci95"], interval(own - base, sizes))
        p = sign_flips(own - base)
        spread = P_TOLERANCE * math.sqrt(max(p, 1 / RESAMPLES) / RESAMPLES)
        report.line(name, "p of sign flips", found["p"], p, spread)
    pairs = group["pairs"]
    for pair, adjusted in zip(pairs, holm([each["p"] for each in pairs])):
        report.line(pair["model"], f"p after Holm, {pair['other']}", pair["holm_p"], adjusted, EXACT)


def mean(rows: list[dict]) -> float:
    return math.fsum(row["nll"] for row in rows) / len(rows)


def beginnings(rows: list[dict], capacity: int) -> list[dict]:
    """The rows of each document that fill windows of so many tokens."""
    by_document = defaultdict(list)
    for row in rows:
        by_document[row["document"]].append(row)
    return [
        row for part in by_document.values() for row in part[: len(part) // capacity * capacity]
    ]


def check_disjoint(report: Report, options, model: dict) -> None:
    """Both curves over windows that do not overlap, from the losses of their tokens."""
    for point in model["loss_disjoint"]:
        length = str(point["length"])
        rows = scored(options, model["name"], "--convention", "disjoint", "--context", length)
        if point["length"] == model["context"]:
            check_positions(report, model, rows)
        loss = mean(beginnings(rows, options.longest - 1))  # <s> takes a position
        report.line(model["name"], f"loss in windows of {length}", point["nll"], loss, EXACT)


def check_positions(report: Report, model: dict, rows: list[dict]) -> None:
    points = defaultdict(list)
    for row in rows:
        points[row["context_length"] // 16 * 16].append(row)
    worst = max(abs(point["nll"] - mean(points[point["context"]])) for point in model["loss_by_position"])
    report.line(model["name"], "loss by position, worst", worst, 0, EXACT)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, help="what compare --out wrote")
    parser.add_argument("--locus", required=True, help="the executable")
    options = parser.parse_args()
    result = json.loads(options.file.read_text())
    options.texts = [text["name"] for text in result["settings"]["text"]]
    options.sizes = {text["name"]: text["bytes"] for text in result["settings"]["text"]}
    options.longest = max(result["settings"]["lengths"])
    report = Report()
    print(f"{'model':26}{'figure':26}{'Locus':>14}{'SciPy, tokens':>14}")
    for group in result["groups"]:
        if group["metric"] == "perplexity":
            check_group(report, options, group)
    if not report.sound:
        raise SystemExit("verdicts.py: expected the same figures, found the lines marked AMISS")


if __name__ == "__main__":
    main()
