"""Bad input is an exception that says what was expected; nothing ends the interpreter."""

import os
import subprocess
import sys
import warnings

import numpy as np
import pytest
from conftest import GOLDENS

import locus_engine as locus


@pytest.fixture(scope="module")
def model(causal):
    return locus.open(causal)


def test_a_missing_folder():
    with pytest.raises(locus.LocusError, match="nowhere"):
        locus.open("nowhere")


def test_models_are_found_by_name_where_the_package_was_built(tmp_path):
    """Whatever the folder that a program runs in; and it says what to do where there are none."""
    environment = {name: value for name, value in os.environ.items() if name != "LOCUS_MODELS"}
    program = "import locus_engine as locus; print(locus.open('causal-rope').info['causal'])"
    run = [sys.executable, "-c", program]
    done = subprocess.run(run, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.stdout == "True\n", done.stderr
    with pytest.raises(locus.LocusError, match="causal-ropes: expected a model in"):
        locus.open("causal-ropes")


def test_models_are_listed_with_their_folders(tmp_path, causal):
    shipped = locus.open(locus.models()["causal-rope"])
    assert shipped.info["parameters"] == locus.open(causal).info["parameters"]
    (tmp_path / "mine").symlink_to(causal)
    program = "import locus_engine as locus; print(locus.models()['mine']); print(locus.open('mine').info['causal'])"
    environment = {**os.environ, "LOCUS_MODELS": str(tmp_path)}
    run = [sys.executable, "-c", program]
    done = subprocess.run(run, cwd="/", env=environment, capture_output=True, text=True)
    assert done.stdout.split() == [str(tmp_path / "mine"), "True"], done.stderr


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


def wrong_calls(model):
    """A call, and what it says."""
    score, long = model.score, 2**70
    return [
        (lambda: locus.open(7), "path: expected a text or a path, found 7 (int)"),
        (lambda: locus.open("m", threads="2"), "threads: expected an integer, found '2' (str)"),
        (lambda: locus.open("m", threads=long), f"threads: expected an integer of 64 bits, found {long}"),
        (lambda: locus.open("m", threads=2**40), f"threads: expected an integer of 32 bits, found {2**40}"),
        (lambda: locus.open("m", encoding=0), "encoding: expected a text or None, found 0 (int)"),
        (lambda: locus.open("m", progress=1), "progress: expected a callable or None, found 1 (int)"),
        (lambda: locus.position(7), "scheme: expected a text, found 7 (int)"),
        (lambda: locus.position("rope", length="a"), "length: expected an integer, found 'a' (str)"),
        (lambda: locus.position("rope", length=2.5), "length: expected an integer, found 2.5 (float)"),
        (lambda: locus.position("alibi").bias("4"), "heads: expected an integer or None, found '4' (str)"),
        (lambda: locus.compare(7, "t"), "models: expected a text or a path or a list, found 7 (int)"),
        (lambda: locus.compare(["a", 7], "t"), "models[1]: expected a text or a path, found 7 (int)"),
        (lambda: locus.compare("a", "t", lengths=["x"]), "lengths[0]: expected an integer, found 'x' (str)"),
        (lambda: locus.compare("a", "t", separator=1), "separator: expected a text, found 1 (int)"),
        (lambda: locus.scheme(7), "name: expected a text, found 7 (int)"),
        (lambda: score(None), "text: expected a text, found None"),
        (lambda: score(b"text"), "text: expected a text, found b'text' (bytes)"),
        (lambda: score("ab\udcff"), "text: expected a text of Unicode characters, found '\\udcff' at character 2"),
        (lambda: score("a", context="4"), "context: expected an integer or None, found '4' (str)"),
        (lambda: score("a", seed=1.5), "seed: expected an integer, found 1.5 (float)"),
        (lambda: model.score_all(7), "texts: expected a list, found 7 (int)"),
        (lambda: model.score_all(["a", 7]), "texts[1]: expected a text, found 7 (int)"),
        (lambda: model.score_all(["a"], stride="x"), "stride: expected an integer or None, found 'x' (str)"),
        (lambda: model.tokenize(["a"]), "text: expected a text, found ['a'] (list)"),
        (lambda: model.tokenize("a", special="no"), "special: expected True or False, found 'no' (str)"),
        (lambda: model.decode(5), "ids: expected a list, found 5 (int)"),
        (lambda: model.decode([1, 2.5]), "ids[1]: expected an integer, found 2.5 (float)"),
        (lambda: model.decode([5, 2**31]), f"ids[1]: expected an integer of 32 bits, found {2**31}"),
        (lambda: model.decode(np.array([0.5])), "ids[0]: expected an integer, found np.float64(0.5) (float64)"),
        (lambda: model.encode([None]), "sentences[0]: expected a text, found None"),
        (lambda: model.encode("a", truncate_dim="8"), "truncate_dim: expected an integer or None, found '8' (str)"),
        (lambda: model.rerank("q", [1]), "documents[0]: expected a text, found 1 (int)"),
        (lambda: model.generate(7), "prompt: expected a text or a list, found 7 (int)"),
        (lambda: model.generate([b"a"]), "prompt[0]: expected a text, found b'a' (bytes)"),
        (lambda: model.generate("a", max_tokens="2"), "max_tokens: expected an integer or None, found '2' (str)"),
        (lambda: model.generate("a", temperature="hot"), "temperature: expected a number or None, found 'hot' (str)"),
        (lambda: model.generate("a", stop=[1]), "stop[0]: expected a text, found 1 (int)"),
        (lambda: model.generate("a", source_language=1), "source_language: expected a text or None, found 1 (int)"),
        (lambda: model.generate("a", stream="yes"), "stream: expected True or False, found 'yes' (str)"),
        (lambda: model.generate_all([[1, "a"]]), "prompts[0][1]: expected an integer, found 'a' (str)"),
        (lambda: model.fill_mask(1), "text: expected a text, found 1 (int)"),
        (lambda: model.fill_mask("a", top="x"), "top: expected an integer, found 'x' (str)"),
        (lambda: model.classify("a", pair=1), "pair: expected a text or None, found 1 (int)"),
        (lambda: model.tag("a", aggregation=None), "aggregation: expected a text, found None"),
        (lambda: model.answer(question=1, context="a"), "question: expected a text, found 1 (int)"),
        (lambda: model.predict([7]), "sequences[0]: expected a list, found 7 (int)"),
        (lambda: model.predict([([1, "a"], 1)]), "sequences[0][0][1]: expected an integer, found 'a' (str)"),
        (lambda: model.trace(1), "text: expected a text, found 1 (int)"),
        (lambda: model.position("8"), "length: expected an integer, found '8' (str)"),
    ]


def test_an_argument_of_another_type_is_named(model):
    for call, message in wrong_calls(model):
        with pytest.raises(TypeError) as caught:
            call()
        assert str(caught.value) == message


def test_values_that_nothing_has(model):
    for call in (lambda: model.score("a b", seed=-1), lambda: model.generate("a", seed=-1)):
        with pytest.raises(ValueError, match="seed: expected 0 or more, found -1"):
            call()
    with pytest.raises(ValueError, match="output_value: expected 'sentence_embedding' or"):
        model.encode("a", output_value="tokens")


def test_numbers_of_numpy_are_numbers(model):
    assert model.generate("The", max_tokens=np.int64(2), temperature=np.float32(0))
    assert model.decode(np.array([5, 6])) and model.decode(iter([5, 6]))
    assert locus.position("rope", length=np.int32(4)).shape == (4, 128)


def test_a_broken_model_among_others(causal, tmp_path):
    text = tmp_path / "text.txt"
    text.write_text("The lamp was lit before the ships came in. " * 20)
    with pytest.warns(locus.LocusWarning, match="nowhere"):
        assert len(locus.compare(["nowhere", causal], text=text).rows) == 1
    with pytest.raises(locus.LocusError, match="nowhere"):
        locus.compare("nowhere", text=text)


def test_a_text_longer_than_what_the_model_was_trained_on(causal):
    model = locus.open(causal)
    with pytest.warns(locus.LocusWarning, match="trained on") as caught:
        model.generate("lamp " * 300, max_tokens=1)
    assert caught[0].filename == __file__


def test_nothing_to_read(model):
    with pytest.raises(locus.LocusError):
        model.score("")
    assert model.generate([]) == []


@pytest.mark.parametrize("value", [float("nan"), -1.0])
def test_numbers_out_of_range(model, value):
    with pytest.raises(locus.LocusError):
        model.generate("The", max_tokens=2, temperature=value)


@pytest.mark.parametrize("name, least", [("context", 2), ("stride", 1)])
def test_windows_of_nothing(model, name, least):
    with pytest.raises(locus.LocusError, match=f"{name}: expected at least {least}, found 0"):
        model.score("The lamp was lit.", **{name: 0})


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


def test_progress_that_throws_ends_the_run(causal):
    def stop(done, total):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        locus.open(causal, progress=stop)
    with pytest.raises(RuntimeError, match="enough"):
        locus.open(causal).score("The lamp was lit.", progress=stop)


def test_paths_of_bytes_and_truths_of_numpy(model):
    class Bytes:
        def __fspath__(self):
            return b"\xff"

    for call, name in (
        (lambda: locus.open(Bytes()), "path"),
        (lambda: locus.compare([Bytes()], "the lamp"), r"models\[0\]"),
        (lambda: locus.compare("causal-rope", [Bytes()]), r"text\[0\]"),
    ):
        with pytest.raises(TypeError, match=rf"^{name}: expected a text, found b'\\xff' \(bytes\)"):
            call()
    assert model.tokenize("a", special=np.bool_(False)).ids.shape[0] > 0
    assert model.decode([1, 488], skip_special=np.bool_(True)) == "The"
