"""All tiny models of the transformers that is installed, with the seeds of their weights."""

import zlib

from class_models import CLASSES
from decoder_models import DECODERS
from encoder_models import ENCODERS
from feature_models import FEATURES, FEATURES_5
from new_models import NEW
from parity_models import MODELS, TinyModel
from reference import IS_5, Missing
from v5_models import REUSED, V5

if IS_5:
    ROFORMER_V2 = []
else:
    from roformer_v2_models import ROFORMER_V2

ALONE = {
    "swin/images": "swin", "swinv2/images": "swinv2", "feature-encoder/bare": "feature-encoder",
    "jina-bert/bare": "jina-bert", "llama/llama3-5": "llama-3-5",
}  # fmt: skip


def seed_of(tiny: TinyModel) -> int:
    """Of the name that the model had when all lay in one folder, whatever else the table holds."""
    former = ALONE.get(tiny.name) or tiny.name.replace("/", "-").removesuffix("-lm")
    return zlib.crc32(former.encode())


def common() -> list[tuple[int, TinyModel]]:
    """Those that 4.49 was tested by, with the numbers that they have always had."""
    # NEZHA came later, with the numbers that it had when its files were made.
    first, later = ([tiny for tiny in MODELS if ("nezha" in tiny.name) == chosen] for chosen in (False, True))
    return [
        *enumerate(first, start=1),
        *enumerate(later, start=7),
        *enumerate([*ENCODERS, *ROFORMER_V2], start=101),
        *((seed_of(tiny), tiny) for tiny in (*DECODERS, *CLASSES, *FEATURES)),
    ]


def numbered() -> list[tuple[int, TinyModel]]:
    if not IS_5:
        return common()
    reused = [(seed, tiny) for seed, tiny in common() if tiny.name in REUSED]
    return [*reused, *((seed_of(tiny), tiny) for tiny in (*V5, *FEATURES_5, *NEW))]


def every() -> list[tuple[int, TinyModel]]:
    """All that this version can build."""
    own = (*V5, *FEATURES_5, *NEW) if IS_5 else NEW
    return [(seed, tiny) for seed, tiny in (*common(), *((seed_of(tiny), tiny) for tiny in own)) if not issubclass(tiny.model, Missing)]
