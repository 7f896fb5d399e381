"""Token rows: the same ones in the same order for every model."""

import hashlib
import os
from pathlib import Path

import numpy
import sentencepiece
import torch
from torch import Tensor

import prepare


def stream(corpus: Path, split: str) -> numpy.ndarray:
    """All documents of a split as one run of ids, each closed by </s>; kept beside the corpus."""
    cache = corpus / f"{split}.npy"
    if not cache.exists():
        model = str(corpus / "vocabulary" / "tokenizer.model")
        encoder = sentencepiece.SentencePieceProcessor(model_file=model)
        documents = encoder.encode(prepare.texts(corpus, split), add_eos=True)
        ids = numpy.concatenate([numpy.array(ids, dtype=numpy.uint16) for ids in documents])
        part = cache.with_suffix(f".{os.getpid()}.npy")  # another run may be reading
        numpy.save(part, ids)
        part.replace(cache)
    return numpy.load(cache, mmap_mode="r")


def hashes(corpus: Path) -> dict[str, str]:
    """sha256 of the training text and of the vocabulary."""
    files = {"corpus": corpus / "train.jsonl", "vocabulary": corpus / "vocabulary/tokenizer.model"}
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}


def rows(ids: numpy.ndarray, width: int) -> numpy.ndarray:
    """Consecutive rows [N, width]; the tail that fills no row is left out."""
    count = len(ids) // width
    return ids[: count * width].reshape(count, width)


class Order:
    """Which rows each step reads: a seeded shuffle per pass, known from the step's number alone."""

    def __init__(self, table: numpy.ndarray, batch: int, seed: int):
        self.table, self.batch, self.seed = table, batch, seed
        self.turn, self.shuffle = -1, numpy.empty(0)

    def at(self, step: int) -> Tensor:
        """Rows of one step, [batch, width]."""
        turn, place = divmod(step, len(self.table) // self.batch)
        if turn != self.turn:
            self.shuffle = numpy.random.default_rng((self.seed, turn)).permutation(len(self.table))
            self.turn = turn
        chosen = self.shuffle[place * self.batch : (place + 1) * self.batch]
        return torch.from_numpy(self.table[chosen].astype(numpy.int64))


class Text:
    """The training rows of any step of a recipe, and the rows that losses are told of."""

    VALIDATION_ROWS = 128  # of the full context

    def __init__(self, corpus: Path, recipe):
        train = stream(corpus, "train")
        self.recipe = recipe
        self.orders = {
            context: Order(rows(train, context), recipe.step_tokens // context, recipe.seed)
            for context in recipe.contexts()
        }
        held = rows(stream(corpus, "validation"), recipe.context)
        self.validation = Order(held, self.VALIDATION_ROWS, 1).at(0)

    def at(self, step: int) -> Tensor:
        """Rows of one step, [step_tokens / context, context]."""
        return self.orders[self.recipe.context_at(step)].at(step)


def with_first(row: Tensor, first: int) -> Tensor:
    """`first` before every row and the last token dropped, [B, T] -> [B, T]."""
    opening = torch.full((row.shape[0], 1), first)
    return torch.cat((opening, row[:, :-1]), dim=1)
