"""Compares what Locus and the reference make of texts with the tokenizers of pretrained checkpoints.

    tools/checkpoints build/checkpoints
    python tools/golden/checkpoint_tokenizers.py build/release/tools/cli/locus build/checkpoints [--only NAME]

With transformers 4.49 the folders are as they were published, or as a class writes them anew; with 5 they are saved by it
first. Each case reads the 922 hostile lines and 200 kB of lines as the checkpoint knows them: ids, types, offsets and what
the ids become again, once alone and once as the first of a pair. A line that differs is printed; then the exit status is 1.

`cased` tells the class not to lower letters, which the chemists' and biologists' own programs do. `rule` is the rule of those
programs (a regular expression and a table) as a tokenizer.json: its ids are also compared with Python's `re`.
"""

import argparse
import json
import logging
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import tokenizers
import transformers
from tokenizers import models, pre_tokenizers, processors

import checkpoint_lines
import tokenizer_goldens as goldens
import tokenizer_references as references
from hostile_lines import SPECIALS

IS_5 = transformers.__version__.startswith("5.")
PATTERN = r"(\[[^\]]+]|Br?|Cl?|N|O|S|P|F|I|b|c|n|o|s|p|\(|\)|\.|=|#|-|\+|\\|\/|:|~|@|\?|>>?|\*|\$|\%[0-9]{2}|[0-9])"
SECOND = "CC(=O)O and a second text"
SHOWN = 3


@dataclass(frozen=True)
class Checkpoint:
    name: str
    lines: str
    forms: tuple[str, ...] = ("cased", "rule")
    arguments: tuple[str, ...] = ()


NO_TYPE = ("--family", "bert")
PUBLISHED = ("published", "cased", "rule")
CHECKPOINTS = [
    Checkpoint("all-MiniLM-L6-v2", "words", ("published",)),
    Checkpoint("rxnfp", "reactions", PUBLISHED, NO_TYPE),
    Checkpoint("rxnfp-10k", "reactions", PUBLISHED),
    Checkpoint("rxnfp-pretrained", "reactions", PUBLISHED, NO_TYPE),
    Checkpoint("rxnmapper", "reactions"),
    Checkpoint("iglm", "proteins", ("cased",)),
    Checkpoint("iglm-small", "proteins", ("cased",)),
    Checkpoint("antiberty", "proteins", ("published", "cased")),
]


def rule(vocabulary: dict[str, int]) -> tokenizers.Tokenizer:
    """The package's own rule: every match is a token, and what lies between is left out."""
    tokenizer = tokenizers.Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(tokenizers.Regex(PATTERN), behavior="removed", invert=True)
    ends = [(token, vocabulary[token]) for token in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=ends
    )
    return tokenizer


def own_ids(vocabulary: dict[str, int], text: str) -> list[int]:
    found = [vocabulary.get(token, vocabulary["[UNK]"]) for token in re.findall(PATTERN, text)]
    return [vocabulary["[CLS]"], *found, vocabulary["[SEP]"]]


def vocabulary_of(folder: Path) -> dict[str, int]:
    return {token: index for index, token in enumerate((folder / "vocab.txt").read_text().split("\n")) if token}


def write_form(form: str, source: Path, folder: Path) -> None:
    """The files of a tokenizer in one form, and the config."""
    for file in source.iterdir():
        if file.suffix in (".json", ".txt"):
            shutil.copy(file, folder)
    if form == "cased":
        (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "BertTokenizer", "do_lower_case": False}))
    if form == "rule":
        names = {role: f"[{role[:-6].upper()}]" for role in ("unk_token", "sep_token", "pad_token", "cls_token", "mask_token")}
        backend = rule(vocabulary_of(folder))
        transformers.PreTrainedTokenizerFast(tokenizer_object=backend, **names).save_pretrained(folder)
    if IS_5:
        opened = reference_class(form).from_pretrained(folder)
        for name in ("vocab.txt", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"):
            (folder / name).unlink(missing_ok=True)
        opened.save_pretrained(folder)


def reference_class(form: str) -> type:
    """Not AutoTokenizer, which wants a model_type."""
    return transformers.PreTrainedTokenizerFast if form == "rule" else transformers.BertTokenizerFast


class Reference(references.Reference):
    def __init__(self, form: str, folder: Path):
        self.tokenizer = reference_class(form).from_pretrained(folder)
        self.tokenizer("")  # after which neither the file's truncation nor its padding is applied, as in every call


def asked(command: list[str], lines: list) -> list[dict]:
    given = "".join(json.dumps(line) + "\n" for line in lines)
    run = subprocess.run(command, input=given, capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"{' '.join(command)}: {run.stderr.strip()}")
    return [json.loads(line) for line in run.stdout.split("\n") if line]


def same(expected: dict, found: dict, with_offsets: bool) -> bool:
    keys = ("ids", "type_ids", "offsets") if with_offsets else ("ids", "type_ids")
    return all(expected[key] == found[key] for key in keys)


def differences(case: Checkpoint, form: str, folder: Path, command: str) -> Iterator[str]:
    reference = Reference(form, folder)
    texts = checkpoint_lines.lines(getattr(checkpoint_lines, case.lines))
    tokenize = [command, "tokenize", str(folder), "--jsonl", *case.arguments]
    for text, found in zip(texts, asked(tokenize, texts), strict=True):
        expected = reference.encode(text)
        if not same(expected, found, not reference.loses_track(text)):
            yield f"{text!r}: expected {expected}, found {found}"
        if form == "rule" and not IS_5 and not any(special in text for special in SPECIALS):
            expected = own_ids(vocabulary_of(folder), text)
            if expected != found["ids"]:
                yield f"{text!r}: Python's re gives {expected}, found {found['ids']}"
    for text, found in zip(texts, asked([*tokenize, "--pair", SECOND], texts), strict=True):
        expected = reference.encode_pair(text, SECOND, None)
        if not same(expected, found, not reference.loses_track(text)):
            yield f"pair {text!r}: expected {expected}, found {found}"
    ids = [reference.encode(text)["ids"] for text in texts]
    decoded = [asked([*tokenize, "--decode", *more], ids) for more in ([], ["--no-special"])]
    for text, each, *found in zip(texts, ids, *decoded, strict=True):
        expected = reference.decode(each)
        if expected != [one["text"] for one in found]:
            yield f"decoded {text!r}: expected {expected}, found {found}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("locus", help="the command")
    parser.add_argument("checkpoints", type=Path)
    parser.add_argument("--only", default="", help="checkpoints whose name contains this")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    transformers.logging.set_verbosity(logging.CRITICAL)
    total = 0
    for case in CHECKPOINTS:
        for form in case.forms if options.only in case.name else ():
            with tempfile.TemporaryDirectory() as name:
                write_form(form, options.checkpoints / case.name, Path(name))
                found = list(differences(case, form, Path(name), options.locus))
            print(f"{case.name}, {form}: {len(found)} differences", *found[:SHOWN], sep="\n    ", flush=True)
            total += len(found)
    print(f"transformers {transformers.__version__}: {total} differences")
    sys.exit(1 if total else 0)


if __name__ == "__main__":
    main()
