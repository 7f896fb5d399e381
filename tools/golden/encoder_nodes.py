"""Where the nodes of encoders and of their heads are found in the reference."""

from torch import nn

from node_sources import INPUT, OUTPUT, Nodes, Source, layers, outputs


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


def embeddings(at: str, norm: str = "LayerNorm") -> Nodes:
    nodes = outputs(f"{at}.word_embeddings", f"{at}.{norm}")
    nodes[f"{at}.position"] = Source(INPUT, f"{at}.{norm}")
    return nodes


def types(at: str) -> Nodes:
    return outputs(f"{at}.token_type_embeddings")


def pooler(model: nn.Module, base: str) -> Nodes:
    if getattr(model.get_submodule(base.removesuffix(".")), "pooler", None) is None:
        return {}
    return outputs(f"{base}pooler.activation") | {f"{base}pooler.gather": Source(INPUT, f"{base}pooler.dense")}


def masked_lm(dense: str, activated: str, norm: str, decoder: str) -> Nodes:
    """A head whose gather and activation are named beside its first module."""
    at = dense.removesuffix("dense") if dense.endswith(".dense") else f"{dense}."
    return outputs(norm, decoder) | {
        f"{at}gather": Source(INPUT, dense),
        activated: Source(INPUT, norm),
    }


def bert_masked_lm() -> Nodes:
    at = "cls.predictions"
    return {f"{at}.gather": Source(INPUT, f"{at}.transform.dense")} | outputs(
        f"{at}.transform.transform_act_fn", f"{at}.transform.LayerNorm", f"{at}.decoder"
    )


def language_model(model: nn.Module) -> Nodes:
    if hasattr(getattr(model, "cls", None), "predictions"):
        at = "cls.predictions"
        if not hasattr(model.cls.predictions, "transform"):
            return {f"{at}.gather": Source(INPUT, f"{at}.decoder")} | outputs(f"{at}.decoder")
        return bert_masked_lm()
    if hasattr(model, "lm_predictions"):
        at = "lm_predictions.lm_head"
        return masked_lm(f"{at}.dense", f"{at}.activation", f"{at}.LayerNorm", at)
    if hasattr(model, "lm_head"):
        return masked_lm("lm_head.dense", "lm_head.activation", "lm_head.layer_norm", "lm_head.decoder")
    if hasattr(model, "vocab_projector"):
        return masked_lm(
            "vocab_transform", "vocab_transform.activation", "vocab_layer_norm", "vocab_projector"
        )
    if hasattr(model, "generator_predictions"):
        at = "generator_predictions"
        return masked_lm(f"{at}.dense", f"{at}.activation", f"{at}.LayerNorm", "generator_lm_head")
    if hasattr(model, "predictions"):
        at = "predictions"
        return masked_lm(f"{at}.dense", f"{at}.activation", f"{at}.LayerNorm", f"{at}.decoder")
    return {}


def classifier(model: nn.Module) -> Nodes:
    if hasattr(getattr(model, "cls", None), "seq_relationship") and not hasattr(model.cls, "predictions"):
        return outputs("cls.seq_relationship")
    if not hasattr(model, "classifier"):
        return {}
    if not hasattr(model.classifier, "out_proj"):
        return outputs("classifier")
    return outputs("classifier.out_proj") | {
        "classifier.gather": Source(INPUT, "classifier.dense"),
        "classifier.activation": Source(INPUT, "classifier.out_proj"),
    }


def before_classifier(model: nn.Module) -> Nodes:
    nodes: Nodes = {}
    if hasattr(model, "pre_classifier"):
        nodes["pre_classifier.gather"] = Source(INPUT, "pre_classifier")
        nodes["pre_classifier.activation"] = Source(INPUT, "dropout" if hasattr(model, "dropout") else "classifier")
    if hasattr(model, "sequence_summary"):
        nodes["sequence_summary.gather"] = Source(INPUT, "sequence_summary.summary")
        if isinstance(model.sequence_summary.summary, nn.Linear):
            nodes["sequence_summary.activation"] = Source(OUTPUT, "sequence_summary.activation")
    return nodes


def span(path: str) -> Nodes:
    return {f"{path}.{side}": Source(OUTPUT, path, column=column) for column, side in enumerate(("start", "end"))}


def per_token(model: nn.Module) -> Nodes:
    nodes: Nodes = span("qa_outputs") if hasattr(model, "qa_outputs") else {}
    if hasattr(model, "discriminator_predictions"):
        at = "discriminator_predictions"
        nodes |= outputs(f"{at}.dense_prediction")
        nodes[f"{at}.activation"] = Source(INPUT, f"{at}.dense_prediction")
    return nodes


def heads(model: nn.Module) -> Nodes:
    return language_model(model) | classifier(model) | before_classifier(model) | per_token(model)


def base_of(model: nn.Module, prefix: str) -> str:
    return f"{prefix}." if hasattr(model, prefix) else ""


def bert(model: nn.Module, prefix: str = "bert") -> Nodes:
    base = base_of(model, prefix)
    at = f"{base}embeddings"
    nodes = embeddings(at) | types(at) | post_norm_layers(model, f"{base}encoder.layer")
    return nodes | pooler(model, base) | heads(model)


def nezha(model: nn.Module) -> Nodes:
    return bert(model, "nezha")


def roberta(model: nn.Module) -> Nodes:
    return bert(model, "roberta")


def electra(model: nn.Module) -> Nodes:
    base = base_of(model, "electra")
    nodes = bert(model, "electra")
    if model.config.embedding_size != model.config.hidden_size:
        nodes |= outputs(f"{base}embeddings_project")
    return nodes


def roformer(model: nn.Module) -> Nodes:
    base = base_of(model, "roformer")
    at = f"{base}embeddings"
    nodes = outputs(f"{at}.word_embeddings", f"{at}.LayerNorm") | types(at)
    nodes[f"{at}.add"] = Source(INPUT, f"{at}.LayerNorm")
    if model.config.embedding_size != model.config.hidden_size:
        nodes |= outputs(f"{base}embeddings_project")
    nodes[f"{base}encoder.position"] = Source(INPUT, f"{base}encoder.layer.0")
    return nodes | post_norm_layers(model, f"{base}encoder.layer") | heads(model)


def distilbert(model: nn.Module) -> Nodes:
    base = base_of(model, "distilbert")
    nodes = embeddings(f"{base}embeddings")
    for at in layers(model, f"{base}transformer.layer"):
        nodes |= outputs(
            f"{at}.attention.out_lin", f"{at}.sa_layer_norm", f"{at}.ffn.lin2", f"{at}.output_layer_norm"
        )
        nodes[f"{at}.attention.add"] = Source(INPUT, f"{at}.sa_layer_norm")
        nodes[f"{at}.ffn.add"] = Source(INPUT, f"{at}.output_layer_norm")
    return nodes | heads(model)


def mpnet(model: nn.Module) -> Nodes:
    base = base_of(model, "mpnet")
    nodes = embeddings(f"{base}embeddings")
    for at in layers(model, f"{base}encoder.layer"):
        nodes |= outputs(
            f"{at}.attention.attn.o", f"{at}.attention.LayerNorm", f"{at}.output.dense", f"{at}.output.LayerNorm"
        )
        nodes[f"{at}.attention.add"] = Source(INPUT, f"{at}.attention.LayerNorm")
        nodes[f"{at}.output.add"] = Source(INPUT, f"{at}.output.LayerNorm")
    return nodes | pooler(model, base) | heads(model)


def deberta(model: nn.Module) -> Nodes:
    """Both versions; v2's convolution is found as what it adds (`nodes.derived`)."""
    base = base_of(model, "deberta")
    at, conv = f"{base}embeddings", f"{base}encoder.conv"
    nodes = embeddings(at) | post_norm_layers(model, f"{base}encoder.layer")
    if model.config.type_vocab_size > 0:
        nodes |= types(at)
    if model.get_submodule(at).embed_proj is not None:
        nodes |= outputs(f"{at}.embed_proj") | {f"{at}.position": Source(INPUT, f"{at}.embed_proj")}
    if getattr(model.get_submodule(f"{base}encoder"), "conv", None) is not None:
        nodes |= outputs(f"{conv}.LayerNorm") | {f"{conv}.add": Source(INPUT, f"{conv}.LayerNorm")}
    if hasattr(model, "pooler"):
        nodes |= {"pooler.gather": Source(INPUT, "pooler.dense"), "pooler.activation": Source(OUTPUT, "pooler")}
    return nodes | heads(model)


def modernbert(model: nn.Module) -> Nodes:
    """The first layer has no norm of its own."""
    base = base_of(model, "model")
    nodes = outputs(f"{base}embeddings.tok_embeddings", f"{base}embeddings.norm", f"{base}final_norm")
    nodes[f"{base}embeddings.position"] = Source(INPUT, f"{base}embeddings.norm")
    for index, at in enumerate(layers(model, f"{base}layers")):
        nodes |= outputs(f"{at}.attn.Wo", f"{at}.mlp_norm", f"{at}.mlp.Wo", at)
        nodes[f"{at}.attn.add"] = Source(INPUT, f"{at}.mlp_norm")
        if index > 0:
            nodes |= outputs(f"{at}.attn_norm")
    if not hasattr(model, "head"):
        return nodes
    answers = type(model).__name__.endswith("ForQuestionAnswering")
    nodes |= outputs("head.norm")
    nodes |= span("classifier") if answers else outputs("decoder" if hasattr(model, "decoder") else "classifier")
    nodes["head.activation"] = Source(INPUT, "head.norm")
    if not answers and not type(model).__name__.endswith("ForTokenClassification"):
        nodes["head.gather"] = Source(INPUT, "head.dense")
    return nodes


def albert_layers(model: nn.Module, base: str) -> Nodes:
    """Each call of a shared layer, numbered as it is computed."""
    config, nodes = model.config, {}
    for layer in range(config.num_hidden_layers):
        group = int(layer / (config.num_hidden_layers / config.num_hidden_groups))
        call = layer - next(n for n in range(layer + 1) if n * config.num_hidden_groups // config.num_hidden_layers == group)
        for inner in range(config.inner_group_num):
            module = f"{base}encoder.albert_layer_groups.{group}.albert_layers.{inner}"
            at = f"{base}encoder.layer.{layer}.{inner}"
            for name in ("attention.dense", "attention.LayerNorm", "ffn_output", "full_layer_layer_norm"):
                nodes[f"{at}.{name}"] = Source(OUTPUT, f"{module}.{name}", call=call)
            nodes[f"{at}.attention.add"] = Source(INPUT, f"{module}.attention.LayerNorm", call=call)
            nodes[f"{at}.add"] = Source(INPUT, f"{module}.full_layer_layer_norm", call=call)
    return nodes


def albert(model: nn.Module) -> Nodes:
    base = base_of(model, "albert")
    at = f"{base}embeddings"
    nodes = embeddings(at) | types(at) | outputs(f"{base}encoder.embedding_hidden_mapping_in")
    if getattr(model, "albert", model).pooler is not None:
        nodes[f"{base}pooler.gather"] = Source(INPUT, f"{base}pooler")
        nodes |= outputs(f"{base}pooler_activation")
    return nodes | albert_layers(model, base) | heads(model)


FAMILIES = {
    "bert": bert,
    "nezha": nezha,
    "roformer": roformer,
    "roberta": roberta,
    "xlm-roberta": roberta,
    "camembert": roberta,
    "distilbert": distilbert,
    "electra": electra,
    "albert": albert,
    "mpnet": mpnet,
    "modernbert": modernbert,
    "deberta": deberta,
    "deberta-v2": deberta,
}
