"""Writes tests/goldens/config_keys.json: every key that a file of a folder may hold, with its default.

    python config_keys.py tests/goldens            # once by each version of transformers: adds to the file

`config` has for each model type and version what the config class takes (its arguments, what it takes from
`kwargs`, nested keys with dots) and what its models ask it for, in their own code or in any that they reach
(`reached_code.py`); `*` are those of all classes. What `rope_parameters`
and `rope_scaling` may hold is listed once, as `rope_parameters`, also for those that have one for each layer type.
`aliases` are names that a class maps to others. The other parts are named as the files that hold the keys.
"""

import argparse
import importlib
import json
import math
import re
from pathlib import Path

import transformers
from transformers import GenerationConfig, PretrainedConfig, modeling_rope_utils

import key_sources
import reached_code
import sentence_keys
from reference import IS_5, VERSION, model_types

COMING = ("vit",)  # families that Locus does not have yet
TOKENIZERS = (  # beside those that the families are mapped to
    "PreTrainedTokenizerFast PreTrainedTokenizer TokenizersBackend SentencePieceBackend PythonBackend LlamaTokenizer"
    " LlamaTokenizerFast GPT2Tokenizer GPTNeoXTokenizer CodeLlamaTokenizer NllbTokenizer T5Tokenizer BertTokenizer"
    " BertJapaneseTokenizer BertweetTokenizer PhobertTokenizer BarthezTokenizer BartphoTokenizer CpmTokenizer"
    " HerbertTokenizer MBart50Tokenizer ByT5Tokenizer"
)
UNDECLARED = ("torch_dtype", "dtype", "auto_map", "quantization_config", "per_layer_config")
ROPE = re.compile(r"(?:rope_scaling|rope_parameters|rope_parameters_dict|rope_scaling_dict)(?:\.get\(|\[)\s*\"(\w+)\"")


def families() -> list[str]:
    return sorted({*model_types(), *(name for name in COMING if name in transformers.CONFIG_MAPPING)})


def plain(value):
    """As JSON; what it cannot hold becomes text."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if value is None or isinstance(value, (bool, int, float, str)) else type(value).__name__


def rope_keys() -> set[str]:
    """Keys of a rotation's own object."""
    found = set(ROPE.findall(key_sources.source_of(modeling_rope_utils))) | {"rope_type", "type"}
    if IS_5:
        found |= set(modeling_rope_utils.RopeParameters.__annotations__)
    return {name for name in found if not name.endswith("_attention")}


def with_nested(keys: dict) -> dict:
    """The keys inside objects too, with dots; of a config inside a config those that not every config has."""
    base, found = PretrainedConfig().to_dict(), {}
    for key, value in keys.items():
        if not isinstance(value, dict) or key in ("id2label", "label2id"):
            found[key] = value
            continue
        if key == "rope_parameters":
            found |= {key: None} | {f"{key}.{kind}": None for kind in value if kind.endswith("_attention")}
            continue
        found[key] = {}
        inside = {inner: item for inner, item in value.items() if "model_type" not in value or inner not in base}
        found |= {f"{key}.{inner}": item for inner, item in with_nested(inside).items()}
    return found


def models_of(kind: type) -> list[type]:
    """The classes of models that have configs of this class."""
    module = importlib.import_module(kind.__module__.replace("configuration", "modeling"))
    own = [thing for thing in vars(module).values() if getattr(thing, "__module__", "") == module.__name__]
    return [thing for thing in own if getattr(thing, "config_class", None) is kind]


def asked_of(kind: type) -> set[str]:
    """What is asked for and is a value: methods and properties are code."""
    asked = key_sources.asked_of_configs(reached_code.reached(kind, models_of(kind)))
    values = {name for name in asked if not callable(getattr(kind, name, None)) and not isinstance(getattr(kind, name, None), property)}
    return {name for name in values if not name.startswith(("_attn", "__"))}


def of_class(kind: type) -> dict:
    """All that one config class takes beyond what every class takes."""
    written = kind().to_dict()
    keys = key_sources.arguments(kind.__init__) if not IS_5 else {}
    keys |= {name: None for name in key_sources.popped([importlib.import_module(kind.__module__)])}
    if IS_5 and "rope_parameters" in written:
        keys |= dict.fromkeys(("rope_scaling", "rope_theta", "partial_rotary_factor"))
    keys |= dict.fromkeys(asked_of(kind))
    keys |= written
    return with_nested(keys)


def config_keys() -> tuple[dict, dict]:
    base = dict.fromkeys([*key_sources.popped([PretrainedConfig]), *GenerationConfig().to_dict(), *UNDECLARED])
    base |= PretrainedConfig().to_dict()
    found, aliases = {"*": base}, {}
    for family in families():
        kind = transformers.CONFIG_MAPPING[family]
        found[family] = {key: value for key, value in of_class(kind).items() if base.get(key, "none") != value}
        if kind.attribute_map:
            aliases[family] = dict(kind.attribute_map)
    return found, aliases


def tokenizer_classes() -> dict[str, type]:
    from transformers.models.auto.tokenization_auto import TOKENIZER_MAPPING_NAMES

    names = set(TOKENIZERS.split())
    for family in families():
        entry = TOKENIZER_MAPPING_NAMES.get(family) or ()
        names |= {entry} if isinstance(entry, str) else set(filter(None, entry))
    named = {name: getattr(transformers, name, None) for name in names}
    return {name: kind for name, kind in sorted(named.items()) if kind is not None}


def tokenizer_keys() -> dict:
    """`*`: what every class takes from a file; then each class's own arguments."""
    base = transformers.PreTrainedTokenizerBase
    everywhere = dict.fromkeys(key_sources.popped(base.__mro__))
    everywhere |= dict.fromkeys(base.SPECIAL_TOKENS_ATTRIBUTES)
    everywhere |= dict.fromkeys("tokenizer_class auto_map added_tokens_decoder additional_special_tokens tokenizer_file".split())
    found = {"*": everywhere}
    for name, kind in tokenizer_classes().items():
        own = {}
        for parent in reversed(kind.__mro__):
            if "__init__" in vars(parent) and parent is not object:
                own |= key_sources.arguments(parent.__init__)
        own |= dict.fromkeys(key_sources.popped([kind]))
        found[name] = {key: value for key, value in own.items() if key not in everywhere or value is not None}
    return found


def processor_keys() -> dict:
    """Of the classes that read images for Swin and ViT."""
    found = {}
    for name in ("ViTImageProcessorPil",) if IS_5 else ("ViTImageProcessor",):
        kind = getattr(transformers, name)
        found[name] = dict.fromkeys(key_sources.popped(kind.__mro__)) | kind().to_dict()
        found[name] = with_nested(found[name])
    return found


def collected() -> dict:
    configs, aliases = config_keys()
    parts = {
        "config.json": configs,
        "rope_parameters": {"*": dict.fromkeys(rope_keys())},
        "tokenizer_config.json": tokenizer_keys(),
        "generation_config.json": {"*": GenerationConfig().to_dict() | (GenerationConfig._get_default_generation_params() if IS_5 else {})},
        "preprocessor_config.json": processor_keys(),
    }
    found = {part: {name: {VERSION: plain(keys)} for name, keys in table.items()} for part, table in parts.items()}
    return found | sentence_keys.collected() | {"aliases": {name: {VERSION: table} for name, table in aliases.items()}}


def merged(old: dict, new: dict) -> dict:
    for part, table in new.items():
        for name, versions in table.items():
            old.setdefault(part, {}).setdefault(name, {}).update(versions)
    return old


def written(table: dict) -> str:
    """One line for each class and version."""
    parts = []
    for part, names in sorted(table.items()):
        rows = [
            f'{json.dumps(name)}: {{{", ".join(f"{json.dumps(version)}: {json.dumps(keys, sort_keys=True)}" for version, keys in sorted(versions.items()))}}}'
            for name, versions in sorted(names.items())
        ]
        parts.append(f"{json.dumps(part)}: {{\n" + ",\n".join(rows) + "\n}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    file = parser.parse_args().folder / "config_keys.json"
    old = json.loads(file.read_text()) if file.exists() else {}
    file.write_text(written(merged(old, collected())))


if __name__ == "__main__":
    main()
