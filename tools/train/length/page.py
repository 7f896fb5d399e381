"""What figures/length.json says, as a picture and as the tables of docs/length-generalisation.md.

python -m length.page       # writes docs/length_generalisation.svg, prints the tables
"""

import argparse
import json
from html import escape
from pathlib import Path

from length.run import COMPARED, FIGURES, TRAINED
from length.tasks import TASKS

PICTURE = Path(__file__).parents[3] / "docs" / "length_generalisation.svg"
STYLES = {  # the colours of `locus compare`'s report
    "none": ("#767676", "2 3"),
    "learned": ("#009E73", ""),
    "sinusoidal": ("#E69F00", ""),
    "rope": ("#0072B2", ""),
    "alibi": ("#D55E00", ""),
    "t5": ("#CC79A7", ""),
}
WIDTH, PANEL_WIDTH, PANEL_HEIGHT = 760, 300, 150
LEFT, TOP, GAP_X, GAP_Y = 54, 56, 60, 64
LONGEST = 2 * TRAINED

Curve = dict[int, float]


def curves(solved: dict[str, dict[str, dict[str, float]]]) -> dict[str, Curve]:
    """The share of solved problems by length of each encoding, the mean over seeds."""
    means = {}
    for encoding in COMPARED:
        seeds = list(solved.get(encoding, {}).values())
        if seeds:
            means[encoding] = {int(n): sum(seed[n] for seed in seeds) / len(seeds) for n in seeds[0]}
    return means


def line(x1: float, y1: float, x2: float, y2: float, more: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" {more}/>'


def text(x: float, y: float, anchor: str, words: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {more}>{escape(words)}</text>'


class Panel:
    """One task: lengths from left to right, the share of solved problems upwards."""

    def __init__(self, left: float, top: float):
        self.left, self.top = left, top

    def x(self, length: float) -> float:
        return self.left + PANEL_WIDTH * length / LONGEST

    def y(self, share: float) -> float:
        return self.top + PANEL_HEIGHT * (1 - share)

    def frame(self, task: str) -> list[str]:
        parts = [text(self.left, self.top - 10, "start", task, 'font-weight="bold"')]
        for share in (0, 0.5, 1):
            parts.append(line(self.left, self.y(share), self.x(LONGEST), self.y(share), 'stroke="#ddd"'))
            parts.append(text(self.left - 6, self.y(share) + 4, "end", f"{100 * share:.0f} %"))
        for length in range(0, LONGEST + 1, 10):
            parts.append(text(self.x(length), self.y(0) + 16, "middle", str(length)))
        parts.append(line(self.x(TRAINED), self.y(0), self.x(TRAINED), self.y(1), 'stroke="#777" stroke-dasharray="4 3"'))
        return parts

    def curve(self, encoding: str, curve: Curve) -> str:
        colour, dash = STYLES[encoding]
        points = " ".join(f"{self.x(n):.1f},{self.y(share):.1f}" for n, share in sorted(curve.items()))
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"{dashed}/>'


def legend() -> list[str]:
    parts = []
    for index, encoding in enumerate(COMPARED):
        x, (colour, dash) = LEFT + 112 * index, STYLES[encoding]
        parts.append(line(x, 18, x + 24, 18, f'stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"'))
        parts.append(text(x + 30, 22, "start", encoding))
    return parts


def picture(solved: dict[str, dict]) -> str:
    parts = legend()
    for index, task in enumerate(task for task in TASKS if task in solved):
        column, row = index % 2, index // 2
        panel = Panel(LEFT + column * (PANEL_WIDTH + GAP_X), TOP + row * (PANEL_HEIGHT + GAP_Y))
        parts += panel.frame(task)
        parts += [panel.curve(encoding, curve) for encoding, curve in curves(solved[task]).items()]
    height = TOP + (len(solved) + 1) // 2 * (PANEL_HEIGHT + GAP_Y)
    caption = f"Solved problems by length. Dashed: the greatest length that was trained, {TRAINED}"
    parts.append(text(WIDTH / 2, height - 8, "middle", caption))
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'font-family="sans-serif" font-size="12" fill="#333">\n<title>{escape(caption)}</title>\n'
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>\n{body}\n</svg>\n'
    )


def table(task: str, found: dict[str, Curve]) -> str:
    """Per cent of the problems; lengths that were trained stand before those that were not."""
    shown = (10, TRAINED, 22, 24, 26, 28, 30, 34, LONGEST)
    rows = [f"| {task}, % solved | " + " | ".join(map(str, shown)) + " |", "| --- |" + " --- |" * len(shown)]
    rows += [f"| {name} | " + " | ".join(f"{100 * curve[n]:.1f}" for n in shown) + " |" for name, curve in found.items()]
    return "\n".join(rows) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.parse_args()
    solved = json.loads(FIGURES.read_text())["solved"]
    PICTURE.write_text(picture(solved))
    for task in TASKS:
        if task in solved:
            print(table(task, curves(solved[task])))


if __name__ == "__main__":
    main()
