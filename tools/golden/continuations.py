"""What transformers' `generate` continues a prompt with, by the settings of a model's config."""

import copy
import functools
import inspect
import json
from pathlib import Path

import torch
from torch import Tensor, nn

from reference import IS_5

NEW_TOKENS = 24
PROMPT = 9
ATTEMPTS = 300


@torch.no_grad()
def continued(model: nn.Module, prompt: Tensor, beams: int) -> tuple[list[int], float | None]:
    """New ids alone, and the score of a beam search. One prompt: no padding stands in it."""
    masked = "attention_mask" in inspect.signature(model.forward).parameters
    mask = {"attention_mask": torch.ones_like(prompt)} if masked else {}
    found = model.generate(
        prompt,
        **mask,
        do_sample=False,
        num_beams=beams,
        max_new_tokens=NEW_TOKENS,
        return_dict_in_generate=True,
        output_scores=True,
    )
    skipped = 1 if model.config.is_encoder_decoder else prompt.shape[1]
    score = found.sequences_scores[0].item() if beams > 1 else None
    return found.sequences[0, skipped:].tolist(), score


def continued_precisely(model: nn.Module, prompt: Tensor, beams: int) -> list[int]:
    """In f64, the masks that a model makes and the types that it asks for as it goes included."""
    to_f32 = torch.Tensor.float
    torch.Tensor.float = torch.Tensor.double
    torch.set_default_dtype(torch.float64)
    try:
        return continued(model, prompt, beams)[0]
    finally:
        torch.set_default_dtype(torch.float32)
        torch.Tensor.float = to_f32


def with_own_positions(model: nn.Module) -> nn.Module:
    """`generate` of transformers 4.49 gives RoBERTa positions from 0; its forward pass counts from 2."""
    if model.config.model_type not in ("roberta", "xlm-roberta", "camembert"):
        return model
    prepare = model.prepare_inputs_for_generation

    @functools.wraps(prepare)
    def prepared(*arguments, **named) -> dict:
        return {key: value for key, value in prepare(*arguments, **named).items() if key != "position_ids"}

    model.prepare_inputs_for_generation = prepared
    return model


def write_continuations(folder: Path, kind: type) -> None:
    """Of the stored model, for the first prompt whose texts are long and the same in f64."""
    named = {"dtype" if IS_5 else "torch_dtype": torch.float32}
    model = kind.from_pretrained(folder, attn_implementation="eager", **named).eval()
    precise = with_own_positions(copy.deepcopy(model).double())
    model = with_own_positions(model)
    for seed in range(ATTEMPTS):
        generator = torch.Generator().manual_seed(500 + seed)
        prompt = torch.randint(3, model.config.vocab_size, (1, PROMPT), generator=generator)
        greedy, _ = continued(model, prompt, 1)
        beams, score = continued(model, prompt, 4)
        if not len(greedy) == len(beams) == NEW_TOKENS:
            continue
        if continued_precisely(precise, prompt, 1) == greedy and continued_precisely(precise, prompt, 4) == beams:
            content = {"prompt": prompt[0].tolist(), "greedy": greedy, "beams": beams, "score": round(score, 6)}
            (folder / "continuations.json").write_text(json.dumps(content) + "\n")
            return
    raise RuntimeError(f"{folder}: no prompt with {NEW_TOKENS} new tokens")
