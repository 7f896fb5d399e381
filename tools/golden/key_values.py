"""Other legal values for a key of a config, for `key_effects.py`."""

import re

ACTIVATION = re.compile(r"(^|_)(act|afn|activation)(_|$)|activation_function|hidden_activation")
ROTATIONS = (
    {"rope_type": "linear", "factor": 3.0}, {"type": "dynamic", "factor": 3.0}, {"rope_type": "default", "rope_theta": 77.0},
)  # fmt: skip
BY_NAME = {
    "position_embedding_type": ["relative_key", "relative_key_query", "rotary", "absolute"],
    "problem_type": ["regression", "multi_label_classification", "single_label_classification"],
    "classifier_pooling": ["mean", "cls"],
    "feed_forward_proj": ["relu", "gated-silu", "gated-gelu"],
    "attn_type": ["uni", "bi"],
    "summary_type": ["last", "first", "mean", "cls_index"],
    "summary_activation": ["tanh", None],
    "pos_att_type": [["c2p"], ["p2c"], []],
    "norm_type": ["rms_norm", "layer_norm"],
    "attention_types": [[[["local"], 2]], [[["global"], 2]], [[["local", "global"], 1]]],
    "attention_layers": [["local", "local"], ["global", "global"]],
    "layer_types": [["full_attention"], ["sliding_attention"], ["sliding_attention", "full_attention"], ["full_attention"] * 2, ["sliding_attention"] * 2],
    "dtype": ["float16", "bfloat16"],
    "torch_dtype": ["float16", "bfloat16"],
    "rope_parameters": [*ROTATIONS, {"full_attention": ROTATIONS[2], "sliding_attention": ROTATIONS[2]}],
    "rope_scaling": [*ROTATIONS],
    "pruned_heads": [{"0": [0]}],
    "per_layer_config": [{"0": {"intermediate_size": 11}}, {"0": {"hidden_act": "relu"}}],
    "quantization_config": [{"quant_method": "bitsandbytes", "load_in_8bit": True}],
    "norm_rel_ebd": ["layer_norm", "none"],
    "early_stopping": [True, "never"],
    "bad_words_ids": [[[id_] for id_ in range(20, 60)]],
    "suppress_tokens": [list(range(20, 60))],
    "begin_suppress_tokens": [list(range(20, 60))],
    "sequence_bias": [[[[id_], -9.0] for id_ in range(20, 60)]],
    "forced_decoder_ids": [[[1, 7]]],
    "exponential_decay_length_penalty": [[1, 2.0]],
    "stop_strings": ["a"],
    "id2label": [{"0": "a", "1": "b"}, {"0": "a", "1": "b", "2": "c"}],
    "label2id": [{"a": 0, "b": 1}],
    "num_labels": [1, 2, 3, 4],
    "experts_implementation": ["eager"],
    "attn_implementation": ["sdpa"],
    "cache_implementation": ["dynamic"],
}  # fmt: skip
UNKNOWN = (True, False, 1, 3, 0.5, "x", [1], {"a": 1})


def numbers(value: int | float) -> list:
    if isinstance(value, int):
        return [value + 1, value - 1, 2 * value, 0, 1]
    return [2 * value + 0.1, value / 2, 0.0, 1.0]


def others(key: str, value, count: int) -> list:
    """Values to try instead of one; most are legal, and one that changes nothing tells of all."""
    name = key.rpartition(".")[2]
    if name in BY_NAME:
        found = BY_NAME[name]
    elif ACTIVATION.search(name):
        found = ["relu", "silu", "gelu_new", "tanh"]
    elif name.endswith(("token_id", "token_index")):
        found = [0, 5, 9, count - 1]
    elif isinstance(value, bool):
        found = [not value]
    elif isinstance(value, (int, float)):
        found = numbers(value)
    elif isinstance(value, list):
        found = [value[::-1], value[:-1], [2 * item if isinstance(item, (int, float)) else item for item in value]]
    elif isinstance(value, str):
        found = ["x", ""]
    else:
        found = list(UNKNOWN)
    return [other for other in found if other != value or type(other) is not type(value)]
