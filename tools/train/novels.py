"""Novels and essays as documents of a few chapters' size.

A folder of plain text, one book a file, a paragraph a line. A book is cut into blocks of about 24 kB at
paragraph ends: whole books would make the split by hash a lottery and the held-out text the work of
three authors. So blocks of one book lie on both sides of the split: held-out text has names and a style
that training knew, the same for every model, and no line of it (prepare.py drops what came before).
"""

import re
from collections.abc import Iterator
from pathlib import Path

BLOCK = 24_000  # bytes after which a block ends
FRONT = re.compile(r"\*\*\* ?START OF (THE|THIS) PROJECT GUTENBERG", re.IGNORECASE)
BACK = re.compile(r"\*\*\* ?END OF (THE|THIS) PROJECT GUTENBERG", re.IGNORECASE)


def body(lines: list[str]) -> list[str]:
    """The book without the library's notices, wherever they stand."""
    for i, line in enumerate(lines):
        if FRONT.search(line):
            lines = lines[i + 1 :]
            break
    for i, line in enumerate(lines):
        if BACK.search(line):
            lines = lines[:i]
            break
    return [line for line in lines if "project gutenberg" not in line.lower()]


def blocks(lines: list[str]) -> Iterator[list[str]]:
    """Runs of paragraphs of BLOCK bytes or a little more; the last one may be shorter."""
    block: list[str] = []
    size = 0
    for line in lines:
        block.append(line)
        size += len(line.encode())
        if size >= BLOCK:
            yield block
            block, size = [], 0
    if block:
        yield block


def documents(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Every block as (name, paragraphs), in the order of the names."""
    for path in sorted(folder.glob("*.txt")):
        for i, block in enumerate(blocks(body(path.read_text(encoding="utf-8").splitlines()))):
            yield f"novels/{path.stem}/{i:03}", block
