"""What a notebook shows: tables, and pictures of encodings. Nothing here needs a library, or knows
the classes that are shown."""

from __future__ import annotations

import base64
import html
import struct
import zlib
from collections.abc import Sequence
from typing import Any

_NEGATIVE, _MIDDLE, _POSITIVE = (33, 102, 172), (247, 247, 247), (178, 24, 43)
_SCORED_TOKENS = 200  # that a notebook shows of a text


def table_html(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    def line(tag: str, cells: Sequence[Any]) -> str:
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


def matrix_html(matrix: Any, name: str) -> str:
    """A matrix with its name, size and range below it. [rows, columns]"""
    if matrix.ndim != 2 or matrix.size == 0:
        return f"<pre>{html.escape(repr(matrix))}</pre>"
    image = base64.b64encode(matrix_png(matrix)).decode()
    rows, columns = matrix.shape
    return (
        f"<figure><img alt='{html.escape(name)}' style='image-rendering:pixelated;"
        f"width:min(100%,{max(columns * 3, 240)}px)' src='data:image/png;base64,{image}'>"
        f"<figcaption>{html.escape(name)}: {rows} x {columns}, "
        f"{float(matrix.min()):.3g} to {float(matrix.max()):.3g}</figcaption></figure>"
    )


def facts_html(title: str, facts: dict[str, Any]) -> str:
    """What is known, without what is empty."""
    rows = [
        [name.replace("_", " "), ", ".join(map(str, value)) if isinstance(value, list) else value]
        for name, value in facts.items()
        if value not in ("", [])
    ]
    return table_html([title, ""], rows)


def tokens_html(title: str, tokens: Sequence[str], nll: Any, rank: Any) -> str:
    """Tokens on red, the darker, the less they were expected. nll, rank: [N], as the tokens"""
    shown = range(min(_SCORED_TOKENS, len(tokens)))
    spans = "".join(
        f"<span style='background:rgba(178,24,43,{min(0.8, nll[i] / 12):.2f})' "
        f"title='{nll[i]:.3f} nats, rank {rank[i]}'>{html.escape(tokens[i])}</span> "
        for i in shown
    )
    more = "" if len(shown) == len(tokens) else f" ... {len(tokens)} in all"
    return f"<p>{html.escape(title)}</p><p>{spans}{more}</p>"


def _drawing(curves: Sequence[tuple[str, Any]]) -> str:
    """Loss by length of every model, as a drawing. Lengths grow by doubling."""
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


def comparison_page(table: str, curves: Sequence[tuple[str, Any]]) -> str:
    """A page of its own: a table, and the loss by length of every model that has it.

    curves: a name, and points of (length, tokens, nats per token)."""
    return (
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>Comparison</title>"
        "<style>body{font-family:sans-serif;max-width:72rem;margin:2rem auto}"
        "td,th{padding:.3rem .6rem;text-align:left;border-bottom:1px solid #ddd}</style>"
        f"<h1>Comparison</h1>{table}{_drawing(curves)}</html>\n"
    )
