"""Holds the losses that Locus gives for shipped models against PyTorch in float64, token by token.

    venv/bin/python parity.py --locus ../../build/release/tools/cli/locus --weights ../../weights

Folders that transformers loads run in its classes, all others in the modules that trained them, on the
folder's weights. A masked model is asked at a sample of tokens, both ways.
"""

import argparse
import json
import math
import subprocess
import tempfile
from itertools import groupby
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor
from transformers import AutoModelForCausalLM, AutoModelForMaskedLM, AutoModelForSeq2SeqLM, AutoTokenizer

import families
import layouts
import settings
import vocabulary as v
from families import SHAPE
from losses import token_losses
from schemes.encoding import Encoding

TOLERANCE = 1e-4
AUTO = {
    "causal": AutoModelForCausalLM,
    "masked": AutoModelForMaskedLM,
    "span": AutoModelForSeq2SeqLM,
}
TASKS = {"causal": ["causal"], "masked": ["masked", "masked-word"], "span": ["infill"]}


def take(encoding: Encoding, tensors: dict[str, Tensor], prefix: str) -> None:
    """The encoding's own weights out of those of the folder."""
    size = len(prefix)
    encoding.load({name[size:]: value for name, value in tensors.items() if name.startswith(prefix)})


def load_causal(module, tensors: dict[str, Tensor], text: str) -> None:
    """GPT-2's names and [in, out] matrices into our block; `text` is what Locus calls the encoding."""
    state = {f"norm.{key}": tensors[f"transformer.ln_f.{key}"] for key in ("weight", "bias")}
    state["tokens.weight"] = tensors["transformer.wte.weight"]
    for layer in range(SHAPE.layers):
        for ours, theirs in layouts.gpt2_names(layer).items():
            for key in ("weight", "bias"):
                value = tensors[f"{theirs}.{key}"]
                linear = ".c_" in theirs and key == "weight"
                state[f"blocks.{layer}.{ours}.{key}"] = value.t() if linear else value
    missing = module.load_state_dict(state, strict=False)
    assert not missing.unexpected_keys
    take(module.encoding, tensors, layouts.ENCODING)
    if text.startswith("weighted_mix:"):  # numbers of the text, not tensors
        numbers = dict(part.split("=") for part in text.partition(":")[2].split(","))
        module.encoding.proportion.data = torch.tensor([float(numbers["a"]), float(numbers["b"])])


def load_other(module, tensors: dict[str, Tensor]) -> None:
    result = module.load_state_dict(tensors, strict=False)
    parts = [(name, part) for name, part in module.named_modules() if isinstance(part, Encoding)]
    own = tuple(f"{name}." for name, _ in parts)
    assert all(key.startswith(own) for key in result.unexpected_keys), result.unexpected_keys
    for name, part in parts:
        take(part, tensors, f"{name}.")


class OwnLogits:
    """Our causal module with the interface of transformers."""

    def __init__(self, module):
        self.module = module

    def __call__(self, ids: Tensor):
        self.logits = self.module(ids) @ self.module.tokens.weight.t()
        return self


def module_of(folder: Path, text: str):
    """The model in the folder, as PyTorch computes it, and whose class that is."""
    name = folder.name
    kind = name.partition("-")[0]
    if not (folder / "locus.json").exists():
        return AUTO[kind].from_pretrained(folder, attn_implementation="eager").double().eval(), "transformers"
    module = families.build(name, settings.position_scale(name), seed=1).module.eval()
    tensors = {key: value.float() for key, value in load_file(folder / "model.safetensors").items()}
    if kind != "causal":
        load_other(module, tensors)
        return module.double(), "tools/train"
    load_causal(module, tensors, text)
    return OwnLogits(module.double()), "tools/train"


def losses_at(logits: Tensor, wanted: list[int]) -> list[float]:
    return token_losses(logits, torch.tensor(wanted)).tolist()


def causal(module, ids: list[int], places: list[int], context: int) -> list[float]:
    """Every token, in windows half a context apart that <s> opens."""
    found = []
    for begin in range(0, len(ids), context // 2):
        part = ids[begin : begin + context - 1]
        end = begin + len(part)
        fresh = end - len(found)  # tokens that no window before held
        logits = module(torch.tensor([[v.BOS, *part[:-1]]])).logits[0]
        found += losses_at(logits[-fresh:], part[-fresh:])
        if end == len(ids):
            break
    assert places == list(range(len(ids)))
    return found


def masked(module, ids: list[int], places: list[int], context: int, word_ends: list[int]) -> list[float]:
    """One window a place, which lies in the middle; masked from there to `word_ends`."""
    found, room = [], min(context - 2, len(ids))
    for place, word_end in zip(places, word_ends):
        begin = min(max(place - room // 2, 0), len(ids) - room)
        copy = [*ids[:place], *[v.MASK] * (word_end - place), *ids[word_end:]]
        window = torch.tensor([[v.CLS, *copy[begin : begin + room], v.SEP]])
        found += losses_at(module(window).logits[0, place - begin + 1][None], [ids[place]])
    return found


def infill(module, ids: list[int], places: list[int], context: int) -> list[float]:
    """Windows apart; neighbouring places are a span, cut out for a sentinel."""
    found = []
    for window, cut in groupby(places, key=lambda place: place // context):
        source, target, at, kept = [], [v.PAD], [], window * context
        for order, place in enumerate(cut := list(cut)):
            if order == 0 or place != cut[order - 1] + 1:
                sentinel = v.FIRST_SENTINEL + sum(token in SENTINELS for token in target)
                source += [*ids[kept:place], sentinel]
                target.append(sentinel)
            at.append(len(target) - 1)
            target.append(ids[place])
            kept = place + 1
        source += [*ids[kept : (window + 1) * context], v.EOS]
        logits = module(
            input_ids=torch.tensor([source]), decoder_input_ids=torch.tensor([target[:-1]])
        ).logits[0]
        found += losses_at(logits[at], [ids[place] for place in cut])
    return found


SENTINELS = range(v.FIRST_SENTINEL, v.FIRST_PIECE)


def word_ends_of(text: str, offsets: list[tuple[int, int]]) -> list[int]:
    """For every token, where its word ends: at the next token that begins after white space."""
    starts = [
        begin == 0 or text[begin].isspace() or text[begin - 1].isspace() for begin, _ in offsets
    ]
    starts = [start and (i == 0 or offsets[i][0] != offsets[i - 1][0]) for i, start in enumerate(starts)]
    ends, end = [0] * len(starts), len(starts)
    for i in reversed(range(len(starts))):
        ends[i] = end
        end = i if starts[i] else end
    return ends


def run(options, *arguments) -> str:
    return subprocess.run(
        [options.locus, *map(str, arguments)], check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def rows_of(options, folder: Path, task: str) -> list[dict]:
    """What `locus perplexity` writes of every scored token."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "tokens.jsonl"
        arguments = ["--task", task, "--text", options.text, "--per-token", file]
        if task.startswith("masked"):
            arguments += ["--sample", options.sample]
        run(options, "perplexity", folder, *arguments)
        return [json.loads(line) for line in file.read_text().splitlines()]


def peer_losses(module, tokenizer, task: str, name: str, places: list[int], context: int) -> list[float]:
    text = Path(name).read_text()
    encoded = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    ids = encoded["input_ids"]
    if task == "causal":
        return causal(module, ids, places, context)
    if task == "infill":
        return infill(module, ids, places, context)
    ends = word_ends_of(text, encoded["offset_mapping"])
    ends = [ends[place] if task == "masked-word" else place + 1 for place in places]
    return masked(module, ids, places, context, ends)


@torch.inference_mode()
def compare(options, folder: Path, task: str) -> float:
    """Prints one line; gives the larger of both relative differences, of a token and of the sum."""
    told = json.loads(run(options, "inspect", folder, "--json"))
    module, whose = module_of(folder, "".join(told["encoding"]))
    tokenizer = AutoTokenizer.from_pretrained(folder, verbose=False)
    own, peer = [], []
    for name, rows in groupby(rows_of(options, folder, task), key=lambda row: row["document"]):
        rows = list(rows)
        places = [row["position"] for row in rows]
        own += [row["nll"] for row in rows]
        peer += peer_losses(module, tokenizer, task, name, places, SHAPE.context)
    worst = max(abs(a - b) / max(1.0, abs(b)) for a, b in zip(own, peer, strict=True))
    total = abs(math.fsum(own) / math.fsum(peer) - 1)
    mean = math.fsum(own) / len(own)
    print(f"{folder.name:26}{task:13}{whose:14}{len(own):7,}{mean:10.5f}{total:10.1e}{worst:10.1e}", flush=True)
    return max(worst, total)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="*", help="default: all in --weights")
    parser.add_argument("--locus", required=True, help="the executable")
    parser.add_argument("--weights", required=True, type=Path)
    parser.add_argument("--text", type=Path, help="default: the shipped text")
    parser.add_argument("--sample", type=int, default=256, help="tokens that masked models are asked")
    options = parser.parse_args()
    options.text = options.text or options.weights / "text"
    names = options.models or sorted(path.parent.name for path in options.weights.glob("*/model.safetensors"))
    print(f"{'model':26}{'question':13}{'by':14}{'tokens':>7}{'loss':>10}{'of sum':>10}{'of token':>10}")
    worst = 0.0
    for name in names:
        for task in TASKS[name.partition("-")[0]]:
            worst = max(worst, compare(options, options.weights / name, task))
    if worst > TOLERANCE:
        raise SystemExit(f"parity.py: expected differences of at most {TOLERANCE}, found {worst:.1e}")


if __name__ == "__main__":
    main()
