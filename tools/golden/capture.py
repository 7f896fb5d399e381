"""Forward hooks that collect the value of every node of one run."""

import torch
from torch import Tensor, nn

import decoder_nodes
import nodes
from nodes import INPUT, derived

FAMILIES = nodes.FAMILIES | decoder_nodes.FAMILIES


def first(value) -> Tensor:
    return value[0] if isinstance(value, (tuple, list)) else value


def keep(values: dict, name: str, value: Tensor) -> None:
    # contiguous copies: later modules may work in place
    values[name] = value.detach().squeeze(0).clone().contiguous()


@torch.no_grad()
def capture(model: nn.Module, inputs: dict[str, Tensor]) -> dict[str, Tensor]:
    """Every node's output for one sequence; inputs [1, T], values [T, width]."""
    values: dict[str, Tensor] = {}
    handles = []
    for name, source in FAMILIES[model.config.model_type](model).items():
        module = model.get_submodule(source.module)
        if source.side == INPUT:
            hook = lambda _, args, kwargs, name=name: keep(values, name, (args or tuple(kwargs.values()))[0])
            handles.append(module.register_forward_pre_hook(hook, with_kwargs=True))
        else:
            hook = lambda _, args, output, name=name: keep(values, name, first(output))
            handles.append(module.register_forward_hook(hook))
    try:
        model(**inputs)
    finally:
        for handle in handles:
            handle.remove()
    for name, value in values.items():
        if value.dim() == 1:
            values[name] = value[None]  # one row of a sequence (a pooler)
    return values | derived(values)
