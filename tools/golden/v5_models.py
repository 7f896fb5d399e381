"""The tiny models by which transformers 5 is tested: some of 4.49's, and what 5 writes in other ways.

Those that are `REUSED` have the weights that 4.49's goldens have too.
"""

import reference as t
from decoder_models import long_t5, mistral, qwen2
from encoder_models import albert, distilbert, electra, labels, modernbert, mpnet, one_layer, roberta
from new_models import each_kind
from parity_models import TinyModel, bert, llama, neox, roformer, t5

REUSED = """
bert/pretraining bert/causal bert/sequence roberta/lm roberta/padding roberta/causal xlm-roberta/sequence camembert/lm
camembert/sequence distilbert/lm distilbert/sequence electra/generator electra/discriminator electra/sequence
albert/pretraining albert/sequence mpnet/lm mpnet/sequence deberta/sequence deberta-v2/sequence deberta/new-head
deberta-v2/narrow modernbert/biased modernbert/sequence roformer/narrow roformer/causal roformer/sequence t5/gated
t5/encoder t5/sequence mt5/lm umt5/lm bart/lm bart/sequence bart/decoder mbart/lm marian/lm marian/two-tables
pegasus/lm gpt/lm gpt2/scaled gpt2/sequence gpt-neo/lm neox/parallel gptj/lm llama/biased llama/sequence mistral/lm
mistral/open qwen2/lm qwen2/sliding opt/lm opt/post-norm xglm/lm bloom/lm mpt/lm
""".split()
UNTIED = {"tie_word_embeddings": False}


def rotated(kind: str = "default", context: int = 16, **values) -> t.LlamaConfig:
    """One layer whose rotation is scaled from a context of 16, at a base that no default has."""
    rope = {"rope_type": kind, "rope_theta": 100.0} | values
    return one_layer(llama(max_position_embeddings=context, rope_parameters=rope))


def causal(name: str, config: t.LlamaConfig, kind: type = t.LlamaForCausalLM, **more) -> TinyModel:
    return TinyModel(name, kind, config, **more)


OWN = {"original_max_position_embeddings": 16}
V5 = [
    TinyModel("bert/masked", t.BertForMaskedLM, one_layer(bert()), type_ids=True),
    TinyModel("bert/untied", t.BertForMaskedLM, one_layer(bert(**UNTIED))),
    TinyModel("bert/pretraining-untied", t.BertForPreTraining, one_layer(bert(**UNTIED))),
    TinyModel("roberta/untied", t.RobertaForMaskedLM, roberta(**UNTIED)),
    TinyModel("xlm-roberta/untied", t.XLMRobertaForMaskedLM, roberta(t.XLMRobertaConfig, **UNTIED)),
    TinyModel("camembert/untied", t.CamembertForMaskedLM, roberta(t.CamembertConfig, **UNTIED)),
    TinyModel("distilbert/untied", t.DistilBertForMaskedLM, distilbert(**UNTIED)),
    TinyModel("electra/untied", t.ElectraForMaskedLM, electra(**UNTIED)),
    TinyModel("albert/untied", t.AlbertForMaskedLM, albert(num_hidden_layers=2, **UNTIED)),
    TinyModel("mpnet/untied", t.MPNetForMaskedLM, mpnet(**UNTIED)),
    TinyModel("roformer/untied", t.RoFormerForMaskedLM, one_layer(roformer(**UNTIED))),
    TinyModel("bert/one-label", t.BertForSequenceClassification, one_layer(bert(**labels(1)))),
    causal("llama/theta", llama(rope_parameters={"rope_type": "default", "rope_theta": 700.0}), generates=True),
    causal("llama/linear-5", rotated("linear", factor=4.0)),
    causal("llama/dynamic-5", rotated("dynamic", factor=4.0)),
    causal("llama/yarn-5", rotated("yarn", context=64, factor=4.0, beta_fast=4.0, beta_slow=0.5, **OWN), generates=True),
    causal("llama/yarn-whole", rotated("yarn", context=64, factor=4.0, truncate=False, mscale=0.7, mscale_all_dim=0.3, **OWN)),
    causal("llama/yarn-factor", rotated("yarn", factor=4.0, attention_factor=1.3)),
    causal("llama/longrope", rotated("longrope", factor=4.0, short_factor=[1.0, 1.5], long_factor=[2.0, 7.0], **OWN), generates=True),
    causal("llama/llama3-5", rotated("llama3", context=80, factor=8.0, low_freq_factor=1.0, high_freq_factor=2.0, **OWN)),
    causal(
        "neox/partial", neox(rope_parameters={"rope_type": "default", "rope_theta": 700.0, "partial_rotary_factor": 0.5}),
        t.GPTNeoXForCausalLM, generates=True,
    ),
    causal(
        "neox/yarn-5",
        neox(
            {"hidden_size": 40, "intermediate_size": 27},
            rope_parameters={"rope_type": "yarn", "rope_theta": 300.0, "partial_rotary_factor": 0.5, "factor": 4.0} | OWN,
        ),
        t.GPTNeoXForCausalLM,
    ),
    causal("qwen2/layers", qwen2(sliding_window=7, use_sliding_window=True, layer_types=["sliding_attention", "full_attention"]), t.Qwen2ForCausalLM, generates=True),
    causal("mistral/theta", mistral(sliding_window=7, rope_parameters={"rope_type": "linear", "factor": 3.0, "rope_theta": 700.0}), t.MistralForCausalLM, generates=True),
    TinyModel(
        "modernbert/layers", t.ModernBertForMaskedLM,
        modernbert(
            num_hidden_layers=3, layer_types=["full_attention", "full_attention", "sliding_attention"],
            rope_parameters=each_kind(50.0, 700.0, rope_type="linear", factor=4.0),
        ),
    ),
    TinyModel("modernbert/answer", t.ModernBertForQuestionAnswering, modernbert(num_hidden_layers=2, **labels(2))),
    TinyModel("modernbert/choice", t.ModernBertForMultipleChoice, modernbert(num_hidden_layers=2, classifier_pooling="mean")),
    TinyModel("t5/tied", t.T5ForConditionalGeneration, t5(), gain=1.2, generates=True),
    TinyModel("t5/own-head", t.T5ForConditionalGeneration, t5(feed_forward_proj="gated-gelu", **UNTIED), gain=1.2, generates=True, own_head=True),
    TinyModel("t5/scaled-own-head", t.T5ForConditionalGeneration, t5(), gain=1.2, own_head=True),
    TinyModel("mt5/own-head", t.MT5ForConditionalGeneration, long_t5(t.MT5Config, num_layers=1, num_decoder_layers=1), gain=1.2, own_head=True),
    TinyModel("umt5/own-head", t.UMT5ForConditionalGeneration, long_t5(t.UMT5Config, num_layers=1, num_decoder_layers=1), gain=1.2, own_head=True),
    TinyModel("gpt2/own-head", t.GPT2LMHeadModel, t.GPT2Config(vocab_size=97, n_layer=1, n_head=5, n_positions=80, n_embd=20), own_head=True),
]  # fmt: skip
