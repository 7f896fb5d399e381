"""Writes two goldens of models5 once more, in the form in which such models were published before transformers had them.

    python published_forms.py tests/goldens

The values are those of `gte/bare` and `nomic-bert/bare`; names of weights and keys of the config are other.
"""

import argparse
import json
import shutil
from pathlib import Path

from safetensors.torch import safe_open, save_file

NEW = {  # Alibaba's `new`, beside what it calls as transformers does
    "model_type": "new", "architectures": ["NewModel"], "position_embedding_type": "rope", "layer_norm_type": "layer_norm",
    "pack_qkv": True, "unpad_inputs": False, "use_memory_efficient_attention": False, "logn_attention_scale": False,
    "logn_attention_clip1": False, "rope_scaling": None, "torch_dtype": "float32", "transformers_version": "4.41.2",
}  # fmt: skip
NOMIC = {  # of contrastors, whose configs are GPT-2's with more
    "model_type": "nomic_bert", "architectures": ["NomicBertModel"], "activation_function": "gelu", "causal": False,
    "fused_bias_fc": True, "fused_dropout_add_ln": True, "mlp_fc1_bias": False, "mlp_fc2_bias": False, "qkv_proj_bias": False,
    "pad_vocab_size_multiple": 1, "parallel_block": False, "parallel_block_tied_norm": False, "prenorm": False,
    "rotary_emb_fraction": 1.0, "rotary_emb_interleaved": False, "rotary_emb_scale_base": None, "rotary_scaling_factor": None,
    "scale_attn_by_inverse_layer_idx": False, "scale_attn_weights": True, "reorder_and_upcast_attn": False,
    "sequence_parallel": False, "use_flash_attn": True, "use_rms_norm": False, "use_xentropy": True, "max_trained_positions": 2048,
    "summary_type": "cls_index", "summary_use_proj": True, "summary_activation": None, "summary_first_dropout": 0.1,
    "summary_proj_to_labels": True, "attn_pdrop": 0.0, "resid_pdrop": 0.0, "embd_pdrop": 0.0, "tie_word_embeddings": True,
    "bos_token_id": None, "eos_token_id": None, "torch_dtype": "float32", "transformers_version": "4.37.2",
}  # fmt: skip
NOMIC_NAMES = {
    "vocab_size": "vocab_size", "n_embd": "hidden_size", "n_layer": "num_hidden_layers", "n_head": "num_attention_heads",
    "n_inner": "intermediate_size", "n_positions": "max_position_embeddings", "layer_norm_epsilon": "layer_norm_eps",
    "type_vocab_size": "type_vocab_size", "initializer_range": "initializer_range",
}  # fmt: skip


def gte(config: dict) -> dict:
    shared = ("vocab_size hidden_size num_hidden_layers num_attention_heads intermediate_size hidden_act hidden_dropout_prob"
              " attention_probs_dropout_prob max_position_embeddings type_vocab_size initializer_range layer_norm_eps pad_token_id"
              " classifier_dropout").split()  # fmt: skip
    return NEW | {key: config[key] for key in shared} | {"rope_theta": config["rope_parameters"]["rope_theta"]}


def nomic(config: dict) -> dict:
    named = {key: config[name] for key, name in NOMIC_NAMES.items()}
    gate = {"gelu": "geglu", "silu": "swiglu"}[config["hidden_act"]]
    return NOMIC | named | {"activation_function": gate, "rotary_emb_base": config["rope_parameters"]["rope_theta"]}


def write(folder: Path, source: str, target: str, rewrite, prefix: str) -> None:
    source, target = folder / "models5" / source, folder / "models5" / target
    target.mkdir(exist_ok=True)
    config = rewrite(json.loads((source / "config.json").read_text()))
    (target / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    with safe_open(source / "model.safetensors", "pt") as stored:
        tensors = {prefix + name: stored.get_tensor(name) for name in sorted(stored.keys())}
    save_file(tensors, target / "model.safetensors", {"format": "pt"})
    shutil.copy(source / "golden.safetensors", target)
    (target / "model.safetensors").chmod(0o644)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    write(folder, "gte/bare", "gte/published", gte, "")
    write(folder, "nomic-bert/bare", "nomic-bert/published", nomic, "")


if __name__ == "__main__":
    main()
