"""The Transformer of "Attention Is All You Need", written down from the paper, with BART's names."""

import math

import torch
from torch import Tensor, nn
from transformers import GenerationMixin, PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import BaseModelOutput, Seq2SeqLMOutput


class TransformerConfig(PretrainedConfig):
    model_type = "transformer"

    def __init__(
        self, vocab_size=37000, d_model=512, max_position_embeddings=512, encoder_layers=6, decoder_layers=6,
        encoder_attention_heads=8, decoder_attention_heads=8, encoder_ffn_dim=2048, decoder_ffn_dim=2048, **others,
    ):  # fmt: skip
        self.vocab_size, self.d_model, self.max_position_embeddings = vocab_size, d_model, max_position_embeddings
        self.encoder_layers, self.decoder_layers = encoder_layers, decoder_layers
        self.encoder_attention_heads, self.decoder_attention_heads = encoder_attention_heads, decoder_attention_heads
        self.encoder_ffn_dim, self.decoder_ffn_dim = encoder_ffn_dim, decoder_ffn_dim
        super().__init__(**({"is_encoder_decoder": True} | others))


def positions(length: int, width: int) -> Tensor:
    """Section 3.5. [T, D]"""
    angle = torch.arange(length)[:, None] / 10000 ** (torch.arange(0, width, 2) / width)[None].double()
    return torch.stack((angle.sin(), angle.cos()), dim=2).flatten(1)


class Attention(nn.Module):
    """Section 3.2."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.q_proj, self.k_proj, self.v_proj, self.out_proj = (nn.Linear(width, width) for _ in range(4))

    def forward(self, x: Tensor, memory: Tensor, causal: bool) -> Tensor:  # x [B, T, D]
        split = lambda rows: rows.unflatten(-1, (self.heads, -1)).transpose(1, 2)  # [B, H, T, d]
        q, k, v = split(self.q_proj(x)), split(self.k_proj(memory)), split(self.v_proj(memory))
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        if causal:
            scores = scores.masked_fill(torch.ones_like(scores).triu(1).bool(), -torch.inf)
        return self.out_proj((scores.softmax(-1) @ v).transpose(1, 2).flatten(2))


class Layer(nn.Module):
    """Section 3.1: norm(x + part(x))."""

    def __init__(self, width: int, heads: int, inner: int, crosses: bool):
        super().__init__()
        self.self_attn, self.self_attn_layer_norm = Attention(width, heads), nn.LayerNorm(width)
        if crosses:
            self.encoder_attn, self.encoder_attn_layer_norm = Attention(width, heads), nn.LayerNorm(width)
        self.fc1, self.fc2, self.final_layer_norm = nn.Linear(width, inner), nn.Linear(inner, width), nn.LayerNorm(width)

    def forward(self, x: Tensor, memory: Tensor | None) -> Tensor:
        x = self.self_attn_layer_norm(x + self.self_attn(x, x, memory is not None))
        if memory is not None:
            x = self.encoder_attn_layer_norm(x + self.encoder_attn(x, memory, False))
        return self.final_layer_norm(x + self.fc2(self.fc1(x).relu()))


class Stack(nn.Module):
    main_input_name = "input_ids"

    def __init__(self, config: TransformerConfig, name: str, embed_tokens: nn.Embedding):
        super().__init__()
        self.embed_tokens, self.crosses = embed_tokens, name == "decoder"
        heads, inner, count = (getattr(config, f"{name}_{key}") for key in ("attention_heads", "ffn_dim", "layers"))
        self.layers = nn.ModuleList(Layer(config.d_model, heads, inner, self.crosses) for _ in range(count))

    def forward(self, input_ids: Tensor, memory: Tensor | None = None, **_) -> BaseModelOutput:
        x = self.embed_tokens(input_ids)
        x = x * math.sqrt(x.shape[-1]) + positions(x.shape[1], x.shape[2]).to(x.dtype)  # section 3.4
        for layer in self.layers:
            x = layer(x, memory)
        return BaseModelOutput(last_hidden_state=x)


class TransformerBase(nn.Module):
    def __init__(self, config: TransformerConfig):
        super().__init__()
        self.shared = nn.Embedding(config.vocab_size, config.d_model)
        self.encoder, self.decoder = (Stack(config, name, self.shared) for name in ("encoder", "decoder"))


class TransformerForConditionalGeneration(PreTrainedModel, GenerationMixin):
    config_class, base_model_prefix = TransformerConfig, "model"
    _tied_weights_keys = ["model.encoder.embed_tokens.weight", "model.decoder.embed_tokens.weight", "lm_head.weight"]

    def __init__(self, config: TransformerConfig):
        super().__init__(config)
        self.model = TransformerBase(config)
        self.lm_head = nn.Linear(config.d_model, config.vocab_size, bias=False)
        self.lm_head.weight = self.model.shared.weight  # section 3.4

    def get_encoder(self) -> nn.Module:
        return self.model.encoder

    def get_decoder(self) -> nn.Module:
        return self.model.decoder

    def get_output_embeddings(self) -> nn.Module:
        return self.lm_head

    def get_input_embeddings(self) -> nn.Module:
        return self.model.shared

    def prepare_inputs_for_generation(self, input_ids: Tensor, encoder_outputs=None, **kwargs) -> dict:
        return {"decoder_input_ids": input_ids, "encoder_outputs": encoder_outputs}

    def forward(self, input_ids=None, decoder_input_ids=None, encoder_outputs=None, attention_mask=None, **_) -> Seq2SeqLMOutput:
        memory = encoder_outputs or self.model.encoder(input_ids)
        x = self.model.decoder(decoder_input_ids, memory.last_hidden_state).last_hidden_state
        return Seq2SeqLMOutput(logits=self.lm_head(x))
