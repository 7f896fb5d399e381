"""What a model must be better than to have learned anything: floors, from the training text alone.

    python floors.py --corpus ~/.cache/locus/corpus --floors ~/.cache/locus/floors

- frequencies: p(w) = (c(w) + 1) / (N + V)
- frequencies with document counts: (1 - a) p(w) + a d(w) / n, where d counts the n tokens of the same
  document that a model of that kind may see: those before the token (causal), or all others (masked, span)
- trigram: see trigram.py; each document by itself, whatever the length

Writes floors.safetensors, which README.md describes, and floors.json: how, from what, and the mean losses on
the validation documents.
"""

import argparse
import json
import math
from pathlib import Path

import numpy
from numpy import ndarray
from safetensors.numpy import load_file, save_file

import data
import prepare
import vocabulary as v
from trigram import Level, Trigram

MIN_COUNT = 3  # times a trigram was met; the rarer ones would make the file twice as large
SHARES = numpy.arange(0.02, 0.99, 0.02)  # of the document's counts


def documents(corpus: Path, split: str) -> list[ndarray]:
    """Ids of every document, without the </s> that closes it."""
    ids = numpy.asarray(data.stream(corpus, split))
    return [part[part != v.EOS] for part in numpy.split(ids, numpy.flatnonzero(ids == v.EOS) + 1) if len(part)]


def frequencies(counts: ndarray) -> ndarray:
    """[V] -> p(w), [V]."""
    return (counts + 1) / (counts.sum() + v.SIZE)


def seen(ids: ndarray, causal: bool) -> tuple[ndarray, ndarray]:
    """How often each token stands elsewhere in the document, and among how many; [T] each."""
    place = numpy.arange(len(ids))
    if not causal:
        counts = numpy.bincount(ids, minlength=v.SIZE)
        return counts[ids] - 1, numpy.full(len(ids), len(ids) - 1)
    order = numpy.lexsort((place, ids))  # equal tokens side by side, in their order
    firsts = numpy.flatnonzero(numpy.diff(ids[order].astype(numpy.int64), prepend=-1))
    run = numpy.repeat(firsts, numpy.diff(numpy.append(firsts, len(ids))))
    before = numpy.empty(len(ids), dtype=numpy.int64)
    before[order] = place - run
    return before, place


def document_losses(ids: ndarray, p: ndarray, share: float, causal: bool) -> ndarray:
    """-log of frequencies with document counts, [T]."""
    own, among = seen(ids, causal)
    a = numpy.where(among > 0, share, 0.0)
    return -numpy.log((1 - a) * p[ids] + a * own / numpy.maximum(among, 1))


def mean(losses: list[ndarray]) -> float:
    return float(numpy.concatenate(losses).mean())


def best_share(held: list[ndarray], p: ndarray, causal: bool) -> float:
    """The share with the least mean loss on the validation documents."""
    by_share = {
        float(share): mean([document_losses(ids, p, share, causal) for ids in held]) for share in SHARES
    }
    return round(min(by_share, key=by_share.get), 2)


def short(values: ndarray) -> ndarray:
    """As U16, in which every value must fit."""
    if values.max(initial=0) >= 2**16:
        raise SystemExit(f"floors.py: expected counts below 65536, found {values.max()}: the text is too long")
    return values.astype(numpy.uint16)


def write(folder: Path, counts: ndarray, grams: Trigram) -> None:
    tensors = {"counts": counts.astype(numpy.uint32), "unigram": grams.unigram.astype(numpy.uint32)}
    for name, level in (("bigram", grams.bigram), ("trigram", grams.trigram)):
        place = numpy.searchsorted(level.contexts, level.keys // v.SIZE)
        kept = numpy.bincount(place, weights=level.counts, minlength=len(level.contexts)).astype(numpy.int64)
        tensors |= {
            f"{name}.contexts": short(level.contexts % v.SIZE),
            f"{name}.sizes": short(numpy.bincount(place, minlength=len(level.contexts))),
            f"{name}.rare": short(level.totals - kept),
            f"{name}.tokens": short(level.keys % v.SIZE),
            f"{name}.counts": short(level.counts),
            f"{name}.discounts": level.discounts.astype(numpy.float64),
        }
    tensors["trigram.firsts"] = short(numpy.bincount(grams.trigram.contexts // v.SIZE, minlength=v.SIZE))
    folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors, folder / "floors.safetensors")
    (folder / "floors.safetensors").chmod(0o644)


def read(folder: Path) -> tuple[ndarray, Trigram]:
    """Token counts and the trigram, as the file has them."""
    tensors = {name: values.astype(numpy.int64) if values.dtype.kind == "u" else values
               for name, values in load_file(folder / "floors.safetensors").items()}

    def level(name: str) -> Level:
        part = {key.partition(".")[2]: value for key, value in tensors.items() if key.startswith(f"{name}.")}
        contexts, sizes = part["contexts"], part["sizes"]
        if "firsts" in part:
            contexts = contexts + numpy.repeat(numpy.arange(v.SIZE), part["firsts"]) * v.SIZE
        keys = numpy.repeat(contexts, sizes) * v.SIZE + part["tokens"]
        place = numpy.repeat(numpy.arange(len(sizes)), sizes)
        kept = numpy.bincount(place, weights=part["counts"], minlength=len(sizes)).astype(numpy.int64)
        return Level(keys, part["counts"], contexts, kept + part["rare"], part["discounts"])

    return tensors["counts"], Trigram(tensors["unigram"], level("bigram"), level("trigram"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=prepare.DEFAULT_CORPUS)
    parser.add_argument("--floors", type=Path, required=True, help="folder to write")
    arguments = parser.parse_args()
    train, held = (documents(arguments.corpus, split) for split in ("train", "validation"))
    counts = numpy.bincount(numpy.concatenate(train), minlength=v.SIZE)
    p = frequencies(counts)
    shares = {"causal": best_share(held, p, True), "masked": best_share(held, p, False)}
    write(arguments.floors, counts, Trigram.of(train, MIN_COUNT))
    losses = {"frequencies": mean([-numpy.log(p[ids]) for ids in held])}
    for kind, share in shares.items():
        losses[f"document, {kind}"] = mean([document_losses(ids, p, share, kind == "causal") for ids in held])
    grams = read(arguments.floors)[1]
    losses["trigram"] = mean([grams.losses(ids) for ids in held])
    about = {
        "document_share": shares,
        "min_trigram": MIN_COUNT,
        "opening": v.BOS,
        **data.hashes(arguments.corpus),
        "validation": {name: round(loss, 4) for name, loss in losses.items()},
        "perplexity": {name: round(math.exp(loss), 2) for name, loss in losses.items()},
        "tokens": sum(map(len, held)),
    }
    (arguments.floors / "floors.json").write_text(json.dumps(about, indent=1) + "\n")
    print(json.dumps(about, indent=1))


if __name__ == "__main__":
    main()
