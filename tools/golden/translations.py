"""Writes tests/goldens/translations: tiny seeded translators, what they make of texts, and how likely they find one.

    python tools/golden/translations.py

The tokenizers are those of `target_texts.py`; a test puts their files beside a model.
"""

import json
import shutil
import tempfile
from pathlib import Path

import torch
import transformers as t
from safetensors.torch import save_file
from target_texts import CASES, reversed_ids
from tokenizer_goldens import GOLDENS, make_folder
from weights import fill

FOLDER = GOLDENS.parent / "translations"
SIZES = {
    "d_model": 8, "encoder_layers": 1, "decoder_layers": 1, "encoder_attention_heads": 2, "decoder_attention_heads": 2,
    "encoder_ffn_dim": 9, "decoder_ffn_dim": 9, "max_position_embeddings": 60,
}  # fmt: skip
SEARCH = {"num_beams": 3, "max_length": 14, "length_penalty": 0.8, "no_repeat_ngram_size": 2}
TEXTS = ["The house is old, and the garden is new.", "Hello, world!"]
PAIR = ("The garden.", "A new house there.")
# Languages that the command is given: of the source and of the target.
LANGUAGES = {
    "marian": [(None, None), (None, "fra")],
    "two_vocabularies": [(None, None)],
    "mbart": [(None, None), (None, "de_DE"), ("fr_XX", "ro_RO")],
    "mbart50": [(None, "de_DE"), ("ta_IN", "sl_SI")],
}


def model_of(name: str, tokenizer) -> torch.nn.Module:
    size = len(tokenizer)
    if name in ("marian", "two_vocabularies"):
        pad = tokenizer.pad_token_id
        two = {"share_encoder_decoder_embeddings": False, "decoder_vocab_size": size} if name == "two_vocabularies" else {}
        ids = {"pad_token_id": pad, "decoder_start_token_id": pad, "eos_token_id": 0, "forced_eos_token_id": 0}
        config = t.MarianConfig(vocab_size=size, **SIZES, **ids, **two)
        model, more = t.MarianMTModel, {"bad_words_ids": [[pad]]}
    else:
        start = tokenizer.convert_tokens_to_ids("ro_RO") if name == "mbart" else 2
        config = t.MBartConfig(vocab_size=size, **SIZES, decoder_start_token_id=start)
        model, more = t.MBartForConditionalGeneration, {}
    torch.manual_seed(0)
    made = model._from_config(config, attn_implementation="eager").eval()
    fill(made, 40 + len(name), 1.5)
    made.generation_config.update(**SEARCH, **more)
    return made


def written(model: torch.nn.Module, folder: Path) -> None:
    with tempfile.TemporaryDirectory() as path:
        model.save_pretrained(path)
        folder.mkdir(parents=True)
        for name in ("config.json", "generation_config.json"):
            shutil.copy(Path(path) / name, folder / name)
    seen, tensors = set(), {}
    for name, value in model.state_dict().items():
        if value.data_ptr() in seen or "embed_positions" in name and model.config.model_type == "marian":
            continue
        seen.add(value.data_ptr())
        tensors[name] = value.half().contiguous()
        assert torch.equal(value.half().float(), value), name
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})


@torch.no_grad()
def translated(name: str, tokenizer, model, languages: tuple, text: str) -> dict:
    source, target = languages
    forced = {}
    if name in ("mbart", "mbart50"):
        tokenizer.src_lang = source or CASES[name]["tokenizer_config.json"]["src_lang"]
        if target:
            key = "decoder_start_token_id" if name == "mbart" else "forced_bos_token_id"
            forced[key] = tokenizer.convert_tokens_to_ids(target)
    code = f">>{target}<< " if name == "marian" and target else ""
    found = model.generate(**tokenizer(code + text, return_tensors="pt"), **forced)[0].tolist()
    return {
        "source": source, "target": target, "text": text, "ids": found[1:],
        "translation": tokenizer.decode(found, skip_special_tokens=True),
    }  # fmt: skip


@torch.no_grad()
def likelihood(name: str, tokenizer, model) -> dict:
    """Of the target's own tokens: nats of those that are not special."""
    if name in ("mbart", "mbart50"):
        tokenizer.src_lang = CASES[name]["tokenizer_config.json"]["src_lang"]
    source = tokenizer(PAIR[0], return_tensors="pt")["input_ids"]
    labels = tokenizer(text_target=PAIR[1], return_tensors="pt")["input_ids"]
    log_p = model(input_ids=source, labels=labels).logits[0].double().log_softmax(-1)
    special = set(tokenizer.all_special_ids) - {tokenizer.unk_token_id}
    rows = [(row, id) for row, id in enumerate(labels[0].tolist()) if id not in special]
    return {"source": PAIR[0], "target": PAIR[1], "tokens": len(rows), "nll": -sum(log_p[row, id].item() for row, id in rows)}


def main() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    content = {}
    for name, pairs in LANGUAGES.items():
        with tempfile.TemporaryDirectory() as path:
            folder = Path(path)
            make_folder(CASES[name], folder)
            if name == "two_vocabularies":
                vocabulary = json.loads((folder / "vocab.json").read_text())
                (folder / "target_vocab.json").write_text(json.dumps(reversed_ids(vocabulary)))
            tokenizer = t.AutoTokenizer.from_pretrained(folder)
            model = model_of(name, tokenizer)
            written(model, FOLDER / name)
            rows = [translated(name, tokenizer, model, pair, text) for pair in pairs for text in TEXTS]
            content[name] = {"translations": rows, "likelihood": likelihood(name, tokenizer, model)}
    (FOLDER / "translations.json").write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    main()
