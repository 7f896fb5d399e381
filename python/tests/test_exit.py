"""The interpreter's exit ends whatever runs, with status 0 and in silence."""

import pathlib
import subprocess
import sys
import time

import pytest

BEGIN = """
import sys, threading, time
import locus_engine as locus
model = locus.open(sys.argv[1], threads=2)
text = "The lamp was lit before the ships came in. " * 20000
begun = threading.Event()

def in_background(call):
    def run():
        begun.set()
        while True:
            call()
    threading.Thread(target=run, daemon=True).start()
    begun.wait()
    time.sleep(0.3)
"""
CALLS = {
    "score": "lambda: model.score(text)",
    "score_all": "lambda: model.score_all([text])",
    "tokenize": "lambda: model.tokenize(text)",
    "decode": "lambda: model.decode(ids)",
    "generate": "lambda: model.generate('The', max_tokens=200)",
    "stream": "lambda: list(model.generate('The', max_tokens=200, stream=True))",
    "open": "lambda: locus.open(sys.argv[1])",
    "trace": "lambda: model.trace(text[:4000])",
    "encode": "lambda: masked.encode([text[:300]] * 400)",
    "progress": "lambda: model.score(text, progress=lambda done, total: None)",
    "compare": "lambda: locus.compare([sys.argv[1]], sys.argv[2], progress=lambda *step: None)",
    "position": "lambda: locus.position('rope', length=8000).products()",
    "own scheme": "lambda: own.score(text[:8000])",
    "kept from ending": "lambda: swallow(lambda: model.score(text))",
}
NEEDS = {
    "decode": "ids = model.tokenize(text).ids.tolist()",
    "encode": "masked = locus.open(sys.argv[1] + '/../masked-learned')",
    "kept from ending": """
def swallow(call):
    try:
        call()
    except Exception:
        pass
""",
    "own scheme": """
@locus.scheme("ones")
class Ones:
    def score(self, tile):
        return sum(range(200)) * 0.0

own = locus.open(sys.argv[1], encoding="ones")
""",
}


def exit_of(program, *arguments):
    """Seconds until it has ended, which must be with status 0 and without a word."""
    begin = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + program, *map(str, arguments)], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return time.monotonic() - begin


@pytest.mark.parametrize("what", CALLS)
def test_a_daemon_thread_within_a_call(causal, tmp_path, what):
    text = tmp_path / "text.txt"
    text.write_text("The lamp was lit before the ships came in.\n\n" * 20000)
    program = NEEDS.get(what, "") + f"\nin_background({CALLS[what]})\n"
    assert exit_of(program, causal, text) < 20


def test_a_stream_that_nobody_reads_to_its_end(causal):
    exit_of("stream = model.generate('The', max_tokens=5000, stream=True)\nnext(stream)\n", causal)


def test_a_callable_that_never_returns(causal):
    exit_of(
        "in_background(lambda: model.score(text, progress=lambda *_: time.sleep(1000)))\n", causal
    )


def test_the_exiting_thread_may_still_use_a_model(causal):
    program = """
import atexit
def last():
    assert model.score("The lamp was lit.").total_nll > 0
    assert model.tokenize("The lamp").ids.size
    assert list(model.generate("The", max_tokens=3, stream=True))
atexit._clear()
atexit.register(last)
import importlib, locus_engine
atexit.register(locus_engine._locus.cancel_runs)
in_background(lambda: model.score(text))
"""
    exit_of(program, causal)


def test_a_lock_that_a_thread_holds_is_let_go(causal):
    program = """
import atexit
lock = threading.Lock()
def last():
    with lock:
        pass
atexit._clear()
atexit.register(last)
atexit.register(locus_engine._locus.cancel_runs)
def call():
    with lock:
        model.score(text)
in_background(call)
"""
    exit_of("import locus_engine\n" + program, causal)


def test_a_child_that_was_forked_ends_at_once(causal):
    program = """
import os
in_background(lambda: model.score(text))
child = os.fork()
if child == 0:
    begin = time.monotonic()
    sys.exit(0)
assert os.waitpid(child, 0)[1] == 0
"""
    exit_of(program, causal)


def test_no_other_way_to_the_interpreters_lock():
    """nanobind's own guards let the interpreter unwind C++ when it exits."""
    folder = pathlib.Path(__file__).resolve().parents[1] / "binding"
    found = [file.name for file in folder.iterdir() if "gil_scoped" in file.read_text()]
    assert found == []
