"""Python's figures are the command's, bit for bit."""

import numpy as np
import pytest

import locus_engine as locus

TEXT = "The lamp was lit before the ships came in, and nobody asked who had done it."


def test_tokens_and_their_text(causal):
    model = locus.open(causal)
    found = model.tokenize(TEXT, special=False)
    assert found.ids.dtype == np.int32 and found.offsets.shape == (len(found.tokens), 2)
    begin, end = found.offsets[0]
    assert TEXT.encode()[begin:end] == b"The"
    assert model.decode(found.ids) == TEXT


def test_score_is_what_perplexity_prints(causal, command, tmp_path):
    file = tmp_path / "text.txt"
    file.write_text(TEXT)
    expected = command("perplexity", causal, "--text", file)
    found = locus.open(causal).score(TEXT)
    for name in ("perplexity", "bits_per_byte", "bytes", "words"):
        assert getattr(found, name) == expected[name], name
    assert found.total_nll == expected["nll"]
    assert len(found.tokens) == expected["tokens"]
    assert found.nll.dtype == np.float64
    assert np.isclose(found.nll.sum(), expected["nll"], rtol=1e-12)


def test_many_texts_are_scored_a_part_at_a_time(causal, masked):
    """With the bits of each by itself, an iterator being read no further than what is scored."""
    texts = [f"The lamp number {i} was lit." for i in range(700)] + ["", "The"]
    model = locus.open(causal, threads=1)
    told, read = [], []
    whole = model.score_all(texts, progress=lambda *step: told.append(step))
    assert told == sorted(told) and told[-1] == (702, 702)
    assert whole.tokens[-2] == 0 and whole.nll.dtype == np.float64 and whole.bytes.dtype == np.int64
    assert whole.nll[300] == model.score(texts[300]).total_nll
    stream = model.score_all((read.append(text) or text for text in texts), stream=True)
    assert read == []
    first = next(stream)
    assert first == (whole.nll[0], whole.tokens[0], whole.bytes[0]) and len(read) == 256
    rest = [first, *stream]
    for place, column in enumerate(whole):
        assert [one[place] for one in rest] == column.tolist()
    assert [len(column) for column in model.score_all(iter([]))] == [0, 0, 0]
    with pytest.raises(TypeError, match=r"texts\[1\]: expected a text, found 7"):
        list(model.score_all(iter(["a", 7]), stream=True))
    bert = locus.open(masked, threads=1)
    some = texts[:300:50]
    all_tokens = bert.score_all(some, sample=0)
    assert all_tokens.nll.tolist() == [bert.score(text, sample=0).total_nll for text in some]
    assert bert.score_all(some * 60, sample=20).tokens.sum() == 20  # of all texts together


def test_encode_is_what_embed_prints(masked, command):
    texts = ["a text", "another, longer one"]
    expected = command("embed", masked, *texts, "--normalize")
    model = locus.open(masked)
    found = model.encode(texts, normalize_embeddings=True)
    assert found.shape == (2, expected["dimension"]) and found.dtype == np.float32
    assert np.array_equal(found, np.array(expected["embeddings"], np.float32))
    assert np.array_equal(model.encode(texts[1], normalize_embeddings=True), found[1])
    assert np.array_equal(model.encode(texts, truncate_dim=8), model.encode(texts)[:, :8])


def test_encode_gives_a_vector_for_each_token(masked, command):
    expected = command("embed", masked, "a text", "--pooling", "none")["embeddings"][0]
    one, two = locus.open(masked).encode(["a text", "b"], output_value="token_embeddings")
    assert np.array_equal(one, np.array(expected, np.float32))
    assert two.ndim == 2 and len(two) < len(one)


def test_prompts_of_the_folder(command):
    from conftest import GOLDENS

    folder = GOLDENS / "sentences/6.2.0/prompts"
    expected = command("embed", folder, "a lamp", "--prompt", "query")["embeddings"]
    model = locus.open(folder)
    found = model.encode(["a lamp"], prompt_name="query")
    assert not np.array_equal(model.encode(["a lamp"], prompt="query"), found)
    assert np.array_equal(model.encode(["a lamp"], prompt="query"), model.encode(["querya lamp"], prompt=""))
    assert np.array_equal(found, np.array(expected, np.float32))


def test_generate_whole_and_in_pieces(causal, command):
    expected = command("generate", causal, "The lamp was", "--max-tokens", 12)
    model = locus.open(causal)
    text = model.generate("The lamp was", max_tokens=12)
    assert text == expected["text"]
    stream = model.generate("The lamp was", max_tokens=12, stream=True)
    assert "".join(stream) == text
    assert stream.result.text == text and stream.result.finish == expected["finish"]
    both = model.generate(["The lamp was", "Once"], max_tokens=12)
    assert both[0] == text and len(both) == 2
    drawn = model.generate_all(["Once"], max_tokens=4, temperature=0.9, seed=3, top_k=5)
    assert len(drawn[0][0].ids) == 4


def test_a_stream_that_is_left_frees_its_worker(causal):
    model = locus.open(causal)
    for _ in range(20):
        stream = model.generate("The lamp was", max_tokens=200, stream=True)
        assert next(stream)
        stream.close()
        for _ in stream:
            pass
        assert stream.result.finish == "cancelled"
    assert model.generate("The lamp was", max_tokens=2)


def test_fill_mask(masked, command):
    text = "The <mask> is closed."
    expected = command("fill-mask", masked, text, "--top", 3)
    found = locus.open(masked).fill_mask(text, top=3)
    candidates = str(expected)
    assert len(found) == 3
    for candidate in found:
        assert repr(candidate.probability) in candidates and candidate.token in candidates


def test_rerank(reranker, command):
    documents = ["the ship", "a lamp is lit", "the"]
    found = locus.open(reranker).rerank("a lamp", documents)
    assert [documents[one.index] for one in found] == [one.document for one in found]
    assert sorted((one.score for one in found), reverse=True) == [one.score for one in found]
    expected = str(command("rerank", reranker, *documents, "--query", "a lamp"))
    assert all(repr(one.score) in expected for one in found)


def test_heads(tiny, command):
    text = "the cat sat"
    folder = tiny("bert/sequence")
    expected = str(command("classify", folder, "the", "--pair", "cat"))
    labels = locus.open(folder).classify("the", "cat")
    assert labels and all(repr(one.value) in expected for one in labels)
    for one in locus.open(tiny("bert/tokens")).tag(text, aggregation="none"):
        assert text[one.start : one.end] == one.text
    for one in locus.open(tiny("bert/answer")).answer(question="who sat?", context=text, top=3):
        assert text[one.start : one.end] == one.text


def test_offsets_of_names_and_answers_count_characters(tiny):
    context = "čáü the cat sat"
    for one in locus.open(tiny("bert/answer")).answer(question="who?", context=context, top=5):
        assert context[one.start : one.end] == one.text


def test_trace_holds_every_node(causal, command):
    expected = command("trace", causal, "--text", "Positions matter.")["tensors"]
    found = locus.open(causal).trace("Positions matter.")
    assert found.keys() == expected.keys()
    for name, array in found.items():
        assert list(array.shape) == expected[name]["shape"], name
        assert np.array_equal(array.ravel(), np.array(expected[name]["values"], np.float32)), name


def test_position_is_what_the_command_prints(command):
    sizes = ("--length", 16, "--dimension", 8, "--heads", 4)
    rope = command("position", "rope:base=1000", *sizes)
    found = locus.position("rope:base=1000", length=16, dimension=8, heads=4)
    assert np.array_equal(found, np.array(rope["matrix"], np.float32))
    assert np.array_equal(found.decay(), np.array(rope["decay"], np.float32))
    assert np.array_equal(found.products(), np.array(rope["inner_products"], np.float32))
    alibi = command("position", "alibi", *sizes)
    found = locus.position("alibi", length=16, dimension=8)
    assert found.shape == (8, 31)
    assert np.array_equal(found.bias(heads=4), np.array(alibi["bias"], np.float32))
    assert "alibi" in locus.schemes()


def test_position_of_a_model(causal, command):
    expected = command("position", causal, "--length", 8)
    found = locus.open(causal).position(8)
    assert np.array_equal(found, np.array(expected["matrix"], np.float32))


def test_compare_is_what_the_command_prints(causal, command, tmp_path):
    file = tmp_path / "text.txt"
    file.write_text("\n\n".join([TEXT] * 40))
    other = causal.parent / "causal-alibi"
    expected = command("compare", causal, other, "--text", file, "--lengths", "32,64")
    models = {m["name"]: m for group in expected["groups"] for m in group["models"]}
    seen = []
    found = locus.compare(
        [causal, other], file, lengths=[64, 32], progress=lambda *step: seen.append(step)
    )
    assert seen
    for row in found.rows:
        same = models[row["name"]]
        assert row["nll"] == same["nll"] and row["bits_per_byte"] == same["bits_per_byte"]
        assert [point[2] for point in row["by_length"]] == [
            point["nll"] for point in same["loss_by_length"]
        ]
    assert "causal-alibi" in found.table()
    found.report(tmp_path / "report.html")
    assert "<svg" in (tmp_path / "report.html").read_text()


def test_the_same_bits_for_any_number_of_threads(causal):
    one, two = (locus.open(causal, threads=n).score(TEXT).nll for n in (1, 2))
    assert np.array_equal(one, two)


def test_a_formula_is_what_the_built_in_scheme_is(causal):
    kerple = causal.parent / "causal-kerple"
    formula = "bias:score=-abs(amplitude)*log(1+abs(rate)*abs(i-j))"
    expected, found = locus.open(kerple).score(TEXT), locus.open(kerple, encoding=formula).score(TEXT)
    assert np.abs(found.nll - expected.nll).max() < 1e-5
    slopes = "bias:score=-m*abs(i-j),m=2^(-8*(h+1)/H)"
    bias = locus.position(slopes, length=16, heads=4).bias()
    assert np.abs(bias - locus.position("alibi", length=16, heads=4).bias()).max() < 1e-6
    with pytest.raises(locus.LocusError, match=r"bias.score: expected '\)', found the end at character 8"):
        locus.position("bias:score=log(1+n")


def test_ids_are_predicted_and_continued_as_they_are(causal):
    model = locus.open(causal)
    ids = model.tokenize(TEXT).ids.tolist()
    (log_p, best), (rest, _) = model.predict([(ids, 1), (ids, 5)])
    assert len(log_p) == len(best) == len(ids) - 1
    assert np.abs(log_p[4:] - rest).max() < 1e-5
    (told,) = model.generate_all([ids], max_tokens=4, temperature=0)
    new = told[0].ids.tolist()
    (_, likeliest), = model.predict([(ids + new, len(ids))])
    assert likeliest.tolist() == new
    with pytest.raises(locus.LocusError):
        model.predict([([], 1)])
