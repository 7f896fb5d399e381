"""Where the nodes of every family are found in the reference."""

from dataclasses import dataclass

from torch import nn

import encoder_nodes
from node_sources import INPUT, OUTPUT, Nodes, Source, layers, outputs


def t5_stack(model: nn.Module, stack: str) -> Nodes:
    nodes = outputs(f"{stack}.final_layer_norm")
    nodes[f"{stack}.embed_tokens"] = Source(INPUT, f"{stack}.block.0")
    nodes[f"{stack}.position"] = Source(INPUT, f"{stack}.block.0")
    for block in layers(model, f"{stack}.block"):
        kinds = ["SelfAttention.o", "DenseReluDense.wo"]
        if stack.endswith("decoder"):
            kinds.insert(1, "EncDecAttention.o")
        for index, kind in enumerate(kinds):
            at = f"{block}.layer.{index}"
            nodes |= outputs(f"{at}.layer_norm", f"{at}.{kind}", at)
    return nodes


def t5(model: nn.Module) -> Nodes:
    base = "transformer." if hasattr(model, "transformer") else ""
    nodes = t5_stack(model, f"{base}encoder")
    if hasattr(model.get_submodule(base.removesuffix(".")), "decoder"):
        nodes |= t5_stack(model, f"{base}decoder")
    if hasattr(model, "lm_head"):
        nodes["lm_head.gather"] = Source(OUTPUT, "decoder.final_layer_norm")
        nodes |= outputs("lm_head")
    return nodes


@dataclass(frozen=True)
class PreNorm:
    """The names by which causal models differ."""

    base: str
    head: str
    embedding: str
    layers: str
    norms: tuple[str, str]
    attention: tuple[str, str]  # the module and its output projection
    feed_forward: str
    last: str

    def nodes(self, model: nn.Module) -> Nodes:
        head = next((name for name in (self.head, "lm_head") if hasattr(model, name)), None)  # GPT-NeoX's has both names
        # Some classes that answer questions call their base model `transformer`.
        bases = [base for base in (self.base, "transformer.") if hasattr(model, base.removesuffix("."))]
        base = bases[0] if bases else ""
        first = f"{base}{self.layers}.0"
        nodes = outputs(f"{base}{self.embedding}", f"{base}{self.last}")
        nodes[f"{base}position"] = Source(INPUT, first)
        parallel = getattr(model.config, "use_parallel_residual", False)
        for block in layers(model, f"{base}{self.layers}"):
            module, projection = self.attention
            nodes |= outputs(
                f"{block}.{self.norms[0]}", f"{block}.{module}.{projection}",
                f"{block}.{self.norms[1]}", f"{block}.{self.feed_forward}", block,
            )  # fmt: skip
            if not parallel:
                nodes[f"{block}.{module}.add"] = Source(INPUT, f"{block}.{self.norms[1]}")
        if head is not None:
            nodes[f"{self.head}.gather"] = Source(INPUT, head)
            nodes[self.head] = Source(OUTPUT, head)
        return nodes


gpt2 = PreNorm(
    "transformer.", "lm_head", "wte", "h", ("ln_1", "ln_2"), ("attn", "c_proj"), "mlp.c_proj", "ln_f"
).nodes
llama = PreNorm(
    "model.", "lm_head", "embed_tokens", "layers", ("input_layernorm", "post_attention_layernorm"),
    ("self_attn", "o_proj"), "mlp.down_proj", "norm",
).nodes  # fmt: skip
gpt_neox = PreNorm(
    "gpt_neox.", "embed_out", "embed_in", "layers", ("input_layernorm", "post_attention_layernorm"),
    ("attention", "dense"), "mlp.dense_4h_to_h", "final_layer_norm",
).nodes  # fmt: skip

FAMILIES = encoder_nodes.FAMILIES | {
    "t5": t5,
    "gpt2": gpt2,
    "llama": llama,
    "gpt_neox": gpt_neox,
}


def derived(values: dict) -> dict:
    """Sums whose value no module reads alone, from their two terms."""
    sums = {}
    for name in values:
        at = name.removesuffix("position")
        if name.endswith("embeddings.position") and f"{at}token_type_embeddings" in values:
            sums[f"{at}add"] = values[f"{at}word_embeddings"] + values[f"{at}token_type_embeddings"]
        if name.endswith("encoder.conv.add"):
            layer = name.replace("conv.add", "layer.0.output.LayerNorm")
            sums[name.replace("add", "activation")] = values[name] - values[layer]
        if name.endswith(".mlp.dense_4h_to_h"):
            block = name.removesuffix(".mlp.dense_4h_to_h")
            if f"{block}.attention.dense" in values and f"{block}.attention.add" not in values:
                sums[f"{block}.mlp.add"] = values[name] + values[f"{block}.attention.dense"]
    return sums
