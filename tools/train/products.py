"""Matrix products of training: inputs rounded to bf16, sums in f32, by oneDNN.

Inside `rounded()` linear layers and attention take and give bf16; parameters, gradients of parameters,
the residual stream of pre-norm blocks, norms and the optimizer stay f32. A processor with AVX512-BF16
does so at twice the speed of f32; oneDNN computes the same products on any other. Outside of
`rounded()` linear layers are f32 by oneDNN, as PyTorch's own choice leaves half of the vector width
unused on some processors.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor


def product(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """x [..., K], weight [N, K] -> x W^T + b, [..., N]; not differentiated."""
    return torch.ops.mkldnn._linear_pointwise(x, weight, bias, "none", [], "")


def rounded():
    """The context in which products are computed in bf16."""
    return torch.autocast("cpu", dtype=torch.bfloat16)


def is_rounded() -> bool:
    return torch.is_autocast_enabled("cpu")


class Linear(torch.autograd.Function):
    """F.linear with all three products by oneDNN; gradients of weights are f32."""

    @staticmethod
    def forward(context, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        kind = torch.bfloat16 if is_rounded() else x.dtype
        context.x_kind = x.dtype
        x, weight = x.to(kind), weight.to(kind)
        context.save_for_backward(x, weight)
        return product(x, weight, None if bias is None else bias.to(kind))

    @staticmethod
    def backward(context, grad: Tensor):
        x, weight = context.saved_tensors
        flat, rows = grad.flatten(0, -2), x.flatten(0, -2)  # [M, N], [M, K]
        grad_bias = flat.sum(0, dtype=torch.float32) if context.needs_input_grad[2] else None
        grad_weight = (flat.t() @ rows).float()  # which oneDNN computes without a copy, if bf16
        return product(grad, weight.t()).to(context.x_kind), grad_weight, grad_bias


class Attention(torch.autograd.Function):
    """softmax(q k^T / sqrt(d) + bias) v without dropout. Each product is computed in its input's type.

    The kernels of scaled_dot_product_attention take four times as long in bf16 at these lengths.
    """

    @staticmethod
    def forward(context, q: Tensor, k: Tensor, v: Tensor, bias: Tensor | None) -> Tensor:
        context.scale = 1 / math.sqrt(q.shape[-1])
        scores = (q * context.scale) @ k.transpose(-1, -2)
        if bias is not None:
            scores += bias.to(scores.dtype)
        p = scores.softmax(-1)  # [B, H, T, T]
        context.bias = bias
        context.save_for_backward(q, k, v, p)
        return p @ v

    @staticmethod
    def backward(context, grad: Tensor):
        q, k, v, p = context.saved_tensors
        slope = torch._softmax_backward_data(grad @ v.transpose(-1, -2), p, -1, p.dtype)
        grad_bias = None
        if context.needs_input_grad[3]:
            grad_bias = slope.float().sum_to_size(context.bias.shape).to(context.bias.dtype)
        scaled = slope * context.scale
        return scaled @ k, scaled.transpose(-1, -2) @ q, p.transpose(-1, -2) @ grad, grad_bias


def linear(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    return Linear.apply(x, weight, bias)


def attention(q, k, v, attn_mask=None, dropout_p=0.0, is_causal=False) -> Tensor:
    """q, k, v [B, H, T, d], a mask that is added -> [B, H, T, d]."""
    if dropout_p or is_causal or (attn_mask is not None and attn_mask.dtype == torch.bool):
        raise ValueError("attention: expected no dropout and a mask that is added")
    if is_rounded():
        q, k, v = (x.bfloat16() for x in (q, k, v))
    return Attention.apply(q, k, v, attn_mask)


def use_onednn() -> None:
    """Makes every linear layer and attention of this process use them, also in models of transformers."""
    F.linear = linear
    F.scaled_dot_product_attention = attention
