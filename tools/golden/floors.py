"""A tiny floors file and what it says of a text, from dictionaries alone: python floors.py FOLDER

The trigram is written out as Chen and Goodman 1999 (section 4.1.6) have it, one context at a time, without
anything of tools/train.
"""

import json
import math
import random
import struct
import sys
from collections import Counter
from pathlib import Path

SIZE = 16
OPENING = 1
TEXT = [2, 5, 4, 4, 3, 7, 2, 2, 6, 3, 15, 0, 2, 3]


def documents() -> list[list[int]]:
    draw = random.Random(3)
    return [[draw.choice([2, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6, 7, 8, 9, 10, 11]) for _ in range(150)] for _ in range(3)]


def opened(ids: list[int]) -> list[tuple[int, int, int]]:
    all_ids = [OPENING, OPENING, *ids]
    return list(zip(all_ids, all_ids[1:], all_ids[2:]))


def discounts(counts: Counter) -> list[float]:
    n = [sum(1 for count in counts.values() if count == i) for i in range(5)]
    y = n[1] / (n[1] + 2 * n[2])
    return [i - (i + 1) * y * n[i + 1] / n[i] for i in (1, 2, 3)]


class Level:
    def __init__(self, counts: Counter) -> None:
        self.counts, self.discounts = counts, discounts(counts)

    def kept(self, key: tuple) -> float:
        count = self.counts[key]
        return max(0.0, count - self.discounts[min(count, 3) - 1]) if count else 0.0

    def p(self, context: tuple, token: int, lower: float) -> float:
        after = [key for key in self.counts if key[:-1] == context]
        total = sum(self.counts[key] for key in after)
        if total == 0:
            return lower
        rest = 1 - sum(self.kept(key) for key in after) / total
        return self.kept((*context, token)) / total + rest * lower

    def tensors(self, name: str) -> dict:
        keys = sorted(self.counts)
        contexts = sorted({key[:-1] for key in keys})
        of = {context: [key for key in keys if key[:-1] == context] for context in contexts}
        tensors = {
            f"{name}.contexts": ("U16", [context[-1] for context in contexts]),
            f"{name}.sizes": ("U16", [len(of[context]) for context in contexts]),
            f"{name}.rare": ("U16", [0 for _ in contexts]),
            f"{name}.tokens": ("U16", [key[-1] for key in keys]),
            f"{name}.counts": ("U16", [self.counts[key] for key in keys]),
            f"{name}.discounts": ("F64", self.discounts),
        }
        if name == "trigram":
            tensors["trigram.firsts"] = ("U16", [sum(c[0] == first for c in contexts) for first in range(SIZE)])
        return tensors


def write(file: Path, tensors: dict) -> None:
    formats = {"F64": "d", "U32": "I", "U16": "H"}
    header, body = {}, b""
    for name, (kind, values) in sorted(tensors.items(), key=lambda item: "FU".index(item[1][0][0]) * 9 - int(item[1][0][1:]) / 8):
        data = struct.pack(f"<{len(values)}{formats[kind]}", *values)
        header[name] = {"dtype": kind, "shape": [len(values)], "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    file.write_bytes(struct.pack("<Q", len(text)) + text + body)


def main() -> None:
    folder = Path(sys.argv[1])
    counts = Counter(token for ids in documents() for token in ids)
    triples = Counter(key for ids in documents() for key in opened(ids))
    pairs = Counter(key[1:] for key in triples)
    before = Counter(key[1] for key in pairs)
    trigram, bigram = Level(triples), Level(pairs)
    n = sum(counts.values())

    def frequency(token: int) -> float:
        return (counts[token] + 1) / (n + SIZE)

    def p(u: int, v: int, w: int) -> float:
        alone = (before[w] + 1) / (sum(before.values()) + SIZE)
        return trigram.p((u, v), w, bigram.p((v,), w, alone))

    def documented(share: float, seen: int, among: int, token: int) -> float:
        return (1 - share) * frequency(token) + share * seen / among if among else frequency(token)

    last = len(TEXT) - 1
    losses = {
        "frequencies": [frequency(w) for w in TEXT],
        "before": [documented(0.5, TEXT[:i].count(w), i, w) for i, w in enumerate(TEXT)],
        "around": [documented(0.7, TEXT.count(w) - 1, last, w) for w in TEXT],
        "trigram": [p(*key) for key in opened(TEXT)],
    }
    folder.mkdir(parents=True, exist_ok=True)
    every = {name: ("U32", [of[token] for token in range(SIZE)]) for name, of in (("counts", counts), ("unigram", before))}
    write(folder / "floors.safetensors", every | bigram.tensors("bigram") | trigram.tensors("trigram"))
    about = {"document_share": {"causal": 0.5, "masked": 0.7}, "opening": OPENING, "corpus": "c0ffee", "vocabulary": "5eed", "validation": {"trigram": 2.5}}
    (folder / "floors.json").write_text(json.dumps(about, indent=1) + "\n")
    known = {"ids": TEXT, "nats": {name: [-math.log(q) for q in ps] for name, ps in losses.items()}}
    (folder / "known.json").write_text(json.dumps(known, indent=1) + "\n")


if __name__ == "__main__":
    main()
