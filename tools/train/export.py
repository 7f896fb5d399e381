"""Writes one trained model as a Hugging Face folder with f16 weights, and checks what it wrote.

python export.py --model causal-alibi --corpus CORPUS --runs RUNS --weights weights
"""

import argparse
import copy
import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, processors
from transformers import AutoModelForCausalLM, AutoModelForMaskedLM, AutoModelForSeq2SeqLM

import card
import data
import families
import figures
import layouts
import prepare
import settings
import train
import training
from schemes.encoding import Encoding
from trainer import Trainer

FIXED_TABLES = {  # exact sinusoids, not weights: kept in f32
    "causal-sinusoidal": "transformer.wpe.weight",
    "causal-sinusoidal-doubled": "transformer.wpe.weight",
    "masked-sinusoidal": "bert.embeddings.position_embeddings.weight",
    "masked-rope": "roformer.encoder.embed_positions.weight",
}
UNUSED_TABLES = ("transformer.wpe.", "bert.embeddings.position_embeddings.")
AUTO = {
    "causal": AutoModelForCausalLM,
    "masked": AutoModelForMaskedLM,
    "span": AutoModelForSeq2SeqLM,
}
TOLERANCE = 1e-3


def own_encodings(name: str, task) -> dict[str, Encoding]:
    """What no class of transformers computes, by the prefix under which Locus looks for weights."""
    module = task.module
    if name.startswith("causal"):
        return {} if layouts.is_at_home(module) else {layouts.ENCODING: module.encoding}
    parts = module.named_modules()
    return {f"{place}.": part for place, part in parts if isinstance(part, Encoding)}


def twin_of(name: str, task) -> torch.nn.Module:
    """The transformers model of the same weights, with the project's note in its config."""
    note = {"trained_context": families.context_of(name)}
    module = task.module
    if name.startswith("causal"):
        encoding = module.encoding
        module = layouts.causal_twin(module, families.SHAPE)
        if encoding.text != "learned" and not encoding.text.startswith("rope:"):
            note["encoding"] = encoding.text
    module.config.locus = getattr(module.config, "locus", {}) | note
    return module


def write_weights(name: str, task, folder: Path) -> None:
    """config.json, model.safetensors and, where text is generated, generation_config.json."""
    twin = twin_of(name, task)
    copy.deepcopy(twin).half().save_pretrained(folder)
    path = folder / "model.safetensors"
    tensors = load_file(path)
    own = own_encodings(name, task)
    if own:
        unused = (*UNUSED_TABLES, *own)
        tensors = {key: value for key, value in tensors.items() if not key.startswith(unused)}
    for prefix, encoding in own.items():
        for key, value in encoding.weights().items():
            tensors[prefix + key] = value.detach().half().contiguous()
    if name in FIXED_TABLES:
        tensors[FIXED_TABLES[name]] = twin.state_dict()[FIXED_TABLES[name]].contiguous()
    save_file(tensors, path, metadata={"format": "pt"})
    path.chmod(0o644)
    if name.startswith("masked"):
        (folder / "generation_config.json").unlink(missing_ok=True)


def write_tokenizer(name: str, source: Path, folder: Path) -> None:
    """The common vocabulary, with the special tokens that this family puts around a text."""
    before, after = {
        "causal": (["<s>"], []),
        "masked": (["<cls>"], ["<sep>"]),
        "span": ([], ["</s>"]),
    }[name.partition("-")[0]]
    pair = [f"{token}:1" for token in after]
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.post_processor = processors.TemplateProcessing(
        single=[*before, "$A", *after],
        pair=[*before, "$A", *after, "$B:1", *pair],
        special_tokens=[(token, tokenizer.token_to_id(token)) for token in {*before, *after}],
    )
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    for file in ("tokenizer_config.json", "special_tokens_map.json"):
        (folder / file).write_text((source / file).read_text())


def reload(name: str, task, folder: Path):
    """The task again, on the weights that the folder holds."""
    again = copy.deepcopy(task)
    kind = name.partition("-")[0]
    if own_encodings(name, task):
        with torch.no_grad():
            for parameter in again.module.parameters():
                parameter.copy_(parameter.half().float())
    elif kind == "causal":
        again = figures.LogitsTask(AUTO[kind].from_pretrained(folder, attn_implementation="eager"))
    else:
        again.module = AUTO[kind].from_pretrained(folder, attn_implementation="eager")
    return again


def check(name: str, trained: Trainer, folder: Path, validation: torch.Tensor) -> None:
    """The written folder gives the trainer's validation loss, but for the rounding to f16."""
    expected = trained.validate(validation)
    trained.task = reload(name, trained.task, folder)
    found = trained.validate(validation)
    if not abs(expected - found) < TOLERANCE:
        raise ValueError(f"{name}: expected a validation loss of {expected}, found {found}")
    print(f"{name}: validation loss {expected:.5f} in training, {found:.5f} from the folder")


def export(name: str, corpus: Path, run: Path, folder: Path) -> None:
    trained = train.trained(name, run)
    task = trained.task
    folder.mkdir(parents=True, exist_ok=True)
    write_weights(name, task, folder)
    write_tokenizer(name, corpus / "vocabulary", folder)
    check(name, trained, folder, data.Text(corpus, trained.recipe).validation[:16])
    measured = figures.measure(name, task, corpus)
    (run / "figures.json").write_text(json.dumps(measured, indent=1) + "\n")
    training.write(name, run, corpus, folder)
    at_home = not own_encodings(name, task)
    (folder / "README.md").write_text(card.write(name, run, measured, at_home))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, choices=families.MODELS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path, default=prepare.DEFAULT_CORPUS)
    parser.add_argument("--runs", type=Path, default=train.DEFAULT_RUNS)
    parser.add_argument("--weights", type=Path, default=Path("weights"))
    arguments = parser.parse_args()
    train.prepare_process()
    run, folder = (
        settings.run_of(place, arguments.model, arguments.seed)
        for place in (arguments.runs, arguments.weights)
    )
    export(arguments.model, arguments.corpus, run, folder)


if __name__ == "__main__":
    main()
