"""Golden continuations: what transformers generates with tiny seeded models.

    python decoding.py ../../tests/goldens/decoding

Writes a folder for each model and cases.json: settings, prompts, and for each prompt the results
(new ids alone, an end token included, and the score of a beam search). With transformers 5 it reads those folders, and
writes cases5.json: beams alone, which 5 searches in another way.
"""

import argparse
import json
from pathlib import Path

import torch
import transformers

import tiny_models
from reference import IS_5

PROMPTS = [[5], [7, 12, 3, 30, 9, 22], [0, 39, 17, 2, 2, 31, 8, 25, 14, 6, 6, 38], [11, 28, 4]]
BEAMS = {"num_beams": 4, "num_return_sequences": 4}
CASES = {
    "greedy": {},
    "greedy, repetition penalty": {"repetition_penalty": 1.7},
    "greedy, no repeated pair": {"no_repeat_ngram_size": 2},
    "beams": BEAMS,
    "beams, long ones liked": BEAMS | {"length_penalty": 2.5},
    "beams, short ones liked": BEAMS | {"length_penalty": -1.0},
    "beams, stop at once": BEAMS | {"early_stopping": True},
    "beams, never stop": BEAMS | {"early_stopping": "never"},
    "beams, no repeated pair and penalty": BEAMS
    | {"no_repeat_ngram_size": 2, "repetition_penalty": 1.4},
}
CASES_5 = {
    **{title: settings for title, settings in CASES.items() if "num_beams" in settings},
    "beams, several ends": BEAMS | {"eos_token_id": [10, 36, 3, 8]},
    "beams, several ends, all texts": {"num_beams": 2, "num_return_sequences": 2, "length_penalty": 0.0, "eos_token_id": [36, 10, 17, 2, 5]},
}
MAKERS = {"gpt2": tiny_models.gpt2, "t5": tiny_models.t5}
# Tokens that the models come to soon, so that some results end by them and others by length.
ENDS = {"gpt2": 10, "t5": 36}
NEW_TOKENS = 14


def without_padding(ids: list[int], ends: list[int]) -> list[int]:
    """Up to the first end token, with it."""
    return next((ids[: place + 1] for place, id in enumerate(ids) if id in ends), ids)


@torch.no_grad()
def results(model, prompt: list[int], settings: dict) -> list[dict]:
    given = torch.tensor([prompt])
    found = model.generate(
        given,
        attention_mask=torch.ones_like(given),
        do_sample=False,
        max_new_tokens=NEW_TOKENS,
        return_dict_in_generate=True,
        output_scores=True,
        **settings,
    )
    skipped = 1 if model.config.is_encoder_decoder else len(prompt)
    ends = settings.get("eos_token_id") or [model.config.eos_token_id]
    rows = [without_padding(row[skipped:].tolist(), ends) for row in found.sequences]
    scores = getattr(found, "sequences_scores", None)
    scores = [round(s, 6) for s in scores.tolist()] if scores is not None else [None]
    return [{"ids": ids, "score": score} for ids, score in zip(rows, scores)]


def model_of(name: str, folder: Path):
    if IS_5:
        kind = getattr(transformers, json.loads((folder / "config.json").read_text())["architectures"][0])
        return kind.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32).eval()
    model = MAKERS[name](ENDS[name])
    tiny_models.save(model, folder)
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    cases = []
    for name in MAKERS:
        model = model_of(name, folder / name)
        for title, settings in (CASES_5 if IS_5 else CASES).items():
            found = [results(model, prompt, settings) for prompt in PROMPTS]
            cases.append({"model": name, "name": title, "settings": settings, "results": found})
    content = {"prompts": PROMPTS, "new_tokens": NEW_TOKENS, "ends": ENDS, "cases": cases}
    file = folder / ("cases5.json" if IS_5 else "cases.json")
    file.write_text(json.dumps(content, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
