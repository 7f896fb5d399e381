"""Each positional encoding as its paper states it, for one sequence, in dense matrices.

An encoding changes token vectors, turns heads, biases scores by head and pair of positions, or adds
a vector for each pair to keys, queries or values. Nothing is shared with the C++ side.
"""

import math

import torch
from torch import Tensor


class Encoding:
    """No positions; T is the length, D the width, H the heads, d their size."""

    def embed(self, x: Tensor) -> Tensor:  # [T, D]
        return x

    def turn(self, heads: Tensor, role: str) -> Tensor:  # [H, T, d], role q, k or v
        return heads

    def bias(self, heads: int, length: int) -> Tensor | float:  # [H, T, T]
        return 0.0

    def key_vectors(self, length: int, size: int) -> Tensor | None:  # [T, T, d], query first
        return None

    def query_vectors(self, length: int, size: int) -> Tensor | None:  # [T, T, d]
        return None

    def value_vectors(self, length: int, size: int) -> Tensor | None:  # [T, T, d]
        return None


def attend(encoding: Encoding, q: Tensor, k: Tensor, v: Tensor, causal: bool) -> Tensor:
    """Attention over one sequence, [H, T, d] each, with everything an encoding may do."""
    heads, length, size = q.shape
    q, k, v = encoding.turn(q, "q"), encoding.turn(k, "k"), encoding.turn(v, "v")
    scores = q @ k.transpose(-1, -2)  # [H, T, T]
    if (a := encoding.key_vectors(length, size)) is not None:
        scores = scores + torch.einsum("hid,ijd->hij", q, a)
    if (b := encoding.query_vectors(length, size)) is not None:
        scores = scores + torch.einsum("hjd,ijd->hij", k, b)
    scores = scores / math.sqrt(size) + encoding.bias(heads, length)
    if causal:
        scores = scores.masked_fill(torch.ones(length, length).triu(1).bool(), -torch.inf)
    p = scores.softmax(-1)
    y = p @ v
    if (c := encoding.value_vectors(length, size)) is not None:
        y = y + torch.einsum("hij,ijd->hid", p, c)
    return y


def past(length: int) -> Tensor:
    """key - query, [T, T], the query first."""
    position = torch.arange(length)
    return position[None, :] - position[:, None]


def sinusoid_row(position: float, width: int, base: float = 10000.0, t2t: bool = False) -> list[float]:
    """[sin, cos] pairs of one position (Vaswani et al. 2017, section 3.5)."""
    row = []
    for k in range(width // 2):
        exponent = k / (width / 2 - 1) if t2t else 2 * k / width
        angle = position / base**exponent
        row += [math.sin(angle), math.cos(angle)]
    return row


def sinusoid(positions, width: int, **variant) -> Tensor:
    return torch.tensor([sinusoid_row(p, width, **variant) for p in positions])  # [T, D]


class Sinusoidal(Encoding):
    def __init__(self, a: float = 1, b: float = 1, start: int = 0, halves: bool = False, **variant):
        self.a, self.b, self.start, self.halves, self.variant = a, b, start, halves, variant

    def embed(self, x: Tensor) -> Tensor:
        rows = sinusoid(range(self.start, self.start + len(x)), x.shape[1], **self.variant)
        if self.halves:
            rows = torch.cat((rows[:, 0::2], rows[:, 1::2]), dim=1)
        return self.a * x + self.b * rows


class Learned(Encoding):
    def __init__(self, table: Tensor, offset: int = 0):  # [T + offset, D]
        self.table, self.offset = table, offset

    def embed(self, x: Tensor) -> Tensor:
        return x + self.table[self.offset : self.offset + len(x)]


class NormalisedIndex(Encoding):
    """x + p / (T - 1) w; T is fixed, or the sequence's own length."""

    def __init__(self, weight: Tensor, length: int | None):  # [D]
        self.weight, self.length = weight, length

    def embed(self, x: Tensor) -> Tensor:
        last = max(1, (self.length or len(x)) - 1)
        return x + torch.arange(len(x))[:, None] / last * self.weight


class T5(Encoding):
    """Raffel et al. 2020, section 2.1; bucket by bucket."""

    def __init__(self, table: Tensor, farthest: int, causal: bool):  # [buckets, H]
        self.table, self.farthest, self.causal = table, farthest, causal

    def bucket(self, relative: int) -> int:  # key - query
        count = len(self.table)
        start = 0
        if not self.causal:
            count //= 2
            start = count if relative > 0 else 0
        n = max(-relative, 0) if self.causal else abs(relative)
        exact = count // 2
        if n < exact:
            return start + n
        step = math.log(n / exact) / math.log(self.farthest / exact) * (count - exact)
        return start + min(exact + int(step), count - 1)

    def bias(self, heads: int, length: int) -> Tensor:
        buckets = torch.tensor([[self.bucket(j - i) for j in range(length)] for i in range(length)])
        return self.table[buckets].permute(2, 0, 1)


class Alibi(Encoding):
    """Press et al. 2022; with 5 heads: 2^-2, 2^-4, 2^-6, 2^-8, then 2^-1 of the next power."""

    def bias(self, heads: int, length: int) -> Tensor:
        power = 2 ** int(math.log2(heads))
        slopes = [2.0 ** (-8 * (i + 1) / power) for i in range(power)]
        twice = [2.0 ** (-4 * (i + 1) / power) for i in range(2 * power)]
        slopes += twice[0::2][: heads - power]
        return -torch.tensor(slopes)[:, None, None] * past(length).abs()


class Shaw(Encoding):
    """Shaw et al. 2018: e_ij = q_i (k_j + a_ij), z_i = sum p_ij (v_j + c_ij), clipped distances."""

    def __init__(self, keys: Tensor, values: Tensor, left: int, right: int):  # [left + right + 1, d]
        self.keys, self.values, self.left, self.right = keys, values, left, right

    def rows(self, length: int) -> Tensor:
        return past(length).clamp(-self.left, self.right) + self.left

    def key_vectors(self, length: int, size: int) -> Tensor:
        return self.keys[self.rows(length)]

    def value_vectors(self, length: int, size: int) -> Tensor:
        return self.values[self.rows(length)]


class Nezha(Shaw):
    """One sinusoid table for keys and values, indexed by the clipped distance + clip."""

    def __init__(self, clip: int, size: int):
        table = sinusoid(range(2 * clip + 1), size)
        super().__init__(table, table, clip, clip)


class RelativeKey(Encoding):
    """transformers' BERT: the vector of query - key + max - 1 meets the query (and the key)."""

    def __init__(self, table: Tensor, both: bool):  # [2 max - 1, d]
        self.table, self.both = table, both

    def key_vectors(self, length: int, size: int) -> Tensor:
        return self.table[-past(length) + len(self.table) // 2]

    def query_vectors(self, length: int, size: int) -> Tensor | None:
        return self.key_vectors(length, size) if self.both else None


class Rope(Encoding):
    """Su et al. 2021: pair k of a head turns by p * frequency_k, as a complex number."""

    def __init__(self, frequencies: list[float], half: bool = False, values: bool = False, grow: float = 1):
        self.frequencies, self.half, self.values, self.grow = frequencies, half, values, grow

    def turn(self, heads: Tensor, role: str) -> Tensor:
        if role == "v" and not self.values:
            return heads
        pairs = len(self.frequencies)
        turned, kept = heads[..., : 2 * pairs], heads[..., 2 * pairs :]
        real, imaginary = turned.chunk(2, -1) if self.half else (turned[..., 0::2], turned[..., 1::2])
        angle = torch.arange(heads.shape[1])[:, None].double() * torch.tensor(self.frequencies).double()
        number = torch.complex(real.double(), imaginary.double())
        number = number * torch.polar(torch.full_like(angle, self.grow), angle)  # [H, T, pairs]
        parts = (number.real, number.imag)
        joined = torch.cat(parts, -1) if self.half else torch.stack(parts, -1).flatten(-2)
        return torch.cat((joined.float(), kept), -1)


def geometric(size: int, base: float = 10000.0) -> list[float]:
    return [base ** (-2 * k / size) for k in range(size // 2)]


class Chain(Encoding):
    """Two encodings at once."""

    def __init__(self, *links: Encoding):
        self.links = links

    def embed(self, x: Tensor) -> Tensor:
        for link in self.links:
            x = link.embed(x)
        return x

    def turn(self, heads: Tensor, role: str) -> Tensor:
        for link in self.links:
            heads = link.turn(heads, role)
        return heads

    def bias(self, heads: int, length: int) -> Tensor | float:
        return sum(link.bias(heads, length) for link in self.links)

    def key_vectors(self, length: int, size: int) -> Tensor | None:
        return next((a for link in self.links if (a := link.key_vectors(length, size)) is not None), None)

    def query_vectors(self, length: int, size: int) -> Tensor | None:
        return next((b for link in self.links if (b := link.query_vectors(length, size)) is not None), None)

    def value_vectors(self, length: int, size: int) -> Tensor | None:
        return next((c for link in self.links if (c := link.value_vectors(length, size)) is not None), None)
