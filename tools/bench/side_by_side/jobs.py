"""Large jobs of the command, and what opening a model takes."""

import glob
import os
import subprocess
import tempfile
import time

import numpy

from side_by_side import models
from side_by_side.engines import Locus
from side_by_side.sentences import sentences

MEGABYTE = 10**6
WEIGHTS = os.path.join(os.path.dirname(__file__), "..", "..", "..", "weights")  # that the project ships


class LocusOpening(Locus):
    """From nothing to a model that may run."""

    def times(self, length, repeats):
        return [self.report("--lengths", "1", "--repeat", "1")["load_ms"] for _ in range(repeats)]


class Reading:
    """The same file into new memory."""

    def __init__(self, folder):
        self.file = os.path.join(folder, "model.safetensors")

    def times(self, length, repeats):
        found = []
        for _ in range(repeats):
            begin = time.perf_counter()
            memory = numpy.empty(os.path.getsize(self.file), numpy.uint8)
            with open(self.file, "rb", buffering=0) as file:
                left = memoryview(memory)
                while left:
                    left = left[file.readinto(left):]
            found.append(1000 * (time.perf_counter() - begin))
        return found


def peak_bytes(process):
    """Of a process that was not waited for yet; 0 when it has ended."""
    with open(f"/proc/{process}/status", encoding="ascii") as file:
        lines = dict(line.split(":", 1) for line in file)
    return 1024 * int(lines.get("VmHWM", "0 kB").split()[0])


class Job:
    """The command on a text that is its standard input."""

    def __init__(self, options, precision, verb, *arguments):
        self.options, self.verb = options, verb
        self.arguments = [*arguments, "--threads", str(options.threads), "--precision", precision]

    def run(self, folder, text):
        """Seconds, seconds of processors, and bytes at most."""
        begin, before, peak = time.perf_counter(), os.times(), 0
        with open(text, "rb") as texts:
            command = [self.options.locus, self.verb, folder, *self.arguments]
            child = subprocess.Popen(command, stdin=texts, stdout=subprocess.DEVNULL)
            while child.poll() is None:
                peak = max(peak, peak_bytes(child.pid))
                time.sleep(0.02)
        if child.returncode:
            raise subprocess.CalledProcessError(child.returncode, command)
        seconds, after = time.perf_counter() - begin, os.times()
        used = after.children_user + after.children_system - before.children_user - before.children_system
        return seconds, used, peak

    def row(self, folder, text):
        """Seconds, processors busy, megabytes at most, and the share of the engine.

        What is no part of the engine, and a little more, is what a model of the same files takes whose layers are
        next to nothing.
        """
        seconds, used, peak = self.run(folder, text)
        _, rest, _ = self.run(models.twin(self.options.cache, folder), text)
        return seconds, used / seconds, peak / MEGABYTE, 1 - rest / used


def embed(options, precision):
    with tempfile.TemporaryDirectory() as folder:
        text = os.path.join(folder, "sentences.txt")
        with open(text, "w", encoding="ascii") as file:
            file.writelines(sentence + "\n" for sentence in sentences(options.job_sentences))
        job = Job(options, precision, "embed", "--out", os.path.join(folder, "vectors.npy"))
        return job.row(models.sentence_encoder(options.cache), text)


def perplexity(options, precision):
    """Of the texts that the project ships, over and over."""
    parts = []
    for name in sorted(glob.glob(os.path.join(WEIGHTS, "text", "*.txt"))):
        with open(name, "rb") as file:
            parts.append(file.read())
    texts, size = b"".join(parts), options.job_megabytes * MEGABYTE
    with tempfile.TemporaryDirectory() as folder:
        text = os.path.join(folder, "text.txt")
        with open(text, "wb") as file:
            file.write((texts * (size // len(texts) + 1))[:size])
        job = Job(options, precision, "perplexity", "--text", "-")
        return job.row(os.path.join(WEIGHTS, "causal-rope"), text)
