"""Golden embeddings: sentences of the shipped text by all-MiniLM-L6-v2, in f16.

    tools/checkpoints build/checkpoints
    python tools/golden/sentences.py build/checkpoints/all-MiniLM-L6-v2 weights/text tests/goldens

Transformers' model; then what the folder's modules.json lists: the mean over all tokens, and length 1.
"""

import argparse
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import AutoModel, AutoTokenizer

COUNT = 500


def sentences_of(folder: Path) -> list[str]:
    """Every line of every file, in order, cut behind each ". "."""
    found = []
    for file in sorted(folder.glob("*.txt")):
        for line in file.read_text().splitlines():
            found += [part for part in line.split(". ") if part]
    return found[:COUNT]


@torch.inference_mode()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("text", type=Path)
    parser.add_argument("goldens", type=Path)
    options = parser.parse_args()
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    model = AutoModel.from_pretrained(options.model, attn_implementation="eager").eval()
    rows = []
    for sentence in sentences_of(options.text):  # one at a time: no padding
        hidden = model(**tokenizer(sentence, truncation=True, max_length=256, return_tensors="pt"))
        mean = hidden.last_hidden_state[0].mean(0)
        rows.append(mean / mean.norm())
    target = options.goldens / "embeddings"
    target.mkdir(parents=True, exist_ok=True)
    save_file({"all-MiniLM-L6-v2": torch.stack(rows).half()}, target / "sentences.safetensors")


if __name__ == "__main__":
    main()
