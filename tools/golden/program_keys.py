"""The program's own lists of harmless keys, read from its source; for `harmless_keys.py`."""

import re
from pathlib import Path

from harmless_config_keys import Group

ROOT = Path(__file__).resolve().parents[2]
TEXT = r'"((?:[^"\\]|\\.)*)"'
MODELS, TOKENIZERS = ROOT / "models" / "files" / "harmless_keys.cpp", ROOT / "tokenizer" / "folder" / "harmless_keys.cpp"


def joined(text: str) -> str:
    """Adjacent literals made one."""
    return re.sub(r'"\s*\n\s*"', "", text)


def of_models() -> list[Group]:
    source = joined(MODELS.read_text())
    table = source[source.index("groups{") : source.index("return groups;")]
    found = []
    for reason, keys, families in re.findall(r"\{" + TEXT + r",\s*\{([^{}]*)\}(?:,\s*\{([^{}]*)\})?\}", table):
        names = tuple(re.findall(TEXT, families)) or ("*",)
        found.append(Group(" ".join(re.findall(TEXT, keys)), reason, names))
    return found


def of_tokenizers() -> list[Group]:
    source = joined(TOKENIZERS.read_text())
    reasons = dict(re.findall(r"constexpr std::string_view (\w+) =\s*" + TEXT, source))
    keys = {}
    for key, constant, text in re.findall(r"\{" + TEXT + r", (?:(\w+)|" + TEXT + r")\}", source):
        keys.setdefault(text or reasons[constant], []).append(key)
    return [Group(" ".join(names), reason, file="tokenizer_config.json") for reason, names in keys.items()]
