"""The folders of sentence-transformers: what each is made of, and how it is asked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import transformers as t
from sentence_transformers import SentenceTransformer, SparseEncoder
from torch import nn

import sentence_backbones as backbones
import sentence_modules as m

WIDTH = 12
LONG = " ".join(["the long word is not in a short text and how far"] * 5)
TEXTS = ["the position of a word", "", "hello", "Red, blue: not GREEN.", "a b cab", LONG]
NEW, OLD, BETWEEN = "6.", "5.1", "5.7"
ALL = (NEW, BETWEEN, OLD)
PROMPTS = {"query": "query: ", "document": "text: the ", "plain": ""}


@dataclass(frozen=True)
class Case:
    name: str
    make: Callable[[Path], SentenceTransformer]  # in a folder for what it needs on the way
    versions: tuple[str, ...] = (NEW,)
    runs: tuple[dict, ...] = ({},)  # arguments of `encode`
    texts: list = field(default_factory=lambda: TEXTS)
    after: Callable[[Path], None] | None = None  # changes the files


def sentence(*modules: nn.Module, backbone: Callable = backbones.bert, model: dict | None = None, **settings) -> Callable:
    """Modules after a backbone; those that are functions are called when a folder is made."""

    def make(folder: Path) -> SentenceTransformer:
        first = m.transformer(backbone(folder / "backbone", **settings))
        return SentenceTransformer(modules=[first, *(module() for module in modules)], **(model or {}))

    return make


def pooled(*modes: str, **settings) -> Callable:
    return lambda: m.pooling(WIDTH, *modes, **settings)


def chain(*activations: str) -> Callable:
    """Dense layers, each narrower by one, one for each activation."""
    layers = [
        (lambda name=name, index=index: m.dense(WIDTH - index, WIDTH - index - 1, getattr(nn, name)(), seed=20 + index))
        for index, name in enumerate(activations)
    ]
    return sentence(pooled("mean"), *layers)


def poolings() -> list[Case]:
    single = ("mean", "cls", "max", "mean_sqrt_len_tokens", "weightedmean", "lasttoken")
    joined = (("cls", "mean"), ("max", "weightedmean", "lasttoken"), ("cls", "max", "mean", "mean_sqrt_len_tokens", "weightedmean", "lasttoken"))
    versions = {"mean": ALL, ("max", "weightedmean", "lasttoken"): ALL}
    return [
        *(Case(f"pooling-{mode}", sentence(pooled(mode)), versions.get(mode, (NEW, OLD))) for mode in single),
        *(Case(f"pooling-{'-'.join(modes) if len(modes) < 4 else 'all'}", sentence(pooled(*modes)), versions.get(modes, (NEW, OLD))) for modes in joined),
        Case("pooling-order", sentence(pooled("lasttoken", "cls")), (NEW,)),
    ]  # fmt: skip


def dense() -> list[Case]:
    tanh = lambda **settings: lambda: m.dense(WIDTH, settings.pop("width", 7), nn.Tanh(), **settings)
    tokens = lambda: m.dense(WIDTH, 7, nn.GELU(), module_input_name="token_embeddings")
    return [
        Case("dense-tanh-gelu-identity-relu", chain("Tanh", "GELU", "Identity", "ReLU"), ALL),
        Case("dense-silu-sigmoid-leaky-elu", chain("SiLU", "Sigmoid", "LeakyReLU", "ELU")),
        Case("dense-softplus-mish-relu6-hardswish", chain("Softplus", "Mish", "ReLU6", "Hardswish")),
        Case("dense-selu-celu-softsign-hardtanh", chain("SELU", "CELU", "Softsign", "Hardtanh")),
        Case("dense-hardsigmoid-logsigmoid-tanhshrink-softshrink", chain("Hardsigmoid", "LogSigmoid", "Tanhshrink", "Softshrink")),
        Case("dense-no-bias", sentence(pooled("mean"), tanh(bias=False))),
        Case("dense-residual", sentence(pooled("mean"), tanh(use_residual=True, width=WIDTH))),
        Case("dense-residual-narrow", sentence(pooled("mean"), tanh(use_residual=True))),
        Case("dense-of-tokens", sentence(tokens, lambda: m.pooling(7, "mean")), (NEW, BETWEEN)),
        Case("normalize", sentence(pooled("mean"), m.Normalize), ALL),
        Case("layer-norm", sentence(pooled("cls"), lambda: m.layer_norm(WIDTH)), (NEW, OLD)),
        Case("dropout", sentence(pooled("mean"), lambda: m.Dropout(0.4), tanh(), m.Normalize), (NEW, OLD)),
    ]  # fmt: skip


def prompts() -> list[Case]:
    asked = ({}, {"prompt_name": "query"}, {"prompt_name": "plain"}, {"prompt": "red blue "})
    known = {"prompts": PROMPTS}
    return [
        Case("prompts", sentence(pooled("mean"), model=known), (NEW,), asked),
        Case("prompts-default", sentence(pooled("mean"), model=known | {"default_prompt_name": "document"}), (NEW, OLD), asked),
        Case("prompts-left-out", sentence(pooled("mean", "weightedmean", include_prompt=False), model=known), (NEW, OLD), asked),
        Case("prompts-left-out-first", sentence(pooled("cls", "lasttoken", "max", include_prompt=False), model=known), (NEW,), asked),
        Case("truncated", sentence(pooled("mean"), m.Normalize, model={"truncate_dim": 5}), (NEW, OLD), ({}, {"truncate_dim": 3})),
    ]  # fmt: skip


def renamed(new: str) -> Callable[[Path], None]:
    """The older name of the file that holds the greatest length."""

    def change(folder: Path) -> None:
        (folder / "sentence_bert_config.json").unlink()
        (folder / new).write_text('{\n    "max_seq_length": 7,\n    "do_lower_case": false\n}\n')

    return change


def shorter(folder: Path) -> None:
    renamed("sentence_bert_config.json")(folder)


def moved(folder: Path) -> None:
    """The layout of 2020: the Transformer in a folder of its own, three flags, no length but the tokenizer's."""
    (folder / "0_Transformer").mkdir()
    for file in [file for file in folder.iterdir() if file.is_file() and file.name != "modules.json"]:
        file.rename(folder / "0_Transformer" / file.name)
    text = (folder / "modules.json").read_text()
    (folder / "modules.json").write_text(text.replace('"path": ""', '"path": "0_Transformer"'))
    (folder / "0_Transformer" / "config_sentence_transformers.json").rename(folder / "config_sentence_transformers.json")


def without_modules(folder: Path) -> None:
    for name in ("modules.json", "config_sentence_transformers.json", "sentence_bert_config.json"):
        (folder / name).unlink(missing_ok=True)
    for file in (folder / "1_Pooling").iterdir():
        file.unlink()
    (folder / "1_Pooling").rmdir()


def lengths() -> list[Case]:
    mean = pooled("mean")
    cased = {"tokenizer": {"do_lower_case": False}}
    old_lower = lambda folder: (folder / "sentence_bert_config.json").write_text('{\n    "max_seq_length": 30,\n    "do_lower_case": true\n}\n')
    return [
        Case("length-of-tokenizer", sentence(mean, tokenizer={"model_max_length": 9}), (NEW, OLD)),
        Case("length-of-positions", sentence(mean, tokenizer={"model_max_length": 10**30}), (NEW,)),
        Case("length-of-module", sentence(mean), ALL, after=shorter),
        Case("length-of-roberta-file", sentence(mean), (NEW, OLD), after=renamed("sentence_roberta_config.json")),
        Case("length-of-xlnet-file", sentence(mean), (OLD,), after=renamed("sentence_xlnet_config.json")),
        Case("lower-case", sentence(mean, **cased), (NEW, OLD), after=old_lower),
        Case("transformer-in-a-folder", sentence(mean), (NEW, OLD), after=moved),
        Case("no-modules", sentence(mean), (NEW, OLD), after=without_modules),
    ]  # fmt: skip


def families() -> list[Case]:
    instruct = {"prompts": {"query": "red: the text\nquery:", "document": ""}}
    gemma = (pooled("mean"), lambda: m.dense(WIDTH, 16, nn.Identity(), bias=False), lambda: m.dense(16, 9, nn.Identity(), seed=13, bias=False), m.Normalize)
    return [
        Case("roberta", sentence(pooled("mean"), backbone=backbones.roberta), (NEW, OLD)),
        Case("t5", sentence(pooled("mean"), lambda: m.dense(WIDTH, 9, nn.Identity(), bias=False), m.Normalize, backbone=backbones.t5), (NEW, OLD)),
        Case("qwen3", sentence(pooled("lasttoken"), m.Normalize, backbone=backbones.qwen3, model=instruct), (NEW,), ({}, {"prompt_name": "query"})),
        Case("gemma3", sentence(*gemma, backbone=backbones.gemma3, model={"prompts": PROMPTS}), (NEW,), ({}, {"prompt_name": "query"})),
    ]  # fmt: skip


def sparse(activation: str = "relu", strategy: str = "max", model: dict | None = None) -> Callable:
    def make(folder: Path) -> SparseEncoder:
        backbones.bert(folder / "backbone", t.BertForMaskedLM)
        first = m.masked_lm(folder / "backbone")
        return SparseEncoder(modules=[first, m.SpladePooling(pooling_strategy=strategy, activation_function=activation)], **(model or {}))

    return make


def splades() -> list[Case]:
    return [
        Case("splade-max", sparse(), ALL),
        Case("splade-sum", sparse(strategy="sum"), (NEW,)),
        Case("splade-log", sparse("log1p_relu"), (NEW,)),
        Case("splade-few", sparse(model={"max_active_dims": 5}), (NEW,)),
    ]


CASES = [*poolings(), *dense(), *prompts(), *lengths(), *families(), *splades()]
