"""Makes tests/goldens/tokenizers: what the reference tokenizers do with lines of hostile text.

    python tools/golden/tokenizer_goldens.py [CASE...]

Needs transformers 4.49, sentencepiece, rjieba, and the shared data (LOCUS_SHARED, else ../shared). cases.json
describes the folders; lines.jsonl and more_lines.jsonl hold 5,200 texts, chinese_lines.jsonl some for RoFormer.
CASE.txt has one row of fingerprints for each text of the first file: ids, layout (type ids, words, offsets in
bytes; "-" where the reference itself loses track), decoded text. blocks/CASE.txt has a row for 32 texts of all
files together: the same three over all of them, each with a mask of the texts that count.
samples.json spells a few lines and pairs out.
"""

import json
import logging
import os
import shutil
import struct
import sys
import tempfile
from pathlib import Path

from hostile_lines import lines
from tokenizer_references import REFERENCES, Reference

SOURCE = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("LOCUS_SHARED", SOURCE.parent / "shared")) / "data"
GOLDENS = SOURCE / "tests" / "goldens" / "tokenizers"

SAMPLES = ["Hello, world!", "", "The naïve café can't re-open at 3.14 pm.", "  two  spaces\nand a line ",
           "北京大学 ünïcode 😀👍🏽", "a [MASK] b <mask> c <extra_id_0> d", "\u00a0x\u200b\ufeffy\u0000z"]
PAIRS = [("How many people live in Berlin?", "Berlin has 3,520,031 inhabitants.", None),
         ("short", "a much longer second text, which is cut first", 10),
         ("both of these texts are too long", "and so both of these texts are cut", 9),
         ("one", "two", 5)]


def fingerprint(data):
    """FNV-1a of 32 bits."""
    value = 0x811C9DC5
    for byte in data:
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def packed(values):
    return struct.pack(f"<{len(values)}i", *values)


def make_folder(case, folder):
    for name, source in case["files"].items():
        shutil.copy(GOLDENS / source if source.startswith("files/") else SHARED / source, folder / name)
    for name in ("config.json", "tokenizer_config.json"):
        if name in case:
            (folder / name).write_text(json.dumps(case[name]))
    if "changes" in case:
        path = folder / "tokenizer.json"
        document = json.loads(path.read_text())
        for pointer, value in case["changes"].items():
            *parents, last = pointer.strip("/").split("/")
            place = document
            for key in parents:
                place = place[key]
            place[last] = value
        path.write_text(json.dumps(document))


def row(reference, text):
    if hasattr(reference, "takes") and not reference.takes(text):
        return "- - -"
    encoding = reference.encode(text)
    ids = f"{fingerprint(packed(encoding['ids'])) & 0xFFFF:04x}"
    if "offsets" not in encoding:
        return f"{ids} - -"
    layout = []
    for kind, word, offset in zip(encoding["type_ids"], encoding["words"], encoding["offsets"]):
        layout += [kind, word] + (offset or [-1, -1])
    decoded = "\0".join(reference.decode(encoding["ids"])).encode()
    layout = "-" if reference.loses_track(text) else f"{fingerprint(packed(layout)) & 0xFFFF:04x}"
    return f"{ids} {layout} {fingerprint(decoded) & 0xFFFF:04x}"


def parts(reference, text):
    """The three things a row has fingerprints of, as bytes; None where the reference settles nothing."""
    if hasattr(reference, "takes") and not reference.takes(text):
        return None, None, None
    encoding = reference.encode(text)
    ids = packed([len(encoding["ids"])] + encoding["ids"])
    layout = decoded = None
    if "offsets" in encoding and not reference.loses_track(text):
        layout = b"".join(packed([kind, word] + (offset or [-1, -1])) for kind, word, offset in
                          zip(encoding["type_ids"], encoding["words"], encoding["offsets"]))
    if hasattr(reference, "decode"):
        decoded = "\0".join(reference.decode(encoding["ids"])).encode()
    return ids, layout, decoded


def block(reference, texts):
    row = []
    for column in zip(*(parts(reference, text) for text in texts)):
        settled = [value for value in column if value is not None]
        mask = sum(1 << i for i, value in enumerate(column) if value is not None)
        row += [f"{fingerprint(b''.join(settled)):08x}", f"{mask:x}"]
    return " ".join(row)


def all_texts(case):
    names = ["lines", "more_lines"] + case.get("lines", [])
    return [json.loads(line) for name in names for line in (GOLDENS / f"{name}.jsonl").read_text().split("\n") if line]


def samples(reference):
    result = {"texts": [], "pairs": []}
    for text in SAMPLES:
        if not hasattr(reference, "takes") or reference.takes(text):
            result["texts"].append({"text": text, "ids": reference.encode(text)["ids"]})
    if isinstance(reference, Reference) and not reference.without_layout:
        for first, second, max_length in PAIRS:
            encoding = reference.encode_pair(first, second, max_length)
            encoding.pop("words")
            result["pairs"].append({"first": first, "second": second, "max_length": max_length, **encoding})
    return result


def write_lines():
    texts = lines(count=5200)
    for name, part in (("lines", texts[:2400]), ("more_lines", texts[2400:])):
        (GOLDENS / f"{name}.jsonl").write_text("".join(json.dumps(text, ensure_ascii=False) + "\n" for text in part))
    return texts[:2400]


def main():
    logging.disable(logging.WARNING)
    texts = write_lines()
    cases = json.loads((GOLDENS / "cases.json").read_text())
    path = GOLDENS / "samples.json"
    spelled = json.loads(path.read_text()) if path.exists() else {}
    for name in sys.argv[1:] or cases:
        with tempfile.TemporaryDirectory() as folder:
            make_folder(cases[name], Path(folder))
            reference = REFERENCES.get(cases[name].get("reference"), Reference)(Path(folder))
            reference.without_layout = "layout" in cases[name]
            everything = all_texts(cases[name])
            blocks = [block(reference, everything[i: i + 32]) for i in range(0, len(everything), 32)]
            if cases[name].get("rows", True):
                rows = [row(reference, text) for text in texts]
                (GOLDENS / f"{name}.txt").write_text("\n".join(rows) + "\n")
            spelled[name] = samples(reference)
        (GOLDENS / "blocks" / f"{name}.txt").write_text("\n".join(blocks) + "\n")
        print(name, len(everything), "texts")
    path.write_text(json.dumps({name: spelled[name] for name in cases if name in spelled}, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
