"""Lists the classes of transformers' auto-mappings for the families that Locus has, and which lack a golden.

    python tools/golden/classes.py

Exits 1 where one does. What no mapping names (double heads) is listed by the modules themselves.
"""

import importlib
import inspect
import json
import re
import sys
from pathlib import Path

import transformers
from transformers.models.auto import modeling_auto

from reference import model_types

ROOT = Path(__file__).resolve().parents[2]
PARTS = re.compile(r"(Encoder|Decoder|Stack|Wrapper|PreTrainedModel|PretrainedModel|PretrainedBartModel)$")


def of_mappings(family: str) -> set[str]:
    names = set()
    for mapping, table in vars(modeling_auto).items():
        if mapping.startswith("MODEL_") and mapping.endswith("_MAPPING_NAMES") and family in table:
            found = table[family]
            names |= {found} if isinstance(found, str) else set(found)
    return names


def of_module(family: str) -> set[str]:
    config = transformers.CONFIG_MAPPING[family]
    module = importlib.import_module(config.__module__.replace("configuration", "modeling"))
    models = {name for name, value in vars(module).items() if inspect.isclass(value) and issubclass(value, transformers.PreTrainedModel)}
    return {name for name in models if getattr(module, name).__module__ == module.__name__}


def main() -> None:
    goldens = (ROOT / "tests" / "goldens" / "models").glob("*/*/config.json")
    known = {json.loads(file.read_text())["architectures"][0] for file in goldens}
    missing = 0
    for family in model_types():
        names = sorted(name for name in of_mappings(family) | of_module(family) if not PARTS.search(name))
        lacking = [name for name in names if name not in known]
        missing += len(lacking)
        print(f"{family}: {len(names)} classes" + (f", none for {', '.join(lacking)}" if lacking else ""))
    sys.exit(1 if missing else 0)


if __name__ == "__main__":
    main()
