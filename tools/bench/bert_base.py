"""A BERT of base size with random weights, once as a Hugging Face folder and once as ONNX graphs.

Speed does not depend on the values of weights, and random ones need no download. They are wide
enough that every layer matters when outputs are compared.
"""

import os
import warnings

import numpy
import torch
from onnxruntime.transformers import optimizer
from transformers import BertConfig, BertModel

INPUTS = ["input_ids", "attention_mask", "token_type_ids"]


def feeds(length):
    """Inputs of one sequence, with the ids that `locus bench` also looks up."""
    ids = (numpy.arange(length, dtype=numpy.int64) * 7919 + 13) % BertConfig().vocab_size
    return dict(zip(INPUTS, [ids[None], numpy.ones((1, length), numpy.int64), numpy.zeros((1, length), numpy.int64)]))


def write(folder):
    """Writes the model and its graphs; returns the paths of the graphs by the peer's name."""
    graphs = {name: os.path.join(folder, f"{name}.onnx") for name in ("plain", "fused")}
    if all(os.path.exists(path) for path in graphs.values()):
        return graphs
    torch.manual_seed(0)
    torch.set_grad_enabled(False)
    model = BertModel._from_config(BertConfig(initializer_range=0.05), attn_implementation="eager").eval()
    model.save_pretrained(folder)
    export(model, graphs["plain"])
    fused = optimizer.optimize_model(graphs["plain"], "bert", num_heads=12, hidden_size=768)
    print("fused:", {what: count for what, count in fused.get_fused_operator_statistics().items() if count})
    fused.save_model_to_file(graphs["fused"])
    return graphs


def export(model, path):
    example = tuple(torch.from_numpy(feed) for feed in feeds(8).values())
    outputs = ["last_hidden_state", "pooler_output"]
    axes = {name: {0: "batch", 1: "length"} for name in INPUTS + outputs[:1]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of traced conditions on shapes: agreement is checked
        torch.onnx.export(
            model, example, path, input_names=INPUTS, output_names=outputs, dynamic_axes=axes, dynamo=False
        )
