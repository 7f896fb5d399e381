"""The README.md of a weights folder: card.md, filled in."""

import json
from dataclasses import replace
from pathlib import Path
from string import Template

import families
import settings
import sweep
import tasks

TEMPLATE = Path(__file__).with_name("card.md")
KINDS = {
    "causal": "a causal language model with GPT-2's pre-norm block",
    "masked": "a masked language model",
    "span": "an encoder-decoder that fills in removed spans",
}
ENCODINGS = {
    "causal-none": "no positional encoding at all (`wpe` is written as zeros)",
    "causal-learned": "a learned vector for each of 256 positions",
    "causal-sinusoidal": "the interleaved sinusoid, exponent 2k/d, written out into `wpe`",
    "causal-sinusoidal-doubled": "the sinusoid with the doubled exponent 4k/d, written out into `wpe`",
    "causal-normalised-index": "p / 255 along a learned vector",
    "causal-weighted-mix": "a x + b PE with two learned numbers, PE the interleaved sinusoid",
    "causal-concatenation": "x W1 + PE W2, both begun at the identity, PE the interleaved sinusoid",
    "causal-t5": "T5's relative bias (32 causal buckets, farthest 128, one table for all layers)",
    "causal-alibi": "ALiBi (slopes of five heads by the power-of-two rule)",
    "causal-kerple": "KERPLE, logarithmic (two learned numbers for each head)",
    "causal-fire": "FIRE (hidden width 32, c begun at 0.1, L at 64)",
    "causal-shaw": "Shaw's vectors for keys and values, clipped at 32, one set for all layers",
    "causal-nezha": "NEZHA's fixed sinusoids for keys and values, clipped at 64",
    "causal-transformer-xl": "Transformer-XL's relative attention, one set of weights for all layers",
    "causal-rope": "RoPE (half-split pairs, base 10,000, whole head)",
    "causal-rope-interleaved": "RoPE (interleaved pairs, base 10,000, whole head)",
    "causal-rope-partial": "RoPE (half-split pairs, base 10,000, the first half of each head)",
    "masked-bert": "BERT's block with a learned vector for each of 256 positions",
    "masked-bert-512": "BERT's block with 512 learned vectors, trained on half rows of 128",
    "masked-roformer": "RoFormer's block: RoPE (interleaved pairs), values not rotated",
    "masked-nezha": "BERT's block with NEZHA's fixed sinusoids for keys and values, clipped at 64",
    "masked-relative_key": "BERT's block with learned vectors by distance, a table per layer",
    "masked-t5": "BERT's block with T5's relative bias (32 buckets for both sides, one table)",
    "masked-none": "BERT's block with no positional encoding (its table is zeros)",
    "span-t5": "T5's block (v1.0, ReLU, tied): relative bias, one table per stack",
    "span-sinusoidal": "T5's block with the interleaved sinusoid added in both stacks, no bias",
    "span-bart": "T5's block with a learned vector for each of 256 positions of a stack, no bias",
}
LAYOUT = {
    "causal-rope": "GPTNeoXForCausalLM with the serial residual.",
    "causal-rope-partial": "GPTNeoXForCausalLM with the serial residual.",
    "masked-roformer": "RoFormerForMaskedLM.",
    "masked-nezha": "NezhaForMaskedLM.",
}
HOME = {
    "causal": "GPT2LMHeadModel.",
    "masked": "BertForMaskedLM.",
    "span": "T5ForConditionalGeneration.",
}
TASKS = {
    "causal": "Every row of 256 tokens is predicted from `<s>` and the tokens before.",
    "masked": f"""`<cls>` and `<sep>` enclose a row in place of its last two tokens.
{tasks.MASKED_SHARE:.0%} of the others are chosen, of which 80 % become `<mask>`, 10 % a random
token, 10 % stay. The share is twice BERT's, because the budget of tokens is small.""",
    "span": f"""{tasks.NOISE_SHARE:.0%} of the tokens are removed in spans of {tasks.NOISE_SPAN} on
average: twice T5's share, because the budget of tokens is small. A source is closed by `</s>`; a
target ends with one more sentinel and `</s>`. So a source has 206 positions and a target 105.""",
}


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def figures_table(measured: dict) -> str:
    rows = []
    for name, row in measured.items():
        scored = next(
            (f"{row[key]:,} {key}" for key in ("tokens", "places", "rows") if key in row), ""
        )
        bits = f"{row['bits_per_byte']:.3f}" if "bits_per_byte" in row else ""
        rows.append([name, f"{row['loss']:.4f}", f"{row['perplexity']:.2f}", bits, scored])
    return table(["on", "loss per token", "perplexity", "bits per byte", "scored"], rows)


def curve_table(log: Path) -> str:
    entries = [json.loads(line) for line in log.read_text().splitlines()]
    rows = [
        [str(entry["step"]), f"{entry['loss']:.3f}", f"{entry['validation']:.3f}"]
        for entry in entries
        if "validation" in entry
    ]
    return table(["step", "training loss", "validation loss"], rows)


def sweep_table(trials: list[dict]) -> str:
    rows = [
        [
            str(trial["learning_rate"]),
            str(trial["token_scale"]),
            f"x {trial['position_scale']:.3g}",
            f"x {trial['position_rate']:g}",
            f"{trial['validation']:.4f}",
        ]
        for trial in trials
    ]
    titles = ["learning rate", "token scale", "position scale", "rate of the encoding"]
    return table([*titles, "validation loss"], rows)


def sweep_text(record: dict) -> str:
    """What was chosen, and from which trials."""
    best, schedule = record["settings"], replace(sweep.SCHEDULE, tokens=record["tokens"])
    chosen = f"""Learning rate {best["learning_rate"]}, token vectors beginning at a standard
deviation of {best["token_scale"]}, a fixed table of positions x
{best["position_scale"]:.3g}, learning rate of the encoding's own parameters x {best["position_rate"]:g}."""
    if not record["sweep"]:
        return f"{chosen}\nTaken over from the swept models; not tried here."
    trials = f"Trials of {schedule.steps} steps of {schedule.rows} rows; the lowest loss wins."
    return f"{chosen}\n{trials}\n\n{sweep_table(record['sweep'])}"


def shape_text(name: str) -> str:
    shape = families.SHAPE
    depth = "2 + 2 layers" if name.startswith("span") else f"{shape.layers} layers"
    return f"""Width {shape.width}, {depth}, {shape.heads} heads of {shape.head_width}, hidden width
{shape.hidden}, trained on a context of {families.context_of(name)}, vocabulary {shape.vocabulary:,}"""


def schedule_text(schedule: settings.Schedule, peak: float) -> str:
    first, second = schedule.betas
    rows = f"{schedule.rows} rows of {schedule.context}"
    return f"""{schedule.steps:,} steps of {rows}, {schedule.tokens:,} tokens, seed {schedule.seed}, f32.
AdamW {first}/{second}, decay {schedule.decay}, clip {schedule.clip:g},
{schedule.warmup} steps of warm-up to {peak}, cosine to a tenth."""


def layout_text(name: str, at_home: bool) -> str:
    """The class of transformers that holds the folder, or that there is none."""
    if not at_home:
        return "`locus.json`, as no class of transformers computes this encoding."
    return LAYOUT.get(name, HOME[name.partition("-")[0]])


def write(name: str, run: Path, measured: dict, at_home: bool) -> str:
    """The whole card."""
    kind = name.partition("-")[0]
    schedule, record = settings.read_schedule(run), settings.record(name)
    return Template(TEMPLATE.read_text()).substitute(
        name=name,
        kind=KINDS[kind],
        encoding=ENCODINGS[name],
        shape=shape_text(name),
        layout=layout_text(name, at_home),
        figures=figures_table(measured),
        task=TASKS[kind],
        schedule=schedule_text(schedule, record["settings"]["learning_rate"]),
        tokens=schedule.tokens,
        rows=schedule.rows,
        processor=(run / "processor.txt").read_text(),
        curve=curve_table(run / "log.jsonl"),
        sweep=sweep_text(record),
    )
