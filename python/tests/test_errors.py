"""Bad input is an exception that says what was expected; nothing ends the interpreter."""

import warnings

import pytest
from conftest import GOLDENS

import locus_engine as locus


@pytest.fixture(scope="module")
def model(causal):
    return locus.open(causal)


def test_a_missing_folder():
    with pytest.raises(locus.LocusError, match="nowhere"):
        locus.open("nowhere")


@pytest.mark.parametrize("path", [None, 7, b"\xff"])
def test_a_path_of_another_kind(path):
    with pytest.raises((TypeError, UnicodeDecodeError, locus.LocusError)):
        locus.open(path)


def test_names_that_nobody_knows(causal):
    with pytest.raises(locus.LocusError, match="precision"):
        locus.open(causal, precision="f8")
    with pytest.raises(locus.LocusError, match="nonsense"):
        locus.open(causal, encoding="nonsense")
    with pytest.raises(locus.LocusError, match="nonsense"):
        locus.position("nonsense")


@pytest.mark.parametrize("text", [None, 7, ["a"], b"text"])
def test_texts_of_another_kind(model, text):
    with pytest.raises(TypeError):
        model.score(text)


def test_text_that_is_no_unicode(model):
    with pytest.raises((UnicodeEncodeError, TypeError)):
        model.score("ab\udcff")


def test_one_text_in_the_place_of_several(model):
    for call in (model.score_all, lambda text: model.rerank("q", text), model.generate_all, model.decode):
        with pytest.raises(TypeError, match="expected"):
            call("405")
    with pytest.raises(TypeError):
        model.generate([b"a"])
    for ids in ([405.9], [[1.7, 2.9]]):
        with pytest.raises(TypeError):
            model.decode(ids)


def test_sizes_that_nothing_has(model, masked, tmp_path):
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


def test_settings_that_leave_no_token(model):
    with pytest.raises(locus.LocusError, match="leave a token"):
        model.generate("The lamp was", max_tokens=1, temperature=1.0, repetition_penalty=1e-40)
    with pytest.raises(locus.LocusError, match="length penalty"):
        model.generate("The", max_tokens=1, beams=2, length_penalty=float("nan"))


def test_a_broken_model_among_others(causal, tmp_path):
    text = tmp_path / "text.txt"
    text.write_text("The lamp was lit before the ships came in. " * 20)
    with pytest.warns(locus.LocusWarning, match="nowhere"):
        assert len(locus.compare(["nowhere", causal], text=text).rows) == 1
    with pytest.raises(locus.LocusError, match="nowhere"):
        locus.compare("nowhere", text=text)


def test_a_text_longer_than_what_the_model_was_trained_on(causal):
    model = locus.open(causal)
    with pytest.warns(locus.LocusWarning, match="trained on"):
        model.generate("lamp " * 300, max_tokens=1)


def test_nothing_to_read(model):
    with pytest.raises(locus.LocusError):
        model.score("")
    assert model.generate([]) == []


@pytest.mark.parametrize("value", [float("nan"), -1.0])
def test_numbers_out_of_range(model, value):
    with pytest.raises(locus.LocusError):
        model.generate("The", max_tokens=2, temperature=value)


def test_options_that_nobody_knows(model):
    with pytest.raises(TypeError, match="max_token"):
        model.generate("The", max_token=2)
    with pytest.raises(locus.LocusError):
        model.score("The lamp", convention="nonsense")


def test_a_task_that_the_head_is_not_made_for(model):
    with pytest.raises(locus.LocusError, match="causal"):
        model.tag("the")


def test_a_closed_model(causal):
    with locus.open(causal) as model:
        stream = model.generate("The", max_tokens=50, stream=True)
    for call in (lambda: model.score("The lamp"), lambda: model.tokenize("a"), lambda: model.info):
        with pytest.raises(locus.LocusError, match="closed"):
            call()
    assert "closed" in repr(model)
    assert list(stream)  # it was there before


def test_a_text_of_ten_megabytes(masked):
    text = "word " * 2_000_000
    for model in (masked, GOLDENS / "sentences/6.2.0/length-of-module"):
        with pytest.warns(locus.LocusWarning, match="was cut at"):
            assert locus.open(model).encode(text).ndim == 1


def test_an_untrained_encoding_is_a_warning(causal, masked):
    with pytest.warns(locus.LocusWarning, match="untrained"):
        locus.open(causal, encoding="learned")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        locus.open(masked).encode("a text that is not cut")


def test_sizes_that_no_encoding_has():
    for sizes in ({"length": 0}, {"dimension": -1}, {"heads": 0}):
        with pytest.raises(ValueError, match="expected 1 or more"):
            locus.position("rope", **sizes)


def test_progress_that_throws_ends_the_run(causal):
    def stop(done, total):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        locus.open(causal, progress=stop)
    with pytest.raises(RuntimeError, match="enough"):
        locus.open(causal).score("The lamp was lit.", progress=stop)
