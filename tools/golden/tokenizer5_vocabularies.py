"""Small vocabularies of every kind, for `tokenizer5_goldens.py`; trained anew each time on text made up here."""

import contextlib
import json
from pathlib import Path

import sentencepiece
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from tokenizer_files import NORMALIZATION, corpus

SPECIALS = ["<pad>", "<s>", "</s>", "<unk>", "<mask>", "<|endoftext|>", "[CLS]", "[SEP]", "[PAD]", "[UNK]", "[MASK]"]
PROTEINS = "<cls> <pad> <eos> <unk> L A G V S E R T I D P K Q N F Y M H W C X B U Z O . - <null_1> <mask>".split()
TEXT = corpus(60)


def sentence_pieces(folder: Path, name: str, **options) -> None:
    rules = folder / "rules.tsv"
    spelled = lambda text: " ".join(f"{ord(character):X}" for character in text)
    rules.write_text("".join(f"{spelled(key)}\t{spelled(value)}\n" for key, value in NORMALIZATION.items()))
    settings = {
        "vocab_size": 240, "character_coverage": 1.0, "hard_vocab_limit": False, "minloglevel": 2, "num_threads": 1,
        "model_type": "unigram", "normalization_rule_tsv": rules.name,
    }  # fmt: skip
    if options.get("byte_fallback"):
        settings["normalization_rule_name"] = "identity"
        del settings["normalization_rule_tsv"]
    model = folder / name
    with contextlib.chdir(folder):  # the model names its files
        sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(TEXT), model_prefix=Path(name).stem, **(settings | options))
    rules.unlink()
    model.with_suffix(".vocab").unlink()
    if model.suffix != ".model":
        model.with_suffix(".model").rename(model)


def byte_level(folder: Path) -> None:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(vocab_size=330, special_tokens=SPECIALS, show_progress=False, initial_alphabet=alphabet)
    tokenizer.train_from_iterator(TEXT, trainer)
    split(tokenizer, folder)


CL100K = r"""(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"""


BLOOM = r" ?[^(\s|[.,!?…。，、।۔،])]+"


def bloom(folder: Path) -> None:
    """tokenizer.json as BLOOM has it: words end before punctuation, spaces stay."""
    split_first(folder, expression=BLOOM)


def split_first(folder: Path, begins: str = "", expression: str = CL100K) -> None:
    """tokenizer.json as OLMo 2 and SmolLM3 have it: words by the expression of GPT-4, then bytes."""
    tokenizer = Tokenizer(models.BPE())
    words = pre_tokenizers.Split(Regex(expression), behavior="isolated")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([words, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(vocab_size=330, special_tokens=SPECIALS, show_progress=False, initial_alphabet=alphabet)
    tokenizer.train_from_iterator(TEXT, trainer)
    if begins:
        first = [(begins, tokenizer.token_to_id(begins))]
        tokenizer.post_processor = processors.TemplateProcessing(single=f"{begins} $A", pair=f"{begins} $A {begins} $B", special_tokens=first)
    tokenizer.save(str(folder / "tokenizer.json"))


def split(tokenizer: Tokenizer, folder: Path) -> None:
    """vocab.json and merges.txt."""
    model = json.loads(tokenizer.to_str())["model"]
    (folder / "vocab.json").write_text(json.dumps(model["vocab"], ensure_ascii=False))
    merges = [merge if isinstance(merge, str) else " ".join(merge) for merge in model["merges"]]
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n")


def gpt(folder: Path) -> None:
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizers.BertNormalizer(lowercase=True), pre_tokenizers.BertPreTokenizer()
    trainer = trainers.BpeTrainer(vocab_size=300, special_tokens=["<unk>"], end_of_word_suffix="</w>", show_progress=False)
    tokenizer.train_from_iterator(TEXT, trainer)
    split(tokenizer, folder)


def word_pieces(folder: Path, special: tuple[str, ...] = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")) -> None:
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizers.BertNormalizer(lowercase=False), pre_tokenizers.BertPreTokenizer()
    tokenizer.train_from_iterator(TEXT, trainers.WordPieceTrainer(vocab_size=260, special_tokens=list(special), show_progress=False))
    pieces = sorted(tokenizer.get_vocab(), key=tokenizer.get_vocab().get)
    (folder / "vocab.txt").write_text("\n".join(pieces) + "\n")


def proteins(folder: Path) -> None:
    (folder / "vocab.txt").write_text("\n".join(PROTEINS) + "\n")


def translator(folder: Path, names: tuple[str, str], last: list[str], first: list[str]) -> None:
    """Two models of pieces, or one, and a file of all names."""
    for name in dict.fromkeys(names):
        sentence_pieces(folder, name, eos_id=0, unk_id=1, bos_id=-1, pad_id=-1)
    pieces = []
    for name in dict.fromkeys(names):
        model = sentencepiece.SentencePieceProcessor(model_file=str(folder / name))
        pieces += [model.id_to_piece(index) for index in range(model.get_piece_size())]
    every = list(dict.fromkeys([*first, *pieces, *last]))
    (folder / "vocab.json").write_text(json.dumps({name: index for index, name in enumerate(every)}, ensure_ascii=False))
