"""Makes the corpus: three JSON-lines files of documents, split by name, the same on every machine.

python prepare.py --corpus ~/.cache/locus/corpus --novels FOLDER

Documentation and novels, mixed by documents in an order that a hash of their names gives.
"""

import argparse
import hashlib
import json
from itertools import chain
from pathlib import Path

import novels
import overlap
import sources

SPLIT_SEED = "locus-1"
SHORTEST_LINE = 40
MIN_PROSE = 0.85
SHORTEST_DOCUMENT = 400
DEFAULT_CORPUS = Path.home() / ".cache" / "locus" / "corpus"
SCORED = Path(__file__).resolve().parents[2] / "weights" / "text"
SPLITS = ("train", "validation", "heldout")
DIGESTS = {  # of the text that the shipped models have read, sha256
    "train": "8f459e25059cbda26447a33cf35501ed720103388f9180e35401581786d5829d",
    "validation": "cb772b5524d5c9350b0724dd203a2900429f666ef6307f83a561ef211de952a6",
    "heldout": "0fe1cc9dd73fc1f59f91c373d66166af338289660b7215d2bdad8981246461df",
}


def is_prose(line: str) -> bool:
    """Long enough, and mostly letters and spaces."""
    if len(line) < SHORTEST_LINE:
        return False
    return sum(c.isalpha() or c.isspace() for c in line) >= MIN_PROSE * len(line)


def share_of(name: str) -> float:
    """A number in [0, 1) from a hash of a document's name alone."""
    digest = hashlib.sha256(f"{SPLIT_SEED}/{name}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def split_of(name: str) -> str:
    """The split a document belongs to: 2 % each are kept apart."""
    share = share_of(name)
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
    for name, text in sorted(documents, key=lambda document: share_of(document[0])):
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
    parser.add_argument("--novels", type=Path, required=True, help="folder of books, *.txt")
    parser.add_argument("--scored", type=Path, default=SCORED, help="text to be kept out")
    parser.add_argument("--other-text", action="store_true", help="accept newer packages")
    arguments = parser.parse_args()
    folder = arguments.corpus
    for needed in (arguments.novels, arguments.scored):
        if not any(needed.glob("*.txt")):
            parser.exit(1, f"prepare.py: expected a folder with *.txt, found none: {needed}\n")
    sources.download(folder)
    for package in sorted((folder / "packages").glob("*.deb")):
        print(package.name)
    found = chain(sources.documents(folder / "unpacked"), novels.documents(arguments.novels))
    kept = overlap.without(clean(found), overlap.passages_of(arguments.scored))
    digests = write_splits(folder, kept)
    if digests != DIGESTS and not arguments.other_text:
        parser.exit(
            1,
            "prepare.py: not the text of the shipped models, so that new ones could not be compared"
            " with them; put the versions that README.md names into packages/ and the same books"
            " into the folder of novels, or say --other-text\n",
        )


if __name__ == "__main__":
    main()
