"""The classes of the installed transformers, 4.49 or 5. A class that it lacks is `Missing`.

    import reference as t
    t.BertModel
"""

import re
from pathlib import Path

import transformers

FAMILIES = Path(__file__).resolve().parents[2] / "models" / "families"
VERSION = transformers.__version__
IS_5 = VERSION.startswith("5.")


class Missing:
    """Stands for a class or a config that only the other version has; its models are left out."""

    def __init__(self, **_):
        pass


def model_types() -> list[str]:
    """The model types that Locus has a family for, and this transformers a config."""
    text = "".join(file.read_text() for file in sorted(FAMILIES.glob("*.cpp")))
    return [name for name in re.findall(r'\.model_type = "([^"]+)"', text) if name in transformers.CONFIG_MAPPING]


def __getattr__(name: str):
    return getattr(transformers, name, Missing)
