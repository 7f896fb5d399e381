"""A file of sentences, one a line, to vectors in a file: `times(length, repeats)` in milliseconds, as a list.

Locus is a whole process, from its start to the file; sentence-transformers has its model open and is warm.
"""

import os
import subprocess
import tempfile
import time

from side_by_side.engines import Locus

LONGEST = 40  # words


def sentences(count):
    """Of 3 to LONGEST words, in no order of length."""
    return [" ".join(f"t{(17 * i + 31 * k) % 30000}" for k in range(3 + 7919 * i % (LONGEST - 2))) for i in range(count)]


class LocusSentences(Locus):
    def times(self, length, repeats):
        with tempfile.TemporaryDirectory() as folder:
            texts = "".join(sentence + "\n" for sentence in sentences(length))

            def call():
                command = [self.executable, "embed", self.folder, "--out", os.path.join(folder, "vectors.npy")]
                command += ["--threads", self.threads, "--precision", self.precision]
                subprocess.run(command, input=texts, check=True, stdout=subprocess.DEVNULL, text=True)

            return measured(call, repeats)


class SentenceTransformers:
    def __init__(self, options, folder):
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(options.threads)
        self.model = SentenceTransformer(folder, device="cpu")

    def times(self, length, repeats):
        texts = sentences(length)
        self.model.encode(texts[:32])
        return measured(lambda: self.model.encode(texts, batch_size=32), repeats)


def measured(call, repeats):
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        call()
        times.append(1000 * (time.perf_counter() - begin))
    return times
