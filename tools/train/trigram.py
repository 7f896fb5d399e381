"""An interpolated Kneser-Ney trigram with three discounts a level (Chen and Goodman 1999, section 4.1.6).

    p(w | u v) = max(0, c(u v w) - D(c)) / c(u v) + g(u v) p(w | v)
    p(w | v)   = the same of continuation counts: how many different tokens stand before v w
    p(w)       = (how many stand before w) + 1, over their sum

g is what the discounts leave, so that every distribution sums to 1. Rare trigrams may be left out of the
file: their whole mass then goes to g. A document is opened by <s> <s>.
"""

from dataclasses import dataclass

import numpy
from numpy import ndarray

import vocabulary as v


@dataclass
class Level:
    """Counts of tokens after contexts: sorted keys context * V + token, and what is in all of a context."""

    keys: ndarray  # [N] int64
    counts: ndarray  # [N] int64
    contexts: ndarray  # [C] int64, sorted
    totals: ndarray  # [C] int64, with what was left out
    discounts: ndarray  # [3], of a count of 1, of 2, of 3 and more

    @staticmethod
    def of(keys: ndarray, counts: ndarray, min_count: int = 1) -> "Level":
        contexts, first = numpy.unique(keys // v.SIZE, return_index=True)
        totals = numpy.add.reduceat(counts, first)
        kept = counts >= min_count
        useful = numpy.isin(contexts, keys[kept] // v.SIZE)  # any other leaves all to the level below
        return Level(keys[kept], counts[kept], contexts[useful], totals[useful], discounts_of(counts))

    def discounted(self) -> ndarray:
        return self.counts - self.discounts[numpy.minimum(self.counts, 3) - 1]

    def rest(self) -> ndarray:
        """g of every context, [C]."""
        place = numpy.searchsorted(self.contexts, self.keys // v.SIZE)
        kept = numpy.bincount(place, weights=self.discounted(), minlength=len(self.contexts))
        return 1 - kept / self.totals

    def interpolated(self, contexts: ndarray, tokens: ndarray, lower: ndarray) -> ndarray:
        """p of tokens after contexts, [T] each, where `lower` [T] is p by the level below."""
        at = numpy.searchsorted(self.contexts, contexts).clip(max=len(self.contexts) - 1)
        known = self.contexts[at] == contexts
        wanted = contexts * v.SIZE + tokens
        found = numpy.searchsorted(self.keys, wanted).clip(max=len(self.keys) - 1)
        share = numpy.where(self.keys[found] == wanted, self.discounted()[found], 0) / self.totals[at]
        return numpy.where(known, share + self.rest()[at] * lower, lower)


def discounts_of(counts: ndarray) -> ndarray:
    """D1, D2, D3+ from how many counts are 1, 2, 3 and 4."""
    n = numpy.bincount(numpy.minimum(counts, 5), minlength=6).astype(float)
    y = n[1] / (n[1] + 2 * n[2])
    return numpy.array([i - (i + 1) * y * n[i + 1] / n[i] for i in (1, 2, 3)])


@dataclass
class Trigram:
    unigram: ndarray  # [V] int64, how many different tokens stand before each
    bigram: Level
    trigram: Level

    @staticmethod
    def of(documents: list[ndarray], min_count: int) -> "Trigram":
        """From ids of documents; trigrams met less than `min_count` times are left out."""
        keys, counts = numpy.unique(numpy.concatenate([keys_of(ids) for ids in documents]), return_counts=True)
        pairs, before_pair = numpy.unique(keys % v.SIZE**2, return_counts=True)
        before = numpy.bincount(pairs % v.SIZE, minlength=v.SIZE)
        return Trigram(before, Level.of(pairs, before_pair), Level.of(keys, counts, min_count))

    def losses(self, ids: ndarray) -> ndarray:
        """-log p of every token of one document, [T]."""
        keys = keys_of(ids)
        return -numpy.log(self.p(keys // v.SIZE, keys % v.SIZE))

    def p(self, pair: ndarray, token: ndarray) -> ndarray:
        """p of tokens after pairs of tokens u V + v, [T] each -> [T]."""
        alone = (self.unigram[token] + 1) / (self.unigram.sum() + v.SIZE)
        lower = self.bigram.interpolated(pair % v.SIZE, token, alone)
        return self.trigram.interpolated(pair, token, lower)


def keys_of(ids: ndarray) -> ndarray:
    """(u V + v) V + w of every token w and the two before it, [T]."""
    opened = numpy.concatenate(([v.BOS, v.BOS], ids)).astype(numpy.int64)
    return (opened[:-2] * v.SIZE + opened[1:-1]) * v.SIZE + opened[2:]
