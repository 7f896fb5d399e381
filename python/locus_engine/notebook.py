"""What a notebook shows: tables, and pictures of encodings. Nothing here needs a library."""

from __future__ import annotations

import base64
import html
import struct
import zlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .comparison import Comparison
    from .model import Model
    from .position_array import Position
    from .results import Score

_NEGATIVE, _MIDDLE, _POSITIVE = (33, 102, 172), (247, 247, 247), (178, 24, 43)
_SCORED_TOKENS = 200  # that a notebook shows of a text


def _table(head: list[str], rows: list[list[Any]]) -> str:
    def line(tag: str, cells: list[Any]) -> str:
        return "<tr>" + "".join(f"<{tag}>{html.escape(str(c))}</{tag}>" for c in cells) + "</tr>"

    body = "".join(line("td", row) for row in rows)
    return f"<table><thead>{line('th', head)}</thead><tbody>{body}</tbody></table>"


def _png(pixels: bytes, width: int, height: int) -> bytes:
    """RGB pixels as a PNG file (ISO/IEC 15948)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    lines = b"".join(
        b"\0" + pixels[row * width * 3 : (row + 1) * width * 3] for row in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(lines))
        + chunk(b"IEND", b"")
    )


def matrix_png(matrix: Any) -> bytes:
    """A matrix as pixels, blue below 0 and red above it. [rows, columns]"""
    import numpy as np

    values = np.asarray(matrix, np.float64)
    largest = np.abs(values).max() if values.size else 0
    share = values / largest if largest > 0 else values * 0
    middle = np.array(_MIDDLE)
    ends = np.where(share[..., None] < 0, np.array(_NEGATIVE), np.array(_POSITIVE))
    colours = middle + (ends - middle) * np.abs(share)[..., None]
    return _png(np.round(colours).astype(np.uint8).tobytes(), values.shape[1], values.shape[0])


def position_html(position: Position) -> str:
    if position.ndim != 2 or position.size == 0:
        return f"<pre>{html.escape(repr(position))}</pre>"
    image = base64.b64encode(matrix_png(position)).decode()
    rows, columns = position.shape
    return (
        f"<figure><img alt='{html.escape(position.encoding)}' style='image-rendering:pixelated;"
        f"width:min(100%,{max(columns * 3, 240)}px)' src='data:image/png;base64,{image}'>"
        f"<figcaption>{html.escape(position.encoding)}: {rows} x {columns}, "
        f"{float(position.min()):.3g} to {float(position.max()):.3g}</figcaption></figure>"
    )


def model_html(model: Model) -> str:
    facts = model.info
    rows = [[name.replace("_", " "), value] for name, value in facts.items() if value not in ("", [])]
    return _table(["model", ""], rows)


def score_html(score: Score) -> str:
    shown = range(min(_SCORED_TOKENS, len(score.tokens)))
    spans = "".join(
        f"<span style='background:rgba(178,24,43,{min(0.8, score.nll[i] / 12):.2f})' "
        f"title='{score.nll[i]:.3f} nats, rank {score.rank[i]}'>{html.escape(score.tokens[i])}</span> "
        for i in shown
    )
    more = "" if len(shown) == len(score.tokens) else f" ... {len(score.tokens)} in all"
    return f"<p>{html.escape(repr(score))}</p><p>{spans}{more}</p>"


def comparison_html(comparison: Comparison) -> str:
    from .comparison import _cells

    head = ["model", "encoding", "context", "tokens", "bits/byte", "95 %", "perplexity", "verdict"]
    return _table(head, [_cells(row) for row in comparison.rows])


def _curve(rows: list[dict[str, Any]]) -> str:
    """Loss by length of every model that has it, as a drawing. Lengths grow by doubling."""
    curves = [(row["name"], row["by_length"]) for row in rows if len(row["by_length"]) > 1]
    if not curves:
        return ""
    values = [point[2] for _, points in curves for point in points]
    low, high = min(values), max(values)
    span = (high - low) or 1
    parts = []
    for place, (name, points) in enumerate(curves):
        colour = f"hsl({place * 360 // len(curves)},65%,40%)"
        step = 480 / (len(points) - 1)
        line = " ".join(
            f"{40 + i * step:.1f},{220 - 200 * (point[2] - low) / span:.1f}"
            for i, point in enumerate(points)
        )
        parts.append(f"<polyline points='{line}' fill='none' stroke='{colour}' stroke-width='2'/>")
        parts.append(f"<text x='530' y='{20 + 16 * place}' fill='{colour}'>{html.escape(name)}</text>")
    for i, point in enumerate(curves[0][1]):
        x = 40 + i * 480 / (len(curves[0][1]) - 1)
        parts.append(f"<text x='{x:.1f}' y='240' text-anchor='middle'>{point[0]}</text>")
    height = max(250, 30 + 16 * len(curves))
    return (
        "<h2>Loss by context length</h2>"
        f"<svg viewBox='0 0 720 {height}' font-size='12' font-family='sans-serif'>"
        f"<text x='0' y='20'>{high:.2f}</text><text x='0' y='220'>{low:.2f}</text>"
        + "".join(parts)
        + "</svg><p>Nats per token, of the same tokens at every length.</p>"
    )


def comparison_page(comparison: Comparison) -> str:
    return (
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>Comparison</title>"
        "<style>body{font-family:sans-serif;max-width:72rem;margin:2rem auto}"
        "td,th{padding:.3rem .6rem;text-align:left;border-bottom:1px solid #ddd}</style>"
        f"<h1>Comparison</h1>{comparison_html(comparison)}{_curve(comparison.rows)}</html>\n"
    )
