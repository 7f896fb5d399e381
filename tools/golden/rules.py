"""Golden continuations by every key of generation_config.json that changes them.

    python rules.py ../../tests/goldens/decoding

Reads the models that `decoding.py` writes. `texts`: a config and what transformers continues each
prompt with. `filters`: what is left of logits to draw from.
"""

import argparse
import json
from pathlib import Path

import torch
from transformers import GenerationConfig, GPT2LMHeadModel, T5ForConditionalGeneration

from decoding import ENDS, without_padding
from decoding import PROMPTS as COMMON

KINDS = {"gpt2": GPT2LMHeadModel, "t5": T5ForConditionalGeneration}
NEW_TOKENS = 14
# The last one has pairs of tokens that the models tend to repeat.
PROMPTS = [*COMMON, [34, 34, 36, 29, 29, 34, 34, 27, 27]]
BEAMS = {"num_beams": 4}
ALONE = ("encoder_repetition_penalty",)  # transformers 4.49 applies it to the first of several beams alone
RULES = {
    "min_length": {"min_length": 14},
    "min_new_tokens": {"min_new_tokens": 9},
    "max_length": {"max_length": 13, "max_new_tokens": None},
    "encoder_repetition_penalty": {"encoder_repetition_penalty": 2.5},
    "no_repeat_ngram_size": {"no_repeat_ngram_size": 2, "repetition_penalty": 1.3},
    "encoder_no_repeat_ngram_size": {"encoder_no_repeat_ngram_size": 1},
    "encoder_no_repeat_ngram_size, pairs": {"encoder_no_repeat_ngram_size": 2},
    "bad_words_ids": {"bad_words_ids": [[34], [36, 12], [12, 34, 36], [10], [7, 7], [26], [31, 0], [29], [9, 16], [27]]},
    "sequence_bias": {"sequence_bias": [[[34], -4.0], [[36, 12], 6.0], [[12, 36, 8], 9.0], [[5, 26], -30.0], [[19], 1.5]]},
    "forced_bos_token_id": {"forced_bos_token_id": 9},
    "forced_eos_token_id": {"forced_eos_token_id": None},  # the end, below
    "exponential_decay_length_penalty": {"exponential_decay_length_penalty": [3, 1.4]},
    "suppress_tokens": {"suppress_tokens": [34, 36, 10, 12]},
    "begin_suppress_tokens": {"begin_suppress_tokens": [12, 36, 7, 34, 26, 10, 9, 27, 19, 25]},
    "begin_suppress_tokens behind a forced one": {"begin_suppress_tokens": [12, 36, 7, 34, 26, 10, 9, 27, 19, 25], "forced_bos_token_id": 9},
    "renormalize_logits": {"renormalize_logits": True, "suppress_tokens": [34, 12]},
    "everything": {
        "min_new_tokens": 4, "repetition_penalty": 1.2, "encoder_repetition_penalty": 1.5, "no_repeat_ngram_size": 3,
        "bad_words_ids": [[20], [8, 12]], "suppress_tokens": [25], "renormalize_logits": True,
        "exponential_decay_length_penalty": [6, 1.1], "sequence_bias": [[[7], 0.7]], "length_penalty": 0.6,
    },
}  # fmt: skip
FILTERS = [
    {"typical_p": 0.3}, {"typical_p": 0.9}, {"epsilon_cutoff": 0.02}, {"epsilon_cutoff": 0.5}, {"eta_cutoff": 0.03},
    {"eta_cutoff": 0.6}, {"top_k": 9, "typical_p": 0.6}, {"top_p": 0.8, "epsilon_cutoff": 0.05},
    {"temperature": 0.5, "top_k": 12, "top_p": 0.9, "min_p": 0.02, "typical_p": 0.95, "epsilon_cutoff": 0.01, "eta_cutoff": 0.04},
]  # fmt: skip


def config_of(model, name: str, rule: str, settings: dict) -> GenerationConfig:
    """The config as a file stores it, without what a call of generate adds."""
    ids = {"eos_token_id": ENDS[name], "pad_token_id": model.config.pad_token_id}
    if model.config.is_encoder_decoder:
        ids["decoder_start_token_id"] = 0
    if rule == "forced_eos_token_id":
        settings = settings | {rule: ENDS[name]}
    return GenerationConfig(**({"max_new_tokens": NEW_TOKENS} | ids | settings))


@torch.no_grad()
def continued(model, config: GenerationConfig, prompt: list[int]) -> dict:
    given = torch.tensor([prompt])
    found = model.generate(
        given, attention_mask=torch.ones_like(given), generation_config=config, return_dict_in_generate=True, output_scores=True
    )  # fmt: skip
    skipped = 1 if model.config.is_encoder_decoder else len(prompt)
    score = found.sequences_scores[0].item() if config.num_beams > 1 else None
    ids = without_padding(found.sequences[0, skipped:].tolist(), config.eos_token_id)
    return {"ids": ids, "score": score and round(score, 6)}


def stored(config: GenerationConfig) -> dict:
    values = json.loads(config.to_json_string(use_diff=True))
    return {key: value for key, value in values.items() if key not in ("transformers_version", "return_dict_in_generate", "output_scores")}


def texts(folder: Path) -> list[dict]:
    cases = []
    for name, kind in KINDS.items():
        model = kind.from_pretrained(folder / name).eval()
        for rule, settings in RULES.items():
            for search in ({}, BEAMS):
                if search and rule in ALONE:
                    continue
                chosen = {key: value for key, value in settings.items() if not (search and key in ALONE)}
                config = config_of(model, name, rule, chosen | search)
                written = stored(config)
                results = [continued(model, config, prompt) for prompt in PROMPTS]
                cases.append({"model": name, "rule": rule, "config": written, "results": results})
    return cases


def filters() -> list[dict]:
    generator = torch.Generator().manual_seed(3)
    cases = []
    for settings in FILTERS:
        for width in (0.5, 2.0):
            logits = torch.randn((1, 24), generator=generator) * width
            config = GenerationConfig(do_sample=True, **({"top_k": 0} | settings))
            config._eos_token_tensor = None
            model = GPT2LMHeadModel.__new__(GPT2LMHeadModel)
            processors = model._get_logits_processor(config, 1, torch.zeros((1, 1), dtype=torch.long), None, [])
            left = processors(torch.zeros((1, 1), dtype=torch.long), logits.clone())
            kept = torch.isfinite(left[0]).nonzero()[:, 0].tolist()
            cases.append({"settings": settings, "logits": [round(x, 5) for x in logits[0].tolist()], "kept": kept})
    return cases


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    lines = lambda rows: ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    content = f'{{"prompts":{json.dumps(PROMPTS)},\n"texts":[\n{lines(texts(folder))}\n],\n"filters":[\n{lines(filters())}\n]}}\n'
    (folder / "rules.json").write_text(content)


if __name__ == "__main__":
    main()
