"""What each family learns: a loss from rows of token ids.

A task has `module` (what is trained), `loss(rows, generator)` (mean over the scored tokens, with
gradients) and `is_position(name)` (which parameters belong to the positional encoding).
"""

import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn

import data
import vocabulary as v
from losses import TiedCrossEntropy

MASKED_SHARE = 0.3
NOISE_SHARE = 0.5
NOISE_SPAN = 5


class CausalTask:
    """Next-token prediction; every row is opened by <s>."""

    def __init__(self, module: nn.Module):
        self.module = module

    def is_position(self, name: str) -> bool:
        return name.startswith("encoding.")

    def loss(self, rows: Tensor, generator: Generator) -> Tensor:
        x = self.module(data.with_first(rows, v.BOS))
        return TiedCrossEntropy.apply(x.flatten(0, 1), self.module.tokens.weight, rows.flatten())


def mask_rows(rows: Tensor, generator: Generator) -> tuple[Tensor, Tensor]:
    """BERT's corruption: of the chosen 80 % become <mask>, 10 % a random token, 10 % stay."""
    chosen = torch.rand(rows.shape, generator=generator) < MASKED_SHARE
    fate = torch.rand(rows.shape, generator=generator)
    random = torch.randint(v.FIRST_PIECE, v.SIZE, rows.shape, generator=generator)
    corrupted = torch.where(chosen & (fate < 0.8), v.MASK, rows)
    return torch.where(chosen & (fate >= 0.9), random, corrupted), chosen


def enclose(rows: Tensor) -> Tensor:
    """<cls> row <sep>, [B, T] -> [B, T + 2]."""
    edge = torch.ones(rows.shape[0], 1, dtype=torch.long)
    return torch.cat((edge * v.CLS, rows, edge * v.SEP), dim=1)


class MaskedTask:
    """Masked tokens between <cls> and <sep>; logits are made at the masked places alone."""

    def __init__(self, module: nn.Module):
        self.module = module

    def is_position(self, name: str) -> bool:
        return "embeddings.position" in name or "distance_embedding" in name

    def loss(self, rows: Tensor, generator: Generator) -> Tensor:
        rows = rows[:, :-2]
        corrupted, chosen = mask_rows(rows, generator)
        hidden = self.module.base_model(enclose(corrupted)).last_hidden_state[:, 1:-1]
        return F.cross_entropy(self.module.cls(hidden[chosen]), rows[chosen])


def cut(total: int, parts: int, generator: Generator) -> Tensor:
    """Random lengths of `parts` pieces, each at least 1, that add up to `total`."""
    places = torch.randperm(total - 1, generator=generator)[: parts - 1].sort().values + 1
    edges = torch.cat((torch.tensor([0]), places, torch.tensor([total])))
    return edges.diff()


def corrupt_spans(row: Tensor, generator: Generator) -> tuple[Tensor, Tensor]:
    """T5's span corruption of one row: (source, target), both closed by </s>.

    Kept and removed spans alternate, beginning and ending with a kept one; the target ends with the
    sentinel after the last one used, as in figure 2 of Raffel 2020.
    """
    noise = round(len(row) * NOISE_SHARE)
    spans = round(noise / NOISE_SPAN)
    removed = cut(noise, spans, generator).tolist()
    kept = cut(len(row) - noise, spans + 1, generator).tolist()
    pieces = row.split([n for pair in zip(kept, [*removed, 0]) for n in pair])
    source, target = [], []
    for i in range(spans + 1):
        sentinel = torch.tensor([v.FIRST_SENTINEL + i])
        source += [pieces[2 * i], sentinel] if i < spans else [pieces[2 * i]]
        target += [sentinel, pieces[2 * i + 1]]
    end = torch.tensor([v.EOS])
    return torch.cat((*source, end)), torch.cat((*target, end))


class SpanTask:
    """Span corruption for an encoder-decoder."""

    def __init__(self, module: nn.Module):
        self.module = module

    def is_position(self, name: str) -> bool:
        return "relative_attention_bias" in name or ".position." in name

    def pairs(self, rows: Tensor, generator: Generator) -> tuple[Tensor, Tensor]:
        """Sources and targets of a batch; all rows are corrupted to the same lengths."""
        pairs = [corrupt_spans(row, generator) for row in rows]
        source, target = (torch.stack(side) for side in zip(*pairs))
        return source, target

    def loss(self, rows: Tensor, generator: Generator) -> Tensor:
        source, target = self.pairs(rows, generator)
        return self.module(input_ids=source, labels=target).loss

    def removed_loss(self, rows: Tensor, generator: Generator) -> Tensor:
        """The loss on the removed tokens alone, without sentinels and </s>."""
        source, target = self.pairs(rows, generator)
        wanted = target.masked_fill(target < v.FIRST_PIECE, -100)  # what transformers ignores
        given = data.with_first(target, v.PAD)
        return self.module(input_ids=source, decoder_input_ids=given, labels=wanted).loss
