"""What a card states about a trained model: losses on the validation and the held-out documents."""

import math
import random
from pathlib import Path

import numpy
import sentencepiece
import torch
from torch import Generator, Tensor

import data
import prepare
import tasks
import vocabulary as v
from families import SHAPE, context_of
from losses import token_losses

BATCH = 4096  # tokens a pass
LIMIT = {"validation": 4_096, "heldout": 16_384}  # tokens, in whole documents
ROWS = 64  # of masked and span rows
SAMPLED_WINDOWS, SAMPLED_PLACES = 64, 8  # for the pseudo-perplexity


class LogitsTask:
    """A transformers causal model as a task, for figures alone."""

    def __init__(self, module):
        self.module = module

    def loss(self, rows: Tensor, generator: Generator) -> Tensor:
        logits = self.module(data.with_first(rows, v.BOS)).logits
        return token_losses(logits.flatten(0, 1), rows.flatten()).mean()


def encoder(corpus: Path) -> sentencepiece.SentencePieceProcessor:
    model = str(corpus / "vocabulary" / "tokenizer.model")
    return sentencepiece.SentencePieceProcessor(model_file=model)


def window_losses(module, windows: Tensor) -> Tensor:
    """-log p of every token of equally long windows, each opened by <s>, [N, T] -> [N * T]."""
    losses = []
    for part in windows.split(max(1, BATCH // windows.shape[1])):
        hidden = module(data.with_first(part, v.BOS))
        logits = hidden.flatten(0, 1) @ module.tokens.weight.t()
        losses.append(token_losses(logits, part.flatten()))
    return torch.cat(losses)


def causal_figures(module, documents: list[list[int]], texts: list[str], length: int) -> dict:
    """Disjoint windows of one document at a time; the shorter tails count for what they are."""
    tensors = [torch.tensor(ids) for ids in documents]
    full = [ids[: len(ids) // length * length].view(-1, length) for ids in tensors]
    tails = [ids[len(ids) // length * length :] for ids in tensors]
    losses = [window_losses(module, torch.cat(full))]
    losses += [window_losses(module, tail[None]) for tail in tails if len(tail)]
    losses = torch.cat(losses)
    size = sum(len(text.encode()) for text in texts)
    return {
        "loss": losses.mean().item(),
        "perplexity": losses.mean().exp().item(),
        "bits_per_byte": losses.sum().item() / math.log(2) / size,
        "tokens": len(losses),
        "bytes": size,
    }


def corrupted_figures(loss_of, corpus: Path, split: str) -> dict:
    """Mean loss on the masked or removed tokens of the first rows, corrupted from seed 1."""
    table = data.rows(data.stream(corpus, split), SHAPE.context)[:ROWS]
    rows = torch.from_numpy(table.astype("int64"))
    generator = Generator().manual_seed(1)
    losses = [loss_of(part, generator).item() for part in rows.split(16)]
    mean = sum(losses) / len(losses)
    return {"loss": mean, "perplexity": math.exp(mean), "rows": len(rows)}


def places_figures(losses: Tensor) -> dict:
    mean = losses.mean().item()
    return {"loss": mean, "perplexity": math.exp(mean), "places": len(losses)}


def pseudo_perplexity(task, corpus: Path, length: int) -> tuple[dict, dict]:
    """One mask at a time at sampled places of held-out windows (Salazar 2020): the model's figures,
    and those of the tokens' frequencies at the same places."""
    table = data.rows(data.stream(corpus, "heldout"), length - 2)[:SAMPLED_WINDOWS]
    generator = Generator().manual_seed(1)
    by_frequency = torch.from_numpy(frequency_losses(corpus))
    losses, plain = [], []
    for row in torch.from_numpy(table.astype("int64")):
        places = torch.randperm(len(row), generator=generator)[:SAMPLED_PLACES]
        masked = row.repeat(len(places), 1)
        masked[torch.arange(len(places)), places] = v.MASK
        logits = task.module(tasks.enclose(masked)).logits[:, 1:-1]
        losses.append(token_losses(logits[torch.arange(len(places)), places], row[places]))
        plain.append(by_frequency[row[places]])
    return places_figures(torch.cat(losses)), places_figures(torch.cat(plain))


def some_documents(corpus: Path, split: str) -> tuple[list[list[int]], list[str]]:
    """Ids and texts of seeded, whole documents of a split, as many as fit into the limit."""
    texts = prepare.texts(corpus, split)
    encode = encoder(corpus).encode
    chosen, room = ([], []), LIMIT[split]
    for text in random.Random(1).sample(texts, len(texts)):
        ids = encode(text)
        if len(ids) <= room:
            room -= len(ids)
            chosen[0].append(ids)
            chosen[1].append(text)
    return chosen


def frequency_losses(corpus: Path) -> numpy.ndarray:
    """-log p of every token of the vocabulary, [V], by its frequency in the training text alone."""
    counts = numpy.bincount(data.stream(corpus, "train"), minlength=v.SIZE) + 1
    return -numpy.log(counts / counts.sum())


def unigram_loss(corpus: Path) -> float:
    """Loss on the held-out tokens of a model that knows the tokens' frequencies alone."""
    return frequency_losses(corpus)[data.stream(corpus, "heldout")].mean().item()


def lengths_of(name: str, split: str) -> list[int]:
    """A table of learned positions ends where it ends."""
    if not name.startswith("causal") or name.startswith("causal-learned") or split == "validation":
        return [context_of(name)]
    return [SHAPE.context, SHAPE.longest]


@torch.no_grad()
def measure(name: str, task, corpus: Path) -> dict:
    """Every figure of the card, by split and kind."""
    unigram = unigram_loss(corpus)
    results = {"heldout, frequencies alone": {"loss": unigram, "perplexity": math.exp(unigram)}}
    for split in ("validation", "heldout"):
        if name.startswith("causal"):
            documents, texts = some_documents(corpus, split)
            for length in lengths_of(name, split):
                figures = causal_figures(task.module, documents, texts, length)
                results[f"{split} at {length}"] = figures
        else:
            loss_of = task.removed_loss if name.startswith("span") else task.loss
            results[split] = corrupted_figures(loss_of, corpus, split)
    if name.startswith("masked"):
        for length in lengths_of(name, "heldout"):
            figures, plain = pseudo_perplexity(task, corpus, length)
            results[f"heldout pseudo-perplexity at {length}"] = figures
            results["the same places, frequencies alone"] = plain
    return results
