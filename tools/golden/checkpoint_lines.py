"""Lines for tokenizers of pretrained checkpoints: words, chemical reactions, antibodies; the same ones every time.

Words are lines of the shared corpora. Reactions and antibodies are put together from the pieces of a vocabulary, with
spaces, other letters, special tokens and pieces of no vocabulary among them.
"""

import gzip
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import tokenizer_goldens as goldens

HOSTILE = 922
BYTES = 200_000
CORPORA = (
    "wikitext-2-raw/wiki.test.raw", "multi30k_raw/val.de.gz", "chinese_classics/hongloumeng.txt", "multi30k_raw/val.cs.gz",
    "tinyshakespeare/input.txt", "multi30k_raw/val.fr.gz",
)  # fmt: skip
LONGEST = 2000  # characters
ATOMS = "C C C C c c c c N O n o S s F Cl Br I P B [C@H] [C@@H] [O-] [N+] [nH] [Na+] [Si] [2H] [13C] [Pd+2] [Zz] [CH3:12] [c:5]".split()
BONDS = ["", "", "", "", "=", "#", "-", "/", "\\", "~", ":"]
ODD = ["[CLS]", "[SEP]", "[MASK]", "[PAD]", "[unused3]", "[UNK]", "[", "]", "x", "é", " ", "%10", "%(103)", "*", "$", "|", ">", ">>>", "[]", "##C", "北"]
RESIDUES = "ACDEFGHIKLMNPQRSTVWY"
OTHERS = ["X", "B", "Z", "U", "_", "*", "-", "a", "[MASK]", "[SEP]", "[HEAVY]", "[HUMAN]", "[CAMEL]", " ", "\t", "1"]
STARTS = ["", "", "[HEAVY] [HUMAN] ", "[LIGHT][MOUSE]", "[CLS] "]


def hostile() -> list[str]:
    return [json.loads(line) for line in (goldens.GOLDENS / "lines.jsonl").read_text().split("\n") if line][:HOSTILE]


def words(source: random.Random) -> Iterator[str]:
    """Lines of all corpora in turn, from a place by chance."""
    files = []
    for name in CORPORA:
        path = goldens.SHARED / "corpora" / name
        text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        lines = text.decode().split("\n")
        files.append((lines, source.randrange(len(lines))))
    for step in range(10**6):
        for lines, begin in files:
            yield lines[(begin + step) % len(lines)][:LONGEST]


def molecule(source: random.Random) -> str:
    parts, ring = [], 0
    for _ in range(source.choice([1, 2, 5, 12, 30])):
        parts += [source.choice(BONDS), source.choice(ATOMS)]
        if source.random() < 0.2:
            ring = ring % 9 + 1
            parts.append(str(ring) if source.random() < 0.9 else f"%{ring + 9}")
        if source.random() < 0.2:
            parts.append("(" + source.choice(BONDS) + source.choice(ATOMS) + ")")
        if source.random() < 0.01:
            parts.append(source.choice(ODD))
    return "".join(parts)


def reactions(source: random.Random) -> Iterator[str]:
    while True:
        left, right = (source.choice(".~").join(molecule(source) for _ in range(source.choice([1, 1, 2, 4]))) for _ in range(2))
        yield (left + source.choice([">>", ">>", ">>", ">", " >> ", ""]) + right)[:LONGEST]


def proteins(source: random.Random) -> Iterator[str]:
    while True:
        residues = source.choices(RESIDUES, k=source.choice([1, 5, 40, 120, 400]))
        residues = [source.choice(OTHERS) if source.random() < 0.01 else each for each in residues]
        yield source.choice(STARTS) + source.choice(["", " ", " "]).join(residues)


def lines(maker: Callable[[random.Random], Iterator[str]]) -> list[str]:
    """The hostile lines, and lines of the maker until they have BYTES bytes."""
    made, size = [], 0
    for line in maker(random.Random(14)):
        made.append(line)
        size += len(line.encode())
        if size >= BYTES:
            break
    return hostile() + made
