"""The README.md of a weights folder: card.md, filled in."""

from pathlib import Path
from string import Template

import families
import recipe
import settings
import tasks
import training

TEMPLATE = Path(__file__).with_name("card.md")
KINDS = {
    "causal": "a causal language model with GPT-2's pre-norm block",
    "masked": "a masked language model",
    "span": "an encoder-decoder that fills in removed spans",
}
ENCODINGS = {
    "causal-none": "no positional encoding at all (`wpe` is written as zeros)",
    "causal-learned": "a learned vector for each of 256 positions",
    "causal-learned-512": "a learned vector for each of 512 positions, of which training reaches the first 128",
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
    "masked-none": "BERT's block with no positional encoding (its table is zeros)",
    "masked-learned": "BERT's block with a learned vector for each of 256 positions",
    "masked-sinusoidal": "BERT's block with the interleaved sinusoid for its table, which stays as it is",
    "masked-rope": "RoFormer's block: RoPE (interleaved pairs), values not rotated",
    "masked-t5": "BERT's block with T5's relative bias (32 buckets for both sides, one table)",
    "masked-nezha": "BERT's block with NEZHA's fixed sinusoids for keys and values, clipped at 64",
    "masked-relative_key": "BERT's block with learned vectors by distance, a table per layer",
    "span-t5": "T5's block (v1.0, ReLU, tied): relative bias, one table per stack",
    "span-learned": "T5's block with a learned vector for each of 256 positions of a stack, no bias",
    "span-sinusoidal": "T5's block with the interleaved sinusoid added in both stacks, no bias",
    "span-rope": "T5's block with RoPE (interleaved pairs) in self-attention, none across, no bias",
}
LAYOUT = {
    "causal-rope": "GPTNeoXForCausalLM with the serial residual.",
    "causal-rope-partial": "GPTNeoXForCausalLM with the serial residual.",
    "masked-rope": "RoFormerForMaskedLM.",
    "masked-nezha": "NezhaForMaskedLM.",
}
HOME = {
    "causal": "GPT2LMHeadModel.",
    "masked": "BertForMaskedLM.",
    "span": "T5ForConditionalGeneration.",
}
TASKS = {
    "causal": "Every token of a row is predicted from `<s>` and the tokens before.",
    "masked": f"""`<cls>` and `<sep>` enclose a row in place of its last two tokens.
{tasks.MASKED_SHARE:.0%} of the others are chosen, of which 80 % become `<mask>`, 10 % a random
token, 10 % stay. The share is twice BERT's, because the budget of tokens is small.""",
    "span": f"""{tasks.NOISE_SHARE:.0%} of the tokens are removed in spans of {tasks.NOISE_SPAN} on
average, where T5 removes 15 % in spans of 3: with a small budget of tokens, more of each row is learned
from. A source is closed by `</s>`; a target ends with one more sentinel and `</s>`.""",
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


def curve_table(run: Path) -> str:
    rows = [
        [f"{entry['tokens']:,}", *(f"{entry[key]:.3f}" for key in ("loss", "validation", "validation_short"))]
        for entry in training.entries(run)
        if "validation" in entry
    ]
    return table(["tokens", "training loss", "validation loss", "the same, rows cut to 64"], rows)


def rates_text(kind: str) -> str:
    """The sweep of the one rate of a kind."""
    swept = recipe.swept(kind)
    rows = [[t["model"], f"{t['rate']:g}", f"{t['validation']:.4f}"] for t in swept["trials"]]
    return f"""AdamW's peak rate is {swept["rate"]:g} and Muon's 20/3 of it for every model of this kind, by
trials of the recipe on {swept["tokens"]:,} tokens:

{table(["model", "peak rate", "validation loss"], rows)}

{swept.get("lowered", "")}""".rstrip()


def scales_text(name: str) -> str:
    """Where the positions begin, and by which trials."""
    if not families.adds_rows(name):
        return "No rows are added to token vectors."
    chosen = f"""Rows that are added to token vectors begin at {settings.position_scale(name):g} of the size
at which both are about equal."""
    record = settings.record(name)
    if not record:
        return f"{chosen} That is as published, not swept."
    rows = [[f"{t['position_scale']:g}", f"{t['validation']:.4f}"] for t in record["trials"]]
    note = f"\n\n{record['note']}" if "note" in record else ""
    return f"{chosen} Trials:\n\n{table(['scale of positions', 'validation loss'], rows)}{note}"


def shape_text(name: str) -> str:
    shape = families.SHAPE
    depth = "2 + 2 layers" if name.startswith("span") else f"{shape.layers} layers"
    return f"""Width {shape.width}, {depth}, {shape.heads} heads of {shape.head_width}, hidden width
{shape.hidden}, context {families.context_of(name)}, vocabulary {shape.vocabulary:,}"""


def part_text(part: dict) -> str:
    """One part of training."""
    if isinstance(part["context"], int):
        return f"{part['steps']:,} of {part['rows']} rows of {part['context']}"
    return f"""{part['steps']:,} of rows of {part['context']} in turn
with optimizers that begin anew at {part['rate_share']:g} of the peak rates"""


def schedule_text(own: recipe.Recipe) -> str:
    first, second = own.betas
    parts = ", then ".join(part_text(part) for part in training.schedule(own))
    return f"""{own.steps:,} steps ({parts}), {own.tokens:,} tokens, seed {own.seed}; {training.ARITHMETIC}.
Muon (momentum {own.momentum}, peak {own.rate * own.matrix_rate:.3g}, decay {own.matrix_decay}) for the matrices of the
blocks, AdamW {first}/{second} (peak {own.rate:g}) for all else, clip {own.clip:g}, {own.warmup_share:.0%} of warm-up,
cosine to a tenth. `training.json` says so as data."""


def layout_text(name: str, at_home: bool) -> str:
    """The class of transformers that holds the folder, or that there is none."""
    if not at_home:
        return "`locus.json`, as no class of transformers computes this encoding."
    return LAYOUT.get(name, HOME[name.partition("-")[0]])


def write(name: str, run: Path, measured: dict, at_home: bool) -> str:
    """The whole card."""
    kind = name.partition("-")[0]
    own = recipe.read(run)
    return Template(TEMPLATE.read_text()).substitute(
        name=name,
        kind=KINDS[kind],
        encoding=ENCODINGS[name],
        shape=shape_text(name),
        layout=layout_text(name, at_home),
        figures=figures_table(measured),
        task=TASKS[kind],
        schedule=schedule_text(own),
        seed=own.seed,
        processor=(run / "processor.txt").read_text(),
        curve=curve_table(run),
        rates=rates_text(kind),
        scales=scales_text(name),
    )
