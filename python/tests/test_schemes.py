"""A scheme that is written in Python equals the built-in one, wherever that may stand."""

import gc

import numpy as np
import pytest

import locus_engine as locus

TEXT = "The lamp was lit before the ships came in, and nobody asked who had done it."


@locus.scheme("own_alibi", relative=True)
class OwnAlibi:
    """Press et al. 2021, with their slopes for a number of heads that is no power of two."""

    def slopes(self):
        heads = self.context.heads
        whole = 1 << (heads.bit_length() - 1)
        first = 2.0 ** (-8.0 * np.arange(1, whole + 1) / whole)
        return np.append(first, 2.0 ** (-4.0 * np.arange(1, 2 * whole, 2) / whole))[:heads]

    def score(self, tile):
        slopes = self.slopes()[tile.first_head :][: len(tile.q)]
        return -slopes[:, None, None] * np.abs(tile.keys[None, :] - tile.queries[:, None])


@locus.scheme("own_sinusoid", base=10000.0)
class OwnSinusoid:
    def __init__(self, base):
        self.base = base

    def embed(self, positions):
        width = self.context.width
        angles = positions[:, None] / self.base ** (np.arange(0, width, 2) / width)
        return np.stack([np.sin(angles), np.cos(angles)], -1).reshape(len(positions), width)


@locus.scheme("own_rope", relative=True, base=10000.0)
class OwnRope:
    def __init__(self, base):
        self.base = base

    def rotate(self, heads, role, positions):
        if role == "value":
            return heads
        half = heads.shape[-1] // 2
        angles = positions[:, None] / self.base ** (np.arange(half) / half)
        a, b = heads[..., :half], heads[..., half:]
        cos, sin = np.cos(angles), np.sin(angles)
        return np.concatenate([a * cos - b * sin, b * cos + a * sin], -1)


@pytest.mark.parametrize(
    "own, built_in",
    [
        ("own_alibi", "alibi"),
        ("own_sinusoid:base=1000", "sinusoidal:base=1000"),
        ("own_rope", "rope:pairing=half"),
        ("own_rope:base=500+own_alibi", "rope:pairing=half,base=500+alibi"),
    ],
)
def test_a_scheme_equals_the_built_in_one(causal, own, built_in):
    expected = locus.open(causal, encoding=built_in)
    found = locus.open(causal, encoding=own)
    difference = found.score(TEXT).nll - expected.score(TEXT).nll
    assert np.abs(difference).max() < 1e-4
    text = expected.generate("The lamp was", max_tokens=8)
    assert found.generate("The lamp was", max_tokens=8) == text
    assert "".join(found.generate("The lamp was", max_tokens=8, stream=True)) == text


def test_a_scheme_is_looked_at_like_any_other():
    own = locus.position("own_sinusoid", length=16, dimension=8)
    assert np.allclose(own, locus.position("sinusoidal", length=16, dimension=8), atol=1e-6)
    assert np.allclose(
        locus.position("own_alibi", length=9, dimension=8).bias(heads=4),
        locus.position("alibi", length=9, dimension=8).bias(heads=4),
    )
    assert "own_rope" in locus.schemes()


def test_mistakes_are_exceptions(causal):
    with pytest.raises(locus.LocusError, match="alibi"):
        locus.scheme("alibi")(OwnAlibi)
    with pytest.raises(locus.LocusError, match="nonsense"):
        locus.open(causal, encoding="own_rope:nonsense=1")

    @locus.scheme("own_fault")
    class Fault:
        def score(self, tile):
            raise ZeroDivisionError("in a hook")

    with pytest.raises(ZeroDivisionError, match="in a hook"):
        locus.open(causal, encoding="own_fault").score(TEXT)

    @locus.scheme("own_shape")
    class Shape:
        def embed(self, positions):
            return np.zeros((3, 3, 3))

    with pytest.raises(ValueError):
        locus.open(causal, encoding="own_shape").score(TEXT)


def test_what_a_hook_was_shown_may_be_kept(causal):
    kept = []

    @locus.scheme("own_keeper")
    class Keeper:
        def score(self, tile):
            kept.append(tile)
            return 0

    model = locus.open(causal, encoding="own_keeper", threads=1)
    model.score(TEXT)
    before = [tile.q.copy() for tile in kept]
    model.close()
    del model
    gc.collect()
    assert kept and all(np.array_equal(tile.q, q) for tile, q in zip(kept, before))
