"""Where a node's value is found in the reference: the output of a module, or its input.

A node is named as the module whose output it is; then `OUTPUT` alone says it all. Sums inside a
module, gathers and positions have no module of their own: their value is what the next one reads.
"""

from dataclasses import dataclass

from torch import nn

OUTPUT, INPUT = "output", "input"


@dataclass(frozen=True)
class Source:
    side: str  # OUTPUT or INPUT
    module: str  # its path
    call: int | None = None  # which of several calls; None: the last
    column: int | None = None  # one column of the value alone
    row: int | None = None  # one row of the value alone
    field: str | None = None  # of an output of several; None: the first
    factor: float = 1  # by which the module's caller multiplies


Nodes = dict[str, Source]


def outputs(*names: str) -> Nodes:
    return {name: Source(OUTPUT, name) for name in names}


def layers(model: nn.Module, path: str) -> list[str]:
    return [f"{path}.{index}" for index in range(len(model.get_submodule(path)))]
