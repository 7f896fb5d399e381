"""The one shape of every model here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    width: int = 160
    layers: int = 4
    heads: int = 5
    hidden: int = 640
    context: int = 256
    longest: int = 1024  # what fixed tables are written out to
    vocabulary: int = 4096

    @property
    def head_width(self) -> int:
        return self.width // self.heads
