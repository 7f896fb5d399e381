"""Where Swin's nodes are found in the reference, and its windows in our order."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from node_sources import INPUT, OUTPUT, Nodes, Source, layers, outputs
from reference import IS_5


def base_of(model: nn.Module) -> tuple[str, nn.Module]:
    name = model.config.model_type
    return (f"{name}.", getattr(model, name)) if hasattr(model, name) else ("", model)


PROJECTIONS = {"attention.output.dense": "attention.o_proj", "output.dense": "mlp.fc2"}  # of transformers 5


def projections(model: nn.Module, block: str) -> Nodes:
    """What is named as its weights are in files."""
    renamed = hasattr(model.get_submodule(f"{block}.attention"), "o_proj")
    return {f"{block}.{name}": Source(OUTPUT, f"{block}.{new if renamed else name}") for name, new in PROJECTIONS.items()}


def swin(model: nn.Module) -> Nodes:
    base, _ = base_of(model)
    at = f"{base}embeddings"
    nodes = outputs(f"{at}.norm", f"{base}layernorm", f"{base}pooler")
    nodes[f"{at}.patch_embeddings.projection"] = Source(OUTPUT, f"{at}.patch_embeddings")
    nodes[f"{at}.position"] = Source(INPUT, f"{base}encoder")
    for stage in layers(model, f"{base}encoder.layers"):
        for block in layers(model, f"{stage}.blocks"):
            nodes |= outputs(f"{block}.layernorm_before", f"{block}.layernorm_after", block) | projections(model, block)
            nodes[f"{block}.attention.windows"] = Source(INPUT, f"{block}.attention")
            nodes[f"{block}.attention.add"] = Source(INPUT, f"{block}.layernorm_after")
        if model.get_submodule(stage).downsample is not None:
            nodes |= outputs(f"{stage}.downsample.norm", f"{stage}.downsample.reduction")
            nodes[f"{stage}.downsample.patches"] = Source(INPUT, f"{stage}.downsample.norm")
    if hasattr(model, "classifier"):
        nodes |= outputs("classifier")
    return nodes


def swinv2(model: nn.Module) -> Nodes:
    """Its norms stand after the parts, inside the residual."""
    nodes = swin(model)
    base, _ = base_of(model)
    for stage in layers(model, f"{base}encoder.layers"):
        for block in layers(model, f"{stage}.blocks"):
            nodes[f"{block}.attention.restore"] = Source(INPUT, f"{block}.layernorm_before")
            nodes[f"{block}.attention.add"] = Source(INPUT, f"{block}.intermediate")
        if model.get_submodule(stage).downsample is not None:
            nodes[f"{stage}.downsample.patches"] = Source(INPUT, f"{stage}.downsample.reduction")
    return nodes


FAMILIES = {"swin": swin, "swinv2": swinv2}


@dataclass(frozen=True)
class Windows:
    """How windows of `side` lie on a map of height x width."""

    height: int
    width: int
    side: int
    shift: int

    @staticmethod
    def of(map_size: tuple[int, int], size: int, shift: int) -> "Windows":
        side = min(map_size)
        return Windows(*map_size, side, 0) if side <= size else Windows(*map_size, size, shift)

    def bands(self, cells: int) -> list[range]:
        """Cells that see each other along one axis of the shifted plane."""
        extent = -(-cells // self.side) * self.side
        edges = list(range(0, extent + 1, self.side))
        if self.shift:
            edges.insert(-1, extent - self.shift)
        return [range(*pair) for pair in zip(edges, edges[1:])]

    def order(self) -> Tensor:
        """The rows of the reference's windows, region after region."""
        along = -(-self.width // self.side)
        place = lambda y, x: (y // self.side * along + x // self.side) * self.side**2 + y % self.side * self.side + x % self.side
        return torch.tensor([
            place(y, x)
            for rows in self.bands(self.height) for columns in self.bands(self.width) for y in rows for x in columns
        ])  # fmt: skip


def blocks(model: nn.Module, image: tuple[int, int]) -> Iterator[tuple[str, nn.Module, Windows]]:
    """Every block's path with the windows of an image."""
    base, swin = base_of(model)
    size, patch = model.config.window_size, model.config.patch_size
    height, width = (-(-side // patch) for side in image)
    for stage, module in enumerate(swin.encoder.layers):
        for index, block in enumerate(module.blocks):
            shift = 0 if index % 2 == 0 else size // 2
            yield f"{base}encoder.layers.{stage}.blocks.{index}", block, Windows.of((height, width), size, shift)
        height, width = -(-height // 2), -(-width // 2)


def relative_index(side: int, size: int) -> Tensor:
    """The rows of a table for windows of `size` in a window of `side`. [side^2, side^2]"""
    y, x = (axis.flatten() for axis in torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij"))
    offset = lambda axis: axis[:, None] - axis[None] + size - 1
    return offset(y) * (2 * size - 1) + offset(x)


@contextmanager
def original_windows(model: nn.Module, image: tuple[int, int]):
    """The class of 4.49 keeps what a small map made of its windows, and cannot add the table to them."""
    if IS_5:
        yield
        return
    size = model.config.window_size
    for _, block, windows in blocks(model, image):
        attention = block.attention.self
        attention.window_size = (windows.side, windows.side)
        attention.relative_position_index = relative_index(windows.side, size)
    yield
    for path, block, _ in blocks(model, image):
        block.window_size, block.shift_size = size, 0 if int(path[-1]) % 2 == 0 else size // 2
        block.attention.self.relative_position_index = relative_index(size, size)


def swin_values(model: nn.Module, pixels: Tensor, values: dict[str, Tensor]) -> dict[str, Tensor]:
    """Windows in our order, and what no module gives by itself."""
    base, _ = base_of(model)
    patch = model.config.patch_size
    padded = nn.functional.pad(pixels, (0, -pixels.shape[2] % patch, 0, -pixels.shape[1] % patch))
    cells = padded.unfold(1, patch, patch).unfold(2, patch, patch)  # [C, h, w, P, P]
    values[f"{base}embeddings.patch_embeddings.patches"] = cells.permute(1, 2, 3, 4, 0).flatten(0, 1).flatten(1)
    values[f"{base}pooler"] = values[f"{base}pooler"].reshape(1, -1)
    last = values[f"{base}embeddings.position"]
    for path, _, windows in blocks(model, tuple(pixels.shape[1:])):
        for node in (f"{path}.attention.windows", f"{path}.attention.output.dense"):
            values[node] = values[node].reshape(-1, values[node].shape[-1])[windows.order()]
        values.setdefault(f"{path}.attention.restore", values[f"{path}.attention.add"] - last)
        merged = path.rsplit(".blocks", 1)[0] + (".downsample.norm" if "v2" in model.config.model_type else ".downsample.reduction")
        last_of_stage = f"{path[:-1]}{int(path[-1]) + 1}" not in values
        last = values[merged] if last_of_stage and merged in values else values[path]
    return values
