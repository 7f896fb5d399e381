"""Writes tests/goldens/segments.json: Transformer-XL's log-probabilities over texts that come in pieces.

    python segments.py tests/goldens

Each piece is run with the memory of those before it; a few values of its last row are kept.
"""

import argparse
import json
from pathlib import Path

import torch
import transformers

from decoder_models import type_as

torch.Tensor.type_as = type_as  # mends Transformer-XL for this PyTorch

MODELS = ("transfo-xl/lm", "transfo-xl/segments", "transfo-xl/flat")
CUTS = ([7, 1, 12, 5], [3, 3, 19], [30])
KEPT = list(range(0, 97, 12))


@torch.no_grad()
def pieces(model: torch.nn.Module, cut: list[int], seed: int) -> list[dict]:
    generator = torch.Generator().manual_seed(seed)
    memory, rows = None, []
    for length in cut:
        ids = torch.randint(0, model.config.vocab_size, (1, length), generator=generator)
        output = model(input_ids=ids, mems=memory)
        memory = output.mems
        values = output.prediction_scores[0, -1, KEPT]
        rows.append({"ids": ids[0].tolist(), "log_p": [float(f"{x:.7g}") for x in values.tolist()]})
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    cases = []
    for name in MODELS:
        model = transformers.TransfoXLLMHeadModel.from_pretrained(folder / "models" / name, torch_dtype=torch.float32).eval()
        cases += [{"model": name, "pieces": pieces(model, cut, seed)} for seed, cut in enumerate(CUTS)]
    lines = ",\n".join(json.dumps(case) for case in cases)
    (folder / "segments.json").write_text(f'{{"kept": {KEPT}, "cases": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
