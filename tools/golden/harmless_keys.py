"""Writes tests/goldens/harmless_keys.json and docs/config-keys.md: keys that change no number, each with its reason.

    python harmless_keys.py        # from the root of the source; needs nothing but Python

The program's own lists come first, read from its source (`program_keys.py`); those of `harmless_config_keys.py` and
`harmless_file_keys.py` add what families and files read and what is harmless at one value alone. Tests hold both together.

Fails where `key_effects.json` has seen a listed key change numbers, and prints the keys of `config_keys.json` that
were seen to change nothing and are not listed: a family reads them, or they lack a reason.
"""

import json
import re
import sys
from dataclasses import replace
from pathlib import Path

import harmless_config_keys
import harmless_file_keys
import program_keys
from harmless_config_keys import ANYTHING, Group

ROOT = Path(__file__).resolve().parents[2]
GOLDENS = ROOT / "tests" / "goldens"
REVIEWED = [*harmless_config_keys.GROUPS, *harmless_file_keys.GROUPS]
OF_PROGRAM = [*program_keys.of_models(), *program_keys.of_tokenizers()]
READ = re.compile(r"^(hidden_act|num_labels|problem_type|id2label|architectures|is_decoder|is_encoder_decoder|tie_word_embeddings)$")
# Seen to act, and yet rightly listed: where they act, a family or the decoding reads them.
KNOWN = {
    "pad_token_id", "eos_token_id", "bos_token_id", "decoder_start_token_id", "mask_token_id", "num_hidden_layers", "feed_forward_proj",
    "summary_type", "summary_use_proj", "summary_activation", "legacy", "conv_groups", "use_sliding_window", "max_window_layers",
    "max_position_embeddings", "torchscript", "encoder_layers", "encoder_attention_heads", "num_attention_heads", "attention_types",
    "rope_local_base_freq", "sliding_window_pattern", "encoder_ffn_dim", "decoder_vocab_size", "share_encoder_decoder_embeddings",
    "summary_proj_to_labels", "untie_r", "mem_len", "same_length", "max_trained_positions",
}  # fmt: skip

HEAD = """# Keys that change no number

Written by `tools/golden/harmless_keys.py`. A key of a folder's files is read, or it stands here with its reason, or
it is named in a warning, or it is refused. `only` is the one value at which a key is harmless: any other is refused.
*Beside* names a key that must be in the file too, as what counts instead. A class that needs a key reads it: what
stands here is for the classes that do not.
What is said of `generation_config.json` holds for the same keys in `config.json`.
Which keys there are: `tests/goldens/config_keys.json`; what each was seen to change in transformers 4.49 and 5.24, on
tiny models with wide weights: `tests/goldens/key_effects.json`.
"""


def left_of(group: Group) -> Group | None:
    """What the program's own lists do not say already."""
    same = [other for other in OF_PROGRAM if other.file == group.file and set(group.families) <= {*other.families, *(group.families if "*" in other.families else ())}]
    said = {key for other in same for key in other.keys.split()}
    keys = [key for key in group.keys.split() if key.rpartition(".")[2] not in said]
    return replace(group, keys=" ".join(keys)) if keys else None


GROUPS = [*OF_PROGRAM, *filter(None, map(left_of, REVIEWED))]


def rows() -> list[dict]:
    found = []
    for group in GROUPS:
        row = {"file": group.file, "families": list(group.families), "keys": group.keys.split(), "reason": group.reason}
        row |= {"when": group.when} if group.when else {}
        found.append(row if group.only is ANYTHING else row | {"only": group.only})
    return found


def page() -> str:
    lines, file = [HEAD], None
    for group in sorted(GROUPS, key=lambda group: [group.file != "config.json", group.file]):
        if group.file != file:
            file = group.file
            lines.append(f"\n## `{file}`\n\n| families | keys | harmless because |\n| --- | --- | --- |\n")
        families = "all" if group.families == ("*",) else " ".join(group.families)
        only = "" if group.only is ANYTHING else f" (only `{json.dumps(group.only)}`)"
        when = f" (beside `{group.when}`)" if group.when else ""
        keys = " ".join(f"`{key}`" for key in group.keys.split())
        lines.append(f"| {families} | {keys}{only}{when} | {group.reason} |\n")
    return "".join(lines)


def listed(family: str) -> dict[str, Group]:
    groups = [group for group in REVIEWED if group.file == "config.json"]
    return {key: group for group in groups if "*" in group.families or family in group.families for key in group.keys.split()}


def contradictions(effects: dict) -> list[str]:
    found = []
    for family, versions in effects["config.json"].items():
        known = listed(family)
        for version, groups in versions.items():
            acting = set(groups.get("yes", [])) | set(groups.get("weights", []))
            wrong = [key for key in sorted(acting & known.keys()) if key not in KNOWN and known[key].only is ANYTHING]
            found += [f"{family} {version}: {key} was seen to act" for key in wrong]
    return found


def unlisted(effects: dict) -> list[str]:
    found = []
    for family, versions in effects["config.json"].items():
        idle = [set(groups.get("no", [])) | set(groups.get("error", [])) for groups in versions.values()]
        acting = {key for groups in versions.values() for name in ("yes", "weights", "decoding") for key in groups.get(name, [])}
        keys = set.union(*idle) - acting - listed(family).keys()
        found += [f"{family}: {key}" for key in sorted(keys) if not READ.match(key)]
    return found


def main() -> None:
    effects = json.loads((GOLDENS / "key_effects.json").read_text())
    (GOLDENS / "harmless_keys.json").write_text("[\n" + ",\n".join(json.dumps(row) for row in rows()) + "\n]\n")
    (ROOT / "docs" / "config-keys.md").write_text(page())
    print("\n".join(unlisted(effects)))
    wrong = contradictions(effects)
    sys.exit("\n".join(wrong) if wrong else 0)


if __name__ == "__main__":
    main()
