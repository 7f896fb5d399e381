#!/usr/bin/env python3
"""Holds the table of limits in docs/security.md to the sources: each number of a row stands in a file that the row names.

Prints the rows with a number that none has, and exits 1 if there is one.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| ([^|]*`[^|]+) \| [^|]+ \|$", re.MULTILINE)
NUMBER = re.compile(r"(?<!-)\b(2\^(\d+)(?: - (1))?|\d[\d,]*)( (?:KiB|MiB|GiB|kB|MB|GB|million))?")
UNITS = {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "kB": 10**3, "MB": 10**6, "GB": 10**9, "million": 10**6}


def values_of(text):
    """Each number with what stands for it in a source."""
    for written, power, less, unit in NUMBER.findall(text):
        number = 2 ** int(power) - int(less or 0) if power else int(written.replace(",", ""))
        yield f"{written}{unit}", number * UNITS.get(unit.strip(), 1)


def numbers_in(source):
    """The values of the literals and shifts of a source."""
    found = set()
    source = re.sub(r"[\w:]+\{(\d+)\}", r"\1", source.replace("'", ""))
    for base, shift in re.findall(r"\b(\d+)[uUlL]*\s*<<\s*(\d+)", source):
        found.add(int(base) << int(shift))
    for product in re.findall(r"\b\d+[uUlL]*(?:\s*\*\s*\d+[uUlL]*)*", source):
        result = 1
        for factor in re.findall(r"\d+", product):
            result *= int(factor)
        found.add(result)
    if "numeric_limits<int32_t>::max()" in source:
        found.add(2**31 - 1)
    found.update(int(float(literal)) for literal in re.findall(r"\b\d+(?:\.\d+)?e\d\b", source))
    return found


def files_of(names):
    folder = ROOT
    for name in re.findall(r"`([^`]+)`", names):
        path = ROOT / name if "/" in name else folder / name
        folder = path.parent
        yield from (sorted(path.glob("*.[ch]pp")) if path.is_dir() else [path])


def main():
    page = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    rows, faults = ROW.findall(page), 0
    for what, limits, where in rows:
        known = set().union(*(numbers_in(path.read_text(encoding="utf-8")) for path in files_of(where)))
        for written, value in values_of(limits):
            if value not in known:
                faults += 1
                print(f"docs/security.md: {what}: expected {written} in {where}, found no such number")
    print(f"{len(rows)} rows, {faults} faults")
    sys.exit(1 if faults or not rows else 0)


if __name__ == "__main__":
    main()
