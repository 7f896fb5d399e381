"""The positional encodings of the causal model by name; a new one is a class and a line here."""

from schemes.biases import Alibi, Fire, Kerple, T5Bias
from schemes.encoding import Encoding
from schemes.rotations import Rope, RopeInterleaved, RopePartial
from schemes.rows import (
    Concatenation,
    Learned,
    LearnedLong,
    NoPositions,
    NormalisedIndex,
    Sinusoidal,
    SinusoidalDoubled,
    WeightedMix,
)
from schemes.vectors import Nezha, Shaw, TransformerXl

ENCODINGS: dict[str, type[Encoding]] = {
    "none": NoPositions,
    "learned": Learned,
    "learned-512": LearnedLong,
    "sinusoidal": Sinusoidal,
    "sinusoidal-doubled": SinusoidalDoubled,
    "normalised-index": NormalisedIndex,
    "weighted-mix": WeightedMix,
    "concatenation": Concatenation,
    "t5": T5Bias,
    "alibi": Alibi,
    "kerple": Kerple,
    "fire": Fire,
    "shaw": Shaw,
    "nezha": Nezha,
    "transformer-xl": TransformerXl,
    "rope": Rope,
    "rope-interleaved": RopeInterleaved,
    "rope-partial": RopePartial,
}
