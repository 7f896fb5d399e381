#!/usr/bin/env python3
"""Runs the commands of the documentation: blocks that begin with ```sh run.

`build/release` and `--preset release` stand for the build folder that is given, and `locus` for its
command. Prints the page and the block that fails, and exits 1 if one does.

    commands.py BUILD
"""

import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```sh run\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def pages():
    return [ROOT / "CONTRIBUTING.md", ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks():
    for page in pages():
        for block in BLOCK.findall(page.read_text(encoding="utf-8")):
            yield page.relative_to(ROOT), block


def run(block, build):
    stands_for = {"cmake --build --preset release": f"cmake --build '{build}'",
                  "$PWD/build/release": build, "build/release": build}
    names = "|".join(map(re.escape, stands_for))
    script = re.sub(names, lambda found: stands_for[found.group()], block)
    path = f"{build}/tools/cli{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(["bash", "-euc", script], cwd=ROOT, env={**os.environ, "PATH": path},
                          capture_output=True, text=True, check=False)


def main():
    found = list(blocks())
    failures = 0
    for page, block in found:
        result = run(block, sys.argv[1])
        if result.returncode != 0:
            failures += 1
            print(f"{page}: exit status {result.returncode} of\n{block}{result.stdout}{result.stderr}")
    print(f"{len(found)} blocks, {failures} failures")
    return 1 if failures or not found else 0


if __name__ == "__main__":
    sys.exit(main())
