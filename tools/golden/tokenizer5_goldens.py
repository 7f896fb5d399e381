"""Writes tests/goldens/tokenizers5: tokenizers as transformers 5 saves them, and what they do with hostile lines.

    python tokenizer5_goldens.py [NAME...]

Needs transformers 5, sentencepiece and rjieba. `NAME/` is the folder (tokenizer.json on one line), `NAME/blocks.txt` has a row
of fingerprints for 32 texts each of the first 922 of tests/goldens/tokenizers/lines.jsonl, as
`tokenizer_goldens.py` describes them, and `samples.json` spells a few lines and pairs out.
"""

import json
import logging
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import transformers

import tokenizer5_vocabularies as make
import tokenizer_goldens as goldens
import tokenizer_references as references

FOLDER = goldens.SOURCE / "tests" / "goldens" / "tokenizers5"
LINES = 922
PIECES = "sentencepiece.bpe.model"


@dataclass(frozen=True)
class Tokenizer:
    name: str
    files: Callable[[Path], None]
    config: dict = field(default_factory=dict)  # tokenizer_config.json before it is saved anew
    model_type: str = ""
    slow: bool = False
    after: Callable[[Path], None] | None = None  # changes of what was saved


def pieces(name: str, **options) -> Callable[[Path], None]:
    return lambda folder: make.sentence_pieces(folder, name, **options)


LLAMA = pieces("tokenizer.model", model_type="bpe", byte_fallback=True, vocab_size=420)


def llama(begins: bool, ends: bool) -> Tokenizer:
    name = {(True, False): "begin", (True, True): "both", (False, True): "end", (False, False): "none"}[begins, ends]
    return Tokenizer(f"llama-{name}", LLAMA, {"tokenizer_class": "LlamaTokenizer", "add_bos_token": begins, "add_eos_token": ends})


def named(name: str, files: Callable, kind: str, **config) -> Tokenizer:
    return Tokenizer(name, files, {"tokenizer_class": kind} | config)


def as_dictionary(folder: Path) -> None:
    """As 4.49 writes tokens that a model names."""
    file = folder / "tokenizer_config.json"
    config = json.loads(file.read_text())
    config["extra_special_tokens"] = {"entity_token": "<Ent>", "place_token": "<Place>"}
    config.pop("model_specific_special_tokens", None)
    file.write_text(json.dumps(config, indent=2) + "\n")


ALBERT = {"pad_id": 0, "unk_id": 1, "bos_id": -1, "eos_id": -1, "control_symbols": "[CLS],[SEP],[MASK]"}
DEBERTA = {
    "pad_id": 0, "bos_id": 1, "eos_id": 2, "unk_id": 3, "pad_piece": "[PAD]", "bos_piece": "[CLS]", "eos_piece": "[SEP]",
    "unk_piece": "[UNK]", "user_defined_symbols": "[X],the",
}  # fmt: skip
PHI = {str(index): {"content": text, "special": True, "normalized": False, "lstrip": False, "rstrip": index == 421, "single_word": False}
       for index, text in enumerate(("<|endoftext|>", "<|user|>", "<|end|>"), start=420)}  # fmt: skip
THOUGHTS = {str(index): {"content": text, "special": special, "normalized": False, "lstrip": False, "rstrip": False, "single_word": False}
            for index, (text, special) in enumerate((("<|im_end|>", True), ("<think>", False), ("</think>", False)), start=330)}  # fmt: skip
LANGUAGES = ["__en__", "__fr__", "__de__"]
TOKENIZERS = [
    named("bert", make.word_pieces, "BertTokenizer"),
    named("bert-cased", make.word_pieces, "BertTokenizer", do_lower_case=False, strip_accents=True, tokenize_chinese_chars=False),
    named("bert-extra-list", make.word_pieces, "BertTokenizer", extra_special_tokens=["<Ent>", "<Place>"]),
    Tokenizer("bert-extra-dictionary", make.word_pieces, {"tokenizer_class": "BertTokenizer"}, after=as_dictionary),
    named("electra", make.word_pieces, "ElectraTokenizer"),
    named("roformer", make.word_pieces, "RoFormerTokenizer"),  # without jieba's words
    named("nomic-bert", make.word_pieces, "BertTokenizer", model_max_length=8192, clean_up_tokenization_spaces=True),
    named("jina-bert", make.word_pieces, "BertTokenizer", model_max_length=2147483648, do_lower_case=False),
    named("gte", pieces(PIECES), "XLMRobertaTokenizer", model_max_length=32768),
    named("distilbert", make.word_pieces, "DistilBertTokenizer", padding_side="left", truncation_side="left"),
    named("mpnet", lambda folder: make.word_pieces(folder, ("<s>", "<pad>", "</s>", "[UNK]", "<mask>")), "MPNetTokenizer"),
    Tokenizer("esm", make.proteins, {"tokenizer_class": "EsmTokenizer"}, slow=True),
    named("gpt2", make.byte_level, "GPT2Tokenizer"),
    named("gpt2-space", make.byte_level, "GPT2Tokenizer", add_prefix_space=True),
    named("roberta", make.byte_level, "RobertaTokenizer"),
    named("roberta-space", make.byte_level, "RobertaTokenizer", add_prefix_space=True, trim_offsets=False),
    named("longformer", make.byte_level, "LongformerTokenizer", model_max_length=4096),
    named("bloom", make.bloom, "BloomTokenizerFast", padding_side="left", bos_token="<s>", eos_token="</s>", pad_token="<pad>"),
    named("deberta", make.byte_level, "DebertaTokenizer"),
    named("qwen2", make.byte_level, "Qwen2Tokenizer"),
    named("qwen3", make.byte_level, "Qwen2Tokenizer", added_tokens_decoder=THOUGHTS, eos_token="<|im_end|>"),
    Tokenizer("olmo2", make.split_first, {"tokenizer_class": "GPT2Tokenizer", "eos_token": "<|endoftext|>"}, model_type="olmo2"),
    named("smollm3", lambda folder: make.split_first(folder, "<s>"), "PreTrainedTokenizerFast", bos_token="<s>", eos_token="</s>"),
    named("neox", make.byte_level, "GPTNeoXTokenizer"),
    named("neox-begin", make.byte_level, "GPTNeoXTokenizer", add_bos_token=True),  # in the file alone: the class goes without
    named("gpt", make.gpt, "OpenAIGPTTokenizer"),
    *(llama(begins, ends) for begins in (True, False) for ends in (True, False)),
    named("llama-not-legacy", LLAMA, "LlamaTokenizer", legacy=False, add_prefix_space=False),
    named("phi3", LLAMA, "LlamaTokenizer", add_bos_token=False, added_tokens_decoder=PHI, eos_token="<|endoftext|>", pad_token="<|endoftext|>"),
    named("gemma", LLAMA, "GemmaTokenizer", add_bos_token=True),
    named("t5", pieces("spiece.model", pad_id=0, eos_id=1, unk_id=2, bos_id=-1), "T5Tokenizer", extra_ids=5),
    named("mt5", pieces("spiece.model", pad_id=0, eos_id=1, unk_id=2, bos_id=-1), "T5Tokenizer", extra_ids=0),
    named("albert", pieces("spiece.model", **ALBERT), "AlbertTokenizer"),
    named("xlnet", pieces("spiece.model", control_symbols="<cls>,<sep>,<pad>,<mask>,<eod>,<eop>"), "XLNetTokenizer", padding_side="left"),
    named("xlm-roberta", pieces(PIECES), "XLMRobertaTokenizer"),
    named("camembert", pieces(PIECES), "CamembertTokenizer"),
    named("deberta-v2", pieces("spm.model", **DEBERTA), "DebertaV2Tokenizer"),
    named("pegasus", pieces("spiece.model", pad_id=0, eos_id=1, unk_id=2, bos_id=-1), "PegasusTokenizer", offset=3),
    Tokenizer("byt5", lambda folder: None, {"tokenizer_class": "ByT5Tokenizer", "extra_ids": 7}, slow=True),
    named("mbart", pieces(PIECES), "MBartTokenizer", src_lang="en_XX", tgt_lang="ro_RO"),
    named("mbart-50", pieces(PIECES), "MBart50Tokenizer", src_lang="en_XX", tgt_lang="ro_RO"),
    named("nllb", pieces(PIECES), "NllbTokenizer", src_lang="fra_Latn", tgt_lang="eng_Latn", extra_special_tokens=["eng_Latn", "fra_Latn"]),
    Tokenizer(
        "m2m-100", lambda folder: make.translator(folder, ("sentencepiece.bpe.model",) * 2, [], ["<s>", "<pad>", "</s>", "<unk>"]),
        {"tokenizer_class": "M2M100Tokenizer", "src_lang": "en", "tgt_lang": "fr"}, slow=True,
    ),
    Tokenizer(
        "marian", lambda folder: make.translator(folder, ("source.spm", "target.spm"), [">>fra<<", ">>deu<<", "<pad>"], []),
        {"tokenizer_class": "MarianTokenizer", "source_lang": "en", "target_lang": "fra"}, slow=True,
    ),
]  # fmt: skip


class SlowReference:
    """A class that no fast one stands behind."""

    def __init__(self, folder: Path):
        self.tokenizer = transformers.AutoTokenizer.from_pretrained(folder)

    def encode(self, text: str) -> dict:
        return {"ids": self.tokenizer(text)["input_ids"]}

    def takes(self, text: str) -> bool:
        """Not where rounding chooses between cuts of equal probability."""
        model = getattr(self.tokenizer, "spm_source", getattr(self.tokenizer, "sp_model", None))
        best = model.nbest_encode(text, nbest_size=2, return_type="proto").nbests if model else []
        return len(best) < 2 or abs(best[0].score - best[1].score) > 1e-3

    decode = references.Reference.decode


def compact(folder: Path) -> None:
    """Writes the JSON files in fewer lines, and without the names of folders they came from."""
    for file in folder.glob("*.json"):
        document = json.loads(file.read_text())
        for key in ("vocab_file", "merges_file", "name_or_path", "tokenizer_file"):
            document.pop(key, None) if file.name == "tokenizer_config.json" else None
        indent = None if file.name in ("tokenizer.json", "vocab.json") else 2
        file.write_text(json.dumps(document, ensure_ascii=False, indent=indent) + "\n")
        file.chmod(0o644)


def save(tokenizer: Tokenizer, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory() as name:
        made = Path(name)
        tokenizer.files(made)
        (made / "tokenizer_config.json").write_text(json.dumps(tokenizer.config))
        if tokenizer.model_type:
            (made / "config.json").write_text(json.dumps({"model_type": tokenizer.model_type}))
        transformers.AutoTokenizer.from_pretrained(made).save_pretrained(folder)
    compact(folder)
    if tokenizer.after is not None:
        tokenizer.after(folder)


def main() -> None:
    logging.disable(logging.WARNING)
    texts = [json.loads(line) for line in (goldens.GOLDENS / "lines.jsonl").read_text().split("\n") if line][:LINES]
    references.AutoTokenizer = transformers.AutoTokenizer
    for tokenizer in TOKENIZERS:
        if sys.argv[1:] and tokenizer.name not in sys.argv[1:]:
            continue
        folder = FOLDER / tokenizer.name
        save(tokenizer, folder)
        reference = SlowReference(folder) if tokenizer.slow else references.Reference(folder)
        rows = [goldens.block(reference, texts[at : at + 32]) for at in range(0, len(texts), 32)]
        (folder / "blocks.txt").write_text("\n".join(rows) + "\n")
        spelled = {"reference": f"transformers {transformers.__version__}"} | goldens.samples(reference)
        (folder / "samples.json").write_text(json.dumps(spelled, ensure_ascii=False) + "\n")
        print(tokenizer.name, len(reference.tokenizer))


if __name__ == "__main__":
    main()
