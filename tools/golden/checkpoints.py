"""Writes tests/goldens/checkpoints.json: what transformers 4.49 makes of pretrained checkpoints.

    tools/checkpoints build/checkpoints
    python tools/golden/checkpoints.py build/checkpoints tests/goldens

For each folder the options by which the command opens it, one text's ids, the output that is compared, the index of each
row's largest value, and of three rows the first values; `most` is the largest of all.
"""

import argparse
import json
import logging
from dataclasses import dataclass
from pathlib import Path

import torch
import transformers as t


@dataclass(frozen=True)
class Checkpoint:
    name: str
    model: type
    options: tuple[str, ...] = ()
    output: str = "last_hidden_state"
    length: int = 60
    first: int = 5  # of ids that stand for a piece of text


NO_TYPE = ("--family", "bert")
CHECKPOINTS = [
    Checkpoint("all-MiniLM-L6-v2", t.BertModel, first=1000),
    Checkpoint("rxnfp", t.BertModel, NO_TYPE, first=20),
    Checkpoint("rxnfp-10k", t.BertModel, ("--class", "BertModel"), first=20, length=110),
    Checkpoint("rxnfp-pretrained", t.BertForMaskedLM, (*NO_TYPE, "--class", "BertForMaskedLM"), "logits", first=20),
    Checkpoint("rxnmapper", t.AlbertForMaskedLM, output="logits", first=20, length=200),
    Checkpoint("iglm", t.GPT2LMHeadModel, output="logits", length=130),
    Checkpoint("iglm-small", t.GPT2LMHeadModel, output="logits", length=130),
    Checkpoint("antiberty", t.BertModel, ("--class", "BertModel"), length=125),
]
COLUMNS = 16


@torch.inference_mode()
def row(checkpoint: Checkpoint, folder: Path) -> dict:
    model = checkpoint.model.from_pretrained(folder / checkpoint.name, attn_implementation="eager").eval()
    generator = torch.Generator().manual_seed(len(checkpoint.name))
    ids = torch.randint(checkpoint.first, model.config.vocab_size, (1, checkpoint.length), generator=generator)
    value = model(input_ids=ids)[checkpoint.output][0]
    rows = {str(index): [float(f"{x:.7g}") for x in value[index, :COLUMNS].tolist()] for index in (0, len(value) // 2, len(value) - 1)}
    return {
        "name": checkpoint.name, "options": list(checkpoint.options), "output": checkpoint.output, "ids": ids[0].tolist(),
        "largest": value.argmax(-1).tolist(), "rows": rows, "most": float(value.abs().max()),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoints", type=Path)
    parser.add_argument("goldens", type=Path)
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    torch.set_num_threads(1)
    rows = [json.dumps(row(each, options.checkpoints)) for each in CHECKPOINTS]
    (options.goldens / "checkpoints.json").write_text("[\n" + ",\n".join(rows) + "\n]\n")


if __name__ == "__main__":
    main()
