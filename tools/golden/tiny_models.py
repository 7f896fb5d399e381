"""Tiny seeded models whose every term matters: weights are far wider than those of a fresh model."""

from pathlib import Path

import torch
from torch import nn
from transformers import (
    BertConfig,
    BertForMaskedLM,
    GPT2Config,
    GPT2LMHeadModel,
    T5Config,
    T5ForConditionalGeneration,
)

VOCABULARY = 40


def widen(module: nn.Module, seed: int, scale: float) -> nn.Module:
    """Draws all weights anew, norms near 1."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, weight in sorted(module.named_parameters()):
            noise = torch.randn(weight.shape, generator=generator)
            is_gain = weight.ndim == 1 and not name.endswith("bias")
            weight.copy_(1 + 0.2 * noise if is_gain else scale * noise)
    module.tie_weights()
    return module.eval()


def gpt2(end: int | None = None) -> GPT2LMHeadModel:
    config = GPT2Config(
        vocab_size=VOCABULARY, n_positions=48, n_embd=20, n_layer=2, n_head=4, n_inner=32,
        bos_token_id=0, eos_token_id=end, pad_token_id=1,
    )  # fmt: skip
    return widen(GPT2LMHeadModel(config), 2, 0.35)


def t5(end: int | None = None) -> T5ForConditionalGeneration:
    config = T5Config(
        vocab_size=VOCABULARY, d_model=15, d_kv=4, d_ff=24, num_layers=2, num_heads=3,
        relative_attention_num_buckets=8, relative_attention_max_distance=20, dropout_rate=0.0,
        feed_forward_proj="gated-gelu", tie_word_embeddings=False,
        pad_token_id=0, decoder_start_token_id=0, eos_token_id=end,
    )  # fmt: skip
    return widen(T5ForConditionalGeneration(config), 6, 0.3)


def bert() -> BertForMaskedLM:
    config = BertConfig(
        vocab_size=VOCABULARY, hidden_size=20, num_hidden_layers=2, num_attention_heads=4,
        intermediate_size=32, max_position_embeddings=24, pad_token_id=0,
    )  # fmt: skip
    return widen(BertForMaskedLM(config), 3, 0.3)


def save(module: nn.Module, folder: Path) -> None:
    """config.json and model.safetensors alone."""
    module.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
