"""Tasks whose answers can be checked at any length (Kazemnejad et al. 2023, section 3).

An example is `<s> question = answer </s>`. Its length is the number of symbols to copy, reverse or sort,
or of the digits of the longer summand. Copied, reversed and sorted are words of one token each out of 50.
"""

from collections.abc import Callable

import numpy
import torch
from torch import Tensor

PAD, BOS, EOS, EQUALS, PLUS = range(5)
FIRST_WORD = 5
WORDS = 50  # digits are the first ten of them
VOCABULARY = 64  # what oneDNN multiplies fast; the last nine are never seen

Random = numpy.random.Generator


def words(random: Random, length: int) -> list[int]:
    return (FIRST_WORD + random.integers(WORDS, size=length)).tolist()


def copy(random: Random, length: int) -> tuple[list[int], list[int]]:
    question = words(random, length)
    return question, question


def reverse(random: Random, length: int) -> tuple[list[int], list[int]]:
    question = words(random, length)
    return question, question[::-1]


def sort(random: Random, length: int) -> tuple[list[int], list[int]]:
    question = words(random, length)
    return question, sorted(question)


def digits(number: int) -> list[int]:
    return [FIRST_WORD + int(digit) for digit in str(number)]


def number(random: Random, length: int) -> int:
    """A number of so many digits, the first of which is no zero."""
    figures = [int(random.integers(1, 10)), *random.integers(10, size=length - 1).tolist()]
    return int("".join(map(str, figures)))


def addition(random: Random, length: int) -> tuple[list[int], list[int]]:
    """The other summand has 1 to `length` digits; either may come first."""
    pair = [number(random, length), number(random, int(random.integers(1, length + 1)))]
    if random.random() < 0.5:
        pair.reverse()
    return [*digits(pair[0]), PLUS, *digits(pair[1])], digits(sum(pair))


TASKS: dict[str, Callable[[Random, int], tuple[list[int], list[int]]]] = {
    "copy": copy,
    "reverse": reverse,
    "addition": addition,
    "sort": sort,
}


def batch(task: str, random: Random, lengths: list[int]) -> Tensor:
    """One example for each length, without <s>, filled up with <pad>: [B, T]."""
    rows = []
    for length in lengths:
        question, answer = TASKS[task](random, length)
        rows.append([*question, EQUALS, *answer, EOS])
    width = max(map(len, rows))
    return torch.tensor([row + [PAD] * (width - len(row)) for row in rows])


def answers(rows: Tensor) -> Tensor:
    """Which tokens of a batch are to be found by the model: those of the answer, and </s>. [B, T]"""
    equals = rows == EQUALS
    return (equals.cumsum(1) - equals.long() > 0) & (rows != PAD)
