"""Where the values of nodes are found, for the models of `new_models.py`; named as published files name weights."""

from dataclasses import replace

from torch import Tensor, nn

from decoder_nodes import head, sequence, with_heads
from encoder_nodes import base_of, bert, classifier, embeddings, masked_lm, modernbert, per_token, pooler, types
from node_sources import INPUT, OUTPUT, Nodes, Source, layers, outputs
from nodes import PreNorm, llama


def causal_head(model: nn.Module) -> Nodes:
    """A cap bends what the head's matrix gives."""
    found = head("lm_head") if hasattr(model, "lm_head") else {}
    if found and getattr(model.config, "final_logit_softcapping", None):
        found["lm_head.cap"] = Source(OUTPUT, "", field="logits")
    return found


def after_both(model: nn.Module, before: bool) -> Nodes:
    """A norm after each part, inside the residual; with `before` one before it too."""
    base = base_of(model, "model")
    found = outputs(f"{base}embed_tokens", f"{base}norm") | {f"{base}position": Source(INPUT, f"{base}layers.0")}
    for block in layers(model, f"{base}layers"):
        found |= outputs(
            f"{block}.self_attn.o_proj", f"{block}.post_attention_layernorm", f"{block}.mlp.down_proj",
            f"{block}.post_feedforward_layernorm", block,
        )  # fmt: skip
        if before:
            found |= outputs(f"{block}.input_layernorm", f"{block}.pre_feedforward_layernorm")
        second = f"{block}.pre_feedforward_layernorm" if before else f"{block}.mlp"
        found[f"{block}.self_attn.add"] = Source(INPUT, second)
    return found | causal_head(model)


def gemma2(model: nn.Module) -> Nodes:
    return after_both(model, before=True)


def olmo2(model: nn.Module) -> Nodes:
    return after_both(model, before=False)


def granite(model: nn.Module) -> Nodes:
    """A Llama whose callers multiply what modules give."""
    found, base, config = llama(model), base_of(model, "model"), model.config
    found[f"{base}embed_tokens"] = Source(OUTPUT, f"{base}embed_tokens", factor=config.embedding_multiplier)
    for block in layers(model, f"{base}layers") if config.residual_multiplier != 1 else []:
        for part in ("self_attn.o_proj", "mlp.down_proj"):
            found[f"{block}.{part}.scaled"] = Source(OUTPUT, f"{block}.{part}", factor=config.residual_multiplier)
    if hasattr(model, "lm_head"):
        found["lm_head"] = Source(OUTPUT, "", field="logits")
    return found


def eurobert(model: nn.Module) -> Nodes:
    found = llama(model)
    if hasattr(model, "dense"):
        found |= outputs("activation", "classifier")
        if model.config.classifier_pooling == "late":
            found["classifier.pool"] = Source(OUTPUT, "", field="logits")
        else:
            found["dense.gather"] = Source(INPUT, "dense")
    elif hasattr(model, "classifier"):
        found |= outputs("classifier")
    return found


def modernbert_decoder(model: nn.Module) -> Nodes:
    """Every row goes through the head of a class, where ours takes the last one alone."""
    found = modernbert(model)
    if hasattr(model, "lm_head"):
        found |= outputs("lm_head.norm", "decoder")
        found |= {"lm_head.activation": Source(INPUT, "lm_head.norm"), "lm_head.gather": Source(INPUT, "lm_head.dense")}
    if hasattr(model, "classifier"):
        for name in ("head.gather", "head.activation", "head.norm", "classifier"):
            found[name] = replace(found[name], row=-1)
    return found


def rotary_layers(model: nn.Module, base: str, names: dict[str, str]) -> Nodes:
    """Post-norm layers whose modules have other names than their weights in files."""
    found: Nodes = {}
    for index, module in enumerate(layers(model, f"{base}layers")):
        at = f"{base}{names['layers']}.{index}"
        found |= {
            f"{at}.{names['attention']}": Source(OUTPUT, f"{module}.self_attn.o_proj"),
            f"{at}.{names['attention_norm']}": Source(OUTPUT, f"{module}.post_attention_layernorm"),
            f"{at}.attention.add": Source(INPUT, f"{module}.post_attention_layernorm"),
            f"{at}.{names['mlp']}": Source(OUTPUT, f"{module}.mlp.down_proj"),
            f"{at}.{names['mlp_norm']}": Source(OUTPUT, f"{module}.post_mlp_layernorm"),
            f"{at}.mlp.add": Source(INPUT, f"{module}.post_mlp_layernorm"),
        }
    return found


def rotary_embeddings(model: nn.Module, base: str, norm: str) -> Nodes:
    at = f"{base}embeddings"
    found = outputs(f"{at}.word_embeddings") | {f"{base}{norm}": Source(OUTPUT, f"{at}.LayerNorm")}
    found[f"{at}.position"] = Source(INPUT, f"{at}.LayerNorm")  # rotations add nothing
    if getattr(model.get_submodule(at), "token_type_embeddings", None) is not None:
        found |= types(at) | {f"{at}.add": Source(INPUT, f"{at}.LayerNorm")}
    return found


starcoder2 = PreNorm(
    "model.", "lm_head", "embed_tokens", "layers", ("input_layernorm", "post_attention_layernorm"),
    ("self_attn", "o_proj"), "mlp.c_proj", "norm",
).nodes  # fmt: skip


def nomic_bert(model: nn.Module) -> Nodes:
    base = base_of(model, "nomic_bert")
    names = {
        "layers": "encoder.layers", "attention": "attn.out_proj", "attention_norm": "norm1", "mlp": "mlp.fc2", "mlp_norm": "norm2",
    }  # fmt: skip
    found = rotary_embeddings(model, base, "emb_ln") | rotary_layers(model, base, names) | pooler(model, base)
    at = "cls.predictions"
    if hasattr(model, "cls"):
        found |= {f"{at}.gather": Source(INPUT, f"{at}.transform.dense")}
        found |= outputs(f"{at}.transform.transform_act_fn", f"{at}.transform.layer_norm", f"{at}.decoder")
    return found | classifier(model)


def gte(model: nn.Module) -> Nodes:
    base = base_of(model, "gte")
    names = {
        "layers": "encoder.layer", "attention": "attention.o_proj", "attention_norm": "attn_ln", "mlp": "mlp.down_proj", "mlp_norm": "mlp_ln",
    }  # fmt: skip
    found = rotary_embeddings(model, base, "embeddings.LayerNorm") | rotary_layers(model, base, names) | pooler(model, base)
    if hasattr(model, "lm_head"):
        found |= masked_lm("lm_head.dense", "lm_head.activation", "lm_head.layer_norm", "lm_head.decoder")
        found["lm_head.norm"] = found.pop("lm_head.layer_norm")
    return found | classifier(model)


def esm(model: nn.Module) -> Nodes:
    base = base_of(model, "esm")
    found = outputs(f"{base}embeddings.word_embeddings", f"{base}encoder.emb_layer_norm_after")
    normed = model.get_submodule(f"{base}embeddings").layer_norm is not None
    found[f"{base}embeddings.position"] = Source(INPUT, f"{base}embeddings.layer_norm" if normed else f"{base}encoder.layer.0")
    if model.config.token_dropout and model.config.position_embedding_type == "rotary":
        found[f"{base}embeddings.token_dropout"] = found[f"{base}embeddings.position"]  # rotations add nothing
    if normed:
        found |= outputs(f"{base}embeddings.layer_norm")
    for at in layers(model, f"{base}encoder.layer"):
        found |= outputs(f"{at}.attention.LayerNorm", f"{at}.attention.output.dense", f"{at}.LayerNorm", f"{at}.output.dense", at)
        found[f"{at}.attention.add"] = Source(OUTPUT, f"{at}.attention")
    if hasattr(model, "lm_head"):
        found |= masked_lm("lm_head.dense", "lm_head.activation", "lm_head.layer_norm", "lm_head")
    return found | pooler(model, base) | classifier(model)


def xlnet(model: nn.Module) -> Nodes:
    base = base_of(model, "transformer")
    found = outputs(f"{base}word_embedding") | {f"{base}position": Source(INPUT, f"{base}layer.0")}
    for at in layers(model, f"{base}layer"):
        found |= outputs(f"{at}.rel_attn.layer_norm", f"{at}.ff.layer_2", f"{at}.ff.layer_norm")
        found |= {f"{at}.{part}.add": Source(INPUT, f"{at}.{part}.layer_norm") for part in ("rel_attn", "ff")}
    if hasattr(model, "lm_loss"):
        found |= head("lm_loss")
    if hasattr(model, "sequence_summary"):
        found |= {"sequence_summary.gather": Source(INPUT, "sequence_summary.summary")}
        found |= outputs("sequence_summary.activation", "logits_proj")
    return found | per_token(model) | classifier(model)


def jina_bert(model: nn.Module) -> Nodes:
    """`qk_post_norm` has two norms more, and other names of the feed-forward."""
    found = embeddings("embeddings") | types("embeddings")
    for at in layers(model, "encoder.layer"):
        found |= outputs(f"{at}.attention.output.dense", f"{at}.attention.output.LayerNorm")
        found[f"{at}.attention.output.add"] = Source(INPUT, f"{at}.attention.output.LayerNorm")
        if model.config.qk_post_norm:
            found |= outputs(f"{at}.layer_norm_1", f"{at}.mlp.down_layer", f"{at}.layer_norm_2")
            found |= {f"{at}.attention.add": Source(INPUT, f"{at}.layer_norm_1"), f"{at}.mlp.add": Source(INPUT, f"{at}.layer_norm_2")}
        else:
            found |= outputs(f"{at}.mlp.wo", f"{at}.mlp.layernorm") | {f"{at}.mlp.add": Source(INPUT, f"{at}.mlp.layernorm")}
    return found | pooler(model, "")


def longformer(model: nn.Module) -> Nodes:
    return bert(model, "longformer")


def m2m_100(model: nn.Module) -> Nodes:
    return sequence(model)


FAMILIES = {
    "qwen3": with_heads(llama),
    "gemma": with_heads(llama),
    "gemma2": with_heads(gemma2),
    "gemma3_text": with_heads(gemma2),
    "smollm3": with_heads(llama),
    "phi3": with_heads(llama),
    "olmo2": with_heads(olmo2),
    "olmo3": with_heads(olmo2),
    "granite": granite,
    "eurobert": eurobert,
    "modernbert-decoder": modernbert_decoder,
    "ministral": with_heads(llama),
    "starcoder2": with_heads(starcoder2),
    "nomic_bert": nomic_bert,
    "gte": gte,
    "esm": esm,
    "xlnet": xlnet,
    "longformer": longformer,
    "jina_bert": jina_bert,
    "m2m_100": m2m_100,
}


def derived(values: dict[str, Tensor]) -> dict[str, Tensor]:
    """What XLNet's attention gives before its sum, which no module holds."""
    found, before = {}, next((name for name in values if name.endswith("position")), None)
    for name in sorted(name for name in values if name.endswith(".rel_attn.add")):
        found[name.replace("add", "o")] = values[name] - values[before]
        before = name.replace("rel_attn.add", "ff.layer_norm")
    return found


def unpadded(values: dict[str, Tensor], length: int) -> dict[str, Tensor]:
    """Longformer fills a text up to a whole number of windows."""
    return {name: value[:length] for name, value in values.items()}
