"""Changes keys of tokenizer_config.json in each folder of tests/goldens/tokenizers5, and compares the ids of a few texts.

    python tools/golden/tokenizer_config_keys.py build/release/tools/cli/locus [--only PART]

Needs transformers 5.24. If Locus refuses a value, or a warning names the key, that is right. If the reference fails, Locus
may do anything. A value that gives other ids than the reference's is a finding, which is printed and makes the exit status 1.
"""

import argparse
import json
import logging
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import transformers

FOLDERS = Path(__file__).resolve().parents[2] / "tests" / "goldens" / "tokenizers5"
TEXTS = [
    "a b", "Hello World, ÉCOLE é ü", "  two  spaces ", "北京 abc", "", "A<mask> B <pad>x", "don't e.g. 12,345.6", "ﬁ ſ Ａ",
    "\u2581x y", "ab\tcd\nef", "naïve Straße İ", "<s>a</s>", " x", "[MASK] y [SEP]",
]  # fmt: skip
FLAGS = (
    "do_lower_case strip_accents tokenize_chinese_chars add_prefix_space keep_accents remove_space legacy split_by_punct trim_offsets"
    " add_bos_token add_eos_token legacy_behaviour fuse_unk do_basic_tokenize clean_up_tokenization_spaces use_fast"
    " is_split_into_words spaces_between_special_tokens split_special_tokens"
).split()
VALUES = {flag: [True, False] for flag in FLAGS} | {
    "vocab_type": ["spm"], "offset": [5], "extra_ids": [0, 7], "mask_token_sent": ["<x>"], "unk_id": [1], "never_split": [["a"]],
    "unk_token": ["<other>"], "sep_token": ["a"], "cls_token": ["b"], "bos_token": ["a"], "eos_token": ["b"], "mask_token": ["c"],
    "dropout": [0.5], "src_lang": ["en_XX", "fr_XX"], "tgt_lang": ["fr_XX"],
}  # fmt: skip
KNOWN = {  # ESM cuts special tokens by its own rule; a piece named as a mask takes other flags from some classes
    ("esm", "split_special_tokens"), ("mpnet", "bos_token"), ("mpnet", "mask_token"), ("nllb", "mask_token"), ("mbart-50", "mask_token"),
    ("deberta", "mask_token"),
}  # fmt: skip


def of_locus(command: str, folder: Path, key: str) -> list[list[int]] | None:
    """None where it is refused, or named in a warning."""
    given = "".join(json.dumps(text) + "\n" for text in TEXTS)
    run = subprocess.run([command, "tokenize", str(folder), "--jsonl"], input=given, capture_output=True, text=True)
    if run.returncode or f"'{key}'" in run.stderr:
        return None
    return [json.loads(line)["ids"] for line in run.stdout.split("\n") if line]


def of_reference(folder: Path) -> list[list[int]] | None:
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        return [tokenizer(text)["input_ids"] for text in TEXTS]
    except BaseException:  # any, and a panic of Rust is no Exception
        return None


def findings(golden: Path, command: str) -> list[str]:
    found, config = [], json.loads((golden / "tokenizer_config.json").read_text())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / golden.name
        shutil.copytree(golden, folder)
        for key, value in ((key, value) for key, values in VALUES.items() for value in values):
            if config.get(key, "none") == value or (golden.name, key) in KNOWN:
                continue
            (folder / "tokenizer_config.json").write_text(json.dumps(config | {key: value}))
            ids = of_locus(command, folder, key)
            right = of_reference(folder) if ids is not None else None
            for text, expected, each in zip(TEXTS, right or [], ids or []):
                if expected != each:
                    found.append(f"{key} = {json.dumps(value)}: {text!r}: expected {expected}, found {each}")
                    break
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("locus", help="the command")
    parser.add_argument("--only", default="", help="folders whose name contains this")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    transformers.logging.set_verbosity(logging.CRITICAL)
    total = 0
    for golden in sorted(FOLDERS.iterdir()):
        if options.only in golden.name and (golden / "tokenizer_config.json").exists():
            found = findings(golden, options.locus)
            print(f"{golden.name}: {len(found)} findings", *found, sep="\n    ", flush=True)
            total += len(found)
    print(f"transformers {transformers.__version__}: {total} findings")
    sys.exit(1 if total else 0)


if __name__ == "__main__":
    main()
