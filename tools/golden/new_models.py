"""The tiny models of the families that transformers 5 brings, or that came to Locus with it."""

import reference as t
from decoder_models import GROUPED, sequences
from encoder_models import SIZES, labels
from paper_jina_bert import JinaBertConfig, JinaBertModel
from parity_models import NARROW, POSITIONS, VOCABULARY, TinyModel

IDS = {"pad_token_id": 0, "bos_token_id": 2, "eos_token_id": 1}
ROTATED = GROUPED | {"head_dim": 8}  # heads times their width is not the width of the model


def qwen3(**changes) -> t.Qwen3Config:
    return t.Qwen3Config(**(ROTATED | {"eos_token_id": 2} | changes))


def gemma(**changes) -> t.GemmaConfig:
    return t.GemmaConfig(**(ROTATED | IDS | changes))


def gemma2(**changes) -> t.Gemma2Config:
    """Caps low enough to bend the scores and the logits."""
    caps = {"attn_logit_softcapping": 3.0, "final_logit_softcapping": 5.0, "query_pre_attn_scalar": 5, "sliding_window": 9}
    return t.Gemma2Config(**(ROTATED | IDS | caps | changes))


def gemma3(**changes) -> t.Gemma3TextConfig:
    kinds = {"query_pre_attn_scalar": 5, "sliding_window": 9, "layer_types": ["sliding_attention", "full_attention"]}
    return t.Gemma3TextConfig(**(ROTATED | IDS | kinds | changes))


def each_kind(local: float, everywhere: float, **scaling) -> dict:
    """One rotation for each kind of layer; the one of whole texts may be scaled."""
    return {
        "sliding_attention": {"rope_type": "default", "rope_theta": local},
        "full_attention": {"rope_type": "default", "rope_theta": everywhere} | scaling,
    }


def nomic_bert(**changes) -> t.NomicBertConfig:
    rotation = {"rope_parameters": {"rope_type": "default", "rope_theta": 300.0}}
    return t.NomicBertConfig(**(SIZES | NARROW | rotation | {"num_hidden_layers": 2, "type_vocab_size": 3} | changes))


def gte(**changes) -> t.GteConfig:
    rotation = {"rope_parameters": {"rope_type": "default", "rope_theta": 300.0}}
    return t.GteConfig(**(SIZES | NARROW | rotation | {"num_hidden_layers": 2, "type_vocab_size": 2} | changes))


def smollm3(**changes) -> t.SmolLM3Config:
    """Every other layer has no positions."""
    return t.SmolLM3Config(**(GROUPED | IDS | {"no_rope_layer_interval": 2} | changes))


def longrope(**changes) -> dict:
    """Of three pairs; texts beyond 16 take the long factors."""
    factors = {"short_factor": [1.0, 1.1, 1.3], "long_factor": [1.2, 2.5, 6.0]}
    return {"rope_type": "longrope", "rope_theta": 100.0} | factors | changes


def phi3(**changes) -> t.Phi3Config:
    own = {"partial_rotary_factor": 0.75, "original_max_position_embeddings": 16}
    sizes = {"num_attention_heads": 3, "num_key_value_heads": 1}  # heads of 8, 6 of which are rotated
    return t.Phi3Config(**(GROUPED | IDS | sizes | own | changes))


def olmo2(**changes) -> t.Olmo2Config:
    return t.Olmo2Config(**(GROUPED | IDS | changes))


def olmo3(**changes) -> t.Olmo3Config:
    return t.Olmo3Config(**(GROUPED | IDS | {"sliding_window": 9, "layer_types": ["sliding_attention", "full_attention"]} | changes))


def granite(**changes) -> t.GraniteConfig:
    factors = {"embedding_multiplier": 3.0, "attention_multiplier": 0.3, "residual_multiplier": 0.7, "logits_scaling": 1.5}
    return t.GraniteConfig(**(GROUPED | IDS | factors | changes))


def ministral(**changes) -> t.MinistralConfig:
    return t.MinistralConfig(**(ROTATED | IDS | {"sliding_window": 7} | changes))


def eurobert(**changes) -> t.EuroBertConfig:
    rotation = {"rope_parameters": {"rope_type": "default", "rope_theta": 300.0}}
    return t.EuroBertConfig(**(GROUPED | IDS | {"mask_token_id": 4} | rotation | changes))


def modernbert_decoder(**changes) -> t.ModernBertDecoderConfig:
    sizes = SIZES | {"num_hidden_layers": 4, "local_attention": 14, "hidden_size": 40, "num_attention_heads": 5, "intermediate_size": 27}
    ids = {"pad_token_id": 0, "bos_token_id": 2, "eos_token_id": 1, "cls_token_id": 2, "sep_token_id": 1}
    return t.ModernBertDecoderConfig(**(sizes | ids | changes))


def starcoder2(**changes) -> t.Starcoder2Config:
    return t.Starcoder2Config(**(GROUPED | IDS | {"norm_epsilon": 1e-3} | changes))


def esm(**changes) -> t.EsmConfig:
    """Proteins have no token types; what a mask hides is made up for by a factor."""
    ids = {"pad_token_id": 1, "mask_token_id": 32, "eos_token_id": 2}
    rotary = {"position_embedding_type": "rotary", "emb_layer_norm_before": False, "token_dropout": True}
    sizes = {"num_hidden_layers": 2, "hidden_size": 20, "intermediate_size": 27}
    return t.EsmConfig(**(SIZES | ids | rotary | sizes | changes))


def xlnet(**changes) -> t.XLNetConfig:
    sizes = {"d_model": 20, "n_head": 5, "d_inner": 27, "n_layer": 2}
    return t.XLNetConfig(vocab_size=VOCABULARY, **(sizes | changes))


def m2m_100(**changes) -> t.M2M100Config:
    return sequences(t.M2M100Config, **({"decoder_start_token_id": 2} | changes))


def jina_bert(**changes) -> JinaBertConfig:
    return JinaBertConfig(**(SIZES | NARROW | {"num_hidden_layers": 2, "type_vocab_size": 2} | changes))


def longformer(**changes) -> t.LongformerConfig:
    """Windows of different widths; two rows of the table stand for no position."""
    sizes = {"num_hidden_layers": 2, "attention_window": [8, 16], "max_position_embeddings": POSITIONS + 6}
    return t.LongformerConfig(**(SIZES | NARROW | sizes | changes))


NEW = [
    TinyModel("qwen3/lm", t.Qwen3ForCausalLM, qwen3(rope_parameters={"rope_type": "default", "rope_theta": 700.0}), generates=True),
    TinyModel(
        "qwen3/sliding", t.Qwen3ForCausalLM,
        qwen3(use_sliding_window=True, sliding_window=7, max_window_layers=1, attention_bias=True, tie_word_embeddings=True),
        generates=True,
    ),
    TinyModel("qwen3/bare", t.Qwen3Model, qwen3(num_hidden_layers=1)),
    TinyModel("qwen3/sequence", t.Qwen3ForSequenceClassification, qwen3(num_hidden_layers=1, num_labels=1)),
    TinyModel("gemma/lm", t.GemmaForCausalLM, gemma(num_key_value_heads=1), generates=True),
    TinyModel("gemma/bare", t.GemmaModel, gemma(num_hidden_layers=1, hidden_act="gelu", attention_bias=True)),
    TinyModel("gemma2/lm", t.Gemma2ForCausalLM, gemma2(), generates=True),
    TinyModel("gemma2/uncapped", t.Gemma2Model, gemma2(num_hidden_layers=1, attn_logit_softcapping=None)),
    TinyModel(
        "gemma3/lm", t.Gemma3ForCausalLM,
        gemma3(rope_parameters=each_kind(30.0, 900.0, rope_type="linear", factor=8.0)), generates=True,
    ),
    TinyModel("gemma3/pattern", t.Gemma3ForCausalLM, gemma3(layer_types=None, num_hidden_layers=4, sliding_window_pattern=3), generates=True),
    TinyModel("gemma3/embedding", t.Gemma3TextModel, gemma3(use_bidirectional_attention=True, sliding_window=12)),
    TinyModel("nomic-bert/lm", t.NomicBertForMaskedLM, nomic_bert(), type_ids=True),
    TinyModel("nomic-bert/bare", t.NomicBertModel, nomic_bert(num_hidden_layers=1, hidden_act="gelu"), type_ids=True),
    TinyModel("nomic-bert/sequence", t.NomicBertForSequenceClassification, nomic_bert(num_hidden_layers=1, **labels(3))),
    TinyModel("gte/lm", t.GteForMaskedLM, gte(), type_ids=True),
    TinyModel("gte/bare", t.GteModel, gte(num_hidden_layers=1, type_vocab_size=1)),
    TinyModel("gte/sequence", t.GteForSequenceClassification, gte(num_hidden_layers=1, **labels(1))),
    TinyModel("smollm3/lm", t.SmolLM3ForCausalLM, smollm3(), generates=True),
    TinyModel(
        "smollm3/sliding", t.SmolLM3ForCausalLM,
        smollm3(no_rope_layers=[1, 0], use_sliding_window=True, sliding_window=7, attention_bias=True, mlp_bias=True), generates=True,
    ),
    TinyModel("phi3/lm", t.Phi3ForCausalLM, phi3(rope_parameters=longrope()), generates=True),
    TinyModel("phi3/plain", t.Phi3ForCausalLM, phi3(sliding_window=7, num_hidden_layers=1, partial_rotary_factor=1.0), generates=True),
    TinyModel("olmo2/lm", t.Olmo2ForCausalLM, olmo2(), generates=True),
    TinyModel("olmo2/bare", t.Olmo2Model, olmo2(num_hidden_layers=1, attention_bias=True, rms_norm_eps=1e-3)),
    TinyModel(
        "olmo3/lm", t.Olmo3ForCausalLM,
        olmo3(rope_parameters=each_kind(30.0, 900.0, rope_type="yarn", factor=4.0, original_max_position_embeddings=16)), generates=True,
    ),
    TinyModel("olmo3/pattern", t.Olmo3ForCausalLM, olmo3(layer_types=None, num_hidden_layers=4, attention_bias=True), generates=True),
    TinyModel("olmo3/bare", t.Olmo3Model, olmo3(num_hidden_layers=2, rms_norm_eps=1e-3)),
    TinyModel("granite/lm", t.GraniteForCausalLM, granite(), generates=True),
    TinyModel(
        "granite/tied", t.GraniteForCausalLM,
        granite(tie_word_embeddings=True, attention_bias=True, mlp_bias=True, rope_parameters={"rope_type": "default", "rope_theta": 700.0}),
        generates=True,
    ),
    TinyModel("granite/bare", t.GraniteModel, granite(num_hidden_layers=1, residual_multiplier=1.0)),
    TinyModel("ministral/lm", t.MinistralForCausalLM, ministral(layer_types=["full_attention", "sliding_attention"]), generates=True),
    TinyModel("ministral/bare", t.MinistralModel, ministral(num_hidden_layers=1)),
    TinyModel("ministral/sequence", t.MinistralForSequenceClassification, ministral(num_hidden_layers=1, **labels(3))),
    TinyModel("ministral/tokens", t.MinistralForTokenClassification, ministral(num_hidden_layers=1, **labels(3))),
    TinyModel("eurobert/lm", t.EuroBertForMaskedLM, eurobert(mlp_bias=True, attention_bias=True)),
    TinyModel("eurobert/tied", t.EuroBertForMaskedLM, eurobert(num_hidden_layers=1, tie_word_embeddings=True)),
    TinyModel("eurobert/bare", t.EuroBertModel, eurobert(num_hidden_layers=1)),
    TinyModel("eurobert/late", t.EuroBertForSequenceClassification, eurobert(num_hidden_layers=1, **labels(3))),
    TinyModel("eurobert/mean", t.EuroBertForSequenceClassification, eurobert(num_hidden_layers=1, classifier_pooling="mean", **labels(1))),
    TinyModel("eurobert/bos", t.EuroBertForSequenceClassification, eurobert(num_hidden_layers=1, classifier_pooling="bos", **labels(3))),
    TinyModel("eurobert/tokens", t.EuroBertForTokenClassification, eurobert(num_hidden_layers=1, **labels(3))),
    TinyModel(
        "modernbert-decoder/lm", t.ModernBertDecoderForCausalLM,
        modernbert_decoder(rope_parameters=each_kind(30.0, 900.0), norm_bias=True), generates=True,
    ),
    TinyModel(
        "modernbert-decoder/untied", t.ModernBertDecoderForCausalLM,
        modernbert_decoder(
            layer_types=["sliding_attention", "full_attention"], num_hidden_layers=2, tie_word_embeddings=False, decoder_bias=False,
            attention_bias=True, mlp_bias=True, classifier_bias=True, classifier_activation="relu", norm_eps=1e-3,
        ),
        generates=True,
    ),
    TinyModel("modernbert-decoder/bare", t.ModernBertDecoderModel, modernbert_decoder(num_hidden_layers=2)),
    TinyModel("modernbert-decoder/sequence", t.ModernBertDecoderForSequenceClassification, modernbert_decoder(num_hidden_layers=1, **labels(3))),
    TinyModel("starcoder2/lm", t.Starcoder2ForCausalLM, starcoder2(rope_parameters={"rope_type": "default", "rope_theta": 700.0}), generates=True),
    TinyModel(
        "starcoder2/sliding", t.Starcoder2ForCausalLM,
        starcoder2(sliding_window=7, use_bias=False, hidden_act="gelu", tie_word_embeddings=False, head_dim=8), generates=True,
    ),
    TinyModel("starcoder2/bare", t.Starcoder2Model, starcoder2(num_hidden_layers=1, num_key_value_heads=6)),
    TinyModel("starcoder2/sequence", t.Starcoder2ForSequenceClassification, starcoder2(num_hidden_layers=1, **labels(3))),
    TinyModel("starcoder2/tokens", t.Starcoder2ForTokenClassification, starcoder2(num_hidden_layers=1, **labels(3))),
    TinyModel("esm/lm", t.EsmForMaskedLM, esm()),
    TinyModel("esm/half", t.EsmForMaskedLM, esm(hidden_size=40, num_attention_heads=2)),
    TinyModel("esm/absolute", t.EsmModel, esm(position_embedding_type="absolute", emb_layer_norm_before=True, token_dropout=False, num_hidden_layers=1)),
    TinyModel("esm/tokens", t.EsmForTokenClassification, esm(num_hidden_layers=1, **labels(3))),
    TinyModel("esm/sequence", t.EsmForSequenceClassification, esm(num_hidden_layers=1, **labels(3))),
    TinyModel("xlnet/lm", t.XLNetLMHeadModel, xlnet(), type_ids=True),
    TinyModel("xlnet/bare", t.XLNetModel, xlnet(n_layer=1, ff_activation="relu", clamp_len=7)),
    TinyModel("xlnet/sequence", t.XLNetForSequenceClassification, xlnet(n_layer=1, **labels(3))),
    TinyModel("xlnet/answer", t.XLNetForQuestionAnsweringSimple, xlnet(n_layer=1)),
    TinyModel("xlnet/tokens", t.XLNetForTokenClassification, xlnet(n_layer=1, **labels(3)), type_ids=True),
    TinyModel("xlnet/choice", t.XLNetForMultipleChoice, xlnet(n_layer=1, summary_type="mean", layer_norm_eps=1e-3), type_ids=True),
    TinyModel("m2m-100/lm", t.M2M100ForConditionalGeneration, m2m_100(), generates=True),
    TinyModel("m2m-100/bare", t.M2M100Model, m2m_100(d_model=10, encoder_layers=1, scale_embedding=False)),
    TinyModel("longformer/lm", t.LongformerForMaskedLM, longformer()),
    TinyModel("longformer/sequence", t.LongformerForSequenceClassification, longformer(**labels(3))),
    TinyModel("longformer/bare", t.LongformerModel, longformer(num_hidden_layers=1, attention_window=[10]), type_ids=True),
    TinyModel("longformer/choice", t.LongformerForMultipleChoice, longformer(num_hidden_layers=1, attention_window=[4])),
    TinyModel("longformer/answer", t.LongformerForQuestionAnswering, longformer(num_hidden_layers=1, attention_window=[6], sep_token_id=7)),
    TinyModel("longformer/tokens", t.LongformerForTokenClassification, longformer(num_hidden_layers=1, attention_window=[6], **labels(3))),
    TinyModel("jina-bert/bare", JinaBertModel, jina_bert(), type_ids=True),
    TinyModel("jina-bert/qk-post-norm", JinaBertModel, jina_bert(qk_post_norm=True, layer_norm_eps=1e-3)),
]  # fmt: skip
