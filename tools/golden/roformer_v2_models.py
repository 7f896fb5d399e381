"""The tiny models of RoFormer v2, whose reference is the package roformer 0.4.3: beside transformers 4.49 alone."""

import roformer as package

from encoder_models import SIZES, labels
from parity_models import NARROW, WIDE, TinyModel


def roformer_v2(**changes) -> package.RoFormerConfig:
    plain = {"norm_type": "rms_norm", "use_bias": False, "hidden_act": "relu", "type_vocab_size": 2}
    return package.RoFormerConfig(**(SIZES | NARROW | plain | changes))


ROFORMER_V2 = [
    TinyModel("roformer-v2/lm", package.RoFormerForMaskedLM, roformer_v2(**WIDE, layer_norm_eps=1e-3), type_ids=True),
    TinyModel("roformer-v2/bare", package.RoFormerModel, roformer_v2(num_hidden_layers=2, embedding_size=14)),
    TinyModel("roformer-v2/untied", package.RoFormerForMaskedLM, roformer_v2(tie_word_embeddings=False, use_bias=True, rotary_value=True)),
    TinyModel("roformer-v2/sequence", package.RoFormerForSequenceClassification, roformer_v2(**labels(3))),
    TinyModel("roformer-v2/choice", package.RoFormerForMultipleChoice, roformer_v2()),
    TinyModel("roformer-v2/tokens", package.RoFormerForTokenClassification, roformer_v2(**labels(5))),
    TinyModel("roformer-v2/answer", package.RoFormerForQuestionAnswering, roformer_v2(norm_type="layer_norm"), type_ids=True),
]  # fmt: skip
