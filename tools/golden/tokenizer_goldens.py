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
import re
import shutil
import struct
import sys
import tempfile
import unicodedata
from pathlib import Path

import sentencepiece
from transformers import AutoTokenizer

from hostile_lines import SPECIALS, lines

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


class Reference:
    """AutoTokenizer, with offsets in bytes."""

    without_layout = False  # it counts sizes of tokens alone, and some characters have none

    def __init__(self, folder):
        self.tokenizer = AutoTokenizer.from_pretrained(folder)

    def encode(self, text):
        return self.described(self.tokenizer.backend_tokenizer.encode(text), [text])

    def encode_pair(self, first, second, max_length):
        encoding = self.tokenizer(first, second, max_length=max_length, truncation=max_length is not None)
        return self.described(encoding.encodings[0], [first, second])

    def described(self, encoding, texts):
        starts = [byte_starts(text) for text in texts]
        offsets = []
        for (begin, end), special, sequence in zip(encoding.offsets, encoding.special_tokens_mask,
                                                   encoding.sequence_ids):
            places = starts[sequence or 0]
            offsets.append(None if special else [places[begin], places[end]])
        return {"ids": encoding.ids, "type_ids": encoding.type_ids, "offsets": offsets,
                "words": [-1 if word is None else word for word in encoding.word_ids]}

    def decode(self, ids):
        return [self.tokenizer.decode(ids), self.tokenizer.decode(ids, skip_special_tokens=True)]

    def loses_track(self, text):
        """Whether the reference's offsets drift: characters removed at a beginning, or marks reordered."""
        if self.without_layout:
            return True
        parts = str(self.tokenizer.backend_tokenizer.normalizer or "")
        if "Precompiled" in parts:
            if not hasattr(self, "precompiled"):
                self.precompiled = single_precompiled(self.tokenizer)
            sizes = [len(self.precompiled.normalize_str(character)) for character in text]
            drifts = sizes and (sizes[0] == 0 or max(sizes) > 1 or any(special in text for special in SPECIALS))
            return 0 in sizes and drifts
        if "NFKC" in parts:
            return not unicodedata.is_normalized("NFKC", text) or not unicodedata.is_normalized("NFD", text)
        if "NFKD" in parts and "StripAccents" not in parts:
            return unicodedata.normalize("NFKD", text) != "".join(unicodedata.normalize("NFKD", c) for c in text)
        decomposed = unicodedata.normalize("NFD", text)
        if "NFC" in parts:
            parts = "".join(unicodedata.normalize("NFD", character) for character in text)
            return decomposed != parts or not unicodedata.is_normalized("NFC", text)
        return "BertNormalizer" in parts and any(
            unicodedata.category(c) == "Mc" and unicodedata.combining(c) for c in decomposed)


def single_precompiled(tokenizer):
    import base64

    from tokenizers.normalizers import Precompiled
    normalizer = json.loads(tokenizer.backend_tokenizer.to_str())["normalizer"]
    steps = normalizer.get("normalizers", [normalizer])
    charsmap = next(step for step in steps if step["type"] == "Precompiled")["precompiled_charsmap"]
    return Precompiled(base64.b64decode(charsmap))


class SentencePieceReference:
    """The SentencePiece library itself."""

    def __init__(self, folder):
        self.processor = sentencepiece.SentencePieceProcessor(model_file=str(folder / "tokenizer.model"))

    def encode(self, text):
        pieces = self.processor.encode(text, return_type="proto").pieces
        return {"ids": [piece.id for piece in pieces], "type_ids": [0] * len(pieces), "words": [0] * len(pieces),
                "offsets": [[piece.begin, piece.end] for piece in pieces]}

    def decode(self, ids):
        return [self.processor.decode(ids)] * 2

    def takes(self, text):
        """Not equally good ways to cut a run of digits: versions of the library choose differently."""
        return not re.search(r"(\d)\1\1", unicodedata.normalize("NFKC", text))

    def loses_track(self, text):
        return False


class Llama2cReference:
    """The encoder of llama2.c's run.c: bos, a space, characters or bytes, then the best merge each time."""

    def __init__(self, folder):
        data = (folder / "tok512.bin").read_bytes()
        self.pieces, self.scores, at = [], [], 4
        while at < len(data):
            score, size = struct.unpack_from("<fi", data, at)
            self.pieces.append(data[at + 8: at + 8 + size])
            self.scores.append(score)
            at += 8 + size
        self.ids = {piece: i for i, piece in enumerate(self.pieces)}

    def encode(self, text):
        ids = [1] + ([self.ids[b" "]] if text else [])
        for character in text:
            encoded = character.encode()
            ids += [self.ids[encoded]] if encoded in self.ids else [byte + 3 for byte in encoded]
        while True:
            merges = [(self.scores[self.ids[joined]], -i, self.ids[joined]) for i, joined in
                      ((i, self.pieces[ids[i]] + self.pieces[ids[i + 1]]) for i in range(len(ids) - 1))
                      if joined in self.ids]
            if not merges:
                return {"ids": ids}
            _, at, merged = max(merges)
            ids[-at: -at + 2] = [merged]

    def takes(self, text):
        """Not NUL, which ends a string there, nor what a Hugging Face tokenizer reads as a token."""
        return not any(part in text for part in ("\0", "<s>", "</s>", "<unk>", "\u2581", "<0x"))


class SlowReference:
    """A class without a fast one: no offsets."""

    def __init__(self, folder):
        self.tokenizer = AutoTokenizer.from_pretrained(folder)

    def encode(self, text):
        return {"ids": self.tokenizer(text)["input_ids"]}

    def takes(self, text):
        """Not where rounding chooses between cuts of equal probability, which depends on the library's version."""
        model = getattr(self.tokenizer, "spm_source", None)
        best = model.nbest_encode(text, nbest_size=2, return_type="proto").nbests if model else []
        return len(best) < 2 or abs(best[0].score - best[1].score) > 1e-3

    decode = Reference.decode


REFERENCES = {"sentencepiece": SentencePieceReference, "llama2.c": Llama2cReference, "slow": SlowReference}


def byte_starts(text):
    starts = [0]
    for character in text:
        starts.append(starts[-1] + len(character.encode()))
    return starts


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
