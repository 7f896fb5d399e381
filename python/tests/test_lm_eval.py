"""lm-evaluation-harness with Locus in it gives what it gives with transformers, on the same files."""

import json
import os
import sys

import pytest

pytest.importorskip("lm_eval", reason="lm_eval is not installed")
os.environ.setdefault("HF_DATASETS_OFFLINE", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import lm_eval  # noqa: E402
from lm_eval.tasks import TaskManager  # noqa: E402

import locus_engine.lm_eval  # noqa: E402

STORIES = [
    "The lamp was lit before the ships came in, and nobody asked who had done it. ",
    "A dog ran across the field, and the boy ran after it until the sun was down. ",
    "In the morning the baker opened her shop, and the street smelled of warm bread. ",
]

CHOICE = """
task: local_choice
dataset_path: json
dataset_kwargs: {{data_files: {{test: {folder}/choice.jsonl}}}}
test_split: test
output_type: multiple_choice
doc_to_text: "{{{{context}}}}"
doc_to_choice: "{{{{choices}}}}"
doc_to_target: "{{{{label}}}}"
metric_list: [{{metric: acc}}, {{metric: acc_norm}}]
"""
ROLLING = """
task: local_rolling
dataset_path: json
dataset_kwargs: {{data_files: {{test: {folder}/rolling.jsonl}}}}
test_split: test
output_type: loglikelihood_rolling
doc_to_text: ""
doc_to_target: "{{{{text}}}}"
metric_list: [{{metric: word_perplexity}}, {{metric: byte_perplexity}}, {{metric: bits_per_byte}}]
"""
WRITING = """
task: local_writing
dataset_path: json
dataset_kwargs: {{data_files: {{test: {folder}/rolling.jsonl}}}}
test_split: test
output_type: generate_until
doc_to_text: "{{{{text[:60]}}}}"
doc_to_target: "{{{{text[60:]}}}}"
generation_kwargs: {{until: [".", "\\n"], max_gen_toks: 24, do_sample: false}}
metric_list: [{{metric: exact_match}}]
"""
TASKS = ["local_choice", "local_rolling", "local_writing"]


@pytest.fixture(scope="module")
def tasks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tasks")
    for name, text in (("choice", CHOICE), ("rolling", ROLLING), ("writing", WRITING)):
        (folder / f"{name}.yaml").write_text(text.format(folder=folder))
    choices = [
        {"context": story[:30], "choices": [story[30:], " cloud of seven", " the"], "label": 0}
        for story in STORIES
    ]
    # One that is longer than the model's window, one of several windows, and one that is nothing.
    choices.append({"context": "".join(STORIES) * 6, "choices": [" and", " The lamp was"], "label": 1})
    choices.append({"context": "", "choices": ["The lamp", "lamp The"], "label": 0})
    texts = [{"text": story} for story in STORIES] + [{"text": "".join(STORIES) * 8}]
    for name, rows in (("choice", choices), ("rolling", texts)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def evaluate(tasks, model, **arguments):
    found = lm_eval.simple_evaluate(
        model=model,
        model_args=arguments,
        tasks=TASKS,
        task_manager=TaskManager(include_path=str(tasks), include_defaults=False),
        bootstrap_iters=0,
        log_samples=True,
    )
    answers = {name: [sample["filtered_resps"] for sample in found["samples"][name]] for name in TASKS}
    return found["results"], answers


def test_the_harness_gives_what_it_gives_with_transformers(tasks, causal):
    pytest.importorskip("transformers")
    pytest.importorskip("torch")
    expected, their = evaluate(tasks, "hf", pretrained=str(causal), dtype="float32", device="cpu")
    results, our = evaluate(tasks, "locus", path=str(causal))
    for theirs, ours in zip(their["local_choice"], our["local_choice"]):
        for (log_p, greedy), (found, found_greedy) in zip(theirs, ours):
            assert found == pytest.approx(log_p, abs=1e-4)
            assert found_greedy == greedy
    for theirs, ours in zip(their["local_rolling"], our["local_rolling"]):
        assert ours[0] == pytest.approx(theirs[0], abs=1e-4, rel=1e-6)
    assert our["local_writing"] == their["local_writing"]
    assert any(text for (text,) in our["local_writing"])
    for name in TASKS:
        for metric, value in expected[name].items():
            if isinstance(value, float):
                assert results[name][metric] == pytest.approx(value, rel=1e-5), (name, metric)


def test_another_encoding_changes_the_figures(tasks, causal):
    _, trained = evaluate(tasks, "locus", path=str(causal))
    _, other = evaluate(tasks, "locus", path=str(causal), encoding="alibi", threads=1)
    assert trained["local_rolling"] != other["local_rolling"]


def test_the_command_of_the_harness_knows_the_model(tasks, causal, tmp_path, monkeypatch, capsys):
    encoding = "bias:score=-m*abs(i-j),m=2^(-8*(h+1)/H)"
    arguments = json.dumps({"path": str(causal), "encoding": encoding})
    monkeypatch.setattr(
        sys,
        "argv",
        ["lm_eval", "run", "--model", "locus", "--model_args", arguments, "--tasks", "local_rolling"]
        + ["--include_path", str(tasks), "--output_path", str(tmp_path / "out")],
    )
    locus_engine.lm_eval.main()
    assert "bits_per_byte" in capsys.readouterr().out
    (written,) = (tmp_path / "out").rglob("results*.json")
    assert json.loads(written.read_text())["results"]["local_rolling"]


def test_what_cannot_be_evaluated_is_refused(masked, causal):
    with pytest.raises(ValueError, match="expected a causal model"):
        locus_engine.lm_eval.LocusLM(str(masked))
    model = locus_engine.lm_eval.LocusLM(str(causal), max_length=16)
    with pytest.raises(ValueError, match="expected 1 to 16 tokens, found 20"):
        model._loglikelihood_tokens([(None, [5], [7] * 20)], disable_tqdm=True)
