"""Cross-entropy over a vocabulary that never holds all logits at once."""

import torch
from torch import Tensor

from products import is_rounded, product

CHUNK = 512


class TiedCrossEntropy(torch.autograd.Function):
    """Mean of -log softmax(x W^T)[target]; both gradients are made in the forward pass."""

    @staticmethod
    def forward(context, x: Tensor, weight: Tensor, target: Tensor) -> Tensor:
        count = x.shape[0]
        kind = torch.bfloat16 if is_rounded() else torch.float32
        own, weight = x.to(kind), weight.to(kind)
        grad_x = torch.empty_like(own)
        grad_weight = torch.zeros(weight.shape)
        total = torch.zeros(())
        for start in range(0, count, CHUNK):
            part = own[start : start + CHUNK]  # [n, D]
            wanted = target[start : start + CHUNK, None]  # [n, 1]
            logits = product(part, weight).float()  # [n, V]
            top = logits.amax(1, keepdim=True)
            right = logits.gather(1, wanted)
            scale = logits.sub_(top).exp_().sum(1, keepdim=True)
            total += (top + scale.log() - right).sum()
            logits.mul_(1 / scale)
            logits.scatter_add_(1, wanted, torch.full_like(scale, -1))
            slope = logits.to(kind)
            grad_x[start : start + CHUNK] = product(slope, weight.t())
            grad_weight += product(slope.t(), part.t())
        context.save_for_backward((grad_x.float() / count).to(x.dtype), grad_weight / count)
        return total / count

    @staticmethod
    def backward(context, grad: Tensor):
        grad_x, grad_weight = context.saved_tensors
        return grad_x * grad, grad_weight * grad, None


def token_losses(logits: Tensor, target: Tensor) -> Tensor:
    """-log softmax in double, [N, V] and [N] -> [N]; for figures rather than for training."""
    return -logits.double().log_softmax(-1).gather(1, target[:, None])[:, 0]
