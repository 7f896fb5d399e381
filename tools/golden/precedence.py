"""Writes tests/goldens/decoding/precedence.json: which file's word counts when a model generates.

    python precedence.py tests/goldens    # once by each version of transformers: adds to the file

Each case changes the config.json of a tiny model and gives it a generation_config.json, or none (null); `ids` are
the new ids for `prompt` with nothing asked, `eight` with 8 new ones asked, or an `error`.
"""

import argparse
import json
import logging
import shutil
import tempfile
import warnings
from pathlib import Path

import torch
import transformers

from reference import IS_5, VERSION

PROMPT = [5, 7, 9, 32, 30, 44, 3]
LONG = [*PROMPT, *range(40, 60)]
SETTLED = {"bos_token_id": 0, "eos_token_id": 2, "pad_token_id": 1, "decoder_start_token_id": 2}
CAUSAL = {"bos_token_id": 1, "eos_token_id": 2}
NO_FORCED = {"forced_bos_token_id": None, "forced_eos_token_id": None}
FROM_MODEL = {"_from_model_config": True}
# A name, the model, changes of its config (None removes), its generation_config.json, the prompt.
CASES = [
    ("forced ids in config.json alone", "bart/lm", {"forced_bos_token_id": 7, "forced_eos_token_id": 9}, None, PROMPT),
    ("forced ids in config.json, a generation_config.json without them", "bart/lm", {"forced_bos_token_id": 7, "forced_eos_token_id": 9}, SETTLED, PROMPT),
    ("forced ids in config.json, a generation_config.json made from the model's config", "bart/lm", {"forced_bos_token_id": 7, "forced_eos_token_id": 9}, SETTLED | FROM_MODEL, PROMPT),
    ("forced ids in both", "bart/lm", {"forced_bos_token_id": 7}, SETTLED | {"forced_bos_token_id": 11}, PROMPT),
    ("no forced ids in config.json, whose class has one", "bart/lm", NO_FORCED, None, PROMPT),
    ("none in either file", "bart/lm", NO_FORCED, SETTLED, PROMPT),
    ("a null in config.json", "bart/lm", {"forced_bos_token_id": 7, "forced_eos_token_id": "null"}, None, PROMPT),
    ("forced ids of mBART", "mbart/lm", NO_FORCED, None, PROMPT),
    ("forced end of Marian's class", "marian/lm", NO_FORCED, None, PROMPT),
    ("decoder_start_token_id in config.json alone", "bart/lm", {"decoder_start_token_id": 9}, None, PROMPT),
    ("decoder_start_token_id in both", "bart/lm", {"decoder_start_token_id": 9}, SETTLED | {"decoder_start_token_id": 11}, PROMPT),
    ("penalty in config.json alone", "gpt2/scaled", {"repetition_penalty": 5.0}, None, PROMPT),
    ("penalty in config.json, a generation_config.json without it", "gpt2/scaled", {"repetition_penalty": 5.0}, CAUSAL, PROMPT),
    ("penalty in config.json, a generation_config.json made from the model's config", "gpt2/scaled", {"repetition_penalty": 5.0}, CAUSAL | FROM_MODEL, PROMPT),
    ("penalty in both, made from the model's config", "gpt2/scaled", {"repetition_penalty": 5.0}, CAUSAL | FROM_MODEL | {"repetition_penalty": 2.0}, PROMPT),
    ("no ngram again, in generation_config.json", "gpt2/scaled", {}, CAUSAL | {"no_repeat_ngram_size": 1}, PROMPT),
    ("max_length 20 in config.json", "gpt2/scaled", {"max_length": 20}, None, PROMPT),
    ("max_length 20 in config.json, a prompt of 27", "gpt2/scaled", {"max_length": 20}, None, LONG),
    ("max_length 20 in generation_config.json", "gpt2/scaled", {}, CAUSAL | {"max_length": 20}, PROMPT),
    ("max_length 20 in generation_config.json, a prompt of 27", "gpt2/scaled", {}, CAUSAL | {"max_length": 20}, LONG),
    ("max_length 12 in config.json", "gpt2/scaled", {"max_length": 12}, None, PROMPT),
    ("max_length 12 in generation_config.json", "gpt2/scaled", {}, CAUSAL | {"max_length": 12}, PROMPT),
    ("max_length 12 of an encoder-decoder", "t5/gated", {"max_length": 12}, None, PROMPT),
    ("max_new_tokens in generation_config.json", "gpt2/scaled", {}, CAUSAL | {"max_new_tokens": 5}, PROMPT),
    ("both lengths in generation_config.json", "gpt2/scaled", {}, CAUSAL | {"max_new_tokens": 5, "max_length": 10}, PROMPT),
    ("nothing about length", "gpt2/scaled", {}, CAUSAL, PROMPT),
    ("nothing about length, a prompt of 27", "gpt2/scaled", {}, CAUSAL, LONG),
    ("min_length in generation_config.json", "gpt2/scaled", {}, CAUSAL | {"min_length": 30}, PROMPT),
    ("beams in config.json alone", "gpt2/scaled", {"num_beams": 3}, None, PROMPT),
    ("several end tokens in config.json", "gpt2/scaled", {"eos_token_id": [2, 11, 12, 13, 14, 15, 16, 17, 18, 19]}, None, PROMPT),
    ("end token in generation_config.json against config.json", "gpt2/scaled", {"eos_token_id": 2}, CAUSAL | {"eos_token_id": list(range(10, 60))}, PROMPT),
    ("task_specific_params", "t5/gated", {"task_specific_params": {"summarization": {"num_beams": 3, "max_length": 9}}}, None, PROMPT),
]  # fmt: skip


def prepared(source: Path, target: Path, changes: dict, generation: dict | None) -> type:
    shutil.copytree(source, target)
    config = json.loads((target / "config.json").read_text())
    for key, value in changes.items():
        config.pop(key, None) if value is None else config.__setitem__(key, None if value == "null" else value)
    (target / "config.json").write_text(json.dumps(config))
    (target / "generation_config.json").unlink(missing_ok=True)
    if generation is not None:
        (target / "generation_config.json").write_text(json.dumps(generation))
    return getattr(transformers, config["architectures"][0])


@torch.no_grad()
def generated(model, prompt: list[int], **asked) -> list[int]:
    ids = torch.tensor([prompt])
    found = model.generate(ids, attention_mask=torch.ones_like(ids), **asked)[0].tolist()
    return found[1:] if model.config.is_encoder_decoder else found[len(prompt) :]


def answer(folder: Path, kind: type, prompt: list[int]) -> dict:
    named = {"dtype" if IS_5 else "torch_dtype": torch.float32}
    try:
        model = kind.from_pretrained(folder, attn_implementation="eager", **named).eval()
        return {"ids": generated(model, prompt), "eight": generated(model, prompt, max_new_tokens=8)}
    except Exception as problem:  # what the reference refuses is a result
        return {"error": type(problem).__name__}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    goldens = parser.parse_args().folder
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    transformers.logging.set_verbosity(logging.CRITICAL)
    transformers.utils.logging.disable_progress_bar()
    file = goldens / "decoding" / "precedence.json"
    known = {case["name"]: case for case in (json.loads(file.read_text()) if file.exists() else [])}
    for name, model, changes, generation, prompt in CASES:
        case = {"name": name, "model": model, "config": changes, "generation_config": generation, "prompt": prompt}
        with tempfile.TemporaryDirectory() as at:
            kind = prepared(goldens / "models" / model, Path(at) / "model", changes, generation)
            case[VERSION] = answer(Path(at) / "model", kind, prompt)
        old = known.get(name, {})
        known[name] = case | {key: value for key, value in old.items() if key not in case}
    rows = [json.dumps(known[name], sort_keys=True) for name, *_ in CASES]
    file.write_text("[\n" + ",\n".join(rows) + "\n]\n")


if __name__ == "__main__":
    main()
