"""All tiny models of the transformers that is installed, with the seeds of their weights."""

import zlib

from class_models import CLASSES
from decoder_models import DECODERS
from encoder_models import ENCODERS
from feature_models import FEATURES
from new_models import NEW
from parity_models import MODELS, TinyModel
from reference import IS_5, Missing

if IS_5:
    ROFORMER_V2 = []
else:
    from roformer_v2_models import ROFORMER_V2


def seed_of(tiny: TinyModel) -> int:
    """The same whatever else the table holds."""
    return zlib.crc32(tiny.name.encode())


def numbered() -> list[tuple[int, TinyModel]]:
    # NEZHA came later, with the numbers that it had when its files were made.
    first, later = ([tiny for tiny in MODELS if ("nezha" in tiny.name) == chosen] for chosen in (False, True))
    every = [
        *enumerate(first, start=1),
        *enumerate(later, start=7),
        *enumerate([*ENCODERS, *ROFORMER_V2], start=101),
        *((seed_of(tiny), tiny) for tiny in (*DECODERS, *CLASSES, *FEATURES, *NEW)),
    ]
    return [(seed, tiny) for seed, tiny in every if not issubclass(tiny.model, Missing)]
