"""Where the values of nodes are found, for the models of `decoder_models.py`."""

import nodes

FAMILIES = {
    "mistral": nodes.llama,
    "qwen2": nodes.llama,
}
