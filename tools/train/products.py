"""Products of the linear layers by oneDNN, in f32.

PyTorch hands them to MKL, which leaves half of the vector width unused on processors of other makers.
"""

import torch
import torch.nn.functional as F
from torch import Tensor


def product(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """x [..., K], weight [N, K] -> x W^T + b, [..., N]; not differentiated."""
    return torch.ops.mkldnn._linear_pointwise(x, weight, bias, "none", [], "")


class Linear(torch.autograd.Function):
    """F.linear with all three products by oneDNN."""

    @staticmethod
    def forward(context, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        context.save_for_backward(x, weight)
        return product(x, weight, bias)

    @staticmethod
    def backward(context, grad: Tensor):
        x, weight = context.saved_tensors
        flat, rows = grad.flatten(0, -2), x.flatten(0, -2)  # [M, N], [M, K]
        grad_bias = flat.sum(0) if context.needs_input_grad[2] else None
        return product(grad, weight.t()), product(flat.t(), rows.t()), grad_bias


def linear(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    return Linear.apply(x, weight, bias)


def use_onednn() -> None:
    """For every linear layer of this process, those of transformers' models too."""
    F.linear = linear
