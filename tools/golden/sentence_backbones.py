"""Tiny models with tokenizers of their own, for the folders of sentence-transformers."""

import string
from pathlib import Path

import torch
import transformers as t
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors

from weights import fill

WORDS = "the a of word position is in text query document hello world long short token red blue not and how far".split()
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
MERGES = ["t h", "th e", "Ġ the", "o r", "w or", "Ġ t", "i n", "e r", "Ġ a", "Ġ w"]


def word_pieces() -> list[str]:
    letters = [*string.ascii_lowercase[:16], ".", ",", ":"]
    return list(dict.fromkeys([*SPECIAL, *WORDS, *letters, *(f"##{letter}" for letter in string.ascii_lowercase[:12])]))


def written(folder: Path, model: torch.nn.Module, tokenizer, seed: int, gain: float = 1.5) -> Path:
    fill(model, seed, gain)
    model.eval().save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    tokenizer.save_pretrained(folder)
    return folder


def bert_tokenizer(folder: Path, kind: type = t.BertTokenizerFast, **settings):
    file = folder / "words.txt"
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(word_pieces()) + "\n")
    tokenizer = kind(str(file), **({"model_max_length": 40, "do_lower_case": True} | settings))
    file.unlink()
    return tokenizer


def bert(folder: Path, kind: type = t.BertModel, seed: int = 1, tokenizer: dict | None = None, **changes) -> Path:
    config = t.BertConfig(**({
        "vocab_size": len(word_pieces()), "hidden_size": 12, "num_hidden_layers": 1, "num_attention_heads": 3,
        "intermediate_size": 11, "max_position_embeddings": 40, "type_vocab_size": 2,
    } | changes))  # fmt: skip
    return written(folder, kind(config), bert_tokenizer(folder, **(tokenizer or {})), seed)


def bert_of_no_class(folder: Path, kind: type, **changes) -> Path:
    """Its tokenizer's class hands types of tokens to the model in transformers 4 and not in 5."""
    own = bert_tokenizer(folder)
    roles = ("unk_token", "sep_token", "pad_token", "cls_token", "mask_token")
    settings = {role: getattr(own, role) for role in roles} | {"model_max_length": 40}
    bert(folder, kind, **changes)
    t.PreTrainedTokenizerFast(tokenizer_object=own.backend_tokenizer, **settings).save_pretrained(folder)
    return folder


def roberta(folder: Path, kind: type = t.RobertaModel, seed: int = 2, **changes) -> Path:
    """Its positions begin at 2: 34 rows of its table serve 32 tokens."""
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    tokenizer = byte_pairs(special, "<s>", "</s>", "$A")
    fast = t.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", cls_token="<s>", sep_token="</s>", pad_token="<pad>",
        unk_token="<unk>", mask_token="<mask>", model_max_length=32, model_input_names=NAMES,
    )  # fmt: skip
    config = t.RobertaConfig(**({
        "vocab_size": tokenizer.get_vocab_size(), "hidden_size": 12, "num_hidden_layers": 1, "num_attention_heads": 3,
        "intermediate_size": 16, "max_position_embeddings": 34, "type_vocab_size": 1, "layer_norm_eps": 1e-5,
    } | changes))  # fmt: skip
    return written(folder, kind(config), fast, seed)


NAMES = ["input_ids", "attention_mask"]  # no token types


def byte_pairs(special: list[str], begin: str | None, end: str | None, middle: str) -> Tokenizer:
    """Bytes, a few merges and special tokens; `begin` and `end` stand around each text, and between two."""
    pieces = [*special, *sorted(pre_tokenizers.ByteLevel.alphabet()), *(merge.replace(" ", "") for merge in MERGES)]
    vocabulary = {piece: index for index, piece in enumerate(dict.fromkeys(pieces))}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[tuple(merge.split()) for merge in MERGES]))
    tokenizer.pre_tokenizer, tokenizer.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    tokenizer.add_special_tokens(special)
    parts = [part for part in (begin, middle, end) if part]
    pair = [part for part in (begin, "$A", end, end and begin and end, "$B", end) if part]
    used = [(token, vocabulary[token]) for token in {begin, end} - {None}]
    tokenizer.post_processor = processors.TemplateProcessing(single=" ".join(parts), pair=" ".join(pair), special_tokens=used)
    return tokenizer


SIZES = {
    "hidden_size": 12, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 3, "num_key_value_heads": 1,
    "head_dim": 4, "max_position_embeddings": 64,
}  # fmt: skip


def qwen3(folder: Path, kind: type | None = None, seed: int = 3, end: bool = True, **changes) -> Path:
    """As its embedding form: an end token after each text, whose row is taken."""
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    tokenizer = byte_pairs(special, None, special[0] if end else None, "$A")
    fast = t.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token=special[2], pad_token=special[0], padding_side="left", model_max_length=48, model_input_names=NAMES,
    )
    config = t.Qwen3Config(vocab_size=tokenizer.get_vocab_size(), **(SIZES | {"eos_token_id": 2, "pad_token_id": 0} | changes))
    return written(folder, (kind or t.Qwen3Model)(config), fast, seed)


def gemma3(folder: Path, seed: int = 4) -> Path:
    """As EmbeddingGemma: it sees both sides, and windows of some layers are narrow."""
    special = ["<pad>", "<eos>", "<bos>", "<unk>"]
    tokenizer = byte_pairs(special, "<bos>", "<eos>", "$A")
    fast = t.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<bos>", eos_token="<eos>", pad_token="<pad>", unk_token="<unk>", model_max_length=48, model_input_names=NAMES,
    )
    config = t.Gemma3TextConfig(
        vocab_size=tokenizer.get_vocab_size(), use_bidirectional_attention=True, sliding_window=8, query_pre_attn_scalar=4,
        layer_types=["sliding_attention", "full_attention"], **(SIZES | {"num_hidden_layers": 2}),
    )  # fmt: skip
    return written(folder, t.Gemma3TextModel(config), fast, seed)


def t5(folder: Path, seed: int = 5) -> Path:
    """As sentence-t5: the encoder alone."""
    special = ["<pad>", "</s>", "<unk>"]
    tokenizer = byte_pairs(special, None, "</s>", "$A")
    fast = t.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token="</s>", pad_token="<pad>", unk_token="<unk>", model_max_length=48, model_input_names=NAMES,
    )  # fmt: skip
    config = t.T5Config(
        vocab_size=tokenizer.get_vocab_size(), d_model=12, d_kv=5, d_ff=16, num_layers=1, num_heads=3,
        feed_forward_proj="gated-gelu", relative_attention_num_buckets=8, relative_attention_max_distance=20,
    )  # fmt: skip
    return written(folder, t.T5EncoderModel(config), fast, seed, gain=1.2)
