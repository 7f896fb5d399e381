"""Where token vectors, and the logits that a tied head makes with them, begin."""

import torch
from transformers import PreTrainedModel

from settings import TOKEN_SCALE


def rescaled(module: PreTrainedModel) -> PreTrainedModel:
    """The model, its token vectors begun with the common standard deviation."""
    weight = module.get_input_embeddings().weight
    with torch.no_grad():
        weight.mul_(TOKEN_SCALE / weight.std())
    return module
