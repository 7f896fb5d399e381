"""A file of sentences, one a line, to vectors in a file: `times(length, repeats)` in milliseconds, as a list.

Locus is a whole process, from its start to the file; sentence-transformers has its model open and is warm.
"""

import os
import tempfile

from side_by_side.engines import Locus, timed

LONGEST = 40  # words


def sentences(count):
    """Of 3 to LONGEST words, in no order of length."""
    return [" ".join(f"t{(17 * i + 31 * k) % 30000}" for k in range(3 + 7919 * i % (LONGEST - 2))) for i in range(count)]


class LocusSentences(Locus):
    def times(self, length, repeats):
        with tempfile.TemporaryDirectory() as folder:
            texts = "".join(sentence + "\n" for sentence in sentences(length))
            file = os.path.join(folder, "vectors.npy")
            return timed(lambda: self.run("embed", "--out", file, texts=texts), repeats, warm_ups=0)


class SentenceTransformers:
    def __init__(self, options, folder):
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(options.threads)
        self.model = SentenceTransformer(folder, device="cpu")

    def times(self, length, repeats):
        texts = sentences(length)
        self.model.encode(texts[:32])
        return timed(lambda: self.model.encode(texts, batch_size=32), repeats, warm_ups=0)
