"""The code of transformers that a class reaches: its bases, what their sources name, what that names, and so on."""

import ast
import importlib
import inspect
import re
import sys
import textwrap
from collections.abc import Iterable
from functools import cache

# Code that asks the config of a model. Left out are other families' configs, and what no number of inference comes from:
# training, loading and quantising, tokenizers, programs that serve, speculative decoding, several machines.
ASKING = re.compile(
    r"transformers\.(models\.(?!auto\.)\w+(\.\w+)?\.(modeling|modular)_\w+|modeling_(?!gguf|tf|flax)\w+|masking_utils|cache_utils"
    r"|configuration_utils|generation\.utils|pytorch_utils|activations|utils\.generic|utils\.backbone_utils|backbone_utils"
    r"|integrations\.(sdpa_attention|eager_paged))"
)
ELSEWHERE = ("Mtp", "QuantizedCache", "GenericForPromptTraining")  # classes of those modules that do belong to what is left out


def asks(thing, own: type) -> bool:
    """Whether a class or function may ask a config of class `own`."""
    if not (inspect.isclass(thing) or inspect.isfunction(thing)):
        return False
    if thing in own.__mro__:
        return thing is not object
    return bool(ASKING.fullmatch(thing.__module__ or "")) and not thing.__name__.startswith(ELSEWHERE)


def inside(thing) -> list:
    """Classes and functions in a value of a module: itself, what a decorator wraps, what a table holds."""
    if inspect.isfunction(thing) or inspect.isclass(thing):
        return [thing] if inspect.isclass(thing) else [inspect.unwrap(thing)]
    values = thing.values() if isinstance(thing, dict) else thing if isinstance(thing, (list, tuple, set)) else ()
    return [inner for value in values for inner in inside(value)]


@cache
def tree(thing) -> ast.AST | None:
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(thing)))
    except (OSError, TypeError, SyntaxError):  # built in, or made while running
        return None


@cache
def named(thing) -> tuple:
    return tuple(names_of(thing))


def names_of(thing) -> Iterable:
    """Values of the module that the source of a class or function names, `module.name` too, and its bases."""
    yield from thing.__mro__[1:] if inspect.isclass(thing) else ()
    names = vars(sys.modules.get(thing.__module__, object))
    for node in ast.walk(tree(thing) or ast.Module([], [])):
        if isinstance(node, ast.Name) and node.id in names:
            yield names[node.id]
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = names.get(node.value.id)
            yield getattr(owner, node.attr, None) if inspect.ismodule(owner) else None
        if isinstance(node, ast.ImportFrom):  # inside a function
            yield from imported(thing, node)


def imported(thing, node: ast.ImportFrom) -> Iterable:
    package = thing.__module__.rsplit(".", node.level)[0] if node.level else ""
    for alias in node.names:
        try:
            yield getattr(importlib.import_module(".".join(filter(None, (package, node.module)))), alias.name)
        except Exception:  # any: what needs other packages fails in ways of its own
            pass


def reached(own: type, first: Iterable) -> list:
    """All classes and functions that ask and can be reached."""
    found, open_ = {}, [own, *first]
    while open_:
        thing = open_.pop()
        if id(thing) in found or not asks(thing, own):
            continue
        found[id(thing)] = thing
        open_ += [inner for value in named(thing) for inner in inside(value)]
    return list(found.values())
