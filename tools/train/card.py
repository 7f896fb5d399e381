"""The README.md of a weights folder."""

import json
from pathlib import Path

import families
import settings
import sweep
import tasks

KINDS = {
    "causal": "a causal language model with GPT-2's pre-norm block",
    "masked": "a masked language model",
    "span": "an encoder-decoder that fills in removed spans",
}
ENCODINGS = {
    "causal-none": "no positional encoding at all (`wpe` is written as zeros)",
    "causal-learned": "a learned vector for each of 256 positions",
    "causal-sinusoidal": "the interleaved sinusoid, exponent 2k/d, written out into `wpe`",
    "causal-t5": "T5's relative bias (32 causal buckets up to distance 128, one table for all layers)",
    "causal-rope": "RoPE (half-split pairs, base 10,000, whole head)",
    "causal-alibi": "ALiBi (slopes of five heads by the power-of-two rule)",
    "masked-bert": "BERT's block with a learned vector for each of 256 positions",
    "masked-roformer": "RoFormer's block: RoPE (interleaved pairs), values not rotated",
    "span-t5": "T5's block (v1.0, ReLU, tied): relative bias, one table per stack",
}
LAYOUT = {
    "causal-t5": "GPT-2's names, and `transformer.relative_attention_bias.weight` [buckets, heads]; "
    "no class of transformers computes it.",
    "causal-alibi": "GPT-2's names without `wpe`; no class of transformers computes it.",
    "causal-rope": "GPTNeoXForCausalLM with the serial residual.",
    "masked-bert": "BertForMaskedLM.",
    "masked-roformer": "RoFormerForMaskedLM.",
    "span-t5": "T5ForConditionalGeneration.",
}
TASKS = {
    "causal": "Every row of 256 tokens is predicted from `<s>` and the tokens before.",
    "masked": f"{tasks.MASKED_SHARE:.0%} of the tokens are chosen (of these 80 % become `<mask>`, 10 % "
    "a random token, 10 % stay): twice BERT's share, because the budget of tokens is small. A row is "
    "`<cls>`, 254 tokens, `<sep>`.",
    "span": f"{tasks.NOISE_SHARE:.0%} of the tokens are removed in spans of {tasks.NOISE_SPAN} on "
    "average: twice T5's share, because the budget of tokens is small. A source is closed by `</s>`; "
    "a target ends with one more sentinel and `</s>`.",
}


def figures_table(measured: dict) -> str:
    lines = ["| on | loss per token | perplexity | bits per byte | scored |", "|---|---|---|---|---|"]
    for name, row in measured.items():
        bits = f"{row['bits_per_byte']:.3f}" if "bits_per_byte" in row else ""
        scored = next(f"{row[key]:,} {key}" for key in ("tokens", "places", "rows") if key in row)
        lines.append(f"| {name} | {row['loss']:.4f} | {row['perplexity']:.2f} | {bits} | {scored} |")
    return "\n".join(lines)


def curve_table(log: Path) -> str:
    entries = [json.loads(line) for line in log.read_text().splitlines()]
    lines = ["| step | training loss | validation loss |", "|---|---|---|"]
    for entry in entries:
        if entry["step"] % 100 == 0:
            lines.append(f"| {entry['step']} | {entry['loss']:.3f} | {entry['validation']:.3f} |")
    return "\n".join(lines)


def sweep_table(trials: list[dict]) -> str:
    lines = ["| learning rate | token scale | rate of the encoding | validation loss |"]
    lines.append("|---|---|---|---|")
    for trial in trials:
        values = [trial["learning_rate"], trial["token_scale"], f"x {trial['position_rate']:g}"]
        lines.append(f"| {values[0]} | {values[1]} | {values[2]} | {trial['validation']:.4f} |")
    return "\n".join(lines)


def write(name: str, run: Path, measured: dict) -> str:
    """The whole card."""
    kind = name.partition("-")[0]
    schedule, record = settings.read_schedule(run), settings.record(name)
    best = record["settings"]
    shape = families.SHAPE
    depth = "2 + 2 layers" if kind == "span" else f"{shape.layers} layers"
    layout = LAYOUT.get(name, "GPT2LMHeadModel.")
    return f"""# {name}

A small model made to compare positional encodings: {KINDS[kind]}.
Encoding: {ENCODINGS[name]}.
Width {shape.width}, {depth}, {shape.heads} heads of {shape.head_width}, hidden width {shape.hidden},
trained on a context of {shape.context}, vocabulary {shape.vocabulary:,}. Weights are f16 (fixed sinusoid
tables f32). Layout: {layout}

## Figures

{figures_table(measured)}

Causal: disjoint windows of one document at a time, each opened by `<s>`, `</s>` not scored. Masked and
span: mean loss on the masked tokens or on the target; these are not perplexities of the text and compare
only with models of the same kind. Pseudo-perplexity: one mask at a time at sampled places.

## Training

Text: the English documentation in six Debian packages (debian-handbook, debian-reference-en, git-doc,
linux-doc-6.1, perl-doc, postgresql-doc-15), split by document; see `tools/train`. The texts are not part
of this repository. {TASKS[kind]}

{schedule.steps:,} steps of {schedule.rows} rows, {schedule.tokens:,} tokens, seed {schedule.seed}, f32. AdamW
{schedule.betas[0]}/{schedule.betas[1]}, decay {schedule.decay}, clip {schedule.clip:g}, {schedule.warmup} steps of
warm-up to {best['learning_rate']}, cosine to a tenth. All models saw the same rows in the same order.
Made on one core of an Intel Xeon (AVX-512, 2.5 GHz):

    python tools/train/train.py --model {name} --tokens {schedule.tokens} --rows {schedule.rows}

{curve_table(run / "log.jsonl")}

(The training loss is of one step, the validation loss of 64 rows.)

## Sweep

The same for every model: {shape_of_sweep()} Chosen: learning rate {best['learning_rate']}, token vectors beginning at
{best['token_scale']}, rate of the encoding's own parameters x {best['position_rate']:g}.

{sweep_table(record['sweep'])}
"""


def shape_of_sweep() -> str:
    schedule = sweep.SCHEDULE
    return f"{schedule.steps} steps of {schedule.rows} rows each, the lowest validation loss wins."
