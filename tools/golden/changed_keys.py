"""Changes each key of each golden config in turn, and compares what Locus and the reference then compute.

    python changed_keys.py build/release/tools/cli/locus [--only PART] [--every]

With transformers 5 it goes through tests/goldens/models5, with 4.49 through tests/goldens/models: one folder for each
model type and class, or with `--every` all of them. One key of a folder's config.json gets another legal value
(`key_values.py`), both open the folder, and both read the same 70 ids, or the same picture. A value is a finding, which
is printed and makes the exit status 1, in two cases:

    numbers  both compute numbers that differ by more than 1e-4 of the largest, and Locus gave no warning. What the
             reference itself loses in f32 against f64 does not count (a head may sum ten thousand values to nearly 0)
    weights  the reference misses weights, or finds them in another shape, and Locus opens the folder without a warning

If Locus refuses the value, or a warning names the key, that is right. If the reference fails, Locus may do anything.
The class that opens the folder (`architectures`) is not changed. Keys that matter only in training are tried with the
first class of a model type.
Locus reads the values to come while the reference reads one (`--jobs`).
"""

import argparse
import json
import logging
import shutil
import subprocess
import sys
import tempfile
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import torch
import transformers
from safetensors.torch import load_file, save_file

import feature_models
import key_values
import make
from key_effects import DECODING, OF_TRAINING, SKIPPED, changed, current, inputs_of
from reference import IS_5, VERSION

GOLDENS = Path(__file__).resolve().parents[2] / "tests" / "goldens"
OUTPUTS = ("logits", "prediction_logits", "start_logits", "end_logits", "last_hidden_state")
NAMES = {"prediction_logits": "logits"}  # as Locus calls them
TOLERANCE = 1e-4
ROUNDING = 4  # times the reference's own: sums are added up in another order
LENGTH = 70
PICTURE = (31, 27)  # height, width
PIXELS = {"do_resize": False, "do_normalize": False, "do_rescale": True, "rescale_factor": 1 / 255}
KNOWN = {
    "attn_config.alibi_bias_max",  # MosaicML's own code reads it, which Locus follows
    *(f"qwen2 4.49.0: {key}" for key in ("sliding_window", "use_sliding_window", "max_window_layers")),  # its eager path slides
    # in every layer, whatever the other two say; 5 follows them
    "marian 4.49.0: share_encoder_decoder_embeddings",  # of two tables that differ it reads the decoder's twice, 5 each of them
    *(f"mpt {version}: max_seq_len" for version in ("4.49.0", "5.24.0")),  # of 1 is spread over all; other texts too long fail
    "torchscript",  # 4.49 copies weights that it would tie, and calls them missing; the numbers are the same
}

OTHERS = {  # goldens that no transformers reads as they are meant, with the reasons that are printed
    "roformer-v2": "of a package of its own, which transformers reads without its norms",
    "nomic-bert/published": "its keys and weights have the names of code that comes with the checkpoint and is in no transformers",
}


@dataclass
class Outcome:
    """The result of opening a folder and reading ids."""

    said: str = ""  # an error, or warnings
    failed: bool = False
    whole: bool = True  # whether the weights are those that are expected
    outputs: dict[str, torch.Tensor] | None = None


@dataclass(frozen=True)
class Trial:
    """One key with another value, and the whole config that has it."""

    key: str
    value: object
    config: dict


def class_of(name: str) -> type:
    return feature_models.SwinModel if name == "SwinModel" and not IS_5 else getattr(transformers, name)


class Case:
    """A copy of a golden's folder, whose config.json can be exchanged."""

    def __init__(self, golden: Path, at: Path):
        self.at = at / "-".join(golden.parts[-2:])
        self.at.mkdir()
        shutil.copy(golden / "model.safetensors", self.at)
        self.config = json.loads((golden / "config.json").read_text())
        self.weights = load_file(self.at / "model.safetensors")
        self.config.get("attn_config", {}).pop("alibi_bias_max", None)  # which transformers does not follow, as `KNOWN` says
        if self.config.get("num_channels") == 1:
            self.colour()
        if "embeddings.LayerNorm.gamma" in self.weights:
            self.name_anew()
        save_file(self.weights, self.at / "model.safetensors", {"format": "pt"})
        self.kind = class_of(self.config["architectures"][0])
        self.lacking = None
        self.inputs = None

    def colour(self) -> None:
        """Gives a model of grey pictures three channels, as the pictures have that the command reads."""
        name = next(name for name in self.weights if name.endswith("patch_embeddings.projection.weight"))
        self.weights[name] = self.weights[name].repeat(1, 3, 1, 1)
        self.config["num_channels"] = 3

    def name_anew(self) -> None:
        """4.49 does not open a class with heads by names of 2018."""
        whole = lambda name: name if name.startswith("cls.") else f"bert.{name}"
        today = lambda name: whole(name).replace("LayerNorm.gamma", "LayerNorm.weight").replace("LayerNorm.beta", "LayerNorm.bias")
        self.weights = {today(name): value for name, value in self.weights.items()}

    def write(self, config: dict) -> None:
        (self.at / "config.json").write_text(json.dumps(config))

    def read(self, model) -> dict:
        return self.picture() if model.main_input_name == "pixel_values" else self.text(model)

    def picture(self) -> dict:
        height, width = self.config["image_size"] if self.config.get("use_absolute_embeddings") else PICTURE
        bytes_ = torch.randint(0, 256, (height, width, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))
        (self.at / "preprocessor_config.json").write_text(json.dumps(PIXELS))
        (self.at / "picture.ppm").write_bytes(f"P6 {width} {height} 255\n".encode() + bytes_.numpy().tobytes())
        return {"pixel_values": bytes_.permute(2, 0, 1)[None].float() / 255}

    def text(self, model) -> dict:
        count = min(model.config.vocab_size, 97)
        ids = torch.randint(3, count, (1, LENGTH), generator=torch.Generator().manual_seed(1))
        if model.config.model_type == "longformer" and self.kind.__name__.endswith(("ForQuestionAnswering", "ForMultipleChoice")):
            make.separate(ids, model.config.sep_token_id)
        bare = self.kind.__name__.endswith("Model") and getattr(model.config, "is_encoder_decoder", False)
        return inputs_of(model, ids) | ({"decoder_input_ids": ids[:, :9]} if bare and not self.kind.__name__.endswith("EncoderModel") else {})

    @torch.no_grad()
    def ask_reference(self, dtype: torch.dtype = torch.float32) -> Outcome:
        named = {"dtype": dtype} if IS_5 else {"torch_dtype": dtype}
        try:
            model, told = self.kind.from_pretrained(self.at, attn_implementation="eager", output_loading_info=True, **named)
            self.inputs = self.inputs or self.read(model)
            found = model.eval()(**self.inputs, return_dict=True)
        except Exception as problem:  # any: another value may break a model anywhere
            return Outcome(str(problem), failed=True)
        lacking = [
            sorted(str(key) for key in told.get(name) or [] if not str(key).endswith("inv_freq"))  # computed where it is missing
            for name in ("missing_keys", "mismatched_keys")
        ]
        self.lacking = lacking if self.lacking is None else self.lacking
        return Outcome(whole=lacking == self.lacking, outputs={NAMES.get(name, name): found[name][0] for name in OUTPUTS if name in found})

    def ask_locus(self, command: str, config: dict) -> Outcome:
        with tempfile.TemporaryDirectory(dir=self.at) as name:
            folder = Path(name)
            (folder / "config.json").write_text(json.dumps(config))
            for file in self.at.iterdir():
                if file.is_file() and file.name != "config.json":
                    (folder / file.name).symlink_to(file)
            run = subprocess.run([command, "trace", name, *self.arguments(), "--out", folder / "trace"], capture_output=True, text=True)
            said = run.stderr.strip().replace(f"{name}/", "")
            return Outcome(said, failed=True) if run.returncode else Outcome(said, outputs=load_file(folder / "trace"))

    def arguments(self) -> list[str]:
        words = ["--threads", "1"] + (["--image", str(self.at / "picture.ppm")] if "pixel_values" in self.inputs else [])
        options = {"input_ids": "--ids", "decoder_input_ids": "--decoder-ids", "token_type_ids": "--type-ids"}
        for name, option in options.items():
            if name in self.inputs:
                words += [option, ",".join(map(str, self.inputs[name].flatten().tolist()))]
        return words


def distances(first: dict[str, torch.Tensor], second: dict[str, torch.Tensor]) -> dict[str, float]:
    """The distance of each output that both have; infinite where shapes differ or a value is not a number."""
    found = {}
    for name in first.keys() & second.keys():
        a, b = first[name].squeeze().double(), second[name].squeeze().double()
        apart = float((a - b).abs().max()) if a.shape == b.shape else float("inf")
        found[name] = apart if apart == apart else float("inf")
    return found


def share(apart: float, values: torch.Tensor) -> float:
    return apart / max(float(values.abs().max()), 1e-30)


def rounding(case: Case, reference: Outcome) -> dict[str, float]:
    """The reference's own error in f32, for each output; empty if it cannot compute in f64."""
    exact = case.ask_reference(torch.float64)
    return {} if exact.failed else {name: ROUNDING * apart for name, apart in distances(reference.outputs, exact.outputs).items()}


def difference(case: Case, reference: Outcome, locus: Outcome) -> str:
    apart = distances(reference.outputs, locus.outputs)
    if not apart:
        return "no output that both have"
    far = {name: value for name, value in apart.items() if not share(value, reference.outputs[name]) <= TOLERANCE}
    lost = rounding(case, reference) if far else {}
    far = [share(value, reference.outputs[name]) for name, value in far.items() if not value <= lost.get(name, 0)]
    return f"numbers differ by {max(far):.1e}" if far else ""


def finding(case: Case, reference: Outcome, locus: Outcome) -> str:
    if reference.failed or not reference.outputs or locus.failed:
        return ""
    return difference(case, reference, locus) if reference.whole else "weights"


def keys_of(config: dict, known: dict, first: bool) -> dict:
    table, family = known["config.json"], config["model_type"]
    own = table.get(family, {}).get(VERSION, {})
    keys = table["*"][VERSION] | own | dict.fromkeys(known["aliases"].get(family, {}).get(VERSION, {})) | config
    keys = {key: value for key, value in keys.items() if f"{family} {VERSION}: {key}" not in KNOWN}
    left_out = SKIPPED | DECODING | KNOWN | {"architectures"} | (set() if first else set(filter(OF_TRAINING.search, keys)))
    return {key: value for key, value in keys.items() if key not in left_out}


def trials(case: Case, keys: dict) -> list[Trial]:
    count = case.config.get("vocab_size", 97)
    return [
        Trial(key, value, changed(case.config, key, value))
        for key, default in keys.items()
        for value in key_values.others(key, current(case.config, key, default), count)
    ]


def finding_of(case: Case, trial: Trial, locus: Outcome) -> str:
    if locus.failed or f"'{trial.key}" in locus.said:
        return ""
    case.write(trial.config)
    what = finding(case, case.ask_reference(), locus)
    return f"{case.at.name}: {trial.key} = {json.dumps(trial.value)}: {what}" if what else ""


def findings(case: Case, options: argparse.Namespace, keys: dict) -> list[str]:
    case.write(case.config)
    reference = case.ask_reference()
    locus = Outcome(reference.said, failed=True) if reference.failed else case.ask_locus(options.locus, case.config)
    if reference.failed or locus.failed or finding(case, reference, locus):
        print(f"{case.at.name}: left out: {locus.said or 'as it is, the numbers differ'}"[:160], flush=True)
        return []
    tried = trials(case, keys)
    with ThreadPoolExecutor(options.jobs) as pool:
        outcomes = pool.map(lambda trial: case.ask_locus(options.locus, trial.config), tried)
        found = [line for trial, locus in zip(tried, outcomes) if (line := finding_of(case, trial, locus))]
    print(f"{case.at.name}: {len(tried)} values, {len(found)} findings", *found, sep="\n    ", flush=True)
    return found


def other(folder: Path) -> str:
    """Why transformers is no reference for a golden; empty where it is one."""
    return OTHERS.get(folder.parent.name) or OTHERS.get("/".join(folder.parts[-2:]), "")


def goldens(every: bool) -> list[Path]:
    """Goldens that read ids or pictures and whose class this version has; the first of each class."""
    found = {}
    for config_file in sorted((GOLDENS / ("models5" if IS_5 else "models")).glob("*/*/config.json")):
        config, folder = json.loads(config_file.read_text()), config_file.parent
        kind = (config.get("architectures") or [""])[0]
        if other(folder):
            print(f"{'-'.join(folder.parts[-2:])}: left out: {other(folder)}")
            continue
        if hasattr(transformers, kind) and config.keys() & {"vocab_size", "patch_size"} and (folder / "model.safetensors").exists():
            found.setdefault(folder if every else (config["model_type"], kind), folder)
    return list(found.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("locus", help="the command")
    parser.add_argument("--only", default="", help="goldens whose name contains this")
    parser.add_argument("--every", action="store_true", help="every golden of a class, not the first alone")
    parser.add_argument("--jobs", type=int, default=1, help="of Locus at a time")
    options = parser.parse_args()
    torch.set_num_threads(1)
    transformers.logging.set_verbosity(logging.CRITICAL)
    transformers.utils.logging.disable_progress_bar()
    warnings.simplefilter("ignore")
    known = json.loads((GOLDENS / "config_keys.json").read_text())
    found, types, folders = [], set(), [folder for folder in goldens(options.every) if options.only in str(folder.relative_to(GOLDENS))]
    for folder in folders:
        with tempfile.TemporaryDirectory() as at:
            case = Case(folder, Path(at))
            found += findings(case, options, keys_of(case.config, known, case.config["model_type"] not in types))
            types.add(case.config["model_type"])
    print(f"transformers {VERSION}: {len(folders)} folders, {len(found)} findings")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
