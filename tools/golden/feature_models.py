"""The tiny models that read features: images on maps, frames of speech."""

from collections import defaultdict
from dataclasses import dataclass

import torch
from torch import Tensor, nn

import reference as t
from capture import capture
from paper_feature_encoder import FeatureEncoderConfig, FeatureEncoderModel
from parity_models import TinyModel
from swin_nodes import original_windows, swin_values

KEPT = 4  # rows of each node, spread over the whole batch


@dataclass(frozen=True)
class FeatureModel(TinyModel):
    shapes: tuple = ()  # of the sequences: heights and widths of images, or lengths


class SwinModel(t.SwinModel):
    """The paper's absolute positions: the class of transformers 4.49 has a row too many to be added."""

    def __init__(self, config: t.SwinConfig):
        super().__init__(config)
        if config.use_absolute_embeddings:
            patches = self.embeddings.patch_embeddings.num_patches
            self.embeddings.position_embeddings = nn.Parameter(torch.zeros(1, patches, config.embed_dim))


def swin(**changes) -> t.SwinConfig:
    """Five heads, a window of three; the smaller images become smaller than that on the way."""
    sizes = {"patch_size": 2, "embed_dim": 5, "depths": [2, 2, 1], "num_heads": [5, 5, 5], "window_size": 3}
    return t.SwinConfig(**(sizes | {"mlp_ratio": 1.7} | changes))


def swinv2(**changes) -> t.Swinv2Config:
    sizes = {"image_size": [25, 19], "patch_size": 2, "embed_dim": 10, "depths": [2, 1], "num_heads": [5, 5], "window_size": 3}
    return t.Swinv2Config(**(sizes | {"mlp_ratio": 1.7, "pretrained_window_sizes": [0, 0]} | changes))


# Maps that are larger than a window: transformers 5 cannot add its table to smaller ones.
FEATURES_5 = [
    FeatureModel(
        "swin/wide", t.SwinForImageClassification,
        swin(image_size=[25, 19], depths=[2, 1], num_heads=[5, 2], num_labels=4, hidden_act="gelu_new"), shapes=((25, 19), (28, 30)),
    ),
    FeatureModel("swinv2/images", t.Swinv2ForImageClassification, swinv2(num_labels=3), shapes=((25, 19), (28, 30))),
    FeatureModel(
        "swinv2/pretrained", t.Swinv2Model,
        swinv2(pretrained_window_sizes=[6, 4], num_channels=1, qkv_bias=False, hidden_act="relu"), shapes=((25, 19),),
    ),
]  # fmt: skip

FEATURES = [
    FeatureModel("swin/bare", SwinModel, swin(layer_norm_eps=1e-3), shapes=((17, 13), (8, 11), (1, 1))),
    FeatureModel(
        "swin/images", t.SwinForImageClassification,
        swin(
            image_size=[21, 15], patch_size=3, depths=[2, 1], num_heads=[5, 2], window_size=4, qkv_bias=False,
            hidden_act="gelu_new", num_labels=4, num_channels=3,
        ),
        shapes=((21, 15), (26, 14)),
    ),
    FeatureModel(
        "swin/absolute", SwinModel,
        swin(image_size=[14, 10], depths=[2], num_heads=[5], use_absolute_embeddings=True, num_channels=1),
        shapes=((14, 10), (14, 10)),
    ),
    FeatureModel(
        "feature-encoder/bare", FeatureEncoderModel,
        FeatureEncoderConfig(
            feature_size=13, d_model=10, encoder_layers=2, encoder_attention_heads=5, encoder_ffn_dim=17,
            layer_norm_eps=1e-3,
        ),
        shapes=(1, 2, 23, 70),
    ),
]  # fmt: skip


def make_features(tiny: FeatureModel, shape, case: int) -> Tensor:
    """Exact in f16. [C, H, W] or [T, F]"""
    generator = torch.Generator().manual_seed(3000 + case)
    images = isinstance(shape, tuple)
    sizes = (tiny.config.num_channels, *shape) if images else (shape, tiny.config.feature_size)
    return torch.randn(sizes, generator=generator).half().float()


@torch.no_grad()
def capture_image(model: nn.Module, pixels: Tensor) -> dict[str, Tensor]:
    with original_windows(model, pixels.shape[1:]):
        values = capture(model, {"pixel_values": pixels[None]})
        return swin_values(model, pixels, values)


def kept(value: Tensor) -> Tensor:
    count = min(KEPT, len(value))
    return value[[row * len(value) // count for row in range(count)]].contiguous()


def record_features(model: nn.Module, tiny: FeatureModel) -> dict[str, Tensor]:
    """All sequences, one after the other, as one ragged batch."""
    rows, parts = [], defaultdict(list)
    for case, shape in enumerate(tiny.shapes):
        features = make_features(tiny, shape, case)
        images = isinstance(shape, tuple)
        rows.append(features.flatten(1).T if images else features)
        values = capture_image(model, features) if images else capture(model, {"features": features[None]})
        for node, value in values.items():
            parts[node].append(value)
        parts["pixel_values" if images else "features"].append(rows[-1])
    tensors = {f"node/{name}": kept(torch.cat(values)) for name, values in parts.items()}
    tensors["features"] = torch.cat(rows).half().contiguous()
    tensors["features/shapes"] = torch.tensor(tiny.shapes).int()
    return tensors
