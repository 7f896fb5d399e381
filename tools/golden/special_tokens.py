"""Writes tests/goldens/tokenizers/special_tokens.json: ids of folders whose files contradict one another.

    python tools/golden/special_tokens.py

Needs transformers 4.49. tokenizer_config.json, special_tokens_map.json, added_tokens.json and tokenizer.json of a small
WordPiece tokenizer each name special tokens, with flags of their own, drawn at random. `files` holds what lies in a
folder, `ids` are those of `texts`. Folders that the reference refuses are left out.
"""

import json
import random
import tempfile
from pathlib import Path

import transformers
from transformers import AutoTokenizer

FILE = Path(__file__).resolve().parents[2] / "tests" / "goldens" / "tokenizers" / "special_tokens.json"
WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] a b c ##a ##b x y [ ] < > s / e ##s ##e [NEW] <s> </s> ##x #".split()
ROLES = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "[UNK]", "sep_token": "[SEP]", "pad_token": "[PAD]"}
ROLES |= {"cls_token": "[CLS]", "mask_token": "[MASK]"}
NAMES = "[NEW] <sp1> [CLS] [SEP] [PAD] [MASK] [UNK] a xy <s> New".split()
TEXTS = ["a b xy", *(f"a{name}b  {name} {name.lower()} x" for name in NAMES)]
COUNT = 40


def token(draw: random.Random, content: str, special: bool) -> dict:
    flags = {flag: draw.random() < 0.25 for flag in ("lstrip", "rstrip", "single_word")}
    return {"content": content, **flags, "normalized": draw.random() < 0.5, "special": special}


def roles(draw: random.Random, share: float) -> dict[str, str]:
    return {role: draw.choice([content, content, draw.choice(NAMES)]) for role, content in ROLES.items() if draw.random() < share}


def document(draw: random.Random, words: list[str]) -> dict:
    vocabulary = {word: id for id, word in enumerate(words)}
    added = [{"id": id} | token(draw, word, True) for word, id in list(vocabulary.items())[:5] if draw.random() < 0.8]
    added += [{"id": len(words)} | token(draw, "<sp1>", draw.random() < 0.5)] * (draw.random() < 0.5)
    lower = {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True}
    model = {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": vocabulary}
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": added, "normalizer": lower,
        "pre_tokenizer": {"type": "BertPreTokenizer"}, "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]},
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True}, "model": model,
    }  # fmt: skip


def files(number: int) -> dict[str, dict]:
    draw = random.Random(number)
    words = WORDS if draw.random() < 0.5 else [word for word in WORDS if word != "[NEW]"]
    config = {"tokenizer_class": draw.choice(["BertTokenizer", "PreTrainedTokenizerFast"])}
    for role, content in roles(draw, 0.5).items():
        config[role] = content if draw.random() < 0.6 else {"__type": "AddedToken", **token(draw, content, False)}
    if draw.random() < 0.3:
        config["additional_special_tokens"] = draw.sample(NAMES, 2)
    if draw.random() < 0.4:
        config["added_tokens_decoder"] = {str(len(words) + at): token(draw, name, False) for at, name in enumerate(draw.sample(NAMES, 2))}
    found = {"tokenizer.json": document(draw, words), "tokenizer_config.json": config}
    if draw.random() < 0.6:
        given = {role: content if draw.random() < 0.5 else token(draw, content, True) for role, content in roles(draw, 0.4).items()}
        found["special_tokens_map.json"] = given | {"additional_special_tokens": draw.sample(NAMES, 1)}
    if draw.random() < 0.4:
        found["added_tokens.json"] = {name: len(words) + at for at, name in enumerate(draw.sample(NAMES, 2))}
    return found


def main() -> None:
    transformers.logging.set_verbosity_error()
    cases = []
    for number in range(COUNT):
        content = files(number)
        with tempfile.TemporaryDirectory() as folder:
            for name, value in content.items():
                Path(folder, name).write_text(json.dumps(value))
            try:
                tokenizer = AutoTokenizer.from_pretrained(folder)
            except (TypeError, ValueError, AssertionError):
                continue
            cases.append({"files": content, "ids": [tokenizer(text)["input_ids"] for text in TEXTS]})
    text = ",\n".join(json.dumps(case) for case in cases)
    FILE.write_text('{"texts": ' + json.dumps(TEXTS) + ',\n"cases": [\n' + text + "\n]}\n")


if __name__ == "__main__":
    main()
