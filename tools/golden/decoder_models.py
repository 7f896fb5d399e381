"""The tiny models of decoders and encoder-decoders that `parity_models.py` does not have."""

import transformers as t

from parity_models import POSITIONS, VOCABULARY, TinyModel

GROUPED = {
    "vocab_size": VOCABULARY, "num_hidden_layers": 2, "hidden_size": 24, "intermediate_size": 37,
    "num_attention_heads": 6, "num_key_value_heads": 2, "max_position_embeddings": POSITIONS,
}  # fmt: skip


def mistral(**changes) -> t.MistralConfig:
    return t.MistralConfig(**(GROUPED | changes))


def qwen2(**changes) -> t.Qwen2Config:
    return t.Qwen2Config(**(GROUPED | {"eos_token_id": 2} | changes))


DECODERS = [
    TinyModel(
        "mistral", t.MistralForCausalLM,
        mistral(hidden_size=60, intermediate_size=67, head_dim=8, sliding_window=11, rms_norm_eps=1e-3),
        generates=True,
    ),
    TinyModel(
        "mistral-open", t.MistralModel,
        mistral(sliding_window=None, rope_theta=700.0, hidden_act="gelu_new"),
    ),
    TinyModel("qwen2", t.Qwen2ForCausalLM, qwen2(hidden_size=60, intermediate_size=67), generates=True),
    TinyModel(
        "qwen2-sliding", t.Qwen2ForCausalLM,
        qwen2(use_sliding_window=True, sliding_window=7, max_window_layers=0, tie_word_embeddings=True),
        generates=True,
    ),
]  # fmt: skip
