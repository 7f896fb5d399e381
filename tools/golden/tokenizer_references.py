"""The references that tokenizer_goldens.py asks: what each makes of a text and of ids."""

import json
import re
import struct
import unicodedata

import sentencepiece
from transformers import AutoTokenizer

from hostile_lines import SPECIALS


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
