"""Folders as transformers 5 saves them, and the model that it opens from them."""

import copy
import shutil
import sys
from pathlib import Path

import torch
from safetensors.torch import safe_open, save_file
from torch import nn

from parity_models import TinyModel
from reference import VERSION

FULL = ("llama/theta", "bert/untied", "gemma2/lm")  # stored in f32; the others in f16
TABLES = ("esm", "roformer")  # in f32 too: they store tables that f16 would round, and then use them
ROUNDED = ("esm/half",)  # all the same
METADATA = {"reference": f"transformers {VERSION}"}


def differing(first: nn.Module, second: nn.Module) -> list[str]:
    """Weights that a folder does not bring back."""
    kept = second.state_dict()
    return [name for name, value in first.state_dict().items() if name not in kept or not torch.equal(value, kept[name])]


def computed(name: str) -> bool:
    """Tables that a model computes; 5.24 stores one of ESM under a name with a star."""
    return "rotary" in name or "position_ids" in name


def rewritten(file: Path) -> None:
    """Sorts the tensors of a file by name, because the order that `save_pretrained` writes varies."""
    with safe_open(file, "pt") as stored:
        tensors = {name: stored.get_tensor(name) for name in sorted(stored.keys())}
    save_file(tensors, file, {"format": "pt"})
    file.chmod(0o644)


def write_saved(folder: Path, model: nn.Module, tiny: TinyModel) -> nn.Module:
    """Saves in f16, which holds these weights exactly; the values of a golden are those of what is opened again."""
    shutil.rmtree(folder, ignore_errors=True)
    stored = copy.deepcopy(model)
    whole = tiny.name in FULL or (tiny.name.startswith(TABLES) and tiny.name not in ROUNDED)
    (stored if whole else stored.half()).save_pretrained(folder)
    rewritten(folder / "model.safetensors")
    opened = tiny.model.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32).eval()
    lost = [name for name in differing(model, opened) if not computed(name)]
    if lost:
        print(f"{tiny.name}: not brought back: {lost}", file=sys.stderr)
    return opened
