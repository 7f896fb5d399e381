"""The encoder of "Speech-Transformer" (Dong et al. 2018, section 3): a linear map and a norm of each
frame's features, sinusoids, and the encoder of "Attention Is All You Need", with BART's names."""

from torch import Tensor, nn
from transformers import PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import BaseModelOutput

from paper_transformer import Layer, positions


class FeatureEncoderConfig(PretrainedConfig):
    model_type = "feature_encoder"

    def __init__(
        self, feature_size=80, d_model=512, encoder_layers=6, encoder_attention_heads=8, encoder_ffn_dim=2048,
        layer_norm_eps=1e-5, **others,
    ):  # fmt: skip
        self.feature_size, self.d_model, self.encoder_layers = feature_size, d_model, encoder_layers
        self.encoder_attention_heads, self.encoder_ffn_dim = encoder_attention_heads, encoder_ffn_dim
        self.layer_norm_eps = layer_norm_eps
        super().__init__(**others)


class FeatureEncoderModel(PreTrainedModel):
    config_class, base_model_prefix, main_input_name = FeatureEncoderConfig, "encoder", "features"

    def __init__(self, config: FeatureEncoderConfig):
        super().__init__(config)
        width, heads, inner = config.d_model, config.encoder_attention_heads, config.encoder_ffn_dim
        self.feature_projection = nn.Linear(config.feature_size, width)
        self.feature_norm = nn.LayerNorm(width)
        self.layers = nn.ModuleList(Layer(width, heads, inner, False) for _ in range(config.encoder_layers))
        for norm in (module for module in self.modules() if isinstance(module, nn.LayerNorm)):
            norm.eps = config.layer_norm_eps

    def forward(self, features: Tensor) -> BaseModelOutput:  # [B, T, F]
        x = self.feature_norm(self.feature_projection(features))
        x = x + positions(x.shape[1], x.shape[2]).to(x.dtype)
        for layer in self.layers:
            x = layer(x, None)
        return BaseModelOutput(last_hidden_state=x)
