"""Sizes and options that nothing has, or that come to nothing, are refused by name."""

import pytest

import locus_engine as locus


@pytest.fixture(scope="module")
def model(causal):
    return locus.open(causal)


def test_sizes_that_nothing_has(model, masked, tmp_path):
    with pytest.raises(locus.LocusError, match="capacity: expected 0 or more, found -1"):
        locus.open(masked, capacity=-1)
    with pytest.raises(locus.LocusError, match="sample: expected 0 or more, found -1"):
        locus.open(masked).score("the lamp", sample=-1)
    for threads in (-1, 2000):
        with pytest.raises(locus.LocusError, match=f"threads: expected 0 to 1024, found {threads}"):
            locus.open(masked, threads=threads)
    with pytest.raises(locus.LocusError, match="min tokens: expected at most the max tokens, 4, found 9"):
        model.generate("The", max_tokens=4, min_tokens=9)
    for size in (0, -1):
        with pytest.raises(locus.LocusError, match=f"max tokens: expected at least 1, found {size}"):
            model.generate("The", max_tokens=size)
    for size in (0, -1):
        with pytest.raises(locus.LocusError, match="dimension"):
            locus.open(masked).encode(["a"], truncate_dim=size)
    text = tmp_path / "text.txt"
    text.write_text("The lamp was lit before the ships came in. " * 20)
    for lengths in ([0], [1], [-1, 64]):
        with pytest.raises(locus.LocusError, match="lengths"):
            locus.compare(["causal-rope"], text=text, lengths=lengths)
    with pytest.raises(locus.LocusError, match="text"):
        locus.compare(["causal-rope"], text=[])


def test_options_that_come_to_nothing(model, masked):
    bert = locus.open(masked)
    width = bert.encode("a").shape[0]
    assert bert.encode("a", truncate_dim=width).shape == (width,)
    for call, message in [
        (lambda: bert.score("the lamp", stride=64), "stride: expected none for the task 'masked', found 64"),
        (lambda: bert.score("the lamp", convention="hf"), "convention: expected none for the task 'masked', found hf"),
        (lambda: bert.score_all(["the"], stride=4), "stride: expected none for the task 'masked', found 4"),
        (lambda: model.score("the lamp", sample=8), "sample: expected none for the task 'causal', found 8"),
        (lambda: model.score("a", convention="disjoint", stride=4), "stride: expected none with the convention 'disjoint', found 4"),
        (lambda: bert.encode("a", truncate_dim=1000), f"dimension: expected at most the {width} of the vectors, found 1000"),
        (
            lambda: bert.encode("a", truncate_dim=8, output_value="token_embeddings"),
            "dimension: expected none for vectors of tokens, found 8",
        ),
    ]:
        with pytest.raises(locus.LocusError) as caught:
            call()
        assert str(caught.value) == message


def test_more_tokens_than_any_text_has(model):
    for call in (
        lambda: model.generate("The", max_tokens=2**62),
        lambda: list(model.generate("The", max_tokens=2**62, stream=True)),
        lambda: model.generate_all([[5, 6]], max_tokens=2**62),
    ):
        with pytest.raises(locus.LocusError, match="expected at most 1677721. new tokens after its . for 16777216"):
            call()


def test_settings_that_leave_no_token(model):
    with pytest.raises(locus.LocusError, match="leave a token"):
        model.generate("The lamp was", max_tokens=1, temperature=1.0, repetition_penalty=1e-40)
    with pytest.raises(locus.LocusError, match="length penalty"):
        model.generate("The", max_tokens=1, beams=2, length_penalty=float("nan"))


def test_sizes_that_no_encoding_has():
    for sizes in ({"length": 0}, {"dimension": -1}, {"heads": 0}):
        with pytest.raises(ValueError, match="expected 1 or more"):
            locus.position("rope", **sizes)


def test_sizes_beyond_any_memory(model):
    for call in (
        lambda: locus.position("rope", length=2**40),
        lambda: locus.position("rope", length=4, dimension=2**40),
        lambda: locus.position("alibi", length=4, heads=2**40),
        lambda: model.position(2**50),
    ):
        with pytest.raises(locus.LocusError, match="encoding: expected matrices of at most 268435456 values, found"):
            call()
