"""Writes tests/goldens/heads.json: what classes that read whole texts say of ids alone.

    python heads.py tests/goldens

Their own decoder ids (the text, shifted), the row that they classify where the text holds padding or
several end tokens, and configs without padding.
"""

import argparse
import json
from pathlib import Path

import torch
import transformers

from decoder_models import type_as

torch.Tensor.type_as = type_as  # mends Transformer-XL for this PyTorch

PADDED = [[5, 9, 7, 11], [5, 9, 7, 11, 7, 7], [7, 7, 5, 9], [7, 7, 7], [5, 7, 9, 11, 23], [7]]
ENDED = [[5, 9, 2], [5, 2, 9, 2], [2, 5, 2, 9, 44, 3], [2], [8, 1, 1, 2, 6]]
ENDED_BY_1 = [[5, 9, 1], [5, 1, 9, 1], [1, 5, 1, 9, 44, 0], [1], [8, 0, 0, 1, 6]]
ASKED = [[5, 9, 7, 2, 30, 31, 32, 2], [4, 1, 1, 9], [6]]

# Model, changes of its config, texts.
CASES = [
    *((f"{name}/sequence", {"pad_token_id": padding}, PADDED)
      for name in ("gpt2", "gpt", "gpt-neo", "gptj", "llama", "mistral", "qwen2", "opt", "bloom", "mpt", "neox", "transfo-xl")
      for padding in (7, None)),
    ("bart/sequence", {}, ENDED),
    ("mbart/sequence", {}, ENDED),
    ("t5/sequence", {}, ENDED_BY_1),
    ("mt5/sequence", {}, ENDED_BY_1),
    ("umt5/sequence", {}, ENDED_BY_1),
    ("bart/sequence", {"eos_token_id": 9, "decoder_start_token_id": 31}, [[5, 9, 2]]),
    *((f"{name}/answer", {}, ASKED) for name in ("bart", "mbart", "t5", "mt5", "umt5")),
]  # fmt: skip


@torch.no_grad()
def said(model: torch.nn.Module, ids: list[int]) -> dict[str, list[float]]:
    output = model(input_ids=torch.tensor([ids]))
    names = ("logits", "start_logits", "end_logits")
    return {name: [float(f"{x:.7g}") for x in output[name][0].tolist()] for name in names if name in output}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    cases = []
    for name, changes, texts in CASES:
        at = folder / "models" / name
        config = transformers.AutoConfig.from_pretrained(at)
        for key, value in changes.items():
            setattr(config, key, value)
        kind = getattr(transformers, config.architectures[0])
        model = kind.from_pretrained(at, config=config, torch_dtype=torch.float32, attn_implementation="eager").eval()
        cases.append({"model": name, "config": changes, "texts": [{"ids": ids} | said(model, ids) for ids in texts]})
    lines = ",\n".join(json.dumps(case) for case in cases)
    (folder / "heads.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
