import unittest

import recipe
import training
from recipe import CURVE, MIXED


class Recipes(unittest.TestCase):
    def test_masked_models_end_with_rows_of_mixed_lengths(self):
        own = recipe.of_kind("masked")
        self.assertEqual((own.first_mixed, own.steps), (4096, 5120))
        self.assertEqual(own.context_at(2457), 64)
        self.assertEqual([own.context_at(step) for step in (2458, 4095)], [256, 256])
        self.assertEqual([own.context_at(4096 + i) for i in range(8)], [*MIXED, MIXED[0]])

    def test_rates_rise_and_fall_twice(self):
        own = recipe.of_kind("masked")
        self.assertAlmostEqual(max(own.share_at(step) for step in range(4096)), 1.0)
        self.assertAlmostEqual(own.share_at(4095), 0.1, places=4)
        mixed = [own.share_at(step) for step in range(4096, 5120)]
        self.assertAlmostEqual(max(mixed), own.mixed_rate)
        self.assertLess(mixed[0], mixed[10])
        self.assertAlmostEqual(mixed[-1], 0.1 * own.mixed_rate, places=4)

    def test_other_kinds_are_as_they_were(self):
        for kind, shares in (("causal", [256]), ("span", [64, 256])):
            own = recipe.of_kind(kind)
            self.assertEqual((own.tokens, own.mixed_steps), (CURVE[-1], 0), kind)
            self.assertEqual([part["context"] for part in training.schedule(own)], shares, kind)

    def test_the_schedule_names_every_step(self):
        own = recipe.of_kind("masked")
        parts = training.schedule(own)
        self.assertEqual(sum(part["steps"] for part in parts), own.steps)
        self.assertEqual(parts[-1]["context"], "16, 256, 64, 256, 32, 256, 128")
        self.assertEqual(parts[-1]["rows"], "512, 32, 128, 32, 256, 32, 64")


if __name__ == "__main__":
    unittest.main()
