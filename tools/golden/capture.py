"""Forward hooks that collect the value of every node of one run."""

import torch
from torch import Tensor, nn

import decoder_nodes
import new_nodes
import nodes
import swin_nodes
from node_sources import INPUT, Source

FAMILIES = nodes.FAMILIES | decoder_nodes.FAMILIES | new_nodes.FAMILIES | swin_nodes.FAMILIES


def first(value) -> Tensor:
    return value[0] if isinstance(value, (tuple, list)) else value


def chosen(output, field: str | None) -> Tensor:
    return first(output) if field is None else output[field]


class Keeper:
    """Keeps what one source gives."""

    def __init__(self, values: dict, name: str, source: Source):
        self.values, self.name, self.source = values, name, source
        self.calls = 0

    def __call__(self, value: Tensor) -> None:
        self.calls += 1
        if self.source.call is not None and self.source.call != self.calls - 1:
            return
        # contiguous copies: later modules may work in place
        value = value.detach().squeeze(0).clone().contiguous()
        if value.dim() == 3 and value.shape[1] == 1:
            value = value.squeeze(1)  # Transformer-XL counts time first, Swin's windows may be single cells
        if self.source.factor != 1:
            value *= self.source.factor
        if self.source.row is not None:
            value = value[self.source.row][None].contiguous()
        if self.source.column is not None:
            value = value[:, self.source.column : self.source.column + 1].contiguous()
        self.values[self.name] = value


@torch.no_grad()
def capture(model: nn.Module, inputs: dict[str, Tensor]) -> dict[str, Tensor]:
    """Every node's output for one sequence; inputs [1, T], values [T, width]."""
    values: dict[str, Tensor] = {}
    handles = []
    for name, source in FAMILIES[model.config.model_type](model).items():
        module, keep = model.get_submodule(source.module), Keeper(values, name, source)
        if source.side == INPUT:
            hook = lambda _, args, kwargs, keep=keep: keep((args or tuple(kwargs.values()))[0])
            handles.append(module.register_forward_pre_hook(hook, with_kwargs=True))
        else:
            hook = lambda _, args, output, keep=keep: keep(chosen(output, keep.source.field))
            handles.append(module.register_forward_hook(hook))
    try:
        model(**inputs)
    finally:
        for handle in handles:
            handle.remove()
    for name, value in values.items():
        if value.dim() == 0:
            values[name] = value[None, None]  # one number
        if value.dim() == 1:
            values[name] = value[None]  # one row of a sequence (a pooler)
    if model.config.model_type == "transfo-xl":
        ids = inputs["input_ids"][0]
        values = {name: value[-len(ids) :] for name, value in values.items()}  # without those of the memory
        values |= decoder_nodes.adaptive_parts(model, ids, values)
    if model.config.model_type == "longformer":
        values = new_nodes.unpadded(values, inputs["input_ids"].shape[-1])
    return values | nodes.derived(values) | decoder_nodes.derived(values) | new_nodes.derived(values)
