"""python -m unittest discover -s tests -p '*_test.py', in the folder of tools/train."""

import unittest

import torch
from torch import nn

from muon import Muon, orthogonal

torch.set_num_threads(1)


class Orthogonal(unittest.TestCase):
    def test_singular_values_come_near_one_and_vectors_stay(self):
        generator = torch.Generator().manual_seed(1)
        for size in ((160, 160), (640, 160), (160, 640)):
            x = torch.randn(3, *size, generator=generator)
            found = orthogonal(x)
            self.assertEqual(found.shape, x.shape)
            values = torch.linalg.svdvals(found)
            self.assertLess(values.max(), 1.25)
            self.assertGreater(values.median(), 0.65)
            u, _, vt = torch.linalg.svd(x, full_matrices=False)
            turned = u.mT @ found @ vt.mT  # diagonal, as polynomials in x keep its singular vectors
            rest = turned - torch.diag_embed(turned.diagonal(dim1=1, dim2=2))
            self.assertLess(rest.abs().max(), 1e-4)

    def test_bf16_is_enough(self):
        x = torch.randn(2, 160, 640, generator=torch.Generator().manual_seed(4))
        exact, found = orthogonal(x), orthogonal(x.bfloat16()).float()
        self.assertLess((found - exact).norm() / exact.norm(), 0.05)

    def test_values_follow_the_quintic(self):
        for value in (0.9, 0.5, 0.03):
            x = torch.diag(torch.tensor([1.0, value], dtype=torch.float64))[None]
            expected = value / (1 + value**2) ** 0.5
            for _ in range(5):
                expected = 3.4445 * expected - 4.7750 * expected**3 + 2.0315 * expected**5
            self.assertAlmostEqual(orthogonal(x)[0, 1, 1].item(), expected, places=6)

    def test_scale_of_the_input_does_not_matter(self):
        x = torch.randn(1, 20, 30, generator=torch.Generator().manual_seed(2))
        torch.testing.assert_close(orthogonal(x), orthogonal(1e-3 * x), atol=1e-3, rtol=1e-3)


class Steps(unittest.TestCase):
    def step(self, rows: int, pieces: int) -> tuple[torch.Tensor, torch.Tensor]:
        """The gradient of one step at rate 0.1, and how far the parameter went."""
        weight = nn.Parameter(torch.zeros(rows, 20))
        weight.grad = torch.randn(rows, 20, generator=torch.Generator().manual_seed(3))
        Muon([{"params": [weight], "pieces": pieces}], lr=0.1, momentum=0.95, weight_decay=0.01).step()
        return weight.grad, weight.detach()

    def test_tall_matrices_take_longer_steps(self):
        grad, moved = self.step(80, pieces=1)
        torch.testing.assert_close(moved, -0.1 * 2 * orthogonal(grad[None].bfloat16())[0].float(), atol=5e-3, rtol=0)

    def test_pieces_are_matrices_of_their_own(self):
        grad, moved = self.step(60, pieces=3)
        expected = -0.1 * orthogonal(grad.view(3, 20, 20).bfloat16()).float().view(60, 20)
        torch.testing.assert_close(moved, expected, atol=5e-3, rtol=0)

    def test_momentum_is_nesterovs_running_mean(self):
        weight = nn.Parameter(torch.zeros(4, 4))
        muon = Muon([{"params": [weight]}], lr=0.1, momentum=0.9, weight_decay=0.0)
        mean = torch.zeros(4, 4)
        for seed in range(3):
            weight.grad = torch.randn(4, 4, generator=torch.Generator().manual_seed(seed))
            mean = 0.9 * mean + 0.1 * weight.grad
            update = muon.with_momentum(weight, 0.9)
            torch.testing.assert_close(update, 0.1 * weight.grad + 0.9 * mean)

    def test_decay_shrinks(self):
        weight = nn.Parameter(torch.ones(4, 4))
        weight.grad = torch.zeros(4, 4)
        Muon([{"params": [weight]}], lr=0.1, momentum=0.9, weight_decay=0.5).step()
        torch.testing.assert_close(weight.detach(), torch.full((4, 4), 0.95))


if __name__ == "__main__":
    unittest.main()
