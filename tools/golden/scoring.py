"""Golden scores: -log p of every token by tiny seeded models, computed plainly with PyTorch.

    python scoring.py ../../tests/goldens

Needs the models of decoding.py; adds scoring/bert and scoring/cases.json. One window or one masked
copy at a time, log-softmax in double.
"""

import argparse
import json
from pathlib import Path

import torch
from torch import Tensor
from transformers import AutoModelForCausalLM, AutoModelForMaskedLM, AutoModelForSeq2SeqLM

import tiny_models
from perplexity import windows

IDS = [(7 * i * i + 3 * i + 11) % 37 + 3 for i in range(70)]
BOS, MASK, CLS, SEP = 0, 2, 1, 3
SENTINELS = [39, 38, 37, 36]
RULES = [("sliding", 12, 5), ("disjoint", 12, 0), ("llama.cpp", 12, 0), ("lm-eval", 12, 0), ("hf", 12, 4)]
# A word begins at every number that does not end a run of 1 to 3 pieces.
WORD_STARTS = [1 if (i % 6) in (0, 3, 4) else 0 for i in range(24)]
# Windows of 24 tokens and the spans that are cut out of them.
INFILL = [(0, 24, [(3, 5), (9, 13), (20, 21)]), (24, 48, [(25, 26), (27, 30)])]


def losses(logits: Tensor, wanted: list[int]) -> list[float]:
    found = -logits.double().log_softmax(-1).gather(1, torch.tensor(wanted)[:, None])[:, 0]
    return [round(value, 7) for value in found.tolist()]


def causal(model, rule: str, context: int, stride: int, bos: bool) -> dict:
    scores = {}
    for begin, end, first, opened in windows(len(IDS), rule, context, stride or context // 2, bos):
        given = ([BOS] if opened else []) + IDS[begin : end - 1]
        rows = model(torch.tensor([given])).logits[0][len(given) - (end - first) :]
        scores |= dict(zip(range(first, end), losses(rows, IDS[first:end])))
    return scores


def masked(model, context: int, word: bool) -> list[float]:
    ids, room, found = IDS[:24], context - 2, []
    for place, wanted in enumerate(ids):
        begin = min(max(place - room // 2, 0), len(ids) - room)
        copy = list(ids)
        copy[place] = MASK
        for later in range(place + 1, len(ids)):
            if not word or WORD_STARTS[later]:
                break
            copy[later] = MASK
        given = torch.tensor([[CLS, *copy[begin : begin + room], SEP]])
        found += losses(model(given).logits[0, place - begin + 1][None], [wanted])
    return found


def infill(model, begin: int, end: int, spans: list[tuple[int, int]]) -> dict:
    source, target, places, kept = [], [], {}, begin
    for sentinel, (first, last) in zip(SENTINELS, spans):
        source += [*IDS[kept:first], sentinel]
        target.append(sentinel)
        places |= {index: len(target) + index - first for index in range(first, last)}
        target += IDS[first:last]
        kept = last
    source += [*IDS[kept:end], model.config.eos_token_id]
    logits = model(input_ids=torch.tensor([source]), labels=torch.tensor([target])).logits[0]
    return {i: losses(logits[place][None], [IDS[i]])[0] for i, place in places.items()}


def given_source(model, source: list[int], ids: list[int], context: int) -> list[float]:
    found = []
    for begin in range(0, len(ids), context):
        part = ids[begin : begin + context]
        logits = model(input_ids=torch.tensor([source]), labels=torch.tensor([part])).logits[0]
        found += losses(logits, part)
    return found


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("goldens", type=Path)
    goldens = parser.parse_args().goldens
    tiny_models.save(tiny_models.bert(), goldens / "scoring/bert")
    gpt2 = AutoModelForCausalLM.from_pretrained(goldens / "decoding/gpt2").eval()
    t5 = AutoModelForSeq2SeqLM.from_pretrained(goldens / "decoding/t5").eval()
    bert = AutoModelForMaskedLM.from_pretrained(goldens / "scoring/bert").eval()
    rules = [(*rule, bos) for rule in RULES for bos in (True, False) if bos or rule[0] != "lm-eval"]
    cases = {
        "ids": IDS,
        "causal": [
            {"convention": n, "context": c, "stride": s, "bos": b, "nll": causal(gpt2, n, c, s, b)}
            for n, c, s, b in rules
        ],
        "word_starts": WORD_STARTS,
        "masked": masked(bert, 16, False),
        "masked_word": masked(bert, 16, True),
        "sentinels": SENTINELS,
        "infill": [
            {"begin": b, "end": e, "spans": spans, "nll": infill(t5, b, e, spans)} for b, e, spans in INFILL
        ],
        "source": IDS[40:52],
        "given_source": given_source(t5, IDS[40:52], IDS[:25], 10),
    }
    text = json.dumps(cases, separators=(",", ":"))
    (goldens / "scoring/cases.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
