"""Which documents the corpus is made of, and how each kind becomes plain paragraphs."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

from lxml import html

PACKAGES = (
    "debian-handbook",
    "debian-reference-en",
    "git-doc",
    "linux-doc-6.1",
    "perl-doc",
    "postgresql-doc-15",
)

# (folder inside the unpacked packages, pattern, path parts that rule a file out)
HTML_TREES = (
    ("usr/share/doc/debian-handbook/html/en-US", "*.html", ()),
    ("usr/share/debian-reference", "*.en.html", ()),
    ("usr/share/doc/git-doc", "**/*.html", ()),
    (
        "usr/share/doc/linux-doc-6.1/html",
        "**/*.html",
        ("translations", "_sources", "genindex.html"),
    ),
    ("usr/share/doc/postgresql-doc-15/html", "*.html", ()),
)
POD_TREE = "usr/share/perl"

BLOCKS = frozenset(
    "p li dd dt td th h1 h2 h3 h4 h5 h6 blockquote figcaption caption div section article".split()
)
SKIPPED = ("script", "style", "pre", "nav", "header", "footer", "head")


def download(folder: Path) -> None:
    """Fetches the packages with apt-get and unpacks them below `folder`/unpacked."""
    packages = folder / "packages"
    packages.mkdir(parents=True, exist_ok=True)
    if not list(packages.glob("*.deb")):
        subprocess.run(["apt-get", "download", *PACKAGES], cwd=packages, check=True)
    unpacked = folder / "unpacked"
    if not unpacked.exists():
        for package in sorted(packages.glob("*.deb")):
            subprocess.run(["dpkg", "-x", package, unpacked], check=True)


def paragraphs_of_html(path: Path) -> list[str]:
    """One string per innermost block element; preformatted text and page furniture are left out."""
    tree = html.fromstring(path.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))
    for element in list(tree.iter(*SKIPPED)):
        element.drop_tree()
    blocks = (element for element in tree.iter(*BLOCKS))
    leaves = (
        block for block in blocks if not any(child is not block for child in block.iter(*BLOCKS))
    )
    return [" ".join(block.text_content().split()) for block in leaves]


def paragraphs_of_pod(path: Path) -> list[str]:
    """Perl's own formatter at a width that never wraps, so that a paragraph is a line."""
    command = ["pod2text", "--utf8", "--width=1000000", str(path)]
    text = subprocess.run(command, check=True, capture_output=True).stdout.decode("utf-8", "ignore")
    return [" ".join(line.split()) for line in text.splitlines()]


def documents(unpacked: Path) -> Iterator[tuple[str, list[str]]]:
    """Every document as (name, paragraphs), in the order of the names."""
    for folder, pattern, excluded in HTML_TREES:
        root = unpacked / folder
        for path in sorted(root.glob(pattern)):
            relative = path.relative_to(root)
            if path.is_file() and not any(part in excluded for part in relative.parts):
                yield f"{folder}/{relative}", paragraphs_of_html(path)
    for path in sorted((unpacked / POD_TREE).glob("**/*.pod")):
        yield str(path.relative_to(unpacked)), paragraphs_of_pod(path)
