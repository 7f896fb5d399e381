#!/usr/bin/env python3
"""Compiles and runs the programs of docs/embedding.md against what is installed.

    embedding.py SOURCE INSTALLED WORK [PYTHON]

Each is compiled by the page's own command, must find its libraries without a variable, end well and
print something. PYTHON has the package; without it its program is left out.
"""

import os
import pathlib
import re
import subprocess
import sys


def programs(page):
    """The fenced programs of a page, by language."""
    return dict(re.findall(r"^```(c|cpp|python)\n(.*?)^```$", page, re.M | re.S))


def commands(page):
    """The command that compiles each program."""
    found = re.findall(r"^((cc|c\+\+) .* -o main)$", page, re.M)
    return {{"cc": "c", "c++": "cpp"}[compiler]: command for command, compiler in found}


def run(command, environment, folder):
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: expected status 0, found {done.returncode}\n{done.stderr}")
    return done.stdout


def has_package(python):
    return os.path.exists(python) and not subprocess.run(
        [python, "-c", "import locus_engine"], capture_output=True, check=False
    ).returncode


def main():
    source, installed, work = map(pathlib.Path, sys.argv[1:4])
    page = (source / "docs/embedding.md").read_text(encoding="utf-8")
    found = programs(page)
    if sorted(found) != ["c", "cpp", "python"]:
        sys.exit(f"docs/embedding.md: expected programs in C, C++ and Python, found {sorted(found)}")
    libraries = [str(path.parent.parent) for path in installed.rglob("pkgconfig/locus.pc")]
    folders = ":".join(f"{library}/pkgconfig" for library in libraries)
    environment = dict(os.environ, PKG_CONFIG_PATH=folders)
    environment.pop("LD_LIBRARY_PATH", None)
    environment["LOCUS_MODELS"] = str(source / "weights")
    work.mkdir(parents=True, exist_ok=True)
    if sorted(compiling := commands(page)) != ["c", "cpp"]:
        sys.exit(f"docs/embedding.md: expected commands for C and C++, found {compiling}")
    strict = {"c": " -pedantic -Wall -Werror", "cpp": ""}
    for language, command in compiling.items():
        (work / f"main.{language}").write_text(found[language], encoding="utf-8")
        run(["sh", "-c", command + strict[language]], environment, work)
        if not run(["./main"], environment, work).strip():
            sys.exit(f"the program in {language}: expected output, found none")
    if len(sys.argv) > 4 and has_package(sys.argv[4]):
        (work / "main.py").write_text(found["python"], encoding="utf-8")
        print(run([sys.argv[4], "main.py"], environment, work))
    else:
        print("SKIPPED: the program in Python: the package was not built")
    print("programs of docs/embedding.md: passed")


if __name__ == "__main__":
    main()
