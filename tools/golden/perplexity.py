"""Perplexity of a Hugging Face folder, computed plainly with PyTorch: what `locus` is held against.

    python perplexity.py FOLDER --text FILE --convention sliding --context 256 --stride 128
    python perplexity.py FOLDER --text FILE --task masked-word --context 256
    python perplexity.py FOLDER --text FILE --source FILE

One window or one masked copy at a time, logits in f32, log-softmax in double. Folders that no class
of transformers can compute (GPT-2's block with ALiBi or T5 bias) run in `OwnGpt2` below.
"""

import argparse
import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor
from transformers import (
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    AutoModelForSeq2SeqLM,
    AutoTokenizer,
)

CONVENTIONS = ("sliding", "disjoint", "llama.cpp", "lm-eval", "hf")
TASKS = ("causal", "masked", "masked-word", "source")
OWN_ENCODINGS = ("alibi", "t5")


def alibi_bias(heads: int, length: int) -> Tensor:
    """-slope * (query - key), [H, T, T] (Press 2022; slopes of other counts as in its code)."""
    power = 2 ** math.floor(math.log2(heads))
    slopes = [2 ** (-8 * (i + 1) / power) for i in range(power)]
    slopes += [2 ** (-8 * (2 * i + 1) / (2 * power)) for i in range(heads - power)]
    position = torch.arange(length)
    return -torch.tensor(slopes)[:, None, None] * (position[:, None] - position[None, :])


def t5_bias(table: Tensor, length: int) -> Tensor:
    """table [buckets, heads] looked up by causal bucket, [H, T, T] (Raffel 2020; farthest 128)."""
    exact = len(table) // 2
    buckets = []
    for past in range(length):
        far = exact + int(math.log(max(past, 1) / exact) / math.log(128 / exact) * exact)
        buckets.append(past if past < exact else min(far, len(table) - 1))
    position = torch.arange(length)
    past = (position[:, None] - position[None, :]).clamp(min=0)
    return table[torch.tensor(buckets)[past]].permute(2, 0, 1)


class OwnGpt2:
    """GPT-2's pre-norm block with a bias on the scores instead of position vectors."""

    def __init__(self, folder: Path, config: dict):
        tensors = load_file(folder / "model.safetensors")
        self.weights = {name: tensor.float() for name, tensor in tensors.items()}
        self.config, self.encoding = config, config["locus"]["encoding"]

    def norm(self, x: Tensor, name: str) -> Tensor:
        gain, offset = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        return F.layer_norm(x, x.shape[-1:], gain, offset, self.config["layer_norm_epsilon"])

    def linear(self, x: Tensor, name: str) -> Tensor:
        return x @ self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]

    def bias(self, length: int) -> Tensor:
        mask = torch.full((length, length), -torch.inf).triu(1)
        if self.encoding == "alibi":
            return mask + alibi_bias(self.config["n_head"], length)
        return mask + t5_bias(self.weights["transformer.relative_attention_bias.weight"], length)

    def attention(self, x: Tensor, name: str, bias: Tensor) -> Tensor:
        heads = self.config["n_head"]
        length, width = x.shape
        qkv = self.linear(x, f"{name}.c_attn").view(length, 3, heads, width // heads)
        q, k, v = qkv.permute(1, 2, 0, 3)  # [H, T, d] each
        scores = q @ k.transpose(1, 2) / math.sqrt(width // heads) + bias
        mixed = (scores.softmax(-1) @ v).transpose(0, 1).reshape(length, width)
        return self.linear(mixed, f"{name}.c_proj")

    def __call__(self, ids: Tensor) -> Tensor:
        bias = self.bias(len(ids))
        x = self.weights["transformer.wte.weight"][ids]
        for layer in range(self.config["n_layer"]):
            name = f"transformer.h.{layer}"
            x = x + self.attention(self.norm(x, f"{name}.ln_1"), f"{name}.attn", bias)
            hidden = self.linear(self.norm(x, f"{name}.ln_2"), f"{name}.mlp.c_fc")
            x = x + self.linear(F.gelu(hidden, approximate="tanh"), f"{name}.mlp.c_proj")
        return self.norm(x, "transformer.ln_f") @ self.weights["transformer.wte.weight"].t()


def causal_logits(folder: Path):
    """ids [T] -> logits [T, V] of the causal model in the folder."""
    config = json.loads((folder / "config.json").read_text())
    if config.get("locus", {}).get("encoding") in OWN_ENCODINGS:
        return OwnGpt2(folder, config)
    model = AutoModelForCausalLM.from_pretrained(folder).eval()
    return lambda ids: model(ids[None]).logits[0]


def windows(count: int, convention: str, context: int, stride: int, bos: bool):
    """(begin, end, score_from, opened by bos): ids [begin, end), scored from score_from on."""
    if convention == "llama.cpp":
        shift = 1 if bos else 0  # the text itself is opened once, then cut
        for start in range(0, (count + shift) // context * context, context):
            yield start, start + context - shift, start + context // 2 + 1 - shift, bos
        return
    if convention == "lm-eval":
        for start in range(0, count, context):
            end = min(start + context, count)
            yield (0, end, 0, True) if start == 0 else (end - context - 1, end, start, False)
        return
    bos = bos and convention != "hf"
    room = context - 1 if bos else context
    stride = room if convention == "disjoint" else stride
    scored = 0
    for start in range(0, count, stride):
        end = min(start + room, count)
        yield start, end, max(scored, start if bos else start + 1), bos
        scored = end
        if end == count:
            return


def causal_losses(folder: Path, ids: list[int], options) -> list[float]:
    """-log p of every scored token, each window by itself."""
    logits_of = causal_logits(folder)
    config = json.loads((folder / "config.json").read_text())
    first, losses = config.get("bos_token_id"), []
    stride = options.stride or options.context // 2
    rule = (options.convention, options.context, stride, first is not None)
    for begin, end, score_from, opened in windows(len(ids), *rule):
        if score_from >= end:
            continue
        given = ([first] if opened else []) + ids[begin : end - 1]
        wanted = torch.tensor(ids[score_from:end])
        rows = logits_of(torch.tensor(given))[len(given) - len(wanted) :]
        losses += (-rows.double().log_softmax(-1)).gather(1, wanted[:, None])[:, 0].tolist()
    return losses


def words_of(text: str, offsets: list[tuple[int, int]]) -> list[int]:
    """Number of the word that each token is in; a word begins after white space."""
    numbers, word, last = [], -1, -1
    for begin, _ in offsets:
        after_space = begin == 0 or text[begin].isspace() or text[begin - 1].isspace()
        word += after_space and begin != last  # the bytes of one character share their offset
        numbers.append(word)
        last = begin
    return numbers


def masked_losses(folder: Path, ids: list[int], words: list[int], options) -> list[float]:
    """One run per token, the token in the middle of its window except near the ends of the text."""
    model = AutoModelForMaskedLM.from_pretrained(folder).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    room = min(options.context - 2, len(ids))
    losses = []
    for place, wanted in enumerate(ids):
        begin = min(max(place - room // 2, 0), len(ids) - room)
        copy = list(ids)
        for later in range(place, len(ids)):
            if later == place or (options.task == "masked-word" and words[later] == words[place]):
                copy[later] = tokenizer.mask_token_id
        window = [tokenizer.cls_token_id, *copy[begin : begin + room], tokenizer.sep_token_id]
        row = model(torch.tensor([window])).logits[0, place - begin + 1]
        losses.append(-row.double().log_softmax(-1)[wanted].item())
    return losses


def source_losses(folder: Path, source: str, ids: list[int], options) -> list[float]:
    """-log p of the target's tokens given the whole source, in disjoint decoder windows."""
    model = AutoModelForSeq2SeqLM.from_pretrained(folder).eval()
    given = torch.tensor([AutoTokenizer.from_pretrained(folder)(source)["input_ids"]])
    losses = []
    for begin in range(0, len(ids), options.context):
        wanted = torch.tensor([ids[begin : begin + options.context]])
        rows = model(input_ids=given, labels=wanted).logits[0]
        losses += (-rows.double().log_softmax(-1)).gather(1, wanted.t())[:, 0].tolist()
    return losses


@torch.no_grad()
def score(options) -> dict:
    text = options.text.read_text(encoding="utf-8")
    tokenizer = AutoTokenizer.from_pretrained(options.folder)
    encoded = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    ids = encoded["input_ids"]
    if options.source:
        losses = source_losses(
            options.folder, options.source.read_text(encoding="utf-8"), ids, options
        )
    elif options.task == "causal":
        losses = causal_losses(options.folder, ids, options)
    else:
        words = words_of(text, encoded["offset_mapping"])
        losses = masked_losses(options.folder, ids, words, options)
    mean = math.fsum(losses) / len(losses)
    bits = math.fsum(losses) / math.log(2) / len(text.encode())
    figures = {"tokens": len(losses), "nll": math.fsum(losses), "perplexity": math.exp(mean)}
    return figures | ({"bits_per_byte": bits} if len(losses) == len(ids) else {})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--text", type=Path, required=True)
    parser.add_argument("--source", type=Path, help="condition an encoder-decoder on this text")
    parser.add_argument("--task", choices=TASKS, default="causal")
    parser.add_argument("--convention", choices=CONVENTIONS, default="sliding")
    parser.add_argument("--context", type=int, default=256)
    parser.add_argument("--stride", type=int, default=0, help="0: half the context")
    print(json.dumps(score(parser.parse_args())))


if __name__ == "__main__":
    main()
