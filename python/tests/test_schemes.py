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


def scheme_with(name, hook, method):
    """A scheme of one hook."""
    locus.scheme(name)(type(name, (), {hook: method}))
    return name


WRONG = {  # what a hook gives, and what is said of it
    "none": ("embed", None, TypeError, "wrong_none.embed: expected an array of real numbers, found None"),
    "text": ("rotate", "3.5", TypeError, "wrong_text.rotate: expected an array of real numbers, found '3.5' (str)"),
    "ragged": ("score", [[1, 2], [3]], TypeError, "wrong_ragged.score: expected an array of real numbers, found [[1, 2], [3]] (list)"),
    "complex": ("score", 1j, TypeError, "wrong_complex.score: expected an array of real numbers, found 1j (complex)"),
    "shape": ("embed", np.zeros((3, 3, 3)), ValueError, "wrong_shape.embed: expected an array of ["),
    "row": ("embed", np.zeros(192), ValueError, "found one of [192]"),
    "column": ("score", np.zeros(2), ValueError, "found one of [2]"),
    "nan": ("score", np.nan, locus.LocusError, "wrong_nan.score: expected numbers or -infinity, found nan"),
    "inf": ("score", np.inf, locus.LocusError, "wrong_inf.score: expected numbers or -infinity, found inf"),
    "large": ("score", 1e300, locus.LocusError, "wrong_large.score: expected numbers or -infinity, found inf"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_a_hook_gives_is_looked_at(causal, what):
    hook, value, kind, message = WRONG[what]
    name = scheme_with("wrong_" + what, hook, lambda self, *given: value)
    with pytest.raises(kind) as caught:
        locus.open(causal, encoding=name).score(TEXT)
    assert message in str(caught.value)


def test_what_a_hook_gives_may_have_any_type_of_numbers(causal):
    expected = locus.open(causal, encoding="none").score(TEXT).nll
    given = (0, False, np.float16(0), np.zeros((1, 1), np.int8), np.zeros((1, 1, 1), ">f8")[::-1])
    for place, value in enumerate(given):
        name = scheme_with(f"zero_{place}", "score", lambda self, tile: value)
        assert np.allclose(locus.open(causal, encoding=name).score(TEXT).nll, expected, atol=1e-4)


def test_a_score_of_minus_infinity_hides_a_key(causal):
    """Where a token sees itself alone, those before it change nothing."""

    def alone(self, tile):
        return np.where(tile.queries[:, None] == tile.keys[None, :], 0.0, -np.inf)

    ids = np.arange(50, 250)
    asked = [(ids, 199), ([*(ids[:198] + 300), *ids[198:]], 199)]
    for encoding, alike in (("none", False), (scheme_with("alone", "score", alone), True)):
        found = [float(log_p[0]) for log_p, _ in locus.open(causal, encoding=encoding).predict(asked)]
        assert np.isfinite(found).all() and (abs(found[0] - found[1]) < 1e-4) == alike


def test_a_class_or_a_parameter_that_serves_no_scheme():
    with pytest.raises(TypeError, match="strength: expected a number, numbers, a text, True or False, found None"):
        locus.scheme("own_none", strength=None)
    with pytest.raises(TypeError, match="expected a method embed, rotate or score, found none"):
        locus.scheme("own_function")(lambda tile: 0)

    @locus.scheme("own_closed")
    class Closed:
        __slots__ = ()

        def score(self, tile):
            return 0

    with pytest.raises(TypeError, match="expected instances that take the attribute context"):
        locus.position("own_closed")


def test_what_a_failed_hook_was_shown_stays(causal):
    """A debugger looks at it, long after the run."""

    def score(self, tile):
        raise ZeroDivisionError

    model = locus.open(causal, encoding=scheme_with("own_failure", "score", score), threads=1)
    with pytest.raises(ZeroDivisionError) as caught:
        model.score(TEXT)
    shown = []
    trace = caught.value.__traceback__
    while trace:
        shown += [each for value in trace.tb_frame.f_locals.values() for each in (value if isinstance(value, tuple) else [value]) if isinstance(each, np.ndarray)]
        trace = trace.tb_next
    model.close()
    del model
    gc.collect()
    assert shown and all(array.base is not None or array.flags.owndata for array in shown)
    assert all(np.isfinite(array).all() for array in shown)


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
