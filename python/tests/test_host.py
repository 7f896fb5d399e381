"""A good guest: threads, forks, signals, memory, time to import."""

import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import locus_engine as locus

TEXT = "The lamp was lit before the ships came in. " * 20


def test_threads_share_a_model(causal):
    model = locus.open(causal, threads=1)
    expected = model.score(TEXT).nll
    found = [None] * 4

    def run(place):
        found[place] = [model.score(TEXT).nll for _ in range(3)]

    threads = [threading.Thread(target=run, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(nll, expected) for runs in found for nll in runs)


def test_the_interpreter_runs_meanwhile(causal):
    model = locus.open(causal, threads=1)
    steps = 0
    done = threading.Event()

    def run():
        model.score(TEXT * 20)
        done.set()

    threading.Thread(target=run).start()
    while not done.is_set():
        steps += 1
        time.sleep(0.001)
    assert steps > 10


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_model_that_was_opened_before_a_fork(causal):
    model = locus.open(causal, threads=2)
    expected = model.score(TEXT).total_nll
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        os._exit(0 if model.score(TEXT).total_nll == expected else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert model.score(TEXT).total_nll == expected


def test_a_stream_belongs_to_one_thread_and_one_process(causal):
    model = locus.open(causal, threads=1)
    stream = model.generate("The", max_tokens=200, stream=True)
    next(stream)
    refused = []

    def run():
        try:
            for _ in stream:
                pass
        except locus.LocusError as error:
            refused.append(str(error))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all("one thread at a time" in message for message in refused)
    stream.close()
    stream = model.generate("The", max_tokens=200, stream=True)
    next(stream)
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        try:
            next(stream)
        except locus.LocusError:
            del stream
            os._exit(0)
        os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    assert stream.result is None and "".join(stream) is not None


def test_several_beams_come_as_one_piece(causal):
    stream = locus.open(causal).generate("The lamp", beams=2, max_tokens=3, stream=True)
    pieces = list(stream)
    assert pieces == [stream.result.text]


def interrupted_after(call, begin_late=False):
    """Seconds of the processor from Ctrl-C to its exception, as other programs may hold it; the call may
    say itself when the time begins."""
    sent = []

    def interrupt():
        sent.append(time.process_time())
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(0.2, interrupt)
    if not begin_late:
        timer.start()
    with pytest.raises(KeyboardInterrupt):
        call(timer.start) if begin_late else call()
        timer.join()
        time.sleep(1)
    return time.process_time() - sent[0]


CALLS = ("score", "generate", "stream", "encode", "tokenize", "decode", "position", "products", "compare")


@pytest.mark.parametrize("what", CALLS)
def test_interruption(causal, masked, tmp_path, what):
    file = tmp_path / "text.txt"
    file.write_text((TEXT + "\n\n") * 3000)
    model = locus.open(masked if what == "encode" else causal, threads=1)
    calls = {
        "score": lambda: model.score(TEXT * 1000),
        "generate": lambda: [model.generate("The", max_tokens=240) for _ in range(50)],
        "stream": lambda: [list(model.generate("The", max_tokens=240, stream=True)) for _ in range(50)],
        "encode": lambda: model.encode([TEXT[:300]] * 4000),
        "tokenize": lambda: [model.tokenize(TEXT * 5000) for _ in range(20)],
        "position": lambda: [locus.position("rope", length=200_000) for _ in range(50)],
        "products": lambda: [locus.position("rope", length=6000).products() for _ in range(50)],
        "compare": lambda: [locus.compare(causal, file) for _ in range(50)],
        "decode": lambda: [model.decode(ids) for _ in range(50)],
    }
    ids = model.tokenize(TEXT * 200).ids.tolist() * 10
    assert min(interrupted_after(calls[what]) for _ in range(3)) < (0.1 if what in ("position", "products", "compare") else 0.05)
    small = {"encode": lambda: model.encode("The")}.get(what, lambda: model.generate("The", max_tokens=1))
    assert small() is not None


def test_interruption_of_statistics(causal, tmp_path):
    """After the model has run: intervals over many documents take long by themselves."""
    file = tmp_path / "text.txt"
    file.write_text("The lamp was lit.\n" * 5000)

    def run(begin):
        begun = []

        def progress(what, done, total):
            if done == total and not begun:
                begun.append(begin())

        locus.compare(causal, file, separator="\n", progress=progress)

    assert min(interrupted_after(run, begin_late=True) for _ in range(3)) < 0.1


def test_interruption_while_numpy_is_imported():
    program = """
import sys
import locus_engine as locus
class Interrupted:
    def find_spec(self, name, *_):
        if name == "numpy":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupted())
try:
    locus.position("rope")
except KeyboardInterrupt:
    print("interrupted")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "interrupted\n", done.stderr


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_a_hundred_opens_and_closes_do_not_grow(masked):
    def use():
        with locus.open(masked, threads=1) as model:
            model.encode("the lamp")

    for _ in range(20):
        use()
    before = resident()
    for _ in range(100):
        use()
    assert resident() - before < 30 << 20


def test_scoring_any_number_of_texts_needs_no_more_memory(causal):
    model = locus.open(causal, threads=1)

    def score(count):
        texts = (TEXT[i % 40 : i % 40 + 60] for i in range(count))
        return sum(one.tokens for one in model.score_all(texts, stream=True))

    score(600)
    before = resident()
    assert score(3000) > 3000
    assert resident() - before < 8 << 20


def test_import_takes_no_time():
    """No other package is imported, and the processor has little to do, whatever else it does."""
    program = """
import sys, time
before = set(sys.modules)
begin = time.process_time()
import locus_engine
spent = time.process_time() - begin
found = {name.partition(".")[0] for name in set(sys.modules) - before}
print(spent, *sorted(found - set(sys.stdlib_module_names) - {"locus_engine"}))
"""
    spent = []
    for _ in range(5):
        run = [sys.executable, "-c", program]
        seconds, *packages = subprocess.run(run, capture_output=True, text=True, check=True).stdout.split()
        assert packages == []
        spent.append(float(seconds))
    assert min(spent) < 0.15


def test_a_callback_may_call_its_model(causal):
    model = locus.open(causal, threads=1)
    expected, inner = model.score(TEXT * 4).nll, model.score(TEXT).total_nll
    found = []
    nll = model.score(TEXT * 4, progress=lambda *_: found.append(model.score(TEXT).total_nll)).nll
    assert np.array_equal(nll, expected) and found and set(found) == {inner}


def test_arrays_own_their_values(causal):
    model = locus.open(causal)
    trace = model.trace("The lamp")
    nll = model.score("The lamp was lit").nll
    copy = {name: array.copy() for name, array in trace.items()}, nll.copy()
    model.close()
    del model
    assert all(np.array_equal(array, copy[0][name]) for name, array in trace.items())
    assert np.array_equal(nll, copy[1]) and nll.flags.writeable
