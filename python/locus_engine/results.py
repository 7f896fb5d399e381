"""What calls return: named tuples, so that they unpack, compare and go into a table."""

from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np


class LocusWarning(UserWarning):
    """Something that changes a result and that nobody may have meant: a text that was cut, an
    encoding without trained weights, a precision that the CPU does not have."""


def warn(message: str) -> None:
    """A LocusWarning, at the line of the program that called the package."""
    level, frame = 1, sys._getframe(0).f_back
    while frame and str(frame.f_globals.get("__name__")).partition(".")[0] == __package__:
        level, frame = level + 1, frame.f_back
    warnings.warn(message, LocusWarning, stacklevel=level + 1)


class Candidate(NamedTuple):
    """A token that may stand in a gap."""

    token: str
    probability: float
    id: int


class Label(NamedTuple):
    """A class; `value` is a probability, of a regression what it estimates."""

    label: str
    value: float
    id: int


class Named(NamedTuple):
    """A stretch of a text with one type; `start` and `end` count characters."""

    label: str
    text: str
    start: int
    end: int
    probability: float


class Answer(NamedTuple):
    """A stretch of the context; `start` and `end` count characters."""

    text: str
    start: int
    end: int
    score: float
    probability: float


class Ranked(NamedTuple):
    """A document by its index among those given."""

    index: int
    score: float
    document: str


class Tokens(NamedTuple):
    """Tokens of a text."""

    ids: np.ndarray  # [N] int32
    tokens: list[str]  # [N] as the vocabulary spells them
    offsets: np.ndarray  # [N, 2] bytes of the UTF-8 text; -1 for a token that the model adds


class Score(NamedTuple):
    """How well a model predicts a text, token by token. N: the tokens that were scored."""

    tokens: list[str]  # [N] as the vocabulary spells them
    offsets: np.ndarray  # [N, 2] bytes of the UTF-8 text
    index: np.ndarray  # [N] of the token in the text
    ids: np.ndarray  # [N] int32
    rank: np.ndarray  # [N] 1: the most probable token
    nll: np.ndarray  # [N] -log p(token | context), nats
    entropy: np.ndarray  # [N] of the prediction, nats
    total_nll: float
    perplexity: float
    bits_per_byte: float | None
    ci95: tuple[float, float]  # of the mean nll of a token; infinite for a text of one unit
    bytes: int
    words: int
    task: str
    context: int

    def __repr__(self) -> str:
        bits = "" if self.bits_per_byte is None else f", bits_per_byte={self.bits_per_byte:.4f}"
        return f"Score({len(self.tokens)} tokens, perplexity={self.perplexity:.4f}{bits})"

    def _repr_html_(self) -> str:
        from .notebook import tokens_html

        return tokens_html(repr(self), self.tokens, self.nll, self.rank)


class Total(NamedTuple):
    """How well a model predicts a text."""

    nll: float  # nats, of all scored tokens
    tokens: int  # that were scored
    bytes: int  # for which they stand


class Totals(NamedTuple):
    """How well a model predicts each of N texts."""

    nll: np.ndarray  # [N] nats, of all scored tokens
    tokens: np.ndarray  # [N] that were scored
    bytes: np.ndarray  # [N] for which they stand
