"""Changes keys of tokenizer_config.json in each folder of tests/goldens/tokenizers5, and compares the ids of a few texts, and
the text of all those ids.

    python tools/golden/tokenizer_config_keys.py build/release/tools/cli/locus [--older] [--only PART] [--key KEY] [--as CLASS]

With 4.49 (which needs protobuf) the folders lose `backend`, by which those of transformers 5 are known. With `--older` it goes
through folders without tokenizer.json instead: the vocabularies that `tokenizer5_goldens.py` trains, as the classes of 4.49
read them, since no folder of 5 is so. The keys are those of `tests/goldens/config_keys.json` and those that the program's own list calls
harmless. If Locus refuses a value, or a warning names the key, that is right. If the reference fails, Locus may do anything. A
value that gives other ids or text than the reference's is a finding, which is printed and makes the exit status 1.
"""

import argparse
import json
import logging
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import transformers

import program_keys
import tokenizer5_goldens
from reference import IS_5, VERSION

GOLDENS = Path(__file__).resolve().parents[2] / "tests" / "goldens"
TEXTS = [
    "a b", "Hello World, ÉCOLE é ü", "  two  spaces ", "北京 abc", "", "A<mask> B <pad>x", "don't e.g. 12,345.6", "ﬁ ſ Ａ",
    "\u2581x y", "ab\tcd\nef", "naïve Straße İ", "<s>a</s>", " x", "[MASK] y [SEP]", "b c  c", "LAG <mask> L",
]  # fmt: skip
FLAGS = (
    "do_lower_case strip_accents tokenize_chinese_chars add_prefix_space keep_accents remove_space legacy split_by_punct trim_offsets"
    " add_bos_token add_eos_token legacy_behaviour fuse_unk do_basic_tokenize clean_up_tokenization_spaces use_fast"
    " is_split_into_words spaces_between_special_tokens split_special_tokens"
).split()
VALUES = {flag: [True, False] for flag in FLAGS} | {
    "vocab_type": ["spm"], "offset": [5], "extra_ids": [0, 7], "mask_token_sent": ["<x>"], "unk_id": [1], "never_split": [["a"]],
    "unk_token": ["<other>"], "sep_token": ["a"], "cls_token": ["b"], "bos_token": ["a"], "eos_token": ["b"], "mask_token": ["c", "<new>"],
    "dropout": [0.5], "src_lang": ["en_XX", "fr_XX"], "tgt_lang": ["fr_XX"],
}  # fmt: skip


LEFT_OUT = {"tokenizer_class", "auto_map", "added_tokens_decoder", "backend"}  # which decide what the folder is
ANY = [True, False, "c", 3, ["c"]]  # of a key without a default


def others(key: str, default: object) -> list:
    """Other values of a key."""
    if key in VALUES:
        return VALUES[key]
    if key.endswith("_file"):
        return ["c"]  # Python opens numbers and flags too: its own standard output, which it then closes
    if isinstance(default, bool):
        return [not default]
    if isinstance(default, (int, float)):
        return [default + 1, 0]
    return ["c"] if isinstance(default, str) else ANY


def keys_of(config: dict, known: dict) -> dict[str, object]:
    """The keys that the class takes, with its defaults; those of every class; those that the program does not read."""
    name = config["tokenizer_class"]
    own = {key: value for each in (name, f"{name}Fast") for key, value in known.get(each, {}).get(VERSION, {}).items()}
    harmless = " ".join(group.keys for group in program_keys.of_tokenizers()).split()
    keys = dict.fromkeys([*VALUES, *harmless]) | known["*"][VERSION] | own | config
    return {key: value for key, value in keys.items() if key not in LEFT_OUT}


@dataclass(frozen=True)
class Case:
    """A folder: its tokenizer_config.json, and what makes all else."""

    name: str
    config: dict
    fill: Callable[[Path], None]


Answer = tuple[list[list[int]], str]  # the ids of each text, and the text of all ids


def of_locus(command: str, folder: Path, key: str) -> Answer | None:
    """None where it is refused, or named in a warning."""
    given = "".join(json.dumps(text) + "\n" for text in TEXTS)
    run = subprocess.run([command, "tokenize", str(folder), "--jsonl"], input=given, capture_output=True, text=True)
    if run.returncode or f"'{key}'" in run.stderr:
        return None
    ids = [json.loads(line)["ids"] for line in run.stdout.split("\n") if line]
    every = ",".join(str(index) for each in ids for index in each)
    words = ["--decode", "--json", "--ids", every]
    run = subprocess.run([command, "tokenize", str(folder), *words], capture_output=True, text=True, check=True)
    return ids, json.loads(run.stdout)["text"]


def of_reference(folder: Path) -> Answer | None:
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        ids = [tokenizer(text)["input_ids"] for text in TEXTS]
        return ids, tokenizer.decode([index for each in ids for index in each])
    except BaseException:  # any, and a panic of Rust is no Exception
        return None


def difference(expected: Answer, found: Answer) -> str:
    for text, right, wrong in zip(TEXTS, expected[0], found[0]):
        if right != wrong:
            return f"{text!r}: expected {right}, found {wrong}"
    return f"decoded: expected {expected[1]!r}, found {found[1]!r}" if expected[1] != found[1] else ""


def findings(case: Case, options: argparse.Namespace) -> list[str]:
    found = []
    known = json.loads((GOLDENS / "config_keys.json").read_text())["tokenizer_config.json"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        case.fill(folder)
        keys = {key: default for key, default in keys_of(case.config, known).items() if options.key in ("", key)}
        for key, value in ((key, value) for key, default in keys.items() for value in others(key, default)):
            if case.config.get(key, "none") == value:
                continue
            (folder / "tokenizer_config.json").write_text(json.dumps(case.config | {key: value}))
            answer = of_locus(options.locus, folder, key)
            right = of_reference(folder) if answer is not None else None
            if right is not None and (what := difference(right, answer)):
                found.append(f"{key} = {json.dumps(value)}: {what}")
    return found


def config_of(config: dict, name: str) -> dict | None:
    """The config of a folder, of the class `name` if there is one; None where this version has no such class."""
    name = name or config.get("tokenizer_class", "")
    name = next((each for each in (name, f"{name}Fast") if each and hasattr(transformers, each)), "")
    if not name:
        return None
    lists = {"extra_special_tokens"} if isinstance(config.get("extra_special_tokens"), list) else set()  # of which 4.49 knows none
    left_out = set() if IS_5 else {"backend"} | lists
    return {key: value for key, value in config.items() if key not in left_out} | {"tokenizer_class": name}


def read_config(folder: Path) -> dict:
    file = folder / "tokenizer_config.json"
    return json.loads(file.read_text()) if file.exists() else {}


def of_goldens() -> Iterator[tuple[str, dict, Callable[[Path], None]]]:
    for golden in sorted((GOLDENS / "tokenizers5").iterdir()):
        yield golden.name, read_config(golden), lambda folder, golden=golden: shutil.copytree(golden, folder, dirs_exist_ok=True)


def of_older_files() -> Iterator[tuple[str, dict, Callable[[Path], None]]]:
    for tokenizer in tokenizer5_goldens.TOKENIZERS:
        yield tokenizer.name, tokenizer.config, tokenizer.files


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for name, config, fill in of_older_files() if options.older else of_goldens():
        config = config_of(config, options.name) if options.only in name else None
        if config is not None:
            yield Case(name, config, fill)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split(".")[0])
    parser.add_argument("locus", help="the command")
    parser.add_argument("--older", action="store_true", help="folders without tokenizer.json")
    parser.add_argument("--only", default="", help="folders whose name contains this")
    parser.add_argument("--key", default="", help="this key alone")
    parser.add_argument("--as", dest="name", default="", help="the folders' class, in place of their own")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    transformers.logging.set_verbosity(logging.CRITICAL)
    total = 0
    for case in cases(options):
        found = findings(case, options)
        print(f"{case.name}: {len(found)} findings", *found, sep="\n    ", flush=True)
        total += len(found)
    print(f"transformers {VERSION}: {total} findings")
    sys.exit(1 if total else 0)


if __name__ == "__main__":
    main()
