#!/usr/bin/env python3
"""Compiles and runs the programs of docs/embedding.md against what is installed, and asks its server.

    embedding.py SOURCE INSTALLED WORK [PYTHON]

Each is compiled by the page's own command, must find its libraries without a variable, end well and
print something. PYTHON has the package; without it its program is left out.
"""

import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys


def programs(page):
    """The fenced programs of a page, by language."""
    return dict(re.findall(r"^```(c|cpp|python)\n(.*?)^```$", page, re.M | re.S))


def commands(page):
    """The command that compiles each program."""
    found = re.findall(r"^((cc|c\+\+) .* -o main)$", page, re.M)
    return {{"cc": "c", "c++": "cpp"}[compiler]: command for command, compiler in found}


def questions(page, port):
    """The page's questions to a server, on another port."""
    (found,) = re.findall(r"^## HTTP\n\n```sh[^\n]*\n(.*?)^```$", page, re.M | re.S)
    return found.replace("8080", str(port))


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def ask_server(page, environment, work):
    script = questions(page, free_port()) + "wait\n"
    lines = run(["bash", "-euc", script], environment, work).splitlines()
    answers = [json.loads(line) for line in lines if line.startswith("{")]
    fields = [next(iter({"choices", "data", "masks", "perplexity"} & answer.keys()), None) for answer in answers]
    if fields != ["choices", "data", "masks", "perplexity"]:
        sys.exit(f"the questions of HTTP: expected an answer to each, found {lines}")


def run(command, environment, folder):
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=300)
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
    command = installed / "bin/locus"
    if shutil.which("curl") and command.exists():
        environment["PATH"] = f"{command.parent}:{environment['PATH']}"
        ask_server(page, environment, work)
    else:
        print("SKIPPED: the questions of HTTP: no curl, or the command was not built")
    if len(sys.argv) > 4 and has_package(sys.argv[4]):
        (work / "main.py").write_text(found["python"], encoding="utf-8")
        print(run([sys.argv[4], "main.py"], environment, work))
    else:
        print("SKIPPED: the program in Python: the package was not built")
    print("programs of docs/embedding.md: passed")


if __name__ == "__main__":
    main()
