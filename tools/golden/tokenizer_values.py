"""Writes tests/goldens/tokenizer_values.json: which values of tokenizer.json the library tokenizers takes.

    python tokenizer_values.py tests/goldens                          # once by each version: what they agree on stays
    python tokenizer_values.py tests/goldens --against LOCUS          # compares the command with what the file says

Every field of every component is left out and given values of each type, at its bounds and beyond. `bases` holds whole
documents, each with one component to try. A row of `fields` names a base and the path of a field in it; `needed` says
that the file is refused without it, `refused` with which values it is, and `read` has the ids of `text` with others.
"""

import argparse
import copy
import json
import os
import resource
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

try:
    import tokenizers
    from tokenizers import Tokenizer
except ImportError:  # to compare the command needs none
    tokenizers = None

TEXT = "a b xy Ab"
LETTERS = {letter: id for id, letter in enumerate("<unk> a b x y ab xy [CLS] [SEP] ##b ##y Ġ Ġa Ġb \u2581 \u2581a A".split())}
WORD_LEVEL = {"type": "WordLevel", "vocab": LETTERS, "unk_token": "<unk>"}
WORD_PIECE = {"type": "WordPiece", "unk_token": "<unk>", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": LETTERS}
BPE = {
    "type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None, "end_of_word_suffix": None,
    "fuse_unk": False, "byte_fallback": False, "ignore_merges": False, "vocab": LETTERS, "merges": [["a", "b"], ["x", "y"]],
}  # fmt: skip
UNIGRAM = {"type": "Unigram", "unk_id": 0, "byte_fallback": False, "vocab": [["<unk>", 0.0], ["a", -1.0], ["b", -2.0], ["xy", -3.0]]}
SPLIT = {"type": "Split", "pattern": {"String": "b"}, "behavior": "Isolated", "invert": False}
PIECES = [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}]
TEMPLATE = {
    "type": "TemplateProcessing", "single": PIECES, "pair": [*PIECES, {"Sequence": {"id": "B", "type_id": 1}}],
    "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [7], "tokens": ["[CLS]"]}},
}  # fmt: skip
ENDS = {"sep": ["[SEP]", 8], "cls": ["[CLS]", 7]}
COMPONENTS = {
    "model": [WORD_LEVEL, WORD_PIECE, BPE, UNIGRAM],
    "normalizer": [
        {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True},
        {"type": "Strip", "strip_left": True, "strip_right": True},
        {"type": "Prepend", "prepend": "a"},
        {"type": "Replace", "pattern": {"String": "b"}, "content": "a"},
        {"type": "Replace", "pattern": {"Regex": "b"}, "content": "a"},
        {"type": "Sequence", "normalizers": [{"type": "Lowercase"}]},
        {"type": "NFC"},
    ],
    "pre_tokenizer": [
        {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
        {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True},
        {"type": "Punctuation", "behavior": "Isolated"},
        {"type": "Digits", "individual_digits": False},
        {"type": "CharDelimiterSplit", "delimiter": "b"},
        SPLIT,
        {"type": "Sequence", "pretokenizers": [{"type": "Whitespace"}]},
        {"type": "BertPreTokenizer"},
    ],
    "post_processor": [
        TEMPLATE,
        {"type": "BertProcessing", **ENDS},
        {"type": "RobertaProcessing", **ENDS, "trim_offsets": True, "add_prefix_space": True},
        {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
        {"type": "Sequence", "processors": [{"type": "BertProcessing", **ENDS}]},
    ],
    "decoder": [
        {"type": "WordPiece", "prefix": "##", "cleanup": True},
        {"type": "BPEDecoder", "suffix": "</w>"},
        {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
        {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True},
        {"type": "Replace", "pattern": {"String": "b"}, "content": "a"},
        {"type": "Strip", "content": "a", "start": 1, "stop": 0},
        {"type": "Sequence", "decoders": [{"type": "Fuse"}]},
        {"type": "ByteFallback"},
    ],
    "added_tokens": [
        [{"id": 7, "content": "[CLS]", "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}]
    ],
    "truncation": [{"direction": "Right", "max_length": 64, "strategy": "LongestFirst", "stride": 0}],
    "padding": [
        {"strategy": "BatchLongest", "direction": "Right", "pad_to_multiple_of": None, "pad_id": 0, "pad_type_id": 0, "pad_token": "<unk>"}
    ],
    "version": ["1.0"],
}
ABSENT = "(absent)"
VALUES = (
    ABSENT, None, True, 0, 1, -1, 1.5, 256, 1 << 31, 1 << 32, 1 << 64, "", "a", "ab", "\u00e9", [], {}, [1], [""], {"a": 1}, [["a", "b"]], ["a b"],
)  # fmt: skip
NAMES = ("Left", "Removed", "MergedWithPrevious", "Contiguous", "always", "first", "isolated")


def bases() -> dict[str, dict]:
    empty = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None}
    empty |= {"pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": None, "decoder": None, "model": WORD_LEVEL}
    found = {}
    for key, components in COMPONENTS.items():
        for number, component in enumerate(components):
            document = copy.deepcopy(empty) | {key: copy.deepcopy(component)}
            if key == "pre_tokenizer" and component["type"] == "ByteLevel":
                document["model"] = copy.deepcopy(BPE)
            found[f"{key} {number}"] = document
    return found


def paths(value, path: tuple = ()) -> list[tuple]:
    """Of all fields in a component, vocabularies as one."""
    found = [path]
    if path[-1:] == ("vocab",) and isinstance(value, dict):
        return [*found, (*path, "a")]
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        found += paths(inner, (*path, key))
    return found


def value_at(document: dict, path: tuple):
    for key in path:
        document = document[key]
    return document


def changed(document: dict, path: tuple, value) -> dict | None:
    document = copy.deepcopy(document)
    place = document
    for key in path[:-1]:
        place = place[key]
    if value == ABSENT and isinstance(place, list):
        return None
    if value == ABSENT:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return document


def cases() -> list[dict]:
    found = []
    for base, document in bases().items():
        key = base.split()[0]
        for path in paths(document[key], (key,)):
            named = isinstance(value_at(document, path), str) and path[-1] != "type"
            if path[-1] == "pad_to_multiple_of":
                continue  # what needs more memory than there is
            for value in (*VALUES, *(NAMES if named else ())):
                if changed(document, path, value) is not None:
                    found.append({"base": base, "path": list(path)} | ({} if value == ABSENT else {"value": value}))
    return found


def document_of(case: dict) -> dict:
    return changed(bases()[case["base"]], tuple(case["path"]), case.get("value", ABSENT))


def answer(documents: list[dict], pipe: int) -> None:
    """In a child: a line of ids or null for each, as far as it lives."""
    resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    for document in documents:
        try:
            ids = Tokenizer.from_str(json.dumps(document)).encode(TEXT).ids
        except BaseException:  # a panic of Rust is no Exception
            ids = None
        os.write(pipe, json.dumps(ids).encode() + b"\n")


def references(documents: list[dict]) -> list[list[int] | None]:
    """A file may ask for more memory than there is, which ends the process: it is not read either."""
    found = []
    while len(found) < len(documents):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                answer(documents[len(found) :], writing)
            finally:
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as lines:
            found += [json.loads(line) for line in lines]
        os.waitpid(child, 0)
        found += [None] * (len(found) < len(documents))
    return found


def of_locus(command: str, document: dict) -> tuple[list[int] | None, str]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "tokenizer.json").write_text(json.dumps(document))
        run = subprocess.run([command, "tokenize", folder, TEXT, "--json"], capture_output=True, text=True)
    return (json.loads(run.stdout)["ids"] if run.returncode == 0 else None), run.stderr.strip()


def rows(answers: list[list[int] | None]) -> list[dict]:
    found = {}
    for case, ids in zip(cases(), answers):
        key = (case["base"], json.dumps(case["path"]))
        row = found.setdefault(key, {"base": case["base"], "path": case["path"], "needed": False, "refused": [], "read": []})
        if "value" not in case:
            row["needed"] = ids is None
        elif ids is None:
            row["refused"].append(case["value"])
        else:
            row["read"].append([case["value"], ids])
    return list(found.values())


def common(row: dict, other: dict) -> dict:
    lists = {key: [each for each in row[key] if json.dumps(each) in map(json.dumps, other[key])] for key in ("refused", "read")}
    return row | {"needed": row["needed"] and other["needed"]} | lists


def tried(file: Path) -> list[tuple[dict, list[int] | None]]:
    """The cases of the file, with the ids that are right or None."""
    found = []
    for row in json.loads(file.read_text())["fields"]:
        place = {"base": row["base"], "path": row["path"]}
        found += [(place, None)] * row["needed"]
        found += [(place | {"value": value}, None) for value in row["refused"]]
        found += [(place | {"value": value}, ids) for value, ids in row["read"]]
    return found


def compare(file: Path, command: str) -> None:
    known = tried(file)
    with ThreadPoolExecutor(2) as pool:
        for (case, right), (ids, message) in zip(known, pool.map(lambda each: of_locus(command, document_of(each[0])), known)):
            if ids != right:
                print(json.dumps(case), ids, right, message[-150:], flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("goldens", type=Path)
    parser.add_argument("--against")
    arguments = parser.parse_args()
    file = arguments.goldens / "tokenizer_values.json"
    if arguments.against:
        return compare(file, arguments.against)
    found = rows(references(list(map(document_of, cases()))))
    if file.exists():
        found = list(map(common, found, json.loads(file.read_text())["fields"]))
    text = ",\n".join(json.dumps(row) for row in found)
    file.write_text('{"text": ' + json.dumps(TEXT) + ',\n"bases": ' + json.dumps(bases()) + ',\n"fields": [\n' + text + "\n]}\n")


if __name__ == "__main__":
    main()
