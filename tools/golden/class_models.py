"""The tiny models of classes whose layers other tiny models test: one layer, 10 wide."""

import reference as t
from decoder_models import (
    ALONE, SHORT, SHORT_T5, SMALL, SMALL_GPT2, bloom, gpt, gpt_neo, gptj, long_t5, mistral, mpt, opt, qwen2,
    sequences, transfo_xl,
)  # fmt: skip
from encoder_models import labels, one_layer, roberta
from parity_models import TinyModel, gpt2, llama, neox

THIN = {"hidden_size": 10, "intermediate_size": 13}
LOCAL = {"hidden_size": 10, "num_layers": 1, "attention_types": [[["local"], 1]]}
SHORT_MBART = SHORT | {"decoder_start_token_id": 5}


def thin_roberta(make: type = t.RobertaConfig, **changes) -> t.PretrainedConfig:
    return roberta(make, **(THIN | changes))


def encoders() -> list[TinyModel]:
    xlm, camembert = t.XLMRobertaConfig, t.CamembertConfig
    return [
        TinyModel("roberta/choice", t.RobertaForMultipleChoice, thin_roberta(), type_ids=True),
        TinyModel("xlm-roberta/bare", t.XLMRobertaModel, thin_roberta(xlm)),
        TinyModel("xlm-roberta/causal", t.XLMRobertaForCausalLM, thin_roberta(xlm, is_decoder=True), generates=True),
        TinyModel("xlm-roberta/sequence", t.XLMRobertaForSequenceClassification, thin_roberta(xlm, **labels(3))),
        TinyModel("xlm-roberta/tokens", t.XLMRobertaForTokenClassification, thin_roberta(xlm, **labels(5))),
        TinyModel("xlm-roberta/answer", t.XLMRobertaForQuestionAnswering, thin_roberta(xlm), type_ids=True),
        TinyModel("camembert/bare", t.CamembertModel, thin_roberta(camembert)),
        TinyModel("camembert/causal", t.CamembertForCausalLM, thin_roberta(camembert, is_decoder=True), generates=True),
        TinyModel("camembert/choice", t.CamembertForMultipleChoice, thin_roberta(camembert)),
        TinyModel("camembert/tokens", t.CamembertForTokenClassification, thin_roberta(camembert, **labels(5))),
        TinyModel("camembert/answer", t.CamembertForQuestionAnswering, thin_roberta(camembert)),
    ]


def encoder_decoders() -> list[TinyModel]:
    small = lambda make, **changes: long_t5(make, **(SHORT_T5 | changes))
    return [
        TinyModel("t5/answer", t.T5ForQuestionAnswering, small(t.T5Config), gain=1.2),
        TinyModel("mt5/bare", t.MT5Model, small(t.MT5Config), gain=1.2),
        TinyModel("mt5/encoder", t.MT5EncoderModel, small(t.MT5Config), gain=1.2),
        TinyModel("mt5/sequence", t.MT5ForSequenceClassification, small(t.MT5Config, num_labels=3), gain=1.2),
        TinyModel("mt5/tokens", t.MT5ForTokenClassification, small(t.MT5Config, num_labels=5), gain=1.2),
        TinyModel("mt5/answer", t.MT5ForQuestionAnswering, small(t.MT5Config), gain=1.2),
        TinyModel("umt5/bare", t.UMT5Model, small(t.UMT5Config), gain=1.2),
        TinyModel("umt5/sequence", t.UMT5ForSequenceClassification, small(t.UMT5Config, num_labels=3), gain=1.2),
        TinyModel("umt5/tokens", t.UMT5ForTokenClassification, small(t.UMT5Config, num_labels=5), gain=1.2),
        TinyModel("mbart/sequence", t.MBartForSequenceClassification, sequences(t.MBartConfig, **SHORT_MBART, num_labels=4)),
        TinyModel("mbart/answer", t.MBartForQuestionAnswering, sequences(t.MBartConfig, **SHORT_MBART)),
        TinyModel("mbart/decoder", t.MBartForCausalLM, sequences(t.MBartConfig, **SHORT_MBART, **ALONE), generates=True),
        TinyModel("pegasus/decoder", t.PegasusForCausalLM, sequences(t.PegasusConfig, **SHORT, **ALONE), generates=True),
    ]


def decoders() -> list[TinyModel]:
    small = lambda make, **changes: make(**(SMALL | changes))
    return [
        TinyModel("gpt2/double", t.GPT2DoubleHeadsModel, one_layer(gpt2(**SMALL_GPT2)), generates=True),
        TinyModel("gpt/double", t.OpenAIGPTDoubleHeadsModel, gpt(n_embd=10, n_layer=1, summary_activation="tanh")),
        TinyModel("llama/bare", t.LlamaModel, one_layer(llama(**SMALL))),
        TinyModel("mistral/sequence", t.MistralForSequenceClassification, one_layer(small(mistral, num_labels=3))),
        TinyModel("mistral/tokens", t.MistralForTokenClassification, one_layer(small(mistral, num_labels=5))),
        TinyModel("qwen2/bare", t.Qwen2Model, one_layer(small(qwen2))),
        TinyModel("qwen2/sequence", t.Qwen2ForSequenceClassification, one_layer(small(qwen2, num_labels=3))),
        TinyModel("qwen2/tokens", t.Qwen2ForTokenClassification, one_layer(small(qwen2, num_labels=5))),
        TinyModel("qwen2/answer", t.Qwen2ForQuestionAnswering, one_layer(small(qwen2))),
        TinyModel("gpt-neo/sequence", t.GPTNeoForSequenceClassification, gpt_neo(**LOCAL, num_labels=3)),
        TinyModel("gpt-neo/tokens", t.GPTNeoForTokenClassification, gpt_neo(**LOCAL, num_labels=5)),
        TinyModel("gpt-neo/answer", t.GPTNeoForQuestionAnswering, gpt_neo(**LOCAL)),
        TinyModel("gptj/sequence", t.GPTJForSequenceClassification, gptj(n_embd=10, n_inner=13, n_layer=1, rotary_dim=2, num_labels=3)),
        TinyModel("gptj/answer", t.GPTJForQuestionAnswering, gptj(n_embd=10, n_inner=13, n_layer=1, rotary_dim=2)),
        TinyModel("opt/answer", t.OPTForQuestionAnswering, opt(hidden_size=10, num_hidden_layers=1, word_embed_proj_dim=10)),
        TinyModel("bloom/sequence", t.BloomForSequenceClassification, bloom(hidden_size=10, n_layer=1, num_labels=3)),
        TinyModel("bloom/tokens", t.BloomForTokenClassification, bloom(hidden_size=10, n_layer=1, num_labels=5)),
        TinyModel("bloom/answer", t.BloomForQuestionAnswering, bloom(hidden_size=10, n_layer=1)),
        TinyModel("mpt/sequence", t.MptForSequenceClassification, mpt({}, d_model=10, n_layers=1, num_labels=3)),
        TinyModel("mpt/answer", t.MptForQuestionAnswering, mpt({}, d_model=10, n_layers=1)),
        TinyModel("transfo-xl/sequence", t.TransfoXLForSequenceClassification, transfo_xl(d_model=10, d_embed=10, n_layer=1, num_labels=3)),
        TinyModel("neox/sequence", t.GPTNeoXForSequenceClassification, one_layer(neox(THIN, rotary_pct=1.0, num_labels=3))),
        TinyModel("neox/answer", t.GPTNeoXForQuestionAnswering, one_layer(neox(THIN, rotary_pct=1.0))),
    ]


CLASSES = [*encoders(), *encoder_decoders(), *decoders()]
