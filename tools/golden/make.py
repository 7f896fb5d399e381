"""Writes tests/goldens: tiny models, their activations, their greedy continuations.

    python make.py tests/goldens [--only PART_OF_A_NAME]

With transformers 4.49 into `models` and `encodings`, with transformers 5 into `models5`.
"""

import argparse
import copy
import json
import shutil
from collections import defaultdict
from itertools import accumulate
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from capture import capture
from continuations import write_continuations
from feature_models import FeatureModel, record_features
from parity_models import VOCABULARY, TinyModel
from reference import IS_5
from patch import PATCHES, original_gpt2_attention
from saved_models import METADATA, write_saved
from swapped import SWAPPED
from tables import numbered
from weights import fill

LENGTHS = (1, 2, 23, 70)
DECODER_LENGTHS = (2, 1, 70, 23)
PAIR_LENGTHS = (3, 4, 23, 70)  # of pairs with their separators
GREEDY = 24
WRITTEN_DOWN = {"reference": "written down from its paper"}
MODELS = "models5" if IS_5 else "models"
MARGIN = 1e-3  # between the best two logits, so that rounding cannot change a greedy id
KEPT = {1: [0], 2: [1], 3: [0], 4: [2], 23: [1, 22], 70: [24, 69]}  # rows, by length
NAMES = {"input_ids": "ids", "token_type_ids": "type_ids", "decoder_input_ids": "decoder_ids"}


def build(tiny: TinyModel, seed: int) -> nn.Module:
    torch.manual_seed(seed)
    config = copy.deepcopy(tiny.config)
    model = tiny.model._from_config(config, attn_implementation="eager").eval()
    if tiny.own_head:
        model.lm_head.weight = nn.Parameter(torch.zeros_like(model.lm_head.weight))
    fill(model, seed, tiny.gain)
    return model


def random_ids(length: int, limit: int, generator: torch.Generator) -> Tensor:
    return torch.randint(0, limit, (1, length), generator=generator)


def classifies_ends(tiny: TinyModel) -> bool:
    """By the decoder's row where the source has its end token."""
    return tiny.config.is_encoder_decoder and tiny.model.__name__.endswith("ForSequenceClassification")


def decoder_lengths(tiny: TinyModel) -> tuple[int, ...]:
    return LENGTHS if classifies_ends(tiny) else DECODER_LENGTHS


def looks_for_pairs(tiny: TinyModel) -> bool:
    """By three separators: which rows are global depends on them."""
    return tiny.config.model_type == "longformer" and tiny.model.__name__.endswith(("ForQuestionAnswering", "ForMultipleChoice"))


def text_lengths(tiny: TinyModel) -> tuple[int, ...]:
    return PAIR_LENGTHS if looks_for_pairs(tiny) else LENGTHS


def separate(ids: Tensor, separator: int) -> None:
    """The first third of the ids as one text, the rest as another."""
    ids[ids == separator] += 1
    first = (ids.shape[1] - 3) // 3
    ids[0, [first, first + 1, -1]] = separator


def make_inputs(tiny: TinyModel, case: int) -> dict[str, Tensor]:
    generator = torch.Generator().manual_seed(1000 + case)
    length = text_lengths(tiny)[case]
    inputs = {"input_ids": random_ids(length, VOCABULARY, generator)}
    if looks_for_pairs(tiny):
        separate(inputs["input_ids"], tiny.config.sep_token_id)
    if tiny.type_ids:
        inputs["token_type_ids"] = random_ids(length, getattr(tiny.config, "type_vocab_size", 2), generator)
    alone = tiny.model.__name__.endswith(("EncoderModel", "ForTokenClassification"))
    if tiny.config.is_encoder_decoder and not alone:
        ids = random_ids(decoder_lengths(tiny)[case], VOCABULARY, generator)
        ids[0, 0] = tiny.config.decoder_start_token_id
        inputs["decoder_input_ids"] = ids
    if classifies_ends(tiny):
        ids = inputs["input_ids"]
        ids[ids == tiny.config.eos_token_id] += 1
        ids[0, -1] = tiny.config.eos_token_id
    return inputs


def shaped(tiny: TinyModel, inputs: dict[str, Tensor]) -> dict[str, Tensor]:
    """A choice among several has one dimension more; a mean is over what a mask says."""
    if getattr(tiny.config, "classifier_pooling", None) == "mean":
        inputs = inputs | {"attention_mask": torch.ones_like(inputs["input_ids"])}
    if not tiny.model.__name__.endswith("ForMultipleChoice"):
        return inputs
    return {name: ids[None] for name, ids in inputs.items()}


def kept(value: Tensor) -> Tensor:
    """The rows of one sequence that a golden keeps; a pooler has one row anyway."""
    return value[KEPT[len(value)]]


def kept_rows(lengths: tuple[int, ...]) -> list[int]:
    """Indices of all kept rows in the whole batch."""
    begins = accumulate(lengths, initial=0)
    return [begin + row for begin, length in zip(begins, lengths) for row in KEPT[length]]


def record(model: nn.Module, tiny: TinyModel) -> dict[str, Tensor]:
    """All sequences, one after the other, as one ragged batch."""
    parts: dict[str, list[Tensor]] = defaultdict(list)
    for case in range(len(LENGTHS)):
        inputs = make_inputs(tiny, case)
        for name, ids in inputs.items():
            parts[NAMES[name]].append(ids[0].int())
        for node, value in capture(model, shaped(tiny, inputs)).items():
            parts[f"node/{node}"].append(kept(value))
    tensors = {name: torch.cat(values).contiguous() for name, values in parts.items()}
    for name, lengths in (("ids", text_lengths(tiny)), ("decoder_ids", decoder_lengths(tiny))):
        if name in tensors:
            tensors[f"{name}/lengths"] = torch.tensor(lengths).int()
            tensors[f"{name}/rows"] = torch.tensor(kept_rows(lengths)).int()
    return tensors


@torch.no_grad()
def greedy(model: nn.Module, tiny: TinyModel, seed: int) -> dict[str, Tensor]:
    """24 ids by arg max, each from a whole pass without caches."""
    generator = torch.Generator().manual_seed(seed)
    prompt = random_ids(9, VOCABULARY, generator)
    decodes = tiny.config.is_encoder_decoder
    ids = torch.tensor([[tiny.config.decoder_start_token_id]]) if decodes else prompt
    start = ids.shape[1]
    for _ in range(GREEDY):
        output = model(input_ids=prompt, decoder_input_ids=ids) if decodes else model(input_ids=ids)
        best = output.logits[0, -1].topk(2).values
        if best[0] - best[1] < MARGIN:
            return greedy(model, tiny, seed + 1)
        ids = torch.cat((ids, output.logits[:, -1].argmax(-1, keepdim=True)), dim=1)
    skips = tiny.config.model_type in ("roberta", "xlm-roberta", "camembert")
    if skips and (ids == tiny.config.pad_token_id).any():  # a pass with caches counts it, a whole one does not
        return greedy(model, tiny, seed + 1)
    return {"greedy/prompt": prompt[0].int(), "greedy/ids": ids[0, start:].int()}


def save(tensors: dict[str, Tensor], file: Path, metadata: dict[str, str]) -> None:
    save_file(tensors, file, metadata)
    file.chmod(0o644)


def stored(model: nn.Module, tiny: TinyModel) -> dict[str, Tensor]:
    """The weights as a file holds them: tied ones once, f16, in old names where asked."""
    seen, tensors = set(), {}
    computed = getattr(model, "_keys_to_ignore_on_save", None) or []
    for name, value in model.state_dict().items():
        if value.data_ptr() in seen or not value.is_floating_point() or name in computed:
            continue
        seen.add(value.data_ptr())
        exact = torch.equal(value.half().float(), value)
        tensors[name] = (value.half() if exact else value).contiguous()
    if not tiny.old_names:
        return tensors
    old = lambda name: name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta")
    return {old(name).removeprefix("bert."): value for name, value in tensors.items()}


def write_golden(folder: Path, model: nn.Module, tiny: TinyModel, metadata: dict[str, str]) -> dict[str, Tensor]:
    tensors = record_features(model, tiny) if isinstance(tiny, FeatureModel) else record(model, tiny)
    if tiny.generates and getattr(model.config, "same_length", True):  # otherwise passes see other memories
        tensors |= greedy(model, tiny, seed=7)
    save(tensors, folder / "golden.safetensors", metadata)
    return tensors


def write_model(folder: Path, model: nn.Module, tiny: TinyModel, metadata: dict[str, str]) -> dict[str, Tensor]:
    """The folder by hand, as it was for transformers 4.49, and is for what no transformers has."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    config = model.config.to_diff_dict() | {"architectures": [type(model).__name__]}
    config.pop("_attn_implementation_autoset", None)
    config.pop("torch_dtype", None)
    (folder / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    save(stored(model, tiny), folder / "model.safetensors", {"format": "pt"})
    return write_golden(folder, model, tiny, metadata)


def write_swapped(folder: Path, tiny: TinyModel, seed: int, base: dict[str, Tensor]) -> None:
    """The bare model of a family with each encoding in turn: what differs from its own."""
    folder.mkdir(parents=True, exist_ok=True)
    family = tiny.config.model_type
    for swapped in SWAPPED:
        weights = swapped.weights()
        model = build(tiny, seed)
        with original_gpt2_attention():
            PATCHES[family](model, swapped.make(weights, family == "gpt2"))
            recorded = record(model, tiny)
        tensors = {name: value for name, value in recorded.items() if not torch.equal(value, base[name])}
        tensors |= {f"weights/{name}": value.half() for name, value in weights.items()}
        metadata = {"base": tiny.name, "encoding": swapped.text}
        save(tensors, folder / f"{swapped.name}.safetensors", metadata)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="names that contain this")
    arguments = parser.parse_args()
    torch.set_num_threads(1)  # one order of sums
    for seed, tiny in numbered():
        if arguments.only not in tiny.name:
            continue
        model, folder = build(tiny, seed), arguments.folder / MODELS / tiny.name
        if IS_5 and tiny.model.__module__.startswith("transformers."):
            write_golden(folder, write_saved(folder, model, tiny), tiny, METADATA)
        else:
            base = write_model(folder, model, tiny, WRITTEN_DOWN if IS_5 else {})
        if tiny.generates:
            write_continuations(folder, tiny.model)
        if not IS_5 and tiny.name in ("bert/bare", "gpt2/bare"):
            write_swapped(arguments.folder / "encodings" / tiny.name, tiny, seed, base)
        print(tiny.name)


if __name__ == "__main__":
    main()
