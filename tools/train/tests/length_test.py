"""python -m unittest discover -s tests -p '*_test.py', in the folder of tools/train."""

import unittest

import numpy
import torch

import train
from length import page, run, tasks
from schemes import ENCODINGS
from causal import CausalModel

train.prepare_process()
WORD = tasks.FIRST_WORD


def random():
    return numpy.random.default_rng(1)


def number(tokens: list[int]) -> int:
    return int("".join(str(token - WORD) for token in tokens))


class Tasks(unittest.TestCase):
    def test_answers_are_right(self):
        for length in (1, 7, 40):
            question, answer = tasks.copy(random(), length)
            self.assertEqual(answer, question)
            self.assertEqual(len(question), length)
            question, answer = tasks.reverse(random(), length)
            self.assertEqual(answer[::-1], question)
            question, answer = tasks.sort(random(), length)
            self.assertEqual(answer, sorted(question))
            question, answer = tasks.addition(random(), length)
            plus = question.index(tasks.PLUS)
            first, second = question[:plus], question[plus + 1 :]
            self.assertEqual(number(first) + number(second), number(answer))
            self.assertEqual(max(len(first), len(second)), length)

    def test_answer_and_end_are_asked_for_and_nothing_else(self):
        row = [WORD, WORD + 1, tasks.EQUALS, WORD, WORD + 1, tasks.EOS, tasks.PAD]
        self.assertEqual(tasks.answers(torch.tensor([row])).tolist(), [[False] * 3 + [True] * 3 + [False]])

    def test_a_step_reads_the_same_problems_for_every_model(self):
        one, other = run.Problems("sort", 1), run.Problems("sort", 1)
        self.assertTrue(torch.equal(one.at(17), other.at(17)))
        self.assertFalse(torch.equal(one.at(17)[:, :3], one.at(18)[:, :3]))


class Page(unittest.TestCase):
    def test_shows_the_mean_over_seeds(self):
        seeds = [{"10": 1.0, "20": 0.5}, {"10": 0.5, "20": 0.0}]
        found = page.curves({"rope": {"1": seeds[0], "2": seeds[1]}})
        self.assertEqual(found, {"rope": {10: 0.75, 20: 0.25}})
        panel = page.Panel(0, 0)
        self.assertIn('points="75.0,37.5 150.0,112.5"', panel.curve("rope", found["rope"]))
        picture = page.picture({"copy": {"rope": {"1": seeds[0]}}})
        self.assertEqual(picture.count("<polyline"), 1)


class Solved(unittest.TestCase):
    def test_is_what_greedy_decoding_gives(self):
        torch.manual_seed(1)
        task = run.Task(CausalModel(run.SHAPE, ENCODINGS["rope"]))
        trainer = run.LengthTrainer(task, run.recipe_of(1))
        for step in range(60):  # enough for some answers of one word
            trainer.advance(OneWord())
        rows = tasks.batch("copy", random(), [1] * 50)
        solved = task.solved(rows)
        greedy = [self.decode(task, row[:2]) == row[2:].tolist() for row in rows]
        self.assertEqual(solved.tolist(), greedy)
        self.assertTrue(0 < sum(greedy), greedy)

    def decode(self, task, question):
        ids = [tasks.BOS, *question.tolist()]
        for _ in range(2):
            hidden = task.module(torch.tensor([ids]))[0, -1]
            ids.append(int((task.module.tokens.weight @ hidden).argmax()))
        return ids[3:]


class OneWord:
    def at(self, step):
        return tasks.batch("copy", numpy.random.default_rng(step), [1] * 64)


if __name__ == "__main__":
    unittest.main()
