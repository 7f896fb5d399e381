"""Makes the corpus: three JSON-lines files of documents, split by name, the same on every machine.

python prepare.py --corpus ~/.cache/locus/corpus
"""

import argparse
import hashlib
import json
from pathlib import Path

import sources

SPLIT_SEED = "locus-1"
SHORTEST_LINE = 40
LEAST_PROSE = 0.85
SHORTEST_DOCUMENT = 400
DEFAULT_CORPUS = Path.home() / ".cache" / "locus" / "corpus"
SPLITS = ("train", "validation", "heldout")


def is_prose(line: str) -> bool:
    """Long enough, and mostly letters and spaces."""
    if len(line) < SHORTEST_LINE:
        return False
    return sum(c.isalpha() or c.isspace() for c in line) >= LEAST_PROSE * len(line)


def split_of(name: str) -> str:
    """The split a document belongs to, from a hash of its name alone: 2 % each are kept apart."""
    digest = hashlib.sha256(f"{SPLIT_SEED}/{name}".encode()).digest()
    share = int.from_bytes(digest[:8], "big") / 2**64
    if share < 0.02:
        return "validation"
    return "heldout" if share < 0.04 else "train"


def clean(documents):
    """(name, text) of every document worth keeping.

    A line that an earlier document already had is dropped, so that no boilerplate of the training
    text comes back in the held-out text.
    """
    seen: set[bytes] = set()
    for name, lines in documents:
        kept = []
        for line in filter(is_prose, lines):
            digest = hashlib.sha256(line.encode()).digest()
            if digest not in seen:
                seen.add(digest)
                kept.append(line)
        text = "\n".join(kept)
        if len(text) >= SHORTEST_DOCUMENT:
            yield name, text


def write_splits(folder: Path, documents) -> None:
    """Writes the three files and prints what is in each."""
    splits: dict[str, list[str]] = {split: [] for split in SPLITS}
    for name, text in documents:
        splits[split_of(name)].append(json.dumps({"name": name, "text": text}, ensure_ascii=False))
    for split, lines in splits.items():
        content = "".join(line + "\n" for line in lines).encode()
        (folder / f"{split}.jsonl").write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        print(f"{split}: {len(lines)} documents, {len(content)} bytes, sha256 {digest}")


def texts(folder: Path, split: str) -> list[str]:
    """The documents of one split."""
    with open(folder / f"{split}.jsonl", encoding="utf-8") as file:
        return [json.loads(line)["text"] for line in file]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=DEFAULT_CORPUS)
    folder = parser.parse_args().corpus
    sources.download(folder)
    for package in sorted((folder / "packages").glob("*.deb")):
        print(package.name)
    write_splits(folder, clean(sources.documents(folder / "unpacked")))


if __name__ == "__main__":
    main()
