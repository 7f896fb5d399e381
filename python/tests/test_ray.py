"""Corpora in shards: the bits of one process, whatever the workers, whatever dies."""

import json
import os
import shutil
import signal
import sys

import numpy as np
import pytest

ray = pytest.importorskip("ray", reason="ray is not installed")
pq = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")

import pyarrow as pa  # noqa: E402

import locus_engine as locus  # noqa: E402
from locus_engine.ray import Embed, Generate, Rerank, Score, map_shards  # noqa: E402

from conftest import GOLDENS  # noqa: E402

EMBEDDER = GOLDENS / "sentences/6.2.0/pooling-all"
WORDS = "the lamp was lit before ships came in and nobody asked who had done it".split()


def text_of(row):
    return " ".join(WORDS[(row * 7 + i * 3) % len(WORDS)] for i in range(3 + row % 9))


@pytest.fixture(scope="module", autouse=True)
def cluster():
    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    yield
    ray.shutdown()


@pytest.fixture(scope="module")
def shards(tmp_path_factory):
    """Three of Parquet and one of JSON lines, of different sizes."""
    folder = tmp_path_factory.mktemp("corpus")
    paths = []
    for shard in range(4):
        ids = list(range(shard * 50, shard * 50 + 20 + shard * 7))
        texts = [text_of(row) for row in ids]
        path = folder / f"part-{shard}.{'jsonl' if shard == 3 else 'parquet'}"
        if shard == 3:
            lines = (json.dumps({"id": row, "text": text}) for row, text in zip(ids, texts))
            path.write_text("\n".join(lines) + "\n")
        else:
            pq.write_table(pa.table({"id": ids, "text": texts}), path)
        paths.append(path)
    return paths


def rows_of(paths):
    return pa.concat_tables([pq.read_table(path) for path in paths])


def embedded(paths):
    table = rows_of(paths)
    return table["id"].to_pylist(), np.array(table["embedding"].to_pylist(), np.float32)


def one_process(shards, batch):
    """What `map_shards` should write, made without Ray."""
    model, vectors = locus.open(EMBEDDER, threads=2), []
    for path in shards:
        rows = [json.loads(line) for line in path.read_text().splitlines()] if path.suffix == ".jsonl" \
            else pq.read_table(path).to_pylist()
        texts = [row["text"] for row in rows]
        vectors += [model.encode(texts[at : at + batch]) for at in range(0, len(texts), batch)]
    return np.concatenate(vectors)


@pytest.mark.parametrize("workers", [1, 2])
def test_workers_change_no_bit(shards, tmp_path, workers):
    written = map_shards(shards, tmp_path, Embed, str(EMBEDDER), workers=workers, batch_size=8)
    ids, vectors = embedded(written)
    assert ids == [row for shard in range(4) for row in range(shard * 50, shard * 57 + 20)]
    assert np.array_equal(vectors, one_process(shards, 8))


def test_a_job_goes_on_where_it_was(shards, tmp_path):
    first = map_shards(shards[:2], tmp_path, Embed, str(EMBEDDER), batch_size=8)
    before = [path.stat().st_mtime_ns for path in first]
    (tmp_path / ".part-2.parquet.parquet.left").write_bytes(b"half of a file")
    written = map_shards(shards, tmp_path, Embed, str(EMBEDDER), workers=2, batch_size=8)
    assert [path.stat().st_mtime_ns for path in first] == before
    assert np.array_equal(embedded(written)[1], one_process(shards, 8))


def test_a_job_takes_no_files_that_another_made(shards, tmp_path, causal, masked):
    out = tmp_path / "out"
    (path,) = map_shards(shards[:1], out, Embed, str(EMBEDDER), batch_size=8)
    stays = path.stat().st_mtime_ns

    def refusal(*arguments, **options):
        with pytest.raises(ValueError) as caught:
            map_shards(shards[:1], out, *arguments, **{"batch_size": 8, **options})
        return str(caught.value)

    end = ": remove it, or write to another folder"
    assert refusal(Embed, str(EMBEDDER), normalize_embeddings=True) == (
        f"{path}: expected one made with options normalize_embeddings true, found not given{end}"
    )
    assert f"{path}: expected one made with batch_size 4, found 8" in refusal(
        Embed, str(EMBEDDER), batch_size=4
    )
    assert "expected one made with actor" in refusal(Score, str(causal))
    assert "expected one made with arguments" in refusal(Embed, str(masked))
    copy = tmp_path / "elsewhere"  # the same model, whatever its name; threads change nothing
    shutil.copytree(EMBEDDER, copy)
    map_shards(shards[:1], out, Embed, copy, batch_size=8, threads=2)
    assert path.stat().st_mtime_ns == stays
    pq.write_table(pa.table({"text": ["another"]}), tmp_path / shards[0].name)
    with pytest.raises(ValueError, match="expected one made with input bytes"):
        map_shards([tmp_path / shards[0].name], out, Embed, str(EMBEDDER), batch_size=8)
    pq.write_table(pa.table({"a": [1]}), path)
    assert f"{path}: expected one of map_shards, found another" in refusal(Embed, str(EMBEDDER))


class Killed(Embed):
    """Its process ends in the middle of the second shard, once."""

    def __init__(self, model, marker, **options):
        super().__init__(model, **options)
        self.marker, self.calls = marker, 0

    def __call__(self, batch):
        self.calls += 1
        if self.calls == 5 and not os.path.exists(self.marker):
            open(self.marker, "w").close()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().__call__(batch)


def test_a_worker_that_is_killed_loses_and_doubles_nothing(shards, tmp_path):
    marker = tmp_path / "killed"
    written = map_shards(
        shards, tmp_path / "out", Killed, str(EMBEDDER), str(marker), workers=2, batch_size=8
    )
    assert marker.exists()
    ids, vectors = embedded(written)
    assert len(ids) == len(set(ids)) == rows_of(shards[:3]).num_rows + 41
    assert np.array_equal(vectors, one_process(shards, 8))


def test_scores_of_a_corpus_are_the_models(shards, tmp_path, causal):
    written = map_shards(shards[:2], tmp_path, Score, str(causal), batch_size=16, keep=["id"])
    table = rows_of(written)
    assert table.column_names == ["id", "nll", "tokens", "bytes"]
    model = locus.open(causal)
    for row in (0, 25):
        one = model.score(text_of(table["id"][row].as_py()))
        assert table["nll"][row].as_py() == pytest.approx(one.total_nll, rel=1e-6)
        assert table["tokens"][row].as_py() == len(one.tokens)
    none = model.score_all(["", "The lamp was lit."])
    assert none.tokens.tolist()[0] == 0 and none.nll[0] == 0 and none.tokens[1] > 0


def test_actors_run_in_a_dataset_of_ray(shards, causal, reranker):
    texts = ray.data.read_parquet([str(path) for path in shards[:2]])
    added = texts.map_batches(
        Embed, fn_constructor_args=[str(EMBEDDER)], batch_size=16, concurrency=1
    ).to_pandas()
    assert len(added) == 47 and np.stack(added["embedding"]).dtype == np.float32
    batch = {"text": np.array(["The lamp was"], dtype=object)}
    told = Generate(str(causal), max_tokens=5)(batch)
    assert told["continuation"][0] == locus.open(causal).generate("The lamp was", max_tokens=5)
    asked = {
        "query": np.array(["who lit it"], dtype=object),
        "documents": np.array([None], dtype=object),
    }
    asked["documents"][0] = ["the lamp", "a ship came in", "nobody"]
    ranked = Rerank(str(reranker))(asked)
    expected = locus.open(reranker).rerank("who lit it", asked["documents"][0])
    assert ranked["order"][0].tolist() == [each.index for each in expected]


def test_a_shard_without_rows_gives_a_file_without_rows(shards, tmp_path, causal, reranker):
    empty, lines = tmp_path / "none.parquet", tmp_path / "none.jsonl"
    pq.write_table(pq.read_table(shards[0]).slice(0, 0), empty)
    lines.write_text("\n")
    for actor, model, options in (
        (Embed, EMBEDDER, {}),
        (Score, causal, {}),
        (Generate, causal, {"max_tokens": 2}),
    ):
        out = tmp_path / actor.__name__
        full, *none = map_shards([shards[0], empty, lines], out, actor, str(model), **options)
        expected = pq.read_table(full)
        for path in none:
            found = pq.read_table(path)
            assert found.num_rows == 0
            kept = expected.select([name for name in expected.column_names if name in found.column_names])
            assert found.schema.equals(kept.schema)
        assert pq.read_table(none[0]).column_names == expected.column_names
        assert "text" in pq.read_table(none[1]).column_names
    kinds = {"query": pa.string(), "documents": pa.list_(pa.string())}
    pq.write_table(pa.table({name: pa.array([], kind) for name, kind in kinds.items()}), empty)
    (path,) = map_shards([empty], tmp_path / "ranked", Rerank, str(reranker))
    added = {"order": pa.list_(pa.int64()), "score": pa.list_(pa.float64())}
    assert dict(zip((found := pq.read_schema(path)).names, found.types)) == {**kinds, **added}


def test_what_is_no_text_is_an_error_that_names_it(tmp_path):
    pq.write_table(pa.table({"text": ["a", None]}), tmp_path / "bad.parquet")
    with pytest.raises(Exception, match="expected a text, found None in row 1"):
        map_shards([tmp_path / "bad.parquet"], tmp_path / "out", Embed, str(EMBEDDER))
    with pytest.raises(Exception, match="expected 'body', found text"):
        map_shards([tmp_path / "bad.parquet"], tmp_path / "out", Embed, str(EMBEDDER), text="body")
    assert not list((tmp_path / "out").iterdir())
