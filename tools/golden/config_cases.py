"""Writes tests/goldens/config_cases.json: configs that were changed, with the numbers that then come out.

    python config_cases.py tests/goldens [--only PART_OF_A_NAME]    # once by each version: adds to the file

`model` is a folder of `models` or `models5`, `config` what is changed in its config.json, `removed` the keys that are
taken out, `ids` one text (its first nine are the decoder's); for each version `last` has the first six values of the
main output's last row, or `error` says what the reference raised. Where it warns of a contradiction and goes on, it
is here what it goes on with.
"""

import argparse
import copy
import json
import logging
import shutil
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

import torch
import transformers

from reference import IS_5, VERSION

SHORT = [20, 22, 26, 16, 13, 27, 17, 9, 18, 16, 13, 11, 13, 22, 17, 10, 21, 27, 13, 23]
BEYOND = [3 + (7 * index) % 90 for index in range(130)]
BOTH, FIVE = ("4.49", "5."), ("5.",)


@dataclass(frozen=True)
class Case:
    name: str
    model: str  # below tests/goldens
    config: dict
    removed: tuple[str, ...] = ()
    ids: tuple[int, ...] = tuple(SHORT)
    versions: tuple[str, ...] = FIVE


def rope(model: str, name: str, config: dict, removed: str = "", **more) -> Case:
    return Case(name, model, config, tuple(removed.split()), **more)


YARN = {"type": "yarn", "factor": 4.0}
LONG = tuple(BEYOND)
LLAMA, NEOX, MODERN, GEMMA = "models5/llama/theta", "models5/neox/partial", "models5/modernbert/layers", "models5/gemma3/lm"
PHI, QWEN, OLD = "models5/phi3/lm", "models5/qwen2/layers", "models/llama/lm"
INNER = {"rope_type": "default", "rope_theta": 50.0}
LINEAR = {"rope_type": "linear", "factor": 3.0}
TWICE = {"rope_parameters": LINEAR | {"rope_theta": 50.0}, "rope_scaling": LINEAR}
BOUNDED = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 16, "rope_theta": 50.0}
ROPE = [
    rope(LLAMA, "a stale rope_theta beside rope_parameters", {"rope_theta": 50.0}),
    rope(LLAMA, "rope_theta alone", {"rope_theta": 50.0}, "rope_parameters"),
    rope(LLAMA, "no theta anywhere", {}, "rope_parameters"),
    rope(LLAMA, "rope_parameters without a theta, rope_theta beside it", {"rope_parameters": {"rope_type": "default"}, "rope_theta": 50.0}),
    rope(LLAMA, "rope_parameters without a theta", {"rope_parameters": {"rope_type": "default"}}),
    rope(LLAMA, "rope_parameters null, rope_theta beside it", {"rope_parameters": None, "rope_theta": 50.0}),
    rope(LLAMA, "rope_parameters with type for rope_type", {"rope_parameters": {"type": "linear", "factor": 3.0, "rope_theta": 50.0}}),
    rope(LLAMA, "type and rope_type that differ", {"rope_parameters": {"type": "linear", "rope_type": "default", "factor": 3.0, "rope_theta": 50.0}}),
    rope(LLAMA, "rope_scaling beside rope_parameters", {"rope_scaling": {"rope_type": "linear", "factor": 3.0}}),
    rope(LLAMA, "rope_scaling with a theta beside rope_parameters", {"rope_scaling": {"rope_type": "linear", "factor": 3.0, "rope_theta": 50.0}}),
    rope(LLAMA, "the same scaling in both places, a theta in the newer alone", TWICE),
    rope(LLAMA, "the same scaling in both places, a theta outside too", TWICE | {"rope_theta": 50.0}),
    rope(LLAMA, "yarn in both places, a bound in the newer alone", {"rope_parameters": BOUNDED | {"beta_fast": 3.0}, "rope_scaling": BOUNDED}),
    rope(LLAMA, "rope_scaling and rope_theta, no rope_parameters", {"rope_scaling": {"rope_type": "linear", "factor": 3.0}, "rope_theta": 50.0}, "rope_parameters"),
    rope(LLAMA, "rope_scaling null and rope_theta, no rope_parameters", {"rope_scaling": None, "rope_theta": 50.0}, "rope_parameters"),
    rope(LLAMA, "rope_scaling empty beside rope_parameters", {"rope_scaling": {}}),
    rope(LLAMA, "rope_scaling with a theta inside alone", {"rope_scaling": LINEAR | {"rope_theta": 50.0}}, "rope_parameters"),
    rope(LLAMA, "rope_scaling with one theta inside and outside", {"rope_scaling": LINEAR | {"rope_theta": 50.0}, "rope_theta": 50.0}, "rope_parameters"),
    rope(LLAMA, "rope_scaling with another theta inside than outside", {"rope_scaling": LINEAR | {"rope_theta": 50.0}, "rope_theta": 9.0}, "rope_parameters"),
    rope(OLD, "rope_scaling with a theta inside", {"rope_scaling": LINEAR | {"rope_theta": 50.0}}, versions=BOTH),
    rope(LLAMA, "rope_parameters of a wrong type", {"rope_parameters": [1, 2]}),
    rope(LLAMA, "rope_parameters of a text", {"rope_parameters": "linear"}),
    rope(LLAMA, "an unknown rope_type", {"rope_parameters": {"rope_type": "spiral", "rope_theta": 50.0}}),
    rope(LLAMA, "a linear rotation without a factor", {"rope_parameters": {"rope_type": "linear", "rope_theta": 50.0}}),
    rope(LLAMA, "one object for each layer type in a model without", {"rope_parameters": {"full_attention": INNER}}),
    rope(LLAMA, "partial_rotary_factor inside", {"rope_parameters": INNER | {"partial_rotary_factor": 0.5}}),
    rope(LLAMA, "partial_rotary_factor inside, linear", {"rope_parameters": INNER | {"rope_type": "linear", "factor": 3.0, "partial_rotary_factor": 0.5}}),
    rope(LLAMA, "partial_rotary_factor outside", {"partial_rotary_factor": 0.5}),
    rope(LLAMA, "an unknown key inside", {"rope_parameters": INNER | {"mystery": 3}}),
    rope(LLAMA, "a factor below 1", {"rope_parameters": INNER | {"rope_type": "linear", "factor": 0.5}}),
    rope(OLD, "yarn with a factor alone, beyond the length", {"rope_scaling": YARN | {"original_max_position_embeddings": 32}, "max_position_embeddings": 32}, ids=LONG, versions=BOTH),
    rope(OLD, "yarn with a factor and nothing else, beyond the length", {"rope_scaling": YARN, "max_position_embeddings": 32}, ids=LONG, versions=BOTH),
    rope(OLD, "yarn with an original length below the greatest", {"rope_scaling": YARN | {"original_max_position_embeddings": 16}}, ids=LONG, versions=BOTH),
    rope(OLD, "yarn without an original length", {"rope_parameters": {"rope_type": "yarn", "factor": 4.0, "rope_theta": 100.0}, "max_position_embeddings": 32}, "rope_scaling rope_theta", ids=LONG),
    rope(OLD, "yarn whose original length is another than the greatest", {"rope_parameters": {"rope_type": "yarn", "factor": 4.0, "rope_theta": 100.0, "original_max_position_embeddings": 16}, "max_position_embeddings": 80}, "rope_scaling rope_theta", ids=LONG),
    rope(OLD, "an original length outside against one inside", {"rope_parameters": {"rope_type": "yarn", "factor": 4.0, "rope_theta": 100.0, "original_max_position_embeddings": 16}, "original_max_position_embeddings": 70}, "rope_scaling rope_theta", ids=LONG),
    rope(LLAMA, "dynamic beyond the length", {"rope_parameters": {"rope_type": "dynamic", "factor": 4.0, "rope_theta": 100.0}, "max_position_embeddings": 32}, ids=LONG),
    rope(LLAMA, "dynamic with an original length", {"rope_parameters": {"rope_type": "dynamic", "factor": 4.0, "rope_theta": 100.0, "original_max_position_embeddings": 16}, "max_position_embeddings": 32}, ids=LONG),
    rope(LLAMA, "linear beyond the length", {"rope_parameters": {"rope_type": "linear", "factor": 4.0, "rope_theta": 100.0}, "max_position_embeddings": 32}, ids=LONG),
    rope(LLAMA, "a plain rotation beyond the length", {"max_position_embeddings": 32}, ids=LONG),
    rope(OLD, "a plain rotation beyond the length", {"max_position_embeddings": 32}, ids=LONG, versions=BOTH),
    rope(OLD, "dynamic beyond the length", {"rope_scaling": {"rope_type": "dynamic", "factor": 4.0}, "max_position_embeddings": 32}, ids=LONG, versions=BOTH),
    rope(OLD, "linear beyond the length", {"rope_scaling": {"type": "linear", "factor": 4.0}, "max_position_embeddings": 32}, ids=LONG, versions=BOTH),
    rope(OLD, "longrope", {"rope_scaling": {"rope_type": "longrope", "short_factor": [1.0] * 6, "long_factor": [1.0, 1.5, 2.0, 3.0, 5.0, 8.0], "factor": 4.0, "original_max_position_embeddings": 32}, "max_position_embeddings": 128}, ids=LONG, versions=BOTH),
    rope(NEOX, "an own theta by GPT-NeoX's names beside rope_parameters", {"rotary_emb_base": 50, "rotary_pct": 1.0}),
    rope(NEOX, "GPT-NeoX's names alone", {"rotary_emb_base": 50, "rotary_pct": 1.0}, "rope_parameters"),
    rope(NEOX, "rope_theta and partial_rotary_factor alone, which GPT-NeoX does not read", {"rope_theta": 50.0, "partial_rotary_factor": 1.0}, "rope_parameters"),
    rope(NEOX, "nothing: a quarter of each head", {"rope_parameters": None}),
    rope(NEOX, "rope_parameters without a share", {"rope_parameters": INNER}),
    rope(NEOX, "rope_parameters without a share, rotary_pct beside it", {"rope_parameters": INNER, "rotary_pct": 1.0}),
    rope(NEOX, "rope_scaling beside rope_parameters", {"rope_scaling": {"rope_type": "linear", "factor": 3.0}, "rotary_emb_base": 50}),
    rope("models/neox/parallel", "rope_theta and partial_rotary_factor beside GPT-NeoX's names", {"rope_theta": 50.0, "partial_rotary_factor": 1.0}, versions=BOTH),
    rope(MODERN, "the older names beside rope_parameters", {"global_rope_theta": 9.0, "local_rope_theta": 8.0}),
    rope(MODERN, "the older names alone", {"global_rope_theta": 9.0, "local_rope_theta": 8.0}, "rope_parameters"),
    rope(MODERN, "one of two objects", {"rope_parameters": {"full_attention": INNER}}),
    rope(MODERN, "one of two objects, the other older name", {"rope_parameters": {"full_attention": INNER}, "local_rope_theta": 8.0}),
    rope(MODERN, "a flat object", {"rope_parameters": INNER}),
    rope(MODERN, "rope_scaling", {"rope_scaling": {"rope_type": "linear", "factor": 3.0}}, "rope_parameters"),
    rope(MODERN, "no layer_types, every second layer", {"global_attn_every_n_layers": 2}, "layer_types"),
    rope(MODERN, "no layer_types, no pattern", {}, "layer_types"),
    rope(MODERN, "layer_types against a pattern", {"global_attn_every_n_layers": 2}),
    rope(MODERN, "too few layer_types", {"layer_types": ["full_attention"]}),
    rope(MODERN, "an unknown layer type", {"layer_types": ["full_attention", "spiral_attention", "full_attention"]}),
    rope(MODERN, "an even window", {"local_attention": 8}),
    rope(GEMMA, "rope_theta and rope_local_base_freq alone", {"rope_theta": 50.0, "rope_local_base_freq": 8.0}, "rope_parameters"),
    rope(GEMMA, "rope_scaling with them", {"rope_theta": 50.0, "rope_local_base_freq": 8.0, "rope_scaling": {"rope_type": "linear", "factor": 8.0}}, "rope_parameters"),
    rope(GEMMA, "a pattern for layer_types", {"sliding_window_pattern": 1}, "layer_types"),
    rope(GEMMA, "both sides", {"use_bidirectional_attention": True}),
    *(rope(model, "is_causal false", {"is_causal": False}) for model in (
        LLAMA, GEMMA, QWEN, PHI, "models5/gemma2/lm", "models5/mistral/theta", "models5/qwen3/sliding", "models5/olmo2/bare", "models5/smollm3/sliding",
        "models5/llama/sequence", "models5/gpt2/scaled", "models5/neox/partial", "models5/opt/post-norm", "models5/bert/causal", "models5/bert/masked",
        "models5/t5/tied", "models5/bart/lm", "models5/t5/encoder")),
    rope(LLAMA, "is_causal null", {"is_causal": None}),
    rope(GEMMA, "is_causal false, and both sides", {"is_causal": False, "use_bidirectional_attention": True}),
    rope(OLD, "is_causal false", {"is_causal": False}, versions=BOTH),
    rope(GEMMA, "a cap of the logits", {"final_logit_softcapping": 2.0}),
    rope(PHI, "its own place of the original length against one inside", {"original_max_position_embeddings": 40}, ids=LONG),
    rope(PHI, "su, an older name", {"rope_scaling": {"type": "su", "short_factor": [1.0, 1.1, 1.3], "long_factor": [1.2, 2.5, 6.0]}, "rope_theta": 100.0}, "rope_parameters", ids=LONG),
    rope(PHI, "short texts", {}),
    rope(PHI, "factors of a wrong count", {"rope_parameters": {"rope_type": "longrope", "short_factor": [1.0], "long_factor": [2.0], "rope_theta": 100.0}}),
    rope(QWEN, "use_sliding_window false beside layer_types", {"use_sliding_window": False}),
    rope(QWEN, "no layer_types, windows from layer 1", {"max_window_layers": 1}, "layer_types"),
    rope(QWEN, "no layer_types, no windows", {"use_sliding_window": False}, "layer_types"),
    rope("models/qwen2/sliding", "use_sliding_window false", {"use_sliding_window": False}, versions=BOTH),
    rope("models/qwen2/sliding", "windows from layer 1", {"max_window_layers": 1}, versions=BOTH),
    rope("models5/mistral/theta", "layer_types", {"layer_types": ["full_attention", "full_attention"]}),
    rope("models5/smollm3/lm", "no_rope_layers against the interval", {"no_rope_layer_interval": 3}),
    rope("models5/smollm3/lm", "the interval alone", {"no_rope_layer_interval": 1}, "no_rope_layers"),
]  # fmt: skip
T5, OWN, MT5 = "models5/t5/tied", "models5/t5/own-head", "models5/mt5/own-head"
OTHERS = [
    rope(T5, "scale_decoder_outputs false", {"scale_decoder_outputs": False}),
    rope(T5, "no scale_decoder_outputs, tied", {}, "scale_decoder_outputs"),
    rope(T5, "no scale_decoder_outputs, untied", {"tie_word_embeddings": False}, "scale_decoder_outputs"),
    rope(T5, "untied, and a scale", {"tie_word_embeddings": False, "scale_decoder_outputs": True}),
    rope(OWN, "tied, and a scale", {"tie_word_embeddings": True, "scale_decoder_outputs": True}),
    rope(OWN, "no scale_decoder_outputs, tied", {"tie_word_embeddings": True}, "scale_decoder_outputs"),
    rope(OWN, "neither key", {}, "scale_decoder_outputs tie_word_embeddings"),
    rope(MT5, "scale_decoder_outputs", {"scale_decoder_outputs": True}),
    rope(MT5, "tied", {"tie_word_embeddings": True}),
    rope("models5/umt5/own-head", "scale_decoder_outputs", {"scale_decoder_outputs": True}),
    rope("models/t5/gated", "tied, though it has a head of its own", {"tie_word_embeddings": True}, versions=BOTH),
    rope("models/t5/lm", "untied, without a head", {"tie_word_embeddings": False}, versions=BOTH),
    rope(T5, "feed_forward_proj against dense_act_fn and is_gated_act", {"feed_forward_proj": "gated-silu"}),
    rope(T5, "feed_forward_proj alone", {"feed_forward_proj": "silu"}, "dense_act_fn is_gated_act"),
    rope("models5/t5/gated", "gated-gelu alone means its tanh form", {}, "dense_act_fn is_gated_act"),
    rope("models5/gpt-neo/lm", "attention_types against attention_layers", {"attention_types": [[["local", "global"], 1]]}),
    rope("models5/gpt-neo/lm", "attention_types alone", {"attention_types": [[["local", "global"], 1]]}, "attention_layers"),
    rope("models5/bert/untied", "tied, though it has a head of its own", {"tie_word_embeddings": True}),
    rope("models5/llama/theta", "tied, though it has a head of its own", {"tie_word_embeddings": True}),
    rope("models5/gpt2/own-head", "untied", {"tie_word_embeddings": False}),
    rope("models/bert/relative-key", "relative_key, which 5.24 does not have", {}, versions=BOTH),
    rope("models5/gemma/bare", "gelu, which means its tanh form", {"hidden_act": "gelu"}),
    rope("models5/gemma/bare", "another hidden_act", {"hidden_act": "silu"}),
    rope("models5/gemma/bare", "hidden_activation, which is not read", {"hidden_activation": "silu"}),
    rope("models5/gemma/bare", "hidden_activation that says the same", {"hidden_act": "gelu", "hidden_activation": "gelu_pytorch_tanh"}),
    rope("models5/bert/sequence", "num_labels against id2label", {"num_labels": 2}),
    rope("models/bert/sequence", "num_labels against id2label", {"num_labels": 2}, versions=BOTH),
    rope("models5/esm/lm", "hidden_act, which ESM does not read", {"hidden_act": "relu"}),
    rope("models5/esm/lm", "no mask token", {"mask_token_id": None}),
    rope("models5/gpt2/scaled", "n_layer by its other name", {"num_hidden_layers": 1}, "n_layer"),
    rope("models5/gpt2/scaled", "n_head by its other name, against it", {"num_attention_heads": 2}),
    rope("models/gpt2/scaled", "n_head by its other name, against it", {"num_attention_heads": 2}, versions=BOTH),
    *(rope("models5/bert/masked", f"activation {name}", {"hidden_act": name}) for name in (
        "quick_gelu relu2 mish gelu_10 laplace leaky_relu relu6 gelu_fast gelu_pytorch_tanh gelu_python gelu_new gelu_accurate silu"
        " swish sigmoid tanh linear relu prelu hardswish softplus elu gelu_python_tanh xielu").split()),
    rope("models5/deberta/sequence", "relative_attention false", {"relative_attention": False}),
    rope("models5/longformer/lm", "a window for all layers", {"attention_window": 16}),
    rope("models5/longformer/lm", "a list of one window", {"attention_window": [16]}),
    rope("models5/xlnet/lm", "one direction", {"attn_type": "uni"}),
    rope("models5/xlnet/lm", "distances clamped", {"clamp_len": 5}),
    rope("models/xglm/lm", "a padding id that is a position's row", {"pad_token_id": 21}, versions=BOTH),
    rope("models5/opt/post-norm", "norms first", {"do_layer_norm_before": True}),
]  # fmt: skip


def prepared(case: Case, goldens: Path, target: Path) -> type:
    shutil.copytree(goldens / case.model, target)
    config = json.loads((target / "config.json").read_text()) | copy.deepcopy(case.config)
    for key in case.removed:
        config.pop(key, None)
    (target / "config.json").write_text(json.dumps(config))
    return getattr(transformers, config["architectures"][0])


@torch.no_grad()
def outcome(folder: Path, kind: type, ids: tuple[int, ...]) -> dict:
    named = {"dtype" if IS_5 else "torch_dtype": torch.float32}
    try:
        model, told = kind.from_pretrained(folder, attn_implementation="eager", output_loading_info=True, **named)
        inputs = {"input_ids": torch.tensor([ids])}
        if model.config.is_encoder_decoder:
            inputs["decoder_input_ids"] = torch.tensor([ids[:9]])
        values = model.eval()(**inputs)[0][0]
    except Exception as problem:  # what the reference refuses is a result
        return {"error": type(problem).__name__}
    if told["missing_keys"]:
        return {"error": "missing weights"}
    last = values[-1] if values.dim() == 2 else values
    return {"last": [float(f"{value:.7g}") for value in last[:6].tolist()]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="models or names that contain this")
    options = parser.parse_args()
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    transformers.logging.set_verbosity(logging.CRITICAL)
    transformers.utils.logging.disable_progress_bar()
    file = options.folder / "config_cases.json"
    known = {(row["model"], row["name"]): row for row in (json.loads(file.read_text()) if file.exists() else [])}
    for case in (*ROPE, *OTHERS):
        row = {"model": case.model, "name": case.name, "config": case.config, "ids": list(case.ids)}
        row |= {"removed": list(case.removed)} if case.removed else {}
        old = known.get((case.model, case.name), {})
        row |= {key: value for key, value in old.items() if key not in row and key[0].isdigit()}
        if VERSION.startswith(case.versions) and options.only in f"{case.model} {case.name}":
            with tempfile.TemporaryDirectory() as at:
                kind = prepared(case, options.folder, Path(at) / "model")
                row[VERSION] = outcome(Path(at) / "model", kind, case.ids)
        known[case.model, case.name] = row
    rows = [json.dumps(known[case.model, case.name]) for case in (*ROPE, *OTHERS)]
    file.write_text("[\n" + ",\n".join(rows) + "\n]\n")


if __name__ == "__main__":
    main()
