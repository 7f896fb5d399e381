"""The causal model: GPT-2's pre-norm block with a pluggable positional encoding."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from schemes.encoding import Encoding
from settings import TOKEN_SCALE
from shape import Shape

EPSILON = 1e-5
LINEAR_SCALE = 0.02


class Block(nn.Module):
    def __init__(self, shape: Shape, encoding: Encoding, layer: int):
        super().__init__()
        self.shape, self.layer = shape, layer
        self.encoding = [encoding]  # in a list: owned by the model, not by the block
        self.norm_attention = nn.LayerNorm(shape.width, EPSILON)
        self.qkv = nn.Linear(shape.width, 3 * shape.width)
        self.output = nn.Linear(shape.width, shape.width)
        self.norm_hidden = nn.LayerNorm(shape.width, EPSILON)
        self.up = nn.Linear(shape.width, shape.hidden)
        self.down = nn.Linear(shape.hidden, shape.width)

    def attend(self, q: Tensor, k: Tensor, v: Tensor, bias: Tensor) -> Tensor:
        """[B, H, T, d] -> [B, H, T, d]; `bias` holds the causal mask."""
        encoding = self.encoding[0]
        q, k = encoding.rotate(q, k)
        content = encoding.score(q, k, self.layer)
        if content is not None:
            bias = bias + content
        if not encoding.reads_probabilities:
            return F.scaled_dot_product_attention(q, k, v, attn_mask=bias)
        scores = q @ k.transpose(-1, -2) / math.sqrt(self.shape.head_width) + bias
        p = scores.softmax(-1)  # [B, H, T, T]
        return p @ v + encoding.mix(p, v, self.layer)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        batch, length, width = x.shape
        split = (batch, length, 3, self.shape.heads, self.shape.head_width)
        q, k, v = self.qkv(self.norm_attention(x)).view(split).permute(2, 0, 3, 1, 4)
        mixed = self.attend(q, k, v, bias).transpose(1, 2).reshape(batch, length, width)
        x = x + self.output(mixed)
        return x + self.down(F.gelu(self.up(self.norm_hidden(x)), approximate="tanh"))


class CausalModel(nn.Module):
    """ids [B, T] -> hidden states [B, T, D]; the vocabulary matrix is `tokens.weight`, tied."""

    def __init__(self, shape: Shape, encoding: type[Encoding]):
        super().__init__()
        self.tokens = nn.Embedding(shape.vocabulary, shape.width)
        self.encoding = encoding(shape)
        self.blocks = nn.ModuleList(Block(shape, self.encoding, i) for i in range(shape.layers))
        self.norm = nn.LayerNorm(shape.width, EPSILON)
        self.reset()

    def reset(self) -> None:
        """GPT-2's starting point, except for the scale of the token vectors."""
        for name, module in self.named_modules():
            if isinstance(module, nn.Linear):
                residual = name.endswith(("output", "down"))
                depth = math.sqrt(2 * len(self.blocks)) if residual else 1
                nn.init.normal_(module.weight, std=LINEAR_SCALE / depth)
                nn.init.zeros_(module.bias)
        nn.init.normal_(self.tokens.weight, std=TOKEN_SCALE)

    def forward(self, ids: Tensor) -> Tensor:
        length = ids.shape[1]
        bias = torch.full((length, length), -torch.inf).triu(1)[None, None]  # [1, 1, T, T]
        positions = self.encoding.bias(length)
        if positions is not None:
            bias = bias + positions
        x = self.encoding.embed(self.tokens(ids))
        for block in self.blocks:
            x = block(x, bias)
        return self.norm(x)
