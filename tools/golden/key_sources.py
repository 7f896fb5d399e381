"""Finds keys that a class takes in the source of transformers: what its signature does not say."""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterable

POPPED = re.compile(r"kwargs\.(?:pop|get)\(\s*\"([A-Za-z_]\w*)\"")
# Arguments of methods that load or save, which share `kwargs` with keys of files.
LOADING = set(
    "cache_dir commit_message force_download from_auto gguf_file local_files_only proxies repo_id resume_download"
    " return_unused_kwargs revision save_jinja_files save_raw_chat_template subfolder token trust_remote_code"
    " use_auth_token _from_auto _from_pipeline _configuration_file max_target_length truncation_strategy"
    " pad_to_max_length padding truncation max_length pad_to_multiple_of use_source_tokenizer"
    " push_to_hub organization repo_path_or_name repo_url ignore_metadata_errors image_processor_filename from_slow"
    " generation_kwargs init_inputs".split()
)


def source_of(thing) -> str:
    try:
        return inspect.getsource(thing)
    except (OSError, TypeError):
        return ""


def popped(things: Iterable) -> set[str]:
    """Keys that code takes from its `kwargs`."""
    return {name for thing in things for name in POPPED.findall(source_of(thing))} - LOADING


def is_config(node: ast.expr) -> bool:
    """`config` or `self.config`."""
    return getattr(node, "id", getattr(node, "attr", "")) == "config"


def read_of_configs(module) -> set[str]:
    """Attributes that the code of models asks of a config."""
    found = set()
    for node in ast.walk(ast.parse(textwrap.dedent(source_of(module)))):
        if isinstance(node, ast.Attribute) and is_config(node.value):
            found.add(node.attr)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "getattr" and is_config(node.args[0]):
            found |= {node.args[1].value} if isinstance(node.args[1], ast.Constant) else set()
    return found


def arguments(function) -> dict:
    """The named arguments of a function with their defaults; None stands for none."""
    found = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL) or name == "self":
            continue
        found[name] = None if parameter.default is parameter.empty else parameter.default
    return found
