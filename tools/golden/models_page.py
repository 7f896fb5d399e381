"""Writes docs/models.md: families and classes, and how far they are from the reference.

    LOCUS_PARITY=parity.json build/release/tests/locus_models_tests -tc='differences*'
    python3 tools/golden/models_page.py parity.json > docs/models.md
"""

import json
import math
import sys
from collections import defaultdict
from pathlib import Path

GOLDENS = Path(__file__).resolve().parents[2] / "tests" / "goldens"

KINDS = {
    "Encoders": "bert roberta xlm-roberta camembert distilbert electra albert mpnet deberta deberta-v2"
    " modernbert roformer nezha",
    "Encoder-decoders": "t5 mt5 umt5 bart mbart marian pegasus transformer",
    "Decoders": "openai-gpt gpt2 gpt_neo gpt_neox gptj llama mistral qwen2 opt xglm bloom mpt transfo-xl",
    "Beyond text": "swin feature_encoder",
}

HEAD = """# Models

Written by `tools/golden/models_page.py` from the parity tests. A folder of Hugging Face is opened by the
`model_type` of its `config.json`; each family is one file in `models/families/`
([add one](add-a-family.md)).

Each row stands for tiny seeded models of that class: 5 heads, widths of 10 to 60, other odd shapes, sequences of
1, 2, 23 and 70 tokens, epsilons and activations other than the defaults. *Every named node* is held to
transformers 4.49 (RoFormer v2: `roformer` 0.4.3; the original Transformer and the feature encoder: modules
written down from the papers) by 1e-4 of its largest value, in f32. The last column is the worst that was measured. Models that generate continue a prompt with the reference's 24 ids, greedily
and by 4 beams. Models beyond text read images of different sizes, or frames of features.

What a config asks for and Locus does not have is refused with a line that names the key. A key of a folder's
files of which no use is made, and which is not known to be harmless ([list](config-keys.md)), is named in a
warning, one for each file, in `inspect --json` (`unread_keys`), by `doctor`, and by `Pipeline::unread_keys()`.
Weights that are missing, and those that nothing reads, are refused by name; `--leave-surplus` leaves out the
heads of another class, and says which.

`tools/golden/changed_keys.py` changes each key of a golden's config to other legal values, one at a time, and asks
the reference and Locus for the same 70 ids or the same picture; it prints what differs and what it cannot walk. Four values
are left out, where the reference is at odds with itself: MPT's `max_seq_len` of 1 is spread over a longer text; the eager path
of 4.49's Qwen2 slides in every layer, whatever `use_sliding_window` and `max_window_layers` say, and of a Marian's two tables
that differ 4.49 reads one twice (there Locus does as 5.24). `tokenizer_config_keys.py` does the same for `tokenizer_config.json`.
Locus may refuse where the reference does not: `sliding_window`, `layer_types` or `attention_chunk_size` in the config of a
causal model whose class has no windows (Llama, GPT-2) change nothing in one pass of 5.24 and cut its cache, so that it
generates by other numbers than a pass over the whole text gives. An encoder opens with a warning.

Wide weights make rounding grow. A Phi-3 of 2 layers, with weights of a deviation of 2.5 to 25 by the root of their inputs,
at 120 tokens, is off the same model in f64 throughout by 5e-6 to 2e-4 of the largest logit, in transformers (5.24, eager, f32) as
here; with LongRoPE by 2e-5 to 3e-4 there and by 8e-6 to 6e-5 here. Transformers computes angles in f32 even for a model in f64,
so neither of its results is the other's yardstick.

Where an encoding has no limit of its own (rotations, biases, sinusoids by formula), a text longer than the
context is read, with one warning; `Pipeline::length_warning()` is the same for programs. A table that ends is an
error. Texts of which nothing says how long they may be are cut at the context by `embed` and `rerank` alone.
"""


HEAD_5 = """
## Held to transformers 5

These are held to folders that transformers 5.24 saved, `tests/goldens/models5`, by the same bound: {shared} folders of
what it writes of the families above (worst: {worst}), and these families. Jina-BERT v2, whose configs say `bert` with
`position_embedding_type` alibi, is held to a module written down from its report.

| `model_type` | class | variants | worst | |
| --- | --- | --- | --- | --- |
"""

NOTES = {
    "qwen3": "norms of queries and keys; its embedders and rerankers are these classes",
    "gemma2": "soft caps, windows",
    "gemma3_text": "two rotations; EmbeddingGemma sees both sides",
    "smollm3": "layers without positions",
    "phi3": "LongRoPE",
    "starcoder2": "windows; LayerNorms and no gate",
    "modernbert-decoder": "Ettin's decoders",
    "eurobert": "an encoder of Llama's layers",
    "olmo3": "windows, and a rotation of their own",
    "granite": "factors of token vectors, scores, sums and logits",
    "ministral": "windows by layer",
    "esm": "rotary and absolute",
    "m2m_100": "NLLB too",
    "nomic_bert": "as published and as transformers 5 has it",
    "gte": "likewise",
    "new": "GTE as it was published",
    "longformer": "windows; a text's first row, its question or its answer sees all and is seen by all",
    "xlnet": "the stream of contents: the head of words gives its logits to `trace`, and nothing generates",
    "swinv2": "cosines; a bias by a network of the offset",
    "bert": "symmetric ALiBi",
}

TAIL = """
Once a text outgrows LongRoPE's original length, `generate` computes cached keys anew for Phi-3 and keeps them for other
families, as transformers 5.24 does; a `Session` that is fed token by token keeps them. A text is warned of where it is longer than
`max_position_embeddings`, to which such models were trained on, not at the original length.

What 4.49 reads of a config and 5.24 reads otherwise is 5.24's here: LongRoPE outside Phi-3 (4.49 takes the short factors at any
length) and YaRN's `original_max_position_embeddings` (which 4.49 does not read). In 4.49 `generate` with a cache departs from its
own passes without one, of which Locus has the ids: Gemma 2 past its window, Phi-3 in the step that outgrows the original length.
Gemma's `hidden_activation` must say what `hidden_act` does, which both versions follow.

MPT's `alibi_bias_max` other than 8 is followed, as MosaicML's own code does, which trains such models; transformers 4.49 and 5.24
have the key in their configs and compute with 8.

## The feature encoder

`feature_encoder` is no class of transformers: a Post-Norm encoder of frames, as Speech-Transformer has it (Dong
et al. 2018), for `trace --features FILE.npy` ([frames, features]). Its `config.json`, with the defaults:

| key | default | |
| --- | --- | --- |
| `model_type` | | `feature_encoder` |
| `architectures` | `["FeatureEncoderModel"]` | may be absent |
| `feature_size` | 80 | values of a frame |
| `d_model` | 512 | width |
| `encoder_layers` | 6 | |
| `encoder_attention_heads` | 8 | divides `d_model` |
| `encoder_ffn_dim` | 2048 | |
| `layer_norm_eps` | 1e-5 | of every norm |
| `activation_function` | `relu` | |
| `locus.encoding` | `sinusoidal` | any scheme; its weights are `position.NAME` |

Its weights, each with `.weight` [out, in] and `.bias`: `feature_projection` to the width, `feature_norm`, and for
each layer `layers.N.` with `self_attn.q_proj`, `k_proj`, `v_proj` and `out_proj`, `self_attn_layer_norm`, `fc1`, `fc2`
and `final_layer_norm`. Sinusoids are computed.
"""


def rounded_up(value: float) -> str:
    if value == 0:
        return "0"
    power = math.floor(math.log10(value))
    digit = math.ceil(value / 10**power)
    return f"{digit}e{power}" if digit < 10 else f"1e{power + 1}"


def rows(group: str) -> dict[str, dict[str, list[str]]]:
    """Names of goldens by family and class."""
    found = defaultdict(lambda: defaultdict(list))
    for file in sorted((GOLDENS / group).glob("*/*/config.json")):
        config = json.loads(file.read_text())
        name = (config.get("architectures") or ["(no class named)"])[0]
        found[config["model_type"]][name].append(f"{file.parts[-3]}/{file.parts[-2]}")
    return found


def print_classes(family: str, classes: dict[str, list[str]], worst: dict[str, float], note: str | None) -> None:
    first = f"`{family}`"
    for name, goldens in sorted(classes.items()):
        size = max(worst[golden] for golden in goldens)
        print(f"| {first} | {name} | {len(goldens)} | {rounded_up(size)} |" + ("" if note is None else f" {note} |"))
        first, note = "", note and ""


def print_newer(worst: dict[str, float], known: dict[str, dict[str, list[str]]]) -> None:
    found = rows("models5")
    names = {name for classes in known.values() for name in classes}
    new = {family: {name: own for name, own in classes.items() if name not in names} for family, classes in found.items()}
    new = {family: classes for family, classes in new.items() if classes}
    shown = {golden for classes in new.values() for own in classes.values() for golden in own}
    shared = [size for name, size in worst.items() if name not in shown]
    print(HEAD_5.format(shared=len(shared), worst=rounded_up(max(shared))), end="")
    for family in sorted(new, key=lambda family: (list(NOTES) + [family]).index(family)):
        print_classes(family, new[family], worst, NOTES.get(family, ""))


def main() -> None:
    measured = json.loads(Path(sys.argv[1]).read_text())
    found = rows("models")
    missing = set(found) - {family for kind in KINDS.values() for family in kind.split()}
    if missing:
        sys.exit(f"models_page.py: expected a kind for every family, found none for {sorted(missing)}")
    print(HEAD, end="")
    for kind, families in KINDS.items():
        print(f"\n## {kind}\n\n| `model_type` | class | variants | worst |\n| --- | --- | --- | --- |")
        for family in families.split():
            print_classes(family, found[family], measured, None)
    prefix = "models5/"
    print_newer({name.removeprefix(prefix): size for name, size in measured.items() if name.startswith(prefix)}, found)
    print(TAIL, end="")


if __name__ == "__main__":
    main()
