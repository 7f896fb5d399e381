"""python -m unittest discover -s tests -p '*_test.py', in the folder of tools/train."""

import unittest

import torch

import families
import optimizers
import train
from products import rounded
from recipe import Recipe

train.prepare_process()
RECIPE = Recipe(rate=1e-3, short_share=0.0)


class Models(unittest.TestCase):
    def test_every_model_takes_a_step(self):
        rows = torch.randint(40, 4096, (2, 64), generator=torch.Generator().manual_seed(1))
        for name in families.MODELS:
            with self.subTest(name):
                task = families.build(name, 1.0, seed=1)
                stepped = optimizers.optimizers_of(task, RECIPE)
                losses = []
                for _ in range(3):
                    with rounded():
                        loss = task.loss(rows, torch.Generator().manual_seed(1))
                    loss.backward()
                    optimizers.step(stepped)
                    losses.append(loss.item())
                self.assertTrue(8.0 < losses[0] < 9.2, losses)
                self.assertLess(losses[2], losses[0])

    def test_every_parameter_that_learns_has_one_optimizer(self):
        for name in families.MODELS:
            task = families.build(name, 1.0, seed=1)
            stepped = [
                id(p)
                for optimizer, _ in optimizers.optimizers_of(task, RECIPE)
                for group in optimizer.param_groups
                for p in group["params"]
            ]
            learning = {id(p) for p in task.module.parameters() if p.requires_grad}
            self.assertEqual((len(stepped), set(stepped)), (len(learning), learning), name)

    def test_matrices_are_those_of_the_blocks(self):
        names = optimizers.matrices(families.build("masked-learned", 1.0, seed=1))
        self.assertEqual(len(names), 4 * 6 + 1)  # and the dense layer before the vocabulary
        names = optimizers.matrices(families.build("causal-transformer-xl", 1.0, seed=1))
        self.assertEqual(len(names), 4 * 4 + 1)  # and the map of distances
        self.assertIn("encoding.projection", names)
        names = optimizers.matrices(families.build("causal-fire", 1.0, seed=1))
        self.assertEqual(len(names), 4 * 4)
        names = optimizers.matrices(families.build("span-t5", 1.0, seed=1))
        self.assertEqual(len(names), 2 * 6 + 2 * 10)

    def test_a_long_table_is_trained_on_a_quarter_of_its_rows(self):
        self.assertEqual(families.context_of("causal-learned-512"), 128)
        self.assertEqual(families.context_of("causal-learned"), 256)
        module = families.build("causal-learned-512", 1.0, seed=1).module
        self.assertEqual(module.encoding.rows().shape, (512, 160))

    def test_scale_of_positions(self):
        for name in ("causal-sinusoidal", "causal-learned", "masked-learned", "span-sinusoidal"):
            self.assertTrue(families.adds_rows(name), name)
        for name in ("causal-rope", "masked-rope", "span-t5", "causal-none"):
            self.assertFalse(families.adds_rows(name), name)
        table = families.build("causal-sinusoidal", 4.0, seed=1).module.encoding
        self.assertEqual(table.text, f"sinusoidal:scale={4 * 160**-0.5:.9g}")


if __name__ == "__main__":
    unittest.main()
