"""Where a node's value is found in the reference: the output of a module, or its input.

A node is named as the module whose output it is; then `OUTPUT` alone says it all. Sums inside a
module, gathers and positions have no module of their own: their value is what the next one reads.
"""

from dataclasses import dataclass

from torch import nn

OUTPUT, INPUT = "output", "input"


@dataclass(frozen=True)
class Source:
    side: str  # OUTPUT or INPUT
    module: str  # its path


Nodes = dict[str, Source]


def outputs(*names: str) -> Nodes:
    return {name: Source(OUTPUT, name) for name in names}


def layers(model: nn.Module, path: str) -> list[str]:
    return [f"{path}.{index}" for index in range(len(model.get_submodule(path)))]


def post_norm_layers(model: nn.Module, path: str) -> Nodes:
    nodes: Nodes = {}
    for at in layers(model, path):
        nodes |= outputs(
            f"{at}.attention.output.dense", f"{at}.attention.output.LayerNorm",
            f"{at}.output.dense", f"{at}.output.LayerNorm",
        )  # fmt: skip
        nodes[f"{at}.attention.output.add"] = Source(INPUT, f"{at}.attention.output.LayerNorm")
        nodes[f"{at}.output.add"] = Source(INPUT, f"{at}.output.LayerNorm")
    return nodes


def masked_lm_head() -> Nodes:
    at = "cls.predictions"
    return {f"{at}.gather": Source(INPUT, f"{at}.transform.dense")} | outputs(
        f"{at}.transform.transform_act_fn", f"{at}.transform.LayerNorm", f"{at}.decoder"
    )


def bert(model: nn.Module, prefix: str = "bert") -> Nodes:
    base = f"{prefix}." if hasattr(model, "cls") else ""
    at = f"{base}embeddings"
    nodes = outputs(f"{at}.word_embeddings", f"{at}.token_type_embeddings", f"{at}.LayerNorm")
    nodes[f"{at}.position"] = Source(INPUT, f"{at}.LayerNorm")
    nodes |= post_norm_layers(model, f"{base}encoder.layer")
    if getattr(model, prefix, model).pooler is not None:
        nodes |= outputs(f"{base}pooler.activation")
        nodes[f"{base}pooler.gather"] = Source(INPUT, f"{base}pooler.dense")
    return nodes | (masked_lm_head() if base else {})


def nezha(model: nn.Module) -> Nodes:
    return bert(model, "nezha")


def roformer(model: nn.Module) -> Nodes:
    base = "roformer." if hasattr(model, "cls") else ""
    at = f"{base}embeddings"
    nodes = outputs(f"{at}.word_embeddings", f"{at}.token_type_embeddings", f"{at}.LayerNorm")
    nodes[f"{at}.add"] = Source(INPUT, f"{at}.LayerNorm")
    if model.config.embedding_size != model.config.hidden_size:
        nodes |= outputs(f"{base}embeddings_project")
    nodes[f"{base}encoder.position"] = Source(INPUT, f"{base}encoder.layer.0")
    nodes |= post_norm_layers(model, f"{base}encoder.layer")
    return nodes | (masked_lm_head() if base else {})


def t5_stack(model: nn.Module, stack: str) -> Nodes:
    nodes = outputs(f"{stack}.final_layer_norm")
    nodes[f"{stack}.embed_tokens"] = Source(INPUT, f"{stack}.block.0")
    nodes[f"{stack}.position"] = Source(INPUT, f"{stack}.block.0")
    for block in layers(model, f"{stack}.block"):
        kinds = ["SelfAttention.o", "DenseReluDense.wo"]
        if stack == "decoder":
            kinds.insert(1, "EncDecAttention.o")
        for index, kind in enumerate(kinds):
            at = f"{block}.layer.{index}"
            nodes |= outputs(f"{at}.layer_norm", f"{at}.{kind}", at)
    return nodes


def t5(model: nn.Module) -> Nodes:
    nodes = t5_stack(model, "encoder")
    if hasattr(model, "decoder"):
        nodes |= t5_stack(model, "decoder")
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
        headed = hasattr(model, self.head)
        base = self.base if headed else ""
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
        if headed:
            nodes[f"{self.head}.gather"] = Source(INPUT, self.head)
            nodes |= outputs(self.head)
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

FAMILIES = {
    "bert": bert,
    "nezha": nezha,
    "roformer": roformer,
    "t5": t5,
    "gpt2": gpt2,
    "llama": llama,
    "gpt_neox": gpt_neox,
}


def derived(values: dict) -> dict:
    """Sums whose value no module reads alone, from their two terms."""
    sums = {}
    for name in values:
        if name.endswith("embeddings.position"):
            at = name.removesuffix("position")
            sums[f"{at}add"] = values[f"{at}word_embeddings"] + values[f"{at}token_type_embeddings"]
        if name.endswith(".mlp.dense_4h_to_h"):
            block = name.removesuffix(".mlp.dense_4h_to_h")
            if f"{block}.attention.add" not in values:
                sums[f"{block}.mlp.add"] = values[name] + values[f"{block}.attention.dense"]
    return sums
