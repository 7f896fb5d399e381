"""What a notebook shows."""

import copy
import pickle
import zlib

import numpy as np
import pytest

import locus_engine as locus
from locus_engine.notebook import matrix_png


def test_a_matrix_is_a_picture_of_its_size():
    png = matrix_png(np.array([[-1.0, 0.0, 1.0], [0.5, 0.0, -0.5]]))
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert png[16:24] == (3).to_bytes(4, "big") + (2).to_bytes(4, "big")
    start = png.index(b"IDAT") + 4
    lines = zlib.decompressobj().decompress(png[start:])
    assert lines[:10] == bytes([0, 33, 102, 172, 247, 247, 247, 178, 24, 43])


def test_an_encoding_shows_itself():
    page = locus.position("sinusoidal", length=8, dimension=4)._repr_html_()
    assert "data:image/png;base64," in page and "sinusoidal: 8 x 4" in page
    assert locus.position("rope", length=8, dimension=4)[0]._repr_html_().startswith("<pre>")


def test_an_encoding_is_copied_whole_and_pickled_as_its_values():
    rope = locus.position("rope", length=8, dimension=4)
    assert np.array_equal(copy.deepcopy(rope).decay(), rope.decay())
    values = pickle.loads(pickle.dumps(rope))
    assert type(values) is np.ndarray and np.array_equal(values, rope)


def test_models_and_scores_are_tables_and_texts(causal):
    model = locus.open(causal)
    assert "<td>family</td>" in model._repr_html_()
    assert "gpt_neox" in repr(model)
    assert "<td>rope:pairing=half</td>" in model._repr_html_()
    shown = model.score("a <b> & c")._repr_html_()
    assert "&lt;" in shown and "<b>" not in shown
    tokens = model.tokenize("The lamp")
    assert tokens.tokens[:2] == ["<s>", "The"] and tokens.offsets[0, 0] == -1


def test_figures_of_different_metrics_are_told_apart(causal, masked, tmp_path):
    file = tmp_path / "text.txt"
    file.write_text("The lamp was lit before the ships came in.\n\n" * 30)
    found = locus.compare([causal, masked], file, sample=20)
    lines = found.table().splitlines()
    assert lines[0].split()[:3] == ["model", "encoding", "metric"] and len(lines) == 4
    for metric in ("perplexity", "pseudo-perplexity", "pseudo-perplexity by word"):
        assert f"<td>{metric}</td>" in found._repr_html_()


def test_figures_go_into_pandas(causal, tmp_path):
    pd = pytest.importorskip("pandas")
    file = tmp_path / "text.txt"
    file.write_text("The lamp was lit before the ships came in.\n" * 30)
    found = locus.compare([causal], file)
    frame = found.to_pandas()
    assert isinstance(frame, pd.DataFrame) and list(frame["name"]) == ["causal-rope"]
    assert "<table>" in found._repr_html_()
