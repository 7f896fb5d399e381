"""What is shipped and what is not, with a command in the place of `locus` that gives the answers."""

import contextlib
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import publish

FLOOR = {"floor": "document counts", "nll_per_token": 6.0, "bits_per_byte": 2.6, "lead": 1.3}
PERPLEXITY = {
    "metric": "pseudo-perplexity",
    "perplexity": 20.0855,
    "bits_per_byte": 1.3,
    "nll": 300.0,
    "tokens": 100,
    "ci95": [2.9, 3.1],
}
STAND_IN = """#!{python}
import json, sys
answers = json.load(open({answers!r}))
print(json.dumps(answers[sys.argv[1]]))
"""


class PublishTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.place = Path(folder.name)
        exported = self.place / "exported" / "masked-toy"
        exported.mkdir(parents=True)
        (self.place / "weights" / "masked-toy").mkdir(parents=True)
        (self.place / "weights" / "masked-toy" / "old").write_text("old")
        (exported / "README.md").write_text("# masked-toy\n\n## Figures\n\n## Training\n\nText.\n")
        self.train(seen=8)
        self.answer(nll=300.0)

    def train(self, seen):
        block = {"kind": "masked", "tokens_seen": seen, "recipe": {"tokens": 8}}
        (self.place / "exported" / "masked-toy" / "training.json").write_text(json.dumps(block))

    def answer(self, nll, alone=None, status="trained"):
        model = {"nll": nll, "tokens": 100, "status": status, "floors": [FLOOR]}
        answers = {
            "compare": {"groups": [{"models": [model]}]},
            "perplexity": PERPLEXITY | {"nll": nll if alone is None else alone},
        }
        (self.place / "answers.json").write_text(json.dumps(answers))
        command = self.place / "locus"
        command.write_text(STAND_IN.format(python=sys.executable, answers=str(self.place / "answers.json")))
        command.chmod(0o755)

    def publish(self):
        arguments = [f"--{name}={self.place / name}" for name in ("locus", "exported", "weights")]
        told = io.StringIO()
        with mock.patch.object(sys, "argv", ["publish.py", *arguments]):
            with contextlib.redirect_stderr(told), contextlib.redirect_stdout(io.StringIO()):
                status = publish.main()
        return status, told.getvalue()

    def refused(self, reason):
        status, told = self.publish()
        self.assertEqual(status, 1)
        self.assertIn(reason, told)
        self.assertTrue((self.place / "weights" / "masked-toy" / "old").exists())
        self.assertEqual([folder.name for folder in (self.place / "weights").iterdir()], ["masked-toy"])

    def test_a_model_is_shipped_with_its_figures_before_its_training(self):
        self.assertEqual(self.publish(), (0, ""))
        card = (self.place / "weights" / "masked-toy" / "README.md").read_text()
        self.assertIn("20.09, 1.3000 bits per byte, 3.0000 nats per token\n[2.9000, 3.1000] at 100 tokens", card)
        self.assertLess(card.index("bits per byte"), card.index("## Training"))
        self.assertFalse((self.place / "weights" / "masked-toy" / "old").exists())

    def test_a_model_near_its_floor_is_not_shipped(self):
        self.answer(nll=571.0)
        self.refused("expected 0.3 nats per token less than document counts, found 0.290")

    def test_an_unfinished_model_is_not_shipped(self):
        self.train(seen=7)
        self.refused("expected 8 tokens of training, found 7")

    def test_a_loss_that_two_verbs_give_differently_is_not_shipped(self):
        self.answer(nll=300.0, alone=301.0)
        self.refused("expected one loss")

    def test_weights_that_are_too_large_are_not_shipped(self):
        with mock.patch.object(publish, "MAX_BYTES", 10):
            self.refused("expected weights of at most 10 bytes")


if __name__ == "__main__":
    unittest.main()
