"""python -m unittest discover -s tests -p '*_test.py', in the folder of tools/train."""

import math
import tempfile
import unittest
from collections import Counter
from pathlib import Path

import numpy

import floors
import vocabulary as v
from trigram import Trigram


def some_documents(count: int) -> list[numpy.ndarray]:
    """Ids of a small vocabulary whose every token leans on the two before it."""
    rng = numpy.random.default_rng(1)
    documents = []
    for _ in range(count):
        ids = [40, 41]
        for _ in range(rng.integers(30, 90)):
            ids.append(40 + int((3 * ids[-1] + 5 * ids[-2] + rng.integers(0, 4) ** 2) % 23))
        documents.append(numpy.array(ids, dtype=numpy.uint16))
    return documents


class ByHand:
    """The trigram model again, in dictionaries, written straight from the formulas."""

    def __init__(self, documents):
        self.triples = Counter()
        for ids in documents:
            opened = [v.BOS, v.BOS, *ids.tolist()]
            self.triples.update(zip(opened, opened[1:], opened[2:]))
        self.pairs = Counter((b, c) for _, b, c in self.triples)
        self.single = Counter(c for _, c in self.pairs)

    def level(self, table: dict, context: tuple, token: int, lower: float) -> float:
        n = Counter(table.values())
        y = n[1] / (n[1] + 2 * n[2])
        d = {i: i - (i + 1) * y * n[i + 1] / n[i] for i in (1, 2, 3)}
        after = {key[-1]: count for key, count in table.items() if key[:-1] == context}
        if not after:
            return lower
        total = sum(after.values())
        kept = {key: count - d[min(count, 3)] for key, count in after.items()}
        return kept.get(token, 0) / total + (1 - sum(kept.values()) / total) * lower

    def p(self, u: int, w: int, token: int) -> float:
        alone = (self.single[token] + 1) / (self.single.total() + v.SIZE)
        lower = self.level(self.pairs, (w,), token, alone)
        return self.level(self.triples, (u, w), token, lower)


class Floors(unittest.TestCase):
    def setUp(self):
        self.documents = some_documents(60)
        self.fresh = numpy.array([40, 44, 62, 40, 500, 41, 55], dtype=numpy.uint16)

    def test_trigram_is_the_one_of_the_formulas(self):
        own, by_hand = Trigram.of(self.documents, min_count=1), ByHand(self.documents)
        for ids in (self.documents[3], self.fresh):
            opened = [v.BOS, v.BOS, *ids.tolist()]
            expected = [-math.log(by_hand.p(*three)) for three in zip(opened, opened[1:], opened[2:])]
            numpy.testing.assert_allclose(own.losses(ids), expected, rtol=1e-9)

    def test_every_distribution_sums_to_one_without_rare_trigrams_too(self):
        grams = Trigram.of(self.documents, min_count=2)
        tokens = numpy.arange(v.SIZE)
        for u, w in ((v.BOS, v.BOS), (v.BOS, 40), (40, 41), (500, 41), (44, 3999)):
            p = grams.p(numpy.full(v.SIZE, u * v.SIZE + w), tokens)
            self.assertAlmostEqual(p.sum(), 1, places=9)

    def test_counts_of_a_document(self):
        ids = numpy.array([50, 60, 50, 50, 70, 60])
        own, among = floors.seen(ids, causal=True)
        self.assertEqual((own.tolist(), among.tolist()), ([0, 0, 1, 2, 0, 1], [0, 1, 2, 3, 4, 5]))
        own, among = floors.seen(ids, causal=False)
        self.assertEqual((own.tolist(), among.tolist()), ([2, 1, 2, 2, 0, 1], [5] * 6))

    def test_document_counts_are_a_distribution(self):
        p = floors.frequencies(numpy.bincount(numpy.concatenate(self.documents), minlength=v.SIZE))
        before = [50, 60, 50]
        some = [50, 60, 70]  # all others have what their frequency leaves them
        rest = (1 - p[some].sum()) * 0.7
        total = rest + sum(
            math.exp(-floors.document_losses(numpy.array([*before, token]), p, 0.3, causal=True)[-1])
            for token in some
        )
        self.assertAlmostEqual(total, 1, places=9)

    def test_the_file_gives_the_model_back(self):
        grams = Trigram.of(self.documents, min_count=2)
        counts = numpy.bincount(numpy.concatenate(self.documents), minlength=v.SIZE)
        with tempfile.TemporaryDirectory() as folder:
            floors.write(Path(folder), counts, grams)
            again_counts, again = floors.read(Path(folder))
        numpy.testing.assert_array_equal(again_counts, counts)
        numpy.testing.assert_array_equal(again.losses(self.fresh), grams.losses(self.fresh))


if __name__ == "__main__":
    unittest.main()
