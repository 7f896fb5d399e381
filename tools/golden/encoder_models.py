"""The tiny models of encoders and their heads, narrow ones: what they share with BERT is tested wide."""

import reference as t
from parity_models import MIDDLE, NARROW, POSITIONS, VOCABULARY, WIDE, TinyModel, bert, nezha, roformer

SIZES = {"vocab_size": VOCABULARY, "num_hidden_layers": 1, "num_attention_heads": 5, "max_position_embeddings": POSITIONS}


def one_layer(config: t.PretrainedConfig) -> t.PretrainedConfig:
    """For heads: their layers are those of another tiny model."""
    config.num_hidden_layers = 1
    if getattr(config, "layer_types", None):
        config.layer_types = config.layer_types[:1]
    return config


def labels(count: int, **changes) -> dict:
    return {"num_labels": count} | changes


def roberta(make: type = t.RobertaConfig, **changes) -> t.PretrainedConfig:
    """Two rows of the table stand for no position: 76 positions serve 70 tokens."""
    return make(**(SIZES | NARROW | {"max_position_embeddings": 78, "type_vocab_size": 2} | changes))


def distilbert(**changes) -> t.DistilBertConfig:
    sizes = {"vocab_size": VOCABULARY, "n_layers": 1, "n_heads": 5, "dim": 20, "hidden_dim": 27}
    return t.DistilBertConfig(**(sizes | {"max_position_embeddings": POSITIONS} | changes))


def electra(**changes) -> t.ElectraConfig:
    return t.ElectraConfig(**(SIZES | NARROW | {"embedding_size": 14, "type_vocab_size": 3} | changes))


def albert(**changes) -> t.AlbertConfig:
    """Five layers of two groups, so that no group has half of them."""
    sizes = {"embedding_size": 14, "num_hidden_layers": 5, "num_hidden_groups": 2, "type_vocab_size": 3}
    return t.AlbertConfig(**(SIZES | NARROW | sizes | changes))


def mpnet(**changes) -> t.MPNetConfig:
    return t.MPNetConfig(**(SIZES | NARROW | changes))


def deberta(make: type = t.DebertaConfig, **changes) -> t.PretrainedConfig:
    """Distances of up to 40, which the longest text goes beyond."""
    distances = {"relative_attention": True, "pos_att_type": ["c2p", "p2c"], "max_relative_positions": 40}
    return make(**(SIZES | NARROW | distances | changes))


def deberta_v2(**changes) -> t.DebertaV2Config:
    return deberta(t.DebertaV2Config, **changes)


BUCKETS = {"position_buckets": 8, "norm_rel_ebd": "layer_norm", "share_att_key": True, "position_biased_input": False}

def modernbert(**changes) -> t.ModernBertConfig:
    """A window of four keys on each side, every other layer."""
    sizes = {"global_attn_every_n_layers": 2, "local_attention": 9, "global_rope_theta": 700.0, "local_rope_theta": 60.0}
    ids = {"pad_token_id": 0, "eos_token_id": 2, "bos_token_id": 1, "cls_token_id": 1, "sep_token_id": 2}
    return t.ModernBertConfig(**(SIZES | NARROW | sizes | ids | {"reference_compile": False} | changes))


ENCODERS = [
    TinyModel("bert/next-sentence", t.BertForNextSentencePrediction, one_layer(bert()), type_ids=True),
    TinyModel(
        "bert/sequence", t.BertForSequenceClassification,
        bert(**labels(3, layer_norm_eps=1e-5, problem_type="multi_label_classification")), type_ids=True,
    ),
    TinyModel("bert/choice", t.BertForMultipleChoice, one_layer(bert()), type_ids=True),
    TinyModel("bert/tokens", t.BertForTokenClassification, one_layer(bert(**labels(7, position_embedding_type="relative_key_query")))),
    TinyModel("bert/answer", t.BertForQuestionAnswering, one_layer(bert(hidden_act="gelu_new")), type_ids=True),
    TinyModel("nezha/pretraining", t.NezhaForPreTraining, one_layer(nezha()), type_ids=True),
    TinyModel("nezha/next-sentence", t.NezhaForNextSentencePrediction, one_layer(nezha()), type_ids=True),
    TinyModel("nezha/sequence", t.NezhaForSequenceClassification, one_layer(nezha(**labels(3, problem_type="regression")))),
    TinyModel("nezha/choice", t.NezhaForMultipleChoice, one_layer(nezha())),
    TinyModel("nezha/tokens", t.NezhaForTokenClassification, one_layer(nezha(**labels(5)))),
    TinyModel("nezha/answer", t.NezhaForQuestionAnswering, one_layer(nezha(hidden_act="relu")), type_ids=True),
    TinyModel("roformer/sequence", t.RoFormerForSequenceClassification, one_layer(roformer(**labels(3, hidden_act="gelu_new")))),
    TinyModel("roformer/choice", t.RoFormerForMultipleChoice, one_layer(roformer(embedding_size=14)), type_ids=True),
    TinyModel("roformer/tokens", t.RoFormerForTokenClassification, one_layer(roformer(**labels(4, rotary_value=True)))),
    TinyModel("roformer/answer", t.RoFormerForQuestionAnswering, one_layer(roformer()), type_ids=True),
    TinyModel(
        "roformer/causal-values", t.RoFormerForCausalLM, one_layer(roformer(is_decoder=True, rotary_value=True)), generates=True
    ),
    TinyModel("roberta/lm", t.RobertaForMaskedLM, roberta(num_hidden_layers=2, layer_norm_eps=1e-5, hidden_act="relu"), type_ids=True),
    TinyModel("roberta/bare", t.RobertaModel, roberta(num_hidden_layers=2)),
    TinyModel("roberta/padding", t.RobertaForTokenClassification, roberta(pad_token_id=3, **labels(5))),
    TinyModel("roberta/relative", t.RobertaForSequenceClassification, roberta(position_embedding_type="relative_key", **labels(3))),
    TinyModel("roberta/causal", t.RobertaForCausalLM, roberta(num_hidden_layers=2, is_decoder=True), generates=True),
    TinyModel("roberta/answer", t.RobertaForQuestionAnswering, roberta()),
    TinyModel("xlm-roberta/lm", t.XLMRobertaForMaskedLM, roberta(t.XLMRobertaConfig, tie_word_embeddings=False)),
    TinyModel("xlm-roberta/choice", t.XLMRobertaForMultipleChoice, roberta(t.XLMRobertaConfig)),
    TinyModel("camembert/lm", t.CamembertForMaskedLM, roberta(t.CamembertConfig, type_vocab_size=1)),
    TinyModel("camembert/sequence", t.CamembertForSequenceClassification, roberta(t.CamembertConfig, **labels(4))),
    TinyModel("distilbert/lm", t.DistilBertForMaskedLM, distilbert(n_layers=2, activation="relu")),
    TinyModel("distilbert/sinusoidal", t.DistilBertModel, distilbert(n_layers=2, sinusoidal_pos_embds=True)),
    TinyModel("distilbert/sequence", t.DistilBertForSequenceClassification, distilbert(**labels(3))),
    TinyModel("distilbert/choice", t.DistilBertForMultipleChoice, distilbert()),
    TinyModel("distilbert/tokens", t.DistilBertForTokenClassification, distilbert(**labels(5))),
    TinyModel("distilbert/answer", t.DistilBertForQuestionAnswering, distilbert()),
    TinyModel("electra/generator", t.ElectraForMaskedLM, electra(num_hidden_layers=2, layer_norm_eps=1e-4, hidden_act="relu"), type_ids=True),
    TinyModel("electra/discriminator", t.ElectraForPreTraining, electra(hidden_act="gelu_new"), type_ids=True),
    TinyModel("electra/bare", t.ElectraModel, electra(embedding_size=20)),
    TinyModel("electra/sequence", t.ElectraForSequenceClassification, electra(**labels(3, hidden_act="relu"))),
    TinyModel("electra/choice", t.ElectraForMultipleChoice, electra()),
    TinyModel("electra/tokens", t.ElectraForTokenClassification, electra(**labels(5, position_embedding_type="relative_key"))),
    TinyModel("electra/answer", t.ElectraForQuestionAnswering, electra()),
    TinyModel("electra/causal", t.ElectraForCausalLM, electra(num_hidden_layers=2, is_decoder=True), generates=True),
    TinyModel("albert/lm", t.AlbertForMaskedLM, albert(layer_norm_eps=1e-4, hidden_act="relu"), type_ids=True),
    TinyModel("albert/bare", t.AlbertModel, albert(inner_group_num=2, num_hidden_layers=3, num_hidden_groups=1)),
    TinyModel("albert/pretraining", t.AlbertForPreTraining, albert(num_hidden_groups=1, embedding_size=20), type_ids=True),
    TinyModel("albert/sequence", t.AlbertForSequenceClassification, albert(**labels(3), num_hidden_layers=2)),
    TinyModel("albert/choice", t.AlbertForMultipleChoice, albert(num_hidden_layers=2)),
    TinyModel("albert/tokens", t.AlbertForTokenClassification, albert(num_hidden_layers=3, position_embedding_type="relative_key", **labels(5))),
    TinyModel("albert/answer", t.AlbertForQuestionAnswering, albert(num_hidden_layers=2)),
    TinyModel("mpnet/lm", t.MPNetForMaskedLM, mpnet(num_hidden_layers=2, layer_norm_eps=1e-4, hidden_act="relu")),
    TinyModel("mpnet/bare", t.MPNetModel, mpnet(num_hidden_layers=2)),
    TinyModel("mpnet/sequence", t.MPNetForSequenceClassification, mpnet(**labels(3))),
    TinyModel("mpnet/choice", t.MPNetForMultipleChoice, mpnet()),
    TinyModel("mpnet/tokens", t.MPNetForTokenClassification, mpnet(**labels(5))),
    TinyModel("mpnet/answer", t.MPNetForQuestionAnswering, mpnet()),
    TinyModel(
        "deberta/lm", t.DebertaForMaskedLM,
        deberta(**WIDE, layer_norm_eps=1e-4, type_vocab_size=3, position_biased_input=False), type_ids=True,
    ),
    TinyModel("deberta/bare", t.DebertaModel, deberta(num_hidden_layers=2, pos_att_type=["c2p"], max_relative_positions=-1)),
    TinyModel("deberta/sequence", t.DebertaForSequenceClassification, deberta(pos_att_type=["p2c"], **labels(3, pooler_hidden_act="tanh"))),
    TinyModel("deberta/tokens", t.DebertaForTokenClassification, deberta(embedding_size=14, type_vocab_size=2, **labels(5)), type_ids=True),
    TinyModel("deberta/answer", t.DebertaForQuestionAnswering, deberta(relative_attention=False, hidden_act="gelu_new")),
    TinyModel("deberta/new-head", t.DebertaForMaskedLM, deberta(legacy=False, tie_word_embeddings=False, hidden_act="relu")),
    TinyModel(
        "deberta-v2/lm", t.DebertaV2ForMaskedLM,
        deberta_v2(**MIDDLE, **BUCKETS, num_hidden_layers=2, layer_norm_eps=1e-4, conv_kernel_size=3),
    ),
    TinyModel("deberta-v2/bare", t.DebertaV2Model, deberta_v2(num_hidden_layers=2, max_relative_positions=-1, type_vocab_size=2), type_ids=True),
    TinyModel("deberta-v2/narrow", t.DebertaV2ForMaskedLM, deberta_v2(embedding_size=14, position_buckets=12, pos_att_type=["p2c"])),
    TinyModel("deberta-v2/new-head", t.DebertaV2ForMaskedLM, deberta_v2(legacy=False, tie_word_embeddings=False, hidden_act="gelu_new")),
    TinyModel(
        "deberta-v2/sequence", t.DebertaV2ForSequenceClassification,
        deberta_v2(**BUCKETS, conv_kernel_size=5, conv_groups=4, conv_act="gelu", **labels(3, problem_type="regression")),
    ),
    TinyModel("deberta-v2/choice", t.DebertaV2ForMultipleChoice, deberta_v2(**(BUCKETS | {"share_att_key": False}), pooler_hidden_act="relu")),
    TinyModel("deberta-v2/tokens", t.DebertaV2ForTokenClassification, deberta_v2(**BUCKETS, pos_att_type=["c2p"], **labels(5))),
    TinyModel("deberta-v2/answer", t.DebertaV2ForQuestionAnswering, deberta_v2(**BUCKETS, pos_att_type=None, conv_kernel_size=1)),
    TinyModel("modernbert/lm", t.ModernBertForMaskedLM, modernbert(**(MIDDLE | {"num_hidden_layers": 2}), norm_eps=1e-3, decoder_bias=False)),
    TinyModel("modernbert/bare", t.ModernBertModel, modernbert(num_hidden_layers=4, global_attn_every_n_layers=3, local_rope_theta=None)),
    TinyModel(
        "modernbert/biased", t.ModernBertForMaskedLM,
        modernbert(
            num_hidden_layers=2, norm_bias=True, attention_bias=True, mlp_bias=True, classifier_bias=True,
            tie_word_embeddings=False, hidden_activation="silu", classifier_activation="relu",
        ),
    ),
    TinyModel("modernbert/sequence", t.ModernBertForSequenceClassification, modernbert(num_hidden_layers=2, classifier_pooling="mean", **labels(3))),
    TinyModel("modernbert/first", t.ModernBertForSequenceClassification, modernbert(**labels(4))),
    TinyModel("modernbert/tokens", t.ModernBertForTokenClassification, modernbert(**labels(5))),
]  # fmt: skip
