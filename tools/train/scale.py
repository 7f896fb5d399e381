"""Where the token vectors of a transformers model begin."""

import torch
from transformers import PreTrainedModel


def rescaled(module: PreTrainedModel, token_scale: float) -> PreTrainedModel:
    """The model, its token vectors begun with the standard deviation that the sweep chose."""
    weight = module.get_input_embeddings().weight
    with torch.no_grad():
        weight.mul_(token_scale / weight.std())
    return module
