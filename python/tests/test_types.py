"""What type checkers make of the package, and of the programs of the pages."""

import pathlib
import re
import subprocess
import sys

import pytest

pytest.importorskip("mypy", reason="mypy is not installed")

PAGES = pathlib.Path(__file__).resolve().parents[2] / "docs"
PROGRAM = """
import numpy as np
import locus_engine as locus
from locus_engine import LocusError, LocusWarning

def run() -> None:
    with locus.open("causal-rope", precision="bf16", encoding="alibi", threads=2) as model:
        stream = model.generate("The lamp was", max_tokens=20, stream=True)
        first: str = next(stream)
        pieces: list[str] = [first, *stream]
        whole = stream.result
        if whole is not None:
            text: str = whole.text + "".join(pieces)
        stream.close()
        one: str = model.generate("The lamp")
        several: list[str] = model.generate(["The lamp", "A ship"], temperature=0.5)
        for results in model.generate_all([one, *several], beams=2):
            scores: list[float] = [found.score for found in results]
        score = model.score(text)
        best = float(score.nll.min()) + score.perplexity
        totals = model.score_all([text])
        for log_p, ids in model.predict([([1, 2, 3], 1)]):
            print(log_p.sum(), ids[0], scores, best, totals.nll)
        for token in model.tokenize(text).tokens:
            print(token)
        for name, node in model.trace(text).items():
            print(name, node.shape)
    bias: np.ndarray = locus.position("alibi").bias(heads=4)
    print(bias, locus.compare(["a", "b"], "text.txt", lengths=[32, 64]).table())
    try:
        locus.open("nowhere")
    except LocusError as error:
        print(str(error), LocusWarning)
"""


def test_programs_are_right(tmp_path):
    page = (PAGES / "embedding.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"^```python\n(.*?)^```$", page, re.M | re.S)
    (scheme,) = re.findall(r"^```py\n(@locus.*?)^```$", page, re.M | re.S)
    # The page's class has no annotations, which --strict asks for.
    annotated = scheme.replace("(self, strength)", "(self, strength: float) -> None").replace(
        "(self, tile)", "(self, tile: locus.Tile) -> Any"
    )
    begin = "from typing import Any\nimport numpy as np\nimport locus_engine as locus\ntext = 'a'\n"
    programs = {"everything.py": PROGRAM, "page.py": program, "scheme.py": begin + annotated}
    for name, text in programs.items():
        (tmp_path / name).write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), *programs],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
