"""Writes tests/goldens/key_effects.json: which keys of config.json change what a model says.

    python key_effects.py tests/goldens [--only FAMILY] [--first]    # once by each version of transformers: adds to the file

Each key of `config_keys.json` is changed in the file of a tiny model, the folder is opened anew (eager, f32) and
what the model says of two texts is compared. A key is listed for a model type and version under

    yes      a value of it changes numbers, or their count
    weights  it changes which weights are expected, and nothing else was seen
    error    no other value is taken
    no       values are taken and nothing changes

and, of keys of decoding in config.json (no generation_config.json beside it), under `decoding`, where they
change the greedy continuation or that by 3 beams (of bert, gpt2, llama, t5 and bart).

What lies in tests/goldens was made with `--first`, and one classifier of texts for each type: other classes may read
keys that are listed under `no` there, which is why `harmless_keys.py` asks for a reason too.
"""

import argparse
import copy
import inspect
import json
import logging
import re
import shutil
import tempfile
import warnings
from collections import defaultdict
from pathlib import Path

import torch
import transformers
from torch import nn

import key_values
import make
import tables
from reference import IS_5, VERSION

DECODING = set(transformers.GenerationConfig().to_dict()) - set(
    "pad_token_id bos_token_id eos_token_id decoder_start_token_id output_attentions output_hidden_states use_cache".split()
)
IDS = [5, 7, 0, 9, 32, 1, 30, 2, 44, 96, 3, 61, 1, 17]
SKIPPED = {"model_type", "transformers_version", "id2label", "label2id"}  # changed by themselves below
DECODED = 6
OF_TRAINING = re.compile(r"drop|init|pdrop|_std|use_cache|layerdrop")  # tried with the first model of a type alone
DERIVED = {"dense_act_fn", "is_gated_act", "attention_layers", "layer_types", "no_rope_layers"}
COMMON = {"pad_token_id", "eos_token_id", "bos_token_id", "problem_type", "num_labels", "is_decoder", "tie_word_embeddings"}
DECODERS_TOO = ("bart", "mbart", "t5", "mt5", "umt5")  # whose classifiers read the row of the end token
THOROUGH = ("bert", "gpt2", "llama", "t5", "bart")  # asked for every key of decoding too


def texts(model: nn.Module) -> list[torch.Tensor]:
    count = min(model.config.vocab_size, 97)
    long = torch.randint(3, count, (70,), generator=torch.Generator().manual_seed(1))
    return [torch.tensor(IDS)[None] % count, long[None]]


def inputs_of(model: nn.Module, ids: torch.Tensor) -> dict:
    inputs, kind = {"input_ids": ids}, type(model).__name__
    if "attention_mask" in inspect.signature(model.forward).parameters:
        inputs["attention_mask"] = torch.ones_like(ids)  # a mean is over what a mask says
    if getattr(model.config, "type_vocab_size", 0) and "token_type_ids" in inspect.signature(model.forward).parameters:
        inputs["token_type_ids"] = (torch.arange(ids.shape[1])[None] > 5).long() % model.config.type_vocab_size
    if kind.endswith(("ForConditionalGeneration", "MTModel")):
        inputs["decoder_input_ids"] = ids[:, :9]
    if kind.endswith("SequenceClassification") and model.config.model_type in DECODERS_TOO:
        ids[0, -1] = model.config.eos_token_id
    if kind.endswith("ForMultipleChoice"):
        return {name: values[None] for name, values in inputs.items()}
    return inputs


@torch.no_grad()
def said(model: nn.Module) -> list[torch.Tensor]:
    torch.manual_seed(0)
    found = []
    for ids in texts(model):
        output = model(**inputs_of(model, ids))
        values = output.to_tuple() if hasattr(output, "to_tuple") else output
        found += [value for value in values if isinstance(value, torch.Tensor)][:2]
    return found


@torch.no_grad()
def decoded(model: nn.Module) -> list:
    torch.manual_seed(0)
    prompt = torch.tensor([IDS])
    settings = {"max_new_tokens": DECODED, "attention_mask": torch.ones_like(prompt)}
    if model.config.model_type == "transfo-xl":
        del settings["attention_mask"]
    return [model.generate(prompt, **settings).tolist(), model.generate(prompt, num_beams=3, **settings).tolist()]


def same(first: list[torch.Tensor], second: list[torch.Tensor]) -> bool:
    if len(first) != len(second) or any(a.shape != b.shape for a, b in zip(first, second)):
        return False
    return all((a - b).abs().max() <= 1e-6 * (1 + a.abs().max()) for a, b in zip(first, second))


def changed(config: dict, key: str, value) -> dict:
    config = copy.deepcopy(config)
    at, path = config, key.split(".")
    for name in path[:-1]:
        if not isinstance(at.get(name), dict):
            at[name] = {}
        at = at[name]
    at[path[-1]] = value
    return config


class Folder:
    """A tiny model's folder whose config.json can be exchanged."""

    def __init__(self, at: Path, kind: type):
        self.at, self.kind = at, kind
        self.config, self.lacking = json.loads((at / "config.json").read_text()), None
        (at / "generation_config.json").unlink(missing_ok=True)
        self.open(self.config)

    def open(self, config: dict) -> tuple[nn.Module, bool]:
        """The model, and whether the weights that were there are those that it expects, as before."""
        (self.at / "config.json").write_text(json.dumps(config))
        named = {"dtype": torch.float32} if IS_5 else {"torch_dtype": torch.float32}
        model, told = self.kind.from_pretrained(self.at, attn_implementation="eager", output_loading_info=True, **named)
        lacking = [sorted(map(str, told.get(name) or [])) for name in ("missing_keys", "unexpected_keys", "mismatched_keys")]
        self.lacking = lacking if self.lacking is None else self.lacking
        return model.eval(), lacking == self.lacking

    def ask(self, config: dict, question) -> tuple[list | None, bool]:
        try:
            model, whole = self.open(config)
            return question(model), whole
        except Exception:  # any: another value may break a model anywhere
            return None, False


def current(config: dict, key: str, default):
    at = config
    for name in key.split("."):
        if not isinstance(at, dict) or name not in at:
            return default
        at = at[name]
    return at


def verdict(folder: Folder, key: str, default, question, equal) -> str:
    before = question(folder.open(folder.config)[0])
    results = set()
    for value in key_values.others(key, current(folder.config, key, default), folder.config.get("vocab_size", 97)):
        if "yes" in results:
            break
        after, whole = folder.ask(changed(folder.config, key, value), question)
        if after is None:
            results.add("error")
        elif not whole:
            results.add("weights")
        else:
            results.add("no" if equal(before, after) else "yes")
    return next((name for name in ("yes", "weights", "no", "error") if name in results), "error")


def tinies_of() -> dict[str, list]:
    """For each model type its tiny models: first a language model that decodes, then one of each other kind."""
    found = defaultdict(list)
    tinies = [tiny for _, tiny in tables.every() if not hasattr(tiny, "shapes")]
    for tiny in sorted(tinies, key=lambda tiny: (not tiny.generates, "causal" in tiny.name or "decoder" in tiny.name)):
        if tiny.model.__module__.startswith("transformers."):
            found[tiny.config.model_type].append(tiny)
    return found


def keys_of(family: str, known: dict) -> dict:
    """Of all classes and of this one; of decoding only where that is asked."""
    table, aliases = known["config.json"], known["aliases"].get(family, {}).get(VERSION, {})
    own = table.get(family, {}).get(VERSION, {})
    keys = table["*"][VERSION] | own | dict.fromkeys(aliases)
    left_out = set() if family in THOROUGH else DECODING - own.keys()
    return {key: value for key, value in keys.items() if key not in SKIPPED | left_out}


def folders_of(tiny, goldens: Path | None, at: Path) -> list[Path]:
    """The model as this version saves it; without what it derives from other keys; and as 4.49 saved it."""
    make.build(tiny, 5).save_pretrained(at / "new")
    (at / "new" / "generation_config.json").unlink(missing_ok=True)
    config = json.loads((at / "new" / "config.json").read_text())
    if DERIVED & config.keys():
        shutil.copytree(at / "new", at / "bare")
        (at / "bare" / "config.json").write_text(json.dumps({key: value for key, value in config.items() if key not in DERIVED}))
    old = goldens / "models" / tiny.name if goldens else None
    if IS_5 and old and old.exists():
        shutil.copytree(old, at / "old")
    return sorted(at.iterdir())


def effects(tiny, goldens: Path | None, keys: dict, known: dict) -> list[dict[str, str]]:
    with tempfile.TemporaryDirectory() as name:
        found = []
        for at in folders_of(tiny, goldens, Path(name)):
            try:
                folder = Folder(at, tiny.model)
                said(folder.open(folder.config)[0])
            except Exception as problem:  # 5 does not open all that 4.49 wrote
                print(f"{tiny.name} ({at.name}): {type(problem).__name__}: {problem}"[:200])
                continue
            found.append(effects_in(folder, tiny, keys, known))
        return found


def effects_in(folder: Folder, tiny, keys: dict, known: dict) -> dict[str, str]:
    found = {key: verdict(folder, key, default, said, same) for key, default in keys.items()}
    if not tiny.generates or not DECODING & keys.keys():
        return found
    generation = known["generation_config.json"]["*"][VERSION]
    for key in generation.keys() & keys.keys():
        if verdict(folder, key, generation[key], decoded, lambda first, second: first == second) == "yes":
            found[f"{key} (decoding)"] = "decoding"
    return found


def effects_of(family: str, tinies: list, goldens: Path, known: dict) -> dict[str, list[str]]:
    """All keys with the first model; with the others those of its own class that did nothing yet."""
    keys = keys_of(family, known)
    found = effects(tinies[0], goldens, keys, known)
    own = known["config.json"][family][VERSION].keys() | known["aliases"].get(family, {}).get(VERSION, {}).keys() | COMMON
    for tiny in tinies[1:]:
        idle = {key for key in joined(found).get("no", []) + joined(found).get("error", []) if key in own}
        found += effects(tiny, None, {key: keys[key] for key in idle if not OF_TRAINING.search(key)}, known)
    return joined(found)


def joined(several: list[dict[str, str]]) -> dict[str, list[str]]:
    """What any of several models shows."""
    groups = defaultdict(set)
    for key in {key for found in several for key in found}:
        verdicts = {found[key] for found in several if key in found}
        groups[next(name for name in ("yes", "weights", "no", "error", "decoding") if name in verdicts)].add(key.removesuffix(" (decoding)"))
    return {name: sorted(keys) for name, keys in sorted(groups.items())}


def written(table: dict) -> str:
    rows = [
        f'{json.dumps(part)}: {{\n' + ",\n".join(
            f'{json.dumps(name)}: {{' + ",\n ".join(f"{json.dumps(version)}: {json.dumps(groups)}" for version, groups in sorted(versions.items())) + "}"
            for name, versions in sorted(names.items())
        ) + "\n}"
        for part, names in sorted(table.items())
    ]  # fmt: skip
    return "{\n" + ",\n".join(rows) + "\n}\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="model types that contain this")
    parser.add_argument("--first", action="store_true", help="the first model of each type alone, which is faster")
    options = parser.parse_args()
    torch.set_num_threads(1)
    transformers.logging.set_verbosity(logging.CRITICAL)
    transformers.utils.logging.disable_progress_bar()
    warnings.simplefilter("ignore")
    known = json.loads((options.folder / "config_keys.json").read_text())
    file = options.folder / "key_effects.json"
    for family, tinies in sorted(tinies_of().items()):
        table = json.loads(file.read_text()) if file.exists() else {}
        if options.only not in family or VERSION in table.get("config.json", {}).get(family, {}):
            continue
        found = effects_of(family, tinies[: 1 if options.first else None], options.folder, known)
        table.setdefault("config.json", {}).setdefault(family, {})[VERSION] = found
        file.write_text(written(table))
        print(family, {name: len(keys) for name, keys in found.items()}, flush=True)


if __name__ == "__main__":
    main()
