"""What `compare` takes for files and what for texts."""

import json
import pathlib
import shutil

import pytest

import locus_engine as locus

LAMP = "The lamp was lit before the ships came in. " * 12
CAPTAIN = "The captain wrote in his book that the sea was calm. " * 12


@pytest.fixture
def files(tmp_path, monkeypatch):
    (tmp_path / "folder").mkdir()
    for name, text in {"a.txt": LAMP, "folder/one": LAMP, "folder/two": CAPTAIN, "my lamp": LAMP}.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def nll(causal):
    return lambda text, **options: locus.compare(causal, text, **options).rows[0]["nll"]


def test_files_and_texts_of_every_form(files, nll):
    lamp, both = nll(files / "a.txt"), nll(files / "folder")
    assert lamp < both
    for text in ("a.txt", str(files / "a.txt"), ["a.txt"], iter([pathlib.Path("a.txt")]), "my lamp"):
        assert nll(text) == lamp
    for text in (LAMP, [LAMP], {"mine": LAMP}):
        assert nll(text) == lamp
    for text in ("folder", ["folder"], ["folder/one", pathlib.Path("folder/two")]):
        assert nll(text) == both
    for text in ([LAMP, CAPTAIN], (LAMP, CAPTAIN), {"a": LAMP, "b": CAPTAIN, "c": " \n"}):
        assert nll(text) == both
    assert nll(LAMP + "@@" + CAPTAIN, separator="@@") == both
    assert nll(LAMP + "\t" + CAPTAIN, separator="\\t") == both


def test_models_are_told_apart_by_their_folders(causal, files):
    for place in ("mine", "theirs/mine"):
        shutil.copytree(causal, files / place)
    rows = locus.compare(["mine/", "theirs/mine/", causal], LAMP).rows
    assert sorted(row["name"] for row in rows) == ["causal-rope", "mine", "theirs/mine"]


def test_verdicts_are_those_of_the_command(causal, tmp_path):
    other = tmp_path / "other-words"
    shutil.copytree(causal, other)
    tokenizer = json.loads((other / "tokenizer.json").read_text())
    vocabulary = tokenizer["model"]["vocab"]
    vocabulary["▁the"], vocabulary["▁was"] = vocabulary["▁was"], vocabulary["▁the"]
    (other / "tokenizer.json").write_text(json.dumps(tokenizer))
    (other / "training.json").unlink()  # nothing says that it was trained alike
    others = [causal.parent / "causal-alibi", other]
    with pytest.warns(locus.LocusWarning, match="^perplexity: tokenizers differ"):
        table = locus.compare([causal, *others], LAMP + CAPTAIN, baseline="causal-rope").table()
    verdicts = {line.split()[0]: line for line in table.splitlines()}
    assert verdicts["causal-rope"].endswith("baseline")
    assert verdicts["other-words"].endswith(("not comparable", "not trained"))


def test_a_dict_holds_texts_whatever_they_look_like(files, nll):
    assert nll({"the name of a file": "a.txt"}) < nll("a.txt")
    assert nll(["No", "The lamp."]) > 0  # words among texts
    assert nll("北京是中国的首都。") > 0


@pytest.mark.parametrize(
    "text, found",
    [
        ("b.txt", "'b.txt'"),
        ("my b.txt", "'my b.txt'"),
        ("~/my texts", "'~/my texts'"),
        ("./the lamp", "'./the lamp'"),
        ("the texts/", "'the texts/'"),
        ("lamp", "'lamp'"),
        ("", "''"),
        (["a.txt", "b.txt"], "'b.txt'"),
        (["a.txt", LAMP], "'The lamp was lit before the ships ca..."),
        ([pathlib.Path("a.txt"), LAMP], "'The lamp was lit before the ships ca..."),
        (["b.txt", LAMP], "'b.txt'"),
        (["Yes", "No"], "'Yes'"),
    ],
)
def test_what_is_neither_is_refused(files, nll, text, found):
    with pytest.raises(locus.LocusError) as caught:
        nll(text)
    assert str(caught.value).startswith(
        "text: expected a file that is there, or a text of several words "
        f"({{name: text}} is any text), found {found}"
    )


def test_values_that_are_no_texts(files, nll):
    for text in (b"the lamp", 7, None):
        with pytest.raises(TypeError, match="^text: expected a text or a path or a list or a dict, found"):
            nll(text)
    for text, which in (([7], r"text\[0\]"), ({"a": 7}, r"text\['a'\]"), ({7: "a"}, "text's name")):
        with pytest.raises(TypeError, match=f"^{which}: expected a text"):
            nll(text)
    for text in ({}, {"a": " "}, " \n"):
        with pytest.raises(locus.LocusError, match="^text: expected a text that is not empty, found nothing"):
            nll(text)
    with pytest.raises(locus.LocusError, match="no.txt"):
        nll(pathlib.Path("no.txt"))
