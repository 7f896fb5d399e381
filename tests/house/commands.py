#!/usr/bin/env python3
"""Runs the commands of the documentation, and looks for the files that it names.

A block of commands begins with ```sh run, or with ```sh unrun: and the reason. A transcript begins with
```console run: what its commands (after `$ `) print must hold the lines that follow, in their order. Every other way of
writing a command is a fault, so that none is left out unseen. A whole source file begins with ```cpp compiled.

`build/release` and `--preset release` stand for the build folder that is given, and `locus` for its command. Prints the
page and the block that fails, and exits 1 if one does.

    commands.py BUILD
"""

import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```(sh|console)( [^\n]*)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SOURCE = re.compile(r"^```cpp compiled\n(.*?)^```$", re.MULTILINE | re.DOTALL)
STATED = re.compile(r" (run|unrun: \S.*)")
INDENTED = re.compile(r"^    (\$ |locus |cmake |ctest |pip |python3? |\S*/python3? |build/|tools/|cc |c\+\+ )", re.MULTILINE)


# A file or folder of this tree; NAME and the like stand for any.
PATH = re.compile(r"`((?:base|c|cmake|docs|engine|evaluation|examples|images|models|pipelines|python|server|tests|tokenizer|tools|weights)/[\w./-]*)`")
ANY = re.compile(r"\b[A-Z]{4,}\b")


def pages():
    return [ROOT / "CONTRIBUTING.md", ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def faults(name, text):
    for kind, stated, block in BLOCK.findall(text):
        if not STATED.fullmatch(stated):
            yield f"{name}: expected ```{kind} run or ```{kind} unrun: and why, found ```{kind}{stated} before\n{block}"
    for path in PATH.findall(text):
        if not ANY.search(path) and not (ROOT / path).exists():
            yield f"{name}: expected a file {path}, found none\n"
    for found in INDENTED.finditer(text):
        yield f"{name}: expected commands in a block of ```sh, found an indented {found.group().strip()}\n"


def run(script, build):
    stands_for = {"cmake --build --preset release": f"cmake --build '{build}'",
                  "$PWD/build/release": build, "build/release": build}
    names = "|".join(map(re.escape, stands_for))
    script = re.sub(names, lambda found: stands_for[found.group()], script)
    path = f"{build}/tools/cli{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(["bash", "-euc", script], cwd=ROOT, env={**os.environ, "PATH": path},
                          capture_output=True, text=True, check=False)


def commands_of(transcript):
    """Each command with the lines that it must print; `...` stands for any."""
    for part in re.split(r"^\$ ", transcript, flags=re.MULTILINE)[1:]:
        command, *lines = part.rstrip("\n").split("\n")
        while command.endswith("\\"):
            command = command[:-1] + lines.pop(0).strip()
        yield command, [line.rstrip() for line in lines if line.strip() not in ("", "...")]


def fault_of_output(lines, printed):
    rest = iter([line.rstrip() for line in printed.split("\n")])
    return next((f"expected the line\n{line}\nin\n{printed}" for line in lines if line not in rest), None)


def fault_of(kind, block, build):
    parts = commands_of(block) if kind == "console" else [(block, [])]
    for command, lines in parts:
        result = run(command, build)
        if result.returncode != 0:
            return f"exit status {result.returncode} of\n{command}\n{result.stdout}{result.stderr}"
        fault = fault_of_output(lines, result.stdout)
        if fault:
            return f"{command}\n{fault}"
    return None


def fault_of_source(source):
    command = ["c++", "-std=c++20", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", f"-I{ROOT}", "-x", "c++", "-"]
    result = subprocess.run(command, input=source, capture_output=True, text=True, check=False)
    return result.stderr if result.returncode else None


def main():
    found, runs = [], 0
    for page in pages():
        name, text = page.relative_to(ROOT), page.read_text(encoding="utf-8")
        found += faults(name, text)
        found += [f"{name}: {fault}" for fault in map(fault_of_source, SOURCE.findall(text)) if fault]
        for kind, stated, block in BLOCK.findall(text):
            if stated == " run":
                runs += 1
                fault = fault_of(kind, block, sys.argv[1])
                found += [f"{name}: {fault}"] if fault else []
    print("\n".join(found))
    print(f"{runs} blocks run, {len(found)} faults")
    return 1 if found or not runs else 0


if __name__ == "__main__":
    sys.exit(main())
