"""Writes tests/goldens/sentences: folders of sentence-transformers 5 and 6, with what they say of texts.

    python sentence_folders.py tests/goldens [--only PART_OF_A_NAME]    # once by each version: its folders alone

`NAME-VERSION/case.json` has `kind` (sentence, sparse or cross), the `texts`, or pairs of texts, and for each run
its arguments and the `values`: a vector, score or scores for each text. `cross` folders have one more run, `rank`,
with the documents' order for one query.
"""

import argparse
import json
import logging
import shutil
import tempfile
import warnings
from pathlib import Path

import numpy
import sentence_transformers
import torch
import transformers
from sentence_transformers import CrossEncoder, SentenceTransformer, SparseEncoder

import cross_cases
import sentence_cases
from sentence_modules import VERSION

REFERENCE = f"sentence-transformers {VERSION}, transformers {transformers.__version__}"
KINDS = {SentenceTransformer: "sentence", SparseEncoder: "sparse", CrossEncoder: "cross"}
LEFT_OUT = ("README.md", "vocab.txt", "special_tokens_map.json")  # tokenizer.json says the same


def rounded(values) -> list:
    values = numpy.asarray(values.to_dense() if isinstance(values, torch.Tensor) else values, dtype=float)
    return json.loads(json.dumps(values.tolist()), parse_float=lambda text: float(f"{float(text):.7g}"))


def ask(model, case: sentence_cases.Case, run: dict) -> list:
    """One at a time, as together: padding changes nothing."""
    if isinstance(model, CrossEncoder):
        together, alone = model.predict(case.texts, **run), [model.predict([pair], **run)[0] for pair in case.texts]
    else:
        together, alone = model.encode(case.texts, **run), [model.encode(text, **run) for text in case.texts]
    dense = lambda found: numpy.asarray([one.to_dense() if isinstance(one, torch.Tensor) else one for one in found])
    assert numpy.allclose(dense(together), dense(alone), atol=2e-5), case.name
    return rounded(dense(alone))


def rank(model: CrossEncoder) -> dict:
    found = model.rank(cross_cases.QUERY, cross_cases.DOCUMENTS)
    order, scores = [one["corpus_id"] for one in found], [one["score"] for one in found]
    return {"query": cross_cases.QUERY, "documents": cross_cases.DOCUMENTS, "order": order, "scores": rounded(scores)}


def clean(folder: Path) -> None:
    for name in LEFT_OUT:
        for file in folder.rglob(name):
            file.unlink()
    for file in folder.rglob("*.json"):
        table = json.loads(file.read_text())
        if isinstance(table, dict) and table.pop("_name_or_path", table.pop("name_or_path", None)):
            file.write_text(json.dumps(table, indent=2) + "\n")
    for file in folder.rglob("*.*"):
        file.chmod(0o644) if file.is_file() else None


def write(case: sentence_cases.Case, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory() as name:
        model = case.make(Path(name))
        model.save_pretrained(str(folder))
    clean(folder)
    if case.after is not None:
        case.after(folder)
    eager = {"attn_implementation": "eager"}
    opened = type(model)(str(folder), model_kwargs=eager)
    runs = [run | {"values": ask(opened, case, run)} for run in case.runs]
    content = {"reference": REFERENCE, "kind": KINDS[type(model)], "texts": case.texts, "runs": runs}
    if isinstance(opened, CrossEncoder) and numpy.asarray(runs[0]["values"]).ndim == 1:
        content["rank"] = rank(opened)
    (folder / "case.json").write_text(json.dumps(content, ensure_ascii=False) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="names that contain this")
    options = parser.parse_args()
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    transformers.logging.set_verbosity(logging.CRITICAL)
    transformers.utils.logging.disable_progress_bar()
    logging.disable(logging.WARNING)
    assert sentence_transformers.__version__ == VERSION
    for case in [*sentence_cases.CASES, *cross_cases.CASES]:
        if options.only in case.name and VERSION.startswith(case.versions):
            write(case, options.folder / "sentences" / VERSION / case.name)
            print(case.name)


if __name__ == "__main__":
    main()
