"""Where the values of nodes are found, for the models of `decoder_models.py`."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

import nodes
from node_sources import INPUT, OUTPUT, Nodes, Source, layers, outputs
from nodes import PreNorm


def head(name: str) -> Nodes:
    return outputs(name) | {f"{name}.gather": Source(INPUT, name)}


def post_norm(block: str, norm: str, part: str, add: str) -> Nodes:
    """A part of a layer, its sum and the norm of that."""
    return outputs(f"{block}.{part}", f"{block}.{norm}") | {f"{block}.{add}": Source(INPUT, f"{block}.{norm}")}


def class_heads(model: nn.Module) -> Nodes:
    """What the classes that are no language models put on top."""
    kind = type(model).__name__
    if kind.endswith("DoubleHeadsModel"):
        at = "multiple_choice_head"
        return {f"{at}.gather": Source(INPUT, f"{at}.summary"), f"{at}.summary": Source(OUTPUT, "", field="mc_logits")}
    if kind.endswith("ForSequenceClassification") and hasattr(model, "classification_head"):
        at = "classification_head"
        return {
            f"{at}.gather": Source(INPUT, f"{at}.dense"), f"{at}.activation": Source(INPUT, f"{at}.out_proj"),
            f"{at}.out_proj": Source(OUTPUT, f"{at}.out_proj"),
        }  # fmt: skip
    if kind.endswith("ForSequenceClassification"):
        return {"score.gather": Source(INPUT, "score", row=-1), "score": Source(OUTPUT, "", field="logits")}
    if kind.endswith("ForTokenClassification"):
        return outputs("score" if hasattr(model, "score") else "classifier")
    if kind.endswith("ForQuestionAnswering"):
        return {f"qa_outputs.{side}": Source(OUTPUT, "qa_outputs", column=column) for column, side in enumerate(("start", "end"))}
    return {}


def with_heads(family: Callable[[nn.Module], Nodes]) -> Callable[[nn.Module], Nodes]:
    return lambda model: family(model) | class_heads(model)


def feature_encoder(model: nn.Module) -> Nodes:
    found = outputs("feature_projection", "feature_norm") | {"position": Source(INPUT, "layers.0")}
    for block in layers(model, "layers"):
        found |= post_norm(block, "self_attn_layer_norm", "self_attn.out_proj", "self_attn.add")
        found |= post_norm(block, "final_layer_norm", "fc2", "add")
    return found


def gpt(model: nn.Module) -> Nodes:
    headed = hasattr(model, "lm_head")
    base = "transformer." if hasattr(model, "transformer") else ""
    found = outputs(f"{base}tokens_embed") | {f"{base}position": Source(INPUT, f"{base}h.0")}
    for block in layers(model, f"{base}h"):
        found |= post_norm(block, "ln_1", "attn.c_proj", "attn.add")
        found |= post_norm(block, "ln_2", "mlp.c_proj", "mlp.add")
    return found | (head("lm_head") if headed else {})


def gptj(model: nn.Module) -> Nodes:
    headed = hasattr(model, "lm_head")
    base = "transformer." if hasattr(model, "transformer") else ""
    found = outputs(f"{base}wte", f"{base}ln_f") | {f"{base}position": Source(INPUT, f"{base}h.0")}
    for block in layers(model, f"{base}h"):
        found |= outputs(f"{block}.ln_1", f"{block}.attn.out_proj", f"{block}.mlp.fc_out", block)
    return found | (head("lm_head") if headed else {})


def opt(model: nn.Module) -> Nodes:
    headed = hasattr(model, "lm_head")
    base = "model.decoder." if hasattr(model, "model") else "decoder."
    decoder = model.get_submodule(base.removesuffix("."))
    found = outputs(f"{base}embed_tokens") | {f"{base}position": Source(INPUT, f"{base}layers.0")}
    for name in ("project_in", "project_out", "final_layer_norm"):
        if getattr(decoder, name) is not None:
            found |= outputs(f"{base}{name}")
    for block in layers(model, f"{base}layers"):
        if model.config.do_layer_norm_before:
            found |= outputs(
                f"{block}.self_attn_layer_norm", f"{block}.self_attn.out_proj", f"{block}.final_layer_norm",
                f"{block}.fc2", block,
            )  # fmt: skip
            found[f"{block}.self_attn.add"] = Source(INPUT, f"{block}.final_layer_norm")
        else:
            found |= post_norm(block, "self_attn_layer_norm", "self_attn.out_proj", "self_attn.add")
            found |= post_norm(block, "final_layer_norm", "fc2", "add")
    return found | (head("lm_head") if headed else {})


gpt_neo = PreNorm(
    "transformer.", "lm_head", "wte", "h", ("ln_1", "ln_2"), ("attn.attention", "out_proj"), "mlp.c_proj", "ln_f"
).nodes
xglm = PreNorm(
    "model.", "lm_head", "embed_tokens", "layers", ("self_attn_layer_norm", "final_layer_norm"),
    ("self_attn", "out_proj"), "fc2", "layer_norm",
).nodes  # fmt: skip
mpt = PreNorm(
    "transformer.", "lm_head", "wte", "blocks", ("norm_1", "norm_2"), ("attn", "out_proj"), "ffn.down_proj", "norm_f"
).nodes
bloom_layers = PreNorm(
    "transformer.", "lm_head", "word_embeddings", "h", ("input_layernorm", "post_attention_layernorm"),
    ("self_attention", "dense"), "mlp.dense_4h_to_h", "ln_f",
).nodes  # fmt: skip


def bloom(model: nn.Module) -> Nodes:
    base = "transformer." if hasattr(model, "transformer") else ""
    return bloom_layers(model) | outputs(f"{base}word_embeddings_layernorm")


def sequence_stack(model: nn.Module, at: str) -> Nodes:
    """One of BART's two stacks, or of its heirs'."""
    stack, is_decoder = model.get_submodule(at), at.endswith("decoder")
    base = model.get_submodule(at.rpartition(".")[0])
    both = [getattr(base, name) for name in ("encoder", "decoder") if hasattr(base, name)]
    one_table = len(both) == 2 and both[0].embed_tokens is both[1].embed_tokens
    norm = "layernorm_embedding" if hasattr(stack, "layernorm_embedding") else "layers.0"
    scaled = type(stack.embed_tokens) is nn.Embedding and getattr(model.config, "scale_embedding", True)
    factor = model.config.d_model**0.5 if scaled else 1  # other classes of tables multiply themselves
    found = {
        f"{at}.embed_tokens": Source(
            OUTPUT, f"{at}.embed_tokens", call=int(is_decoder) if one_table else None, factor=factor
        ),
        f"{at}.position": Source(INPUT, f"{at}.{norm}"),
    }
    for name in ("layernorm_embedding", "layer_norm"):
        if hasattr(stack, name):
            found |= outputs(f"{at}.{name}")
    parts = [("self_attn_layer_norm", "self_attn.out_proj", "self_attn.add")]
    if is_decoder and len(both) == 2:
        parts.append(("encoder_attn_layer_norm", "encoder_attn.out_proj", "encoder_attn.add"))
    norm_first = hasattr(stack, "layer_norm")
    for block in layers(model, f"{at}.layers"):
        names = [*parts, ("final_layer_norm", "fc2", "add")]
        for index, (norm, part, add) in enumerate(names):
            found |= post_norm(block, norm, part, add)
            if norm_first and index + 1 < len(names):  # a sum is what the next norm reads
                found[f"{block}.{add}"] = Source(INPUT, f"{block}.{names[index + 1][0]}")
        if norm_first:
            del found[f"{block}.add"]
            found |= outputs(block)
    return found


def sequence(model: nn.Module) -> Nodes:
    headed = hasattr(model, "lm_head")
    base = "model." if hasattr(model, "model") else ""
    found = sequence_stack(model, f"{base}decoder")
    if hasattr(model.get_submodule(base.removesuffix(".")), "encoder"):
        found |= sequence_stack(model, f"{base}encoder")
    if headed:  # a bias of logits is added outside of the head
        found |= {"lm_head.gather": Source(INPUT, "lm_head"), "lm_head": Source(OUTPUT, "", field="logits")}
    return found


def transfo_xl(model: nn.Module) -> Nodes:
    headed = hasattr(model, "crit")
    base = "transformer." if hasattr(model, "transformer") else ""
    found = outputs(f"{base}word_emb") | {f"{base}position": Source(INPUT, f"{base}layers.0")}
    for block in layers(model, f"{base}layers"):
        for at, part in ((f"{block}.dec_attn", "o_net"), (f"{block}.pos_ff", "CoreNet.3")):
            found |= outputs(f"{at}.{part}", f"{at}.layer_norm")
            found |= outputs(at) if model.config.pre_lnorm else {f"{at}.add": Source(INPUT, f"{at}.layer_norm")}
    return found | (outputs("crit") | {"crit.gather": Source(INPUT, "crit")} if headed else {})


def adaptive_parts(model: nn.Module, ids: Tensor, values: dict) -> dict:
    """The parts of Transformer-XL's embedding and head: rows of other clusters are 0."""
    headed, parts = hasattr(model, "crit"), {}
    base = hasattr(model, "transformer")
    embedding, path = (model.transformer, "transformer.word_emb") if base else (model, "word_emb")
    embedding = embedding.word_emb
    sum_, last = 0, len(embedding.emb_layers) - 1
    for index, layer in enumerate(embedding.emb_layers):
        first, end = (0, embedding.n_token) if last == 0 else embedding.cutoff_ends[index : index + 2]
        inside = (ids >= first) & (ids < end)
        rows = torch.zeros(len(ids), layer.embedding_dim)
        rows[inside] = layer(ids[inside] - first) * embedding.emb_scale
        if len(embedding.emb_projs) > 0:
            parts[f"{path}.emb_layers.{index}"] = rows
            rows = rows @ embedding.emb_projs[index].T
        sum_ = sum_ + rows
        if last > 0:
            parts[f"{path}.emb_projs.{index}"] = rows
        if 0 < index < last:
            parts[f"{path}.add.{index}"] = sum_
    if headed:
        parts |= adaptive_logits(model.crit, values["crit.gather"])
    return parts


def adaptive_logits(head: nn.Module, hidden: Tensor) -> dict:
    parts = {}
    for index, (first, end) in enumerate(zip(head.cutoff_ends, head.cutoff_ends[1:])):
        layer = head.out_layers[0 if head.div_val == 1 else index]
        weight, bias = (layer.weight[first:end], layer.bias[first:end]) if head.div_val == 1 else (layer.weight, layer.bias)
        if index == 0 and head.n_clusters > 0:
            weight, bias = torch.cat((weight, head.cluster_weight)), torch.cat((bias, head.cluster_bias))
        rows = hidden
        if head.out_projs[index] is not None:
            rows = parts[f"crit.out_projs.{index}"] = hidden @ head.out_projs[index]
        parts[f"crit.out_layers.{index}"] = rows @ weight.T + bias
    return parts


def derived(values: dict) -> dict:
    """Sums whose value no module reads alone, from their two terms."""
    sums = {}
    for name in values:
        if name.endswith(".mlp.fc_out"):
            block = name.removesuffix(".mlp.fc_out")
            sums[f"{block}.mlp.add"] = values[name] + values[f"{block}.attn.out_proj"]
    return sums


CAUSAL = {
    "gpt2": nodes.gpt2,
    "gpt_neox": nodes.gpt_neox,
    "llama": nodes.llama,
    "mistral": nodes.llama,
    "qwen2": nodes.llama,
    "openai-gpt": gpt,
    "gpt_neo": gpt_neo,
    "gptj": gptj,
    "opt": opt,
    "xglm": xglm,
    "bloom": bloom,
    "mpt": mpt,
}
FAMILIES = {name: with_heads(family) for name, family in CAUSAL.items()} | {
    "t5": with_heads(nodes.t5),
    "mt5": with_heads(nodes.t5),
    "umt5": with_heads(nodes.t5),
    "bart": with_heads(sequence),
    "mbart": with_heads(sequence),
    "marian": sequence,
    "pegasus": sequence,
    "transformer": sequence,
    "transfo-xl": with_heads(transfo_xl),
    "feature_encoder": feature_encoder,
}
