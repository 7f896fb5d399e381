"""The keys of the files that sentence-transformers writes, for `config_keys.py`; none where it is not installed."""

import importlib
import inspect
import pkgutil

import key_sources

# Written by hand in `base/model.py`, of which no class holds a list.
FOLDER = {"modules.json": ["idx", "name", "path", "type", "kwargs"]}
MODULES = "sentence_transformers"


def packages() -> list[str]:
    """Where classes of modules lie; the newest layout first."""
    parts = ("base.modules", "sentence_transformer.modules", "sparse_encoder.modules", "cross_encoder.modules")
    old = ("models", "sparse_encoder.models")
    return [f"{MODULES}.{part}" for part in (*parts, *old)]


def classes() -> dict[str, type]:
    found = {}
    for name in packages():
        try:
            package = importlib.import_module(name)
        except ImportError:
            continue
        for info in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"{name}.{info.name}")
            own = {key: kind for key, kind in vars(module).items() if getattr(kind, "__module__", "") == module.__name__}
            found |= {key: kind for key, kind in own.items() if inspect.isclass(kind) and hasattr(kind, "config_keys")}
    return found


def of_class(kind: type) -> dict:
    """Its own keys, older names of them, and whatever its constructor takes."""
    keys = dict.fromkeys([*kind.config_keys, *getattr(kind, "config_key_renames", {})])
    keys |= key_sources.arguments(kind.__init__)
    if kind.__name__ == "Pooling":
        flags = "cls_token max_tokens mean_tokens mean_sqrt_len_tokens weightedmean_tokens lasttoken"
        keys |= {f"pooling_mode_{flag}": None for flag in flags.split()}
    if kind.__name__ == "Transformer":
        keys |= dict.fromkeys(("model_args", "tokenizer_args", "config_args", "cache_dir", "backend"))
    return keys


def of_models() -> dict:
    """Keys of `config_sentence_transformers.json`: what the classes' source reads and writes."""
    names = ("base.model", "sentence_transformer.model", "sparse_encoder.model", "cross_encoder.model", "SentenceTransformer")
    keys = {"__version__", "prompts", "default_prompt_name", "similarity_fn_name", "model_type", "truncate_dim", "activation_fn"}
    for name in names:
        try:
            module = importlib.import_module(f"{MODULES}.{name}")
        except ImportError:
            continue
        source = key_sources.source_of(module)
        keys |= set(key_sources.re.findall(r"_model_config(?:\.get\(|\.pop\(|\[)\s*\"(\w+)\"", source))
        keys |= set(key_sources.re.findall(r"model_config(?:\.get\(|\.pop\(|\[)\s*\"(\w+)\"", source))
    return dict.fromkeys(sorted(keys))


def collected() -> dict:
    try:
        import sentence_transformers
    except ImportError:
        return {}
    version = f"sentence-transformers {sentence_transformers.__version__}"
    plain = lambda keys: {key: value if isinstance(value, (bool, int, float, str)) else None for key, value in keys.items()}
    return {
        "modules.json": {"*": {version: dict.fromkeys(FOLDER["modules.json"])}},
        "config_sentence_transformers.json": {"*": {version: of_models()}},
        "sentence module": {name: {version: plain(of_class(kind))} for name, kind in classes().items()},
    }
