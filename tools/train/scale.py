"""Where token vectors, and the logits that a tied head makes with them, begin."""

import torch
from transformers import PreTrainedModel


def rescaled(module: PreTrainedModel, token_scale: float) -> PreTrainedModel:
    """The model, its token vectors begun with the standard deviation that the sweep chose."""
    weight = module.get_input_embeddings().weight
    with torch.no_grad():
        weight.mul_(token_scale / weight.std())
    return module


def last_gain(token_scale: float) -> float:
    """The last norm's gain shrinks as token vectors grow: every scale starts from the same logits."""
    return min(1.0, 0.05 / token_scale)
