"""python -m unittest discover -s tests -p '*_test.py', in the folder of tools/train."""

import unittest

import torch
import torch.nn.functional as F

from losses import TiedCrossEntropy
from products import attention, linear, rounded

torch.set_num_threads(1)
exact_attention, exact_linear = F.scaled_dot_product_attention, F.linear


def gradients(of, *inputs):
    """The value and the gradients of its sum over fixed weights."""
    inputs = [None if x is None else x.clone().requires_grad_() for x in inputs]
    found = of(*inputs)
    weights = torch.randn(found.shape, generator=torch.Generator().manual_seed(9))
    (found.float() * weights).sum().backward()
    return [found.detach(), *(x.grad for x in inputs if x is not None)]


class Products(unittest.TestCase):
    def setUp(self):
        self.generator = torch.Generator().manual_seed(1)

    def random(self, *size):
        return torch.randn(*size, generator=self.generator)

    def compare(self, own, peer, *inputs):
        expected = gradients(peer, *inputs)
        for found, wanted in zip(gradients(own, *inputs), expected, strict=True):
            torch.testing.assert_close(found, wanted, atol=1e-3, rtol=1e-4)
        with rounded():
            rough = gradients(own, *inputs)
        for found, wanted in zip(rough, expected, strict=True):
            error = (found.float() - wanted).norm() / wanted.norm()
            self.assertLess(error, 0.02)

    def test_linear(self):
        self.compare(linear, exact_linear, self.random(2, 9, 24), self.random(40, 24), self.random(40))
        self.compare(linear, exact_linear, self.random(2, 9, 24), self.random(40, 24), None)

    def test_attention(self):
        q, k, v = (self.random(2, 5, 16, 8) for _ in range(3))
        bias = torch.full((16, 16), -torch.inf).triu(1)[None, None]
        self.compare(attention, exact_attention, q, k, v)
        by_head = self.random(1, 5, 16, 16)
        self.compare(
            lambda q, k, v, b: attention(q, k, v, attn_mask=b + bias),
            lambda q, k, v, b: exact_attention(q, k, v, attn_mask=b + bias),
            q, k, v, by_head,
        )

    def test_cross_entropy(self):
        target = torch.randint(0, 90, (1100,), generator=self.generator)
        self.compare(
            lambda x, w: TiedCrossEntropy.apply(x, w, target).view(1),
            lambda x, w: F.cross_entropy(x @ w.t(), target).view(1),
            self.random(1100, 24), self.random(90, 24),
        )


if __name__ == "__main__":
    unittest.main()
