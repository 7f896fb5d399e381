"""Trains the one SentencePiece vocabulary of all models and writes its Hugging Face twin.

    python vocabulary.py --corpus ~/.cache/locus/corpus

Makes tokenizer.model (SentencePiece BPE) and tokenizer.json (the same merges for the tokenizers
library) in <corpus>/vocabulary, then checks on hostile lines that both give the same ids.
"""

import argparse
import json
import random
from pathlib import Path

import sentencepiece
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers
from transformers import AutoTokenizer

import prepare

SIZE = 4096
SENTINELS = [f"<extra_id_{i}>" for i in range(32)]
CONTROLS = {"pad": "<pad>", "bos": "<s>", "eos": "</s>", "unk": "<unk>"}
SYMBOLS = ["<mask>", "<cls>", "<sep>", *SENTINELS]
PAD, BOS, EOS, UNK, MASK, CLS, SEP, FIRST_SENTINEL = range(8)
FIRST_PIECE = FIRST_SENTINEL + len(SENTINELS)  # the bytes, then what was learned
SPECIAL = {"pad_token_id": PAD, "bos_token_id": BOS, "eos_token_id": EOS}  # in a config
SPACE = "\u2581"  # SentencePiece's stand-in for a space


def train(texts: list[str], prefix: Path) -> None:
    """Byte-pair encoding with byte fallback; nothing is normalised, so nothing is lost."""
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=(line for text in texts for line in text.split("\n")),
        model_prefix=str(prefix),
        model_type="bpe",
        vocab_size=SIZE,
        byte_fallback=True,
        character_coverage=0.9999,
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        add_dummy_prefix=False,
        pad_id=PAD,
        bos_id=BOS,
        eos_id=EOS,
        unk_id=UNK,
        **{f"{name}_piece": piece for name, piece in CONTROLS.items()},
        user_defined_symbols=SYMBOLS,
        max_sentence_length=100_000,
        num_threads=1,
        minloglevel=1,
    )
    prefix.with_suffix(".vocab").unlink()


def merges_of(model: sentencepiece.SentencePieceProcessor) -> list[tuple[str, str]]:
    """Every split of every learned piece into two pieces, best piece first."""
    count = model.get_piece_size()
    rank = {model.id_to_piece(i): i for i in range(count)}
    merges = []
    for i in range(FIRST_PIECE, count):
        piece = model.id_to_piece(i)
        if model.is_byte(i):
            continue
        splits = [(piece[:cut], piece[cut:]) for cut in range(1, len(piece))]
        known = [split for split in splits if split[0] in rank and split[1] in rank]
        merges += sorted(known, key=lambda split: (rank[split[0]], rank[split[1]]))
    return merges


def twin(model: sentencepiece.SentencePieceProcessor) -> Tokenizer:
    """The tokenizers-library form of a SentencePiece BPE model."""
    vocabulary = {model.id_to_piece(i): i for i in range(model.get_piece_size())}
    tokenizer = Tokenizer(
        models.BPE(
            vocabulary,
            merges_of(model),
            unk_token=CONTROLS["unk"],
            byte_fallback=True,
            fuse_unk=True,
        )
    )
    tokenizer.normalizer = normalizers.Replace(" ", SPACE)
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace(SPACE, " "), decoders.ByteFallback(), decoders.Fuse()]
    )
    special = [*CONTROLS.values(), *SYMBOLS]
    tokenizer.add_special_tokens([AddedToken(s, normalized=False, special=True) for s in special])
    return tokenizer


def write_folder(folder: Path) -> None:
    """tokenizer.json and its two small companions beside tokenizer.model."""
    model = sentencepiece.SentencePieceProcessor(model_file=str(folder / "tokenizer.model"))
    twin(model).save(str(folder / "tokenizer.json"))
    names = {f"{name}_token": piece for name, piece in CONTROLS.items()}
    names |= {"mask_token": "<mask>", "cls_token": "<cls>", "sep_token": "<sep>"}
    special = {**names, "additional_special_tokens": SENTINELS}
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": 256,
        "clean_up_tokenization_spaces": False,
        **special,
    }
    for name, content in (("tokenizer_config", config), ("special_tokens_map", special)):
        (folder / f"{name}.json").write_text(json.dumps(content, indent=2) + "\n")


def hostile_lines(texts: list[str], count: int, seed: int = 1) -> list[str]:
    """Corpus lines, and random mixtures of scripts, emoji, white space and repeated letters."""
    rng = random.Random(seed)
    lines = [line for text in texts for line in text.split("\n")]
    atoms = [
        "\n",
        "\t",
        "  ",
        "   ",
        "\r\n",
        "\u00a0",
        "\u3000",
        "\u200d",
        "aaaaaaa",
        "xyxyxyxy",
        "____",
    ]
    atoms += [
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "\U0001f600",
        "中文句子。",
        "日本語",
        "한국어",
        "e\u0301",
    ]
    atoms += [
        "<mask>",
        "<extra_id_7>",
        "</",
        "<0x41>",
        "\u2028",
        "ß",
        "Ω",
        "123456",
        "0.5",
        "--",
        "https://",
    ]
    ranges = [
        (0x20, 0x7E),
        (0xA1, 0x17F),
        (0x370, 0x3FF),
        (0x400, 0x4FF),
        (0x4E00, 0x9FFF),
        (0x1F300, 0x1F5FF),
    ]
    hostile = []
    for _ in range(count // 2):
        parts = []
        for _ in range(rng.randint(1, 20)):
            low, high = rng.choice(ranges)
            parts.append(
                rng.choice([rng.choice(atoms), chr(rng.randint(low, high)), rng.choice(lines)[:30]])
            )
        hostile.append("".join(parts))
    return rng.sample(lines, count - len(hostile)) + hostile


def check(folder: Path, lines: list[str]) -> None:
    """Both tokenizers give the same ids, and the ids give the text back."""
    model = sentencepiece.SentencePieceProcessor(model_file=str(folder / "tokenizer.model"))
    tokenizer = AutoTokenizer.from_pretrained(folder)
    for line in lines:
        expected = model.encode(line)
        found = tokenizer(line, add_special_tokens=False)["input_ids"]
        if expected != found:
            raise ValueError(f"tokenizers differ on {line!r}: {expected} and {found}")
        if model.decode(expected) != line or tokenizer.decode(found) != line:
            raise ValueError(f"not given back: {line!r}")
    print(f"{len(lines)} lines: the same ids from both, every line given back")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=prepare.DEFAULT_CORPUS)
    corpus = parser.parse_args().corpus
    folder = corpus / "vocabulary"
    folder.mkdir(exist_ok=True)
    train(prepare.texts(corpus, "train"), folder / "tokenizer")
    write_folder(folder)
    check(folder, hostile_lines(prepare.texts(corpus, "validation"), 4000))


if __name__ == "__main__":
    main()
