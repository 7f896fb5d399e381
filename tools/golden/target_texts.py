"""Writes tests/goldens/tokenizers/targets.json: target texts of translators, and their ids as text.

    python tools/golden/target_texts.py

Needs transformers 4.49 and sentencepiece. `two_vocabularies`: Marian's `separate_vocabs`, whose target
vocabulary has the ids of the source's in reverse, those of special tokens excepted.
"""

import json
import tempfile
from pathlib import Path

from tokenizer_goldens import GOLDENS, make_folder
from transformers import AutoTokenizer

TEXTS = [
    "Hello, world!", "", "The naïve café can't re-open at 3.14 pm.", "  two  spaces\nand a line ", "北京大学 ünïcode 😀",
    ">>fra<< the house", "a </s> b", "<unk> x",
]  # fmt: skip
IDS = [[5, 9, 40, 0, 77, 120, 121, 2, 300], [0], [1, 3, 522, 400, 8]]
MARIAN_FILES = {"source.spm": "files/marian_source.model", "target.spm": "files/marian_target.model", "vocab.json": "files/marian_vocab.json"}
FAIRSEQ = {"sentencepiece.bpe.model": "files/unigram.model"}
CASES = {
    "marian": {"files": MARIAN_FILES, "config.json": {"model_type": "marian"}},
    "two_vocabularies": {"files": MARIAN_FILES, "config.json": {"model_type": "marian"}, "tokenizer_config.json": {"separate_vocabs": True}},
    "mbart": {"files": FAIRSEQ, "config.json": {"model_type": "mbart"}, "tokenizer_config.json": {"src_lang": "en_XX", "tgt_lang": "ro_RO"}},
    "mbart50": {"files": FAIRSEQ, "tokenizer_config.json": {"tokenizer_class": "MBart50Tokenizer", "src_lang": "fr_XX", "tgt_lang": "sl_SI"}},
    "t5": {"files": {"spiece.model": "files/unigram.model"}, "config.json": {"model_type": "t5"}, "tokenizer_config.json": {"extra_ids": 3}},
}  # fmt: skip


def reversed_ids(vocabulary: dict[str, int]) -> dict[str, int]:
    kept = {"</s>", "<unk>", "<pad>"}
    free = sorted(id for token, id in vocabulary.items() if token not in kept)
    turned = dict(zip(free, reversed(free)))
    return {token: turned.get(id, id) for token, id in vocabulary.items()}


def described(name: str, case: dict) -> dict:
    with tempfile.TemporaryDirectory() as path:
        folder = Path(path)
        make_folder(case, folder)
        if name == "two_vocabularies":
            vocabulary = json.loads((folder / "vocab.json").read_text())
            (folder / "target_vocab.json").write_text(json.dumps(reversed_ids(vocabulary)))
        tokenizer = AutoTokenizer.from_pretrained(folder)
        rows = [{"text": text, "source": tokenizer(text)["input_ids"], "target": tokenizer(text_target=text)["input_ids"]} for text in TEXTS]
        size = len(tokenizer)
        decoded = [
            {"ids": ids, "text": tokenizer.decode(ids), "plain": tokenizer.decode(ids, skip_special_tokens=True)}
            for ids in ([id % size for id in row] for row in [*IDS, *(row["target"] for row in rows)])
        ]
        return {"folder": case, "texts": rows, "decoded": decoded}


def main() -> None:
    content = {name: described(name, case) for name, case in CASES.items()}
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in content.items())
    (GOLDENS / "targets.json").write_text(f"{{\n{lines}\n}}\n")


if __name__ == "__main__":
    main()
