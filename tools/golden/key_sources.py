"""Finds keys that a class takes in the source of transformers: what its signature does not say."""

import ast
import inspect
import re
from collections.abc import Iterable

import reached_code

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
    """`config`, `self.config`, the config of a stack or of the texts: `config.get_text_config()`."""
    if isinstance(node, ast.Call):
        return getattr(node.func, "attr", "") == "get_text_config"
    return getattr(node, "id", getattr(node, "attr", "")) in ("config", "text_config", "decoder_config", "encoder_config")


def asked(node: ast.AST) -> ast.expr | None:
    """The name that a node asks a config for: `config.name`, `getattr(config, "name")`, `config.get("name")`, `"name" in config`."""
    if isinstance(node, ast.Attribute) and is_config(node.value):
        return ast.Constant(node.attr)
    if isinstance(node, ast.Subscript) and is_config(node.value):
        return node.slice
    if not isinstance(node, ast.Call) or not node.args:
        return None
    if getattr(node.func, "id", "") in ("getattr", "hasattr") and is_config(node.args[0]):
        return node.args[1]
    return node.args[0] if getattr(node.func, "attr", "") in ("get", "pop") and is_config(node.func.value) else None


# Names that are made while the code runs: of parts of a composite config, of a whole config that is copied or compared, of
# special tokens and keys of decoding, which are listed for all classes.
MADE = {
    "key", "attr", "name", "arg_name", "parameter_name", "sub_config_key", "subconfig_key", "token_id_key", "head_dim_key",
    "f'{modality}_token_id'",
}  # fmt: skip


def asked_of_configs(things: Iterable) -> set[str]:
    """What code asks a config for."""
    found = set()
    for thing in things:
        for name in filter(None, map(asked, ast.walk(reached_code.tree(thing) or ast.Module([], [])))):
            if isinstance(name, ast.Constant):
                found.add(name.value)
            elif ast.unparse(name) not in MADE:
                raise RuntimeError(f"{thing.__module__}.{thing.__qualname__} asks a config for {ast.unparse(name)}")
    return found


def arguments(function) -> dict:
    """The named arguments of a function with their defaults; None stands for none."""
    found = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL) or name == "self":
            continue
        found[name] = None if parameter.default is parameter.empty else parameter.default
    return found
