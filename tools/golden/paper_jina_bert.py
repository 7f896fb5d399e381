"""Jina-BERT v2, written down from its report (Günther et al. 2023): BERT with symmetric ALiBi and a gated feed-forward.

Published folders call it `bert`, with `position_embedding_type` alibi and `feed_forward_type` geglu. Those of
`qk_post_norm` (Chinese, German, Spanish, code) norm queries and keys, and each part once more.
"""

import math

import torch
from torch import Tensor, nn
from transformers import BertConfig, PreTrainedModel
from transformers.modeling_outputs import BaseModelOutputWithPooling


class JinaBertConfig(BertConfig):
    model_type = "jina_bert"
    qk_post_norm: bool = False
    position_embedding_type: str = "alibi"
    feed_forward_type: str = "geglu"
    emb_pooler: str = "mean"

    def to_diff_dict(self) -> dict:
        """As files say it: the form of the layers is told by the names of weights alone."""
        config = super().to_diff_dict() | {"model_type": "bert"}
        config |= {name: getattr(self, name) for name in ("position_embedding_type", "feed_forward_type", "emb_pooler")}
        config.pop("qk_post_norm", None)
        return config


class SelfAttention(nn.Module):
    def __init__(self, config: JinaBertConfig):
        super().__init__()
        width = config.hidden_size
        self.heads = config.num_attention_heads
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        if config.qk_post_norm:
            self.layer_norm_q, self.layer_norm_k = (nn.LayerNorm(width, eps=config.layer_norm_eps) for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:  # x [B, T, D]
        q, k, v = self.query(x), self.key(x), self.value(x)
        if hasattr(self, "layer_norm_q"):
            q, k = self.layer_norm_q(q), self.layer_norm_k(k)
        q, k, v = (rows.unflatten(-1, (self.heads, -1)).transpose(1, 2) for rows in (q, k, v))  # [B, H, T, d]
        positions = torch.arange(x.shape[1])
        distances = (positions[:, None] - positions[None]).abs()
        bias = -slopes(self.heads)[:, None, None] * distances  # [H, T, T]
        scores = q @ k.mT / math.sqrt(q.shape[-1]) + bias
        return (scores.softmax(-1) @ v).transpose(1, 2).flatten(2)


def slopes(heads: int) -> Tensor:
    """Powers of two; beyond a power of two, every other one of twice as many."""
    powers = lambda count: [2.0 ** (-8 * (index + 1) / count) for index in range(count)]
    whole = 2 ** int(math.log2(heads))
    return torch.tensor([*powers(whole), *powers(2 * whole)[::2][: heads - whole]])


class SelfOutput(nn.Module):
    def __init__(self, config: JinaBertConfig):
        super().__init__()
        self.dense = nn.Linear(config.hidden_size, config.hidden_size)
        self.LayerNorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)

    def forward(self, y: Tensor, x: Tensor) -> Tensor:
        return self.LayerNorm(self.dense(y) + x)


class Attention(nn.Module):
    def __init__(self, config: JinaBertConfig):
        super().__init__()
        self.self, self.output = SelfAttention(config), SelfOutput(config)

    def forward(self, x: Tensor) -> Tensor:
        return self.output(self.self(x), x)


class GatedFirst(nn.Module):
    """The first half of the product goes through the activation."""

    def __init__(self, config: JinaBertConfig):
        super().__init__()
        self.gated_layers = nn.Linear(config.hidden_size, 2 * config.intermediate_size, bias=False)
        self.wo = nn.Linear(config.intermediate_size, config.hidden_size)
        self.layernorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)

    def forward(self, x: Tensor) -> Tensor:
        gated, other = self.gated_layers(x).chunk(2, dim=-1)
        return self.layernorm(x + self.wo(nn.functional.gelu(gated) * other))


class GatedLast(nn.Module):
    """The second half does."""

    def __init__(self, config: JinaBertConfig):
        super().__init__()
        self.up_gated_layer = nn.Linear(config.hidden_size, 2 * config.intermediate_size, bias=False)
        self.down_layer = nn.Linear(config.intermediate_size, config.hidden_size)

    def forward(self, x: Tensor) -> Tensor:
        other, gated = self.up_gated_layer(x).chunk(2, dim=-1)
        return self.down_layer(other * nn.functional.gelu(gated))


class Layer(nn.Module):
    def __init__(self, config: JinaBertConfig):
        super().__init__()
        self.attention = Attention(config)
        self.twice = config.qk_post_norm
        self.mlp = GatedLast(config) if self.twice else GatedFirst(config)
        if self.twice:
            self.layer_norm_1, self.layer_norm_2 = (nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps) for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        if not self.twice:
            return self.mlp(self.attention(x))
        x = self.layer_norm_1(x + self.attention(x))
        return self.layer_norm_2(x + self.mlp(x))


class Embeddings(nn.Module):
    def __init__(self, config: JinaBertConfig):
        super().__init__()
        self.word_embeddings = nn.Embedding(config.vocab_size, config.hidden_size)
        self.token_type_embeddings = nn.Embedding(config.type_vocab_size, config.hidden_size)
        self.LayerNorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)

    def forward(self, input_ids: Tensor, token_type_ids: Tensor) -> Tensor:
        return self.LayerNorm(self.word_embeddings(input_ids) + self.token_type_embeddings(token_type_ids))


class Encoder(nn.Module):
    def __init__(self, config: JinaBertConfig):
        super().__init__()
        self.layer = nn.ModuleList(Layer(config) for _ in range(config.num_hidden_layers))

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layer:
            x = layer(x)
        return x


class Pooler(nn.Module):
    def __init__(self, config: JinaBertConfig):
        super().__init__()
        self.dense, self.activation = nn.Linear(config.hidden_size, config.hidden_size), nn.Tanh()

    def forward(self, x: Tensor) -> Tensor:
        return self.activation(self.dense(x[:, 0]))


class JinaBertModel(PreTrainedModel):
    config_class = JinaBertConfig

    def __init__(self, config: JinaBertConfig):
        super().__init__(config)
        self.embeddings, self.encoder, self.pooler = Embeddings(config), Encoder(config), Pooler(config)

    def forward(self, input_ids: Tensor, token_type_ids: Tensor | None = None, **_) -> BaseModelOutputWithPooling:
        types = torch.zeros_like(input_ids) if token_type_ids is None else token_type_ids
        x = self.encoder(self.embeddings(input_ids, types))
        return BaseModelOutputWithPooling(last_hidden_state=x, pooler_output=self.pooler(x))
