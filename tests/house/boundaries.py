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
    "base": {"base"},
    "engine": {"engine", "base"},
    "tokenizer": {"tokenizer", "base"},
    "images": {"images", "base"},
    "models": {"models", "engine", "base"},
    "evaluation": {"evaluation", "models", "engine", "base"},
    "pipelines": {"pipelines", "evaluation", "models", "engine", "tokenizer", "images", "base"},
    "server": {"server", "pipelines", "evaluation", "models", "engine", "tokenizer", "base"},
    "c": {"c", "pipelines", "evaluation", "models", "engine", "tokenizer", "base"},
    "python": {"python", "pipelines", "evaluation", "models", "engine", "tokenizer", "base"},
    "tools": {"tools", "server", "pipelines", "evaluation", "models", "engine", "tokenizer", "images", "base"},
}
LIBRARIES = set(ALLOWED) - {"tools", "c", "python"}
# The one room of a library that others may enter: it shows nlohmann's types, which an installed
# header must not.
SHARED = "base/json/"
# The benchmark of the operations themselves, which nobody else may call.
MEASURES = ("tools/bench/", "engine/ops/")
THIRD_PARTIES = re.compile(
    r"^(dnnl|oneapi/|hwy/|nlohmann/|sentencepiece|utf8proc|zlib\.h|CLI/|omp\.h|nettle/|png\.h|jpeglib\.h|httplib\.h|doctest/|nanobind/)")


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


def is_public(path):
    """Whether a header is installed: it lies in the root of a library's folder."""
    return path.suffix == ".hpp" and path.parent.name in LIBRARIES and path.parent.parent == ROOT


def breaches_of_target(folder, path, target):
    public = is_public(path)
    library = target.split("/")[0]
    if library not in ALLOWED[folder]:
        yield f"{folder} must not include {target}"
    private = library in LIBRARIES and target.count("/") > 1
    measured = path.is_relative_to(ROOT / MEASURES[0]) and target.startswith(MEASURES[1])
    if private and library != folder and not target.startswith(SHARED) and not measured:
        yield f"{target} is private to {library}"
    if private and public:
        yield f"an installed header must not include {target}"


def breaches_of_third_party(path, public, name):
    if public:
        yield f"an installed header must not include {name}"
    if name == "nlohmann/json.hpp" and path.name != "values.hpp":
        yield "base/json/values.hpp stands for nlohmann/json.hpp"
    if re.match(r"dnnl|oneapi/", name) and "onednn" not in path.name:
        yield f"{name} belongs in engine/ops/onednn/"
    if name.startswith("sentencepiece") and path.parent.name != "module":
        yield f"{name} belongs in tokenizer/guest/module/"


def breaches():
    for folder, path in sources():
        public = is_public(path)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            name = match.group(1)
            target = resolve(path, name)
            found = []
            if target:
                found = breaches_of_target(folder, path, target)
            elif THIRD_PARTIES.match(name):
                found = breaches_of_third_party(path, public, name)
            for breach in found:
                yield f"{path.relative_to(ROOT).as_posix()}:{number}: {breach}"


def main():
    found = list(breaches())
    print("\n".join(found) if found else "no breach")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
