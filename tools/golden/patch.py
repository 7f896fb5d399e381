"""Puts an encoding into the reference's BERT or GPT-2, in place of its learned positions."""

import torch
from torch import Tensor, nn
from transformers.models.gpt2 import modeling_gpt2

from schemes import Encoding, attend


def patch_bert(model: nn.Module, encoding: Encoding) -> None:
    embeddings = model.embeddings
    embeddings.position_embedding_type = "patched"  # anything but absolute adds nothing
    embeddings.LayerNorm.register_forward_pre_hook(lambda _, args: (encoding.embed(args[0][0])[None],))
    for layer in model.encoder.layer:
        attention = layer.attention.self

        def forward(x: Tensor, *_, attention=attention, **__) -> tuple[Tensor]:
            projections = (attention.query, attention.key, attention.value)
            q, k, v = (attention.transpose_for_scores(project(x))[0] for project in projections)
            y = attend(encoding, q, k, v, causal=False)  # [H, T, d]
            return (y.transpose(0, 1).flatten(1)[None],)

        attention.forward = forward


def patch_gpt2(model: nn.Module, encoding: Encoding) -> None:
    with torch.no_grad():
        model.wpe.weight.zero_()
    model.drop.register_forward_pre_hook(lambda _, args: (encoding.embed(args[0][0])[None],))

    def forward(module, q: Tensor, k: Tensor, v: Tensor, *_, **__) -> tuple[Tensor, None]:
        y = attend(encoding, q[0], k[0], v[0], causal=True)
        return y.transpose(0, 1)[None], None  # [1, T, H, d]

    modeling_gpt2.eager_attention_forward = forward


PATCHES = {"bert": patch_bert, "gpt2": patch_gpt2}


class original_gpt2_attention:
    """Undoes `patch_gpt2`'s change of the module when a block ends."""

    def __enter__(self):
        self.forward = modeling_gpt2.eager_attention_forward

    def __exit__(self, *_):
        modeling_gpt2.eager_attention_forward = self.forward
