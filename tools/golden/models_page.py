"""Writes docs/models.md: families and classes, and how far they are from the reference.

    LOCUS_PARITY=parity.json build/release/tests/locus_models_tests -tc='differences*'
    python3 tools/golden/models_page.py parity.json > docs/models.md
"""

import json
import math
import sys
from collections import defaultdict
from pathlib import Path

GOLDENS = Path(__file__).resolve().parents[2] / "tests" / "goldens" / "models"

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

Where an encoding has no limit of its own (rotations, biases, sinusoids by formula), a text longer than the
context is read, with one warning; `Pipeline::length_warning()` is the same for programs. A table that ends is an
error. Texts of which nothing says how long they may be are cut at the context by `embed` and `rerank` alone.
"""


TAIL = """
## Held to transformers 5

These are held to folders that transformers 5.24 saved, `tests/goldens/models5`, by the same bound: what it writes of the
families above, and these families. Jina-BERT v2, whose configs say `bert` with `position_embedding_type` alibi, is held to
a module written down from its report.

| `model_type` | classes | |
| --- | --- | --- |
| `qwen3` | Qwen3Model, Qwen3ForCausalLM, Qwen3ForSequenceClassification | norms of queries and keys; its embedders and rerankers are these classes |
| `gemma` | GemmaModel, GemmaForCausalLM | |
| `gemma2` | Gemma2Model, Gemma2ForCausalLM | soft caps, windows |
| `gemma3_text` | Gemma3TextModel, Gemma3ForCausalLM | two rotations; EmbeddingGemma sees both sides |
| `olmo2` | Olmo2Model, Olmo2ForCausalLM | |
| `smollm3` | SmolLM3ForCausalLM | layers without positions |
| `phi3` | Phi3ForCausalLM | LongRoPE |
| `esm` | EsmModel, EsmForMaskedLM, EsmForTokenClassification, EsmForSequenceClassification | rotary and absolute |
| `m2m_100` | M2M100Model, M2M100ForConditionalGeneration | NLLB too |
| `nomic_bert` | NomicBertModel, NomicBertForMaskedLM, NomicBertForSequenceClassification | as published and as transformers 5 has it |
| `gte`, `new` | GteModel, GteForMaskedLM, GteForSequenceClassification, NewModel | likewise |
| `bert` | JinaBertModel | symmetric ALiBi |

Once a text outgrows LongRoPE's original length, `generate` computes cached keys anew for Phi-3 and keeps them for other
families, as transformers does; a `Session` that is fed token by token keeps them.

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


def rows() -> dict[str, dict[str, list[str]]]:
    """Names of goldens by family and class."""
    found = defaultdict(lambda: defaultdict(list))
    for folder in sorted(GOLDENS.iterdir()):
        config = json.loads((folder / "config.json").read_text())
        name = (config.get("architectures") or ["(no class named)"])[0]
        found[config["model_type"]][name].append(folder.name)
    return found


def main() -> None:
    worst = json.loads(Path(sys.argv[1]).read_text())
    found = rows()
    missing = set(found) - {family for kind in KINDS.values() for family in kind.split()}
    if missing:
        sys.exit(f"models_page.py: expected a kind for every family, found none for {sorted(missing)}")
    print(HEAD, end="")
    for kind, families in KINDS.items():
        print(f"\n## {kind}\n\n| `model_type` | class | variants | worst |\n| --- | --- | --- | --- |")
        for family in families.split():
            first = f"`{family}`"
            for name, goldens in sorted(found[family].items()):
                size = max(worst[golden] for golden in goldens)
                print(f"| {first} | {name} | {len(goldens)} | {rounded_up(size)} |")
                first = ""
    print(TAIL, end="")


if __name__ == "__main__":
    main()
