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
DIGESTS = {  # of the text that the shipped models have read, sha256
    "train": "b9935e0e4bf1da990383a2ea2e2780b68bd23c13fac433bc80fdc87f137b99cd",
    "validation": "246ef9bd3f5321b8d770c4c589bebd2c3b7d46e2833263888acb80467ee3426a",
    "heldout": "b5f0fefc60454dad62020759362cc8b793af8563167da100599614bae392f647",
}


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


def write_splits(folder: Path, documents) -> dict[str, str]:
    """Writes the three files, prints what is in each, and gives their sha256."""
    splits: dict[str, list[str]] = {split: [] for split in SPLITS}
    for name, text in documents:
        splits[split_of(name)].append(json.dumps({"name": name, "text": text}, ensure_ascii=False))
    digests = {}
    for split, lines in splits.items():
        content = "".join(line + "\n" for line in lines).encode()
        (folder / f"{split}.jsonl").write_bytes(content)
        digests[split] = hashlib.sha256(content).hexdigest()
        print(f"{split}: {len(lines)} documents, {len(content)} bytes, sha256 {digests[split]}")
    return digests


def texts(folder: Path, split: str) -> list[str]:
    """The documents of one split."""
    with open(folder / f"{split}.jsonl", encoding="utf-8") as file:
        return [json.loads(line)["text"] for line in file]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=DEFAULT_CORPUS)
    parser.add_argument("--other-text", action="store_true", help="accept newer packages")
    arguments = parser.parse_args()
    folder = arguments.corpus
    sources.download(folder)
    for package in sorted((folder / "packages").glob("*.deb")):
        print(package.name)
    digests = write_splits(folder, clean(sources.documents(folder / "unpacked")))
    if digests != DIGESTS and not arguments.other_text:
        parser.exit(
            1,
            "prepare.py: not the text of the shipped models, so that new ones could not be compared"
            " with them; put the versions that README.md names into packages/, or say --other-text\n",
        )


if __name__ == "__main__":
    main()
