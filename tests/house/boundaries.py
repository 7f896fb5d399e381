#!/usr/bin/env python3
"""Reads the includes: who may know whom, and which third parties stop where.

Prints each breach as `file:line: what`, and exits 1 if there is one.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
INCLUDE = re.compile(r'^\s*#include\s+[<"]([^>"]+)[>"]')

# Folder -> folders of the project that it may include.
ALLOWED = {
    "engine": {"engine"},
    "models": {"models", "engine"},
    "tokenizer": {"tokenizer"},
    "images": {"images"},
    "tools": {"tools", "models", "engine", "tokenizer", "images"},
}
SHARED = "engine/error.hpp"  # the one exception type
THIRD_PARTIES = re.compile(
    r"^(dnnl|oneapi/|hwy/|nlohmann/|sentencepiece|utf8proc|CLI/|omp\.h|nettle/|png\.h|turbojpeg\.h|doctest/)")


def sources():
    for folder in ALLOWED:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".cpp", ".hpp"}:
                yield folder, path


def resolve(path, name):
    """The included file relative to the root, or None for a system header."""
    for base in (path.parent, ROOT):
        candidate = (base / name).resolve()
        if candidate.is_file() and ROOT in candidate.parents:
            return candidate.relative_to(ROOT).as_posix()
    return None


def breaches():
    for folder, path in sources():
        text = path.read_text(encoding="utf-8")
        relative = path.relative_to(ROOT).as_posix()
        installed = path.suffix == ".hpp" and folder != "tools" and path.parent == ROOT / folder \
            and "Internal: not installed" not in text
        for number, line in enumerate(text.splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            name = match.group(1)
            target = resolve(path, name)
            if target and target != SHARED and target.split("/")[0] not in ALLOWED[folder]:
                yield f"{relative}:{number}: {folder} must not include {target}"
            if not target and THIRD_PARTIES.match(name):
                if installed:
                    yield f"{relative}:{number}: an installed header must not include {name}"
                if re.match(r"dnnl|oneapi/", name) and "onednn" not in path.name:
                    yield f"{relative}:{number}: {name} belongs in engine/ops/onednn*"
            if installed and target and "Internal: not installed" in (ROOT / target).read_text():
                yield f"{relative}:{number}: an installed header must not include {target}"


def main():
    found = list(breaches())
    print("\n".join(found) if found else "no breach")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
