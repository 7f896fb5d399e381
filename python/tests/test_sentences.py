"""Evaluators of sentence-transformers and mteb give what they give of their own models."""

import json

import numpy as np
import pytest

pytest.importorskip("sentence_transformers", reason="sentence_transformers is not installed")

from sentence_transformers import SentenceTransformer  # noqa: E402
from sentence_transformers.util import cos_sim  # noqa: E402

from locus_engine.sentences import SentenceModel  # noqa: E402

from conftest import GOLDENS  # noqa: E402

FIRST = ["the cat sat", "a dog ran home", "bread is warm", "ships came in", "the end", "blue and red"]
SECOND = ["the cat sits", "a dog went", "stones are cold", "boats arrived", "a start", "red and blue"]
SCORES = [0.9, 0.7, 0.1, 0.6, 0.3, 0.8]


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """One folder with prompts, opened by sentence-transformers and by Locus."""
    import shutil

    folder = tmp_path_factory.mktemp("sentences") / "model"
    shutil.copytree(GOLDENS / "sentences/6.2.0/pooling-all", folder)
    file = folder / "config_sentence_transformers.json"
    config = json.loads(file.read_text())
    config["prompts"] = {"query": "ask: ", "document": "says: "}
    config["similarity_fn_name"] = "dot"
    file.write_text(json.dumps(config))
    return SentenceTransformer(str(folder), device="cpu"), SentenceModel(folder)


def same(found, expected):
    assert found.keys() == expected.keys()
    for name in expected:
        assert found[name] == pytest.approx(expected[name], abs=1e-4), name


def evaluators():
    from sentence_transformers import evaluation

    yield evaluation.EmbeddingSimilarityEvaluator(FIRST, SECOND, SCORES, name="similar")
    yield evaluation.BinaryClassificationEvaluator(FIRST, SECOND, [1, 1, 0, 1, 0, 1])
    yield evaluation.TripletEvaluator(FIRST, SECOND, SECOND[::-1])
    queries = {f"q{i}": text for i, text in enumerate(FIRST)}
    corpus = {f"d{i}": text for i, text in enumerate(SECOND)}
    relevant = {f"q{i}": {f"d{i}"} for i in range(len(FIRST))}
    yield evaluation.InformationRetrievalEvaluator(queries, corpus, relevant, name="found")
    yield evaluation.TranslationEvaluator(FIRST, SECOND)  # asks for lists of tensors
    yield evaluation.RerankingEvaluator([{"query": FIRST[0], "positive": SECOND[:1], "negative": SECOND[1:]}])
    yield evaluation.ParaphraseMiningEvaluator({**queries, **corpus}, [("q0", "d0"), ("q3", "d3")])
    yield evaluation.EmbeddingSimilarityEvaluator(FIRST, SECOND, SCORES, truncate_dim=4)
    yield evaluation.SequentialEvaluator([evaluation.BinaryClassificationEvaluator(FIRST, SECOND, [1, 1, 0, 1, 0, 1])])


@pytest.mark.parametrize("at", range(9))
def test_an_evaluator_gives_the_same_figures(pair, at):
    theirs, ours = pair
    expected = list(evaluators())[at](theirs)
    found = list(evaluators())[at](ours)
    same(found, expected)
    assert ours.model_card_data.metrics


def test_prompts_dimensions_and_similarities_are_theirs(pair):
    theirs, ours = pair
    for name in ("encode", "encode_query", "encode_document"):
        found = getattr(ours, name)(FIRST)
        assert np.abs(found - getattr(theirs, name)(FIRST)).max() < 1e-5, name
    vectors = theirs.encode(FIRST)
    assert np.allclose(ours.similarity(vectors, vectors), theirs.similarity(vectors, vectors))
    with ours.truncate_sentence_embeddings(4):
        assert ours.encode("a").shape == (4,)
    assert ours.get_sentence_embedding_dimension() == vectors.shape[1]
    assert ours.encode(FIRST, convert_to_tensor=True).shape == vectors.shape
    for text in (FIRST, "a"):
        found, expected = (each.encode(text, convert_to_numpy=False) for each in (ours, theirs))
        assert type(found) is type(expected) and type(found[0]) is type(expected[0])
    assert cos_sim(ours.encode("a"), ours.encode("a")).item() == pytest.approx(1)


def test_mteb_gives_the_same_figures(pair, tmp_path):
    mteb = pytest.importorskip("mteb", reason="mteb is not installed")
    datasets = pytest.importorskip("datasets")
    from mteb.abstasks.sts import AbsTaskSTS

    class LocalSTS(AbsTaskSTS):
        metadata = mteb.TaskMetadata(
            name="LocalSTS",
            description="pairs of a test",
            dataset={"path": "local/none", "revision": "1"},
            type="STS",
            category="t2t",
            eval_splits=["test"],
            eval_langs=["eng-Latn"],
            main_score="cosine_spearman",
        )
        min_score, max_score = 0, 1

        def load_data(self, **_):
            rows = {"sentence1": FIRST, "sentence2": SECOND, "score": SCORES}
            self.dataset = datasets.DatasetDict({"test": datasets.Dataset.from_dict(rows)})
            self.data_loaded = True

    theirs, ours = pair
    scores = []
    for model in (theirs, ours):
        result = mteb.evaluate(model, LocalSTS(), cache=None)
        scores.append(result.task_results[0].scores["test"][0])
    for name, value in scores[0].items():
        if isinstance(value, float):
            assert scores[1][name] == pytest.approx(value, abs=1e-4), name
