"""A model in the place of a `SentenceTransformer`, for those who evaluate one.

    from locus_engine.sentences import SentenceModel
    model = SentenceModel("all-MiniLM-L6-v2", precision="bf16")
    EmbeddingSimilarityEvaluator(first, second, scores)(model)
    mteb.evaluate(model, mteb.get_tasks(["STSBenchmark"]))

Evaluators of sentence-transformers and of mteb call it as they call their own.
"""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
from collections.abc import Callable, Iterator
from typing import Any

import locus_engine

_COSINE = "cosine"


class SentenceModel:
    """Texts as vectors, with the attributes and methods of `SentenceTransformer` that evaluators use.

    model: a `locus_engine.Model`, or what `locus_engine.open` opens, with its options.
    """

    def __init__(self, model: locus_engine.Model | str | os.PathLike[str], **options: Any) -> None:
        opened = isinstance(model, locus_engine.Model)
        self.locus = model if opened else locus_engine.open(model, **options)
        config = _config_of(self.locus.info["folder"])
        self.prompts: dict[str, str] = config.get("prompts") or {}
        self.default_prompt_name: str | None = config.get("default_prompt_name")
        self.similarity_fn_name: str = config.get("similarity_fn_name") or _COSINE
        self.truncate_dim: int | None = None
        self.device = "cpu"
        self.model_card_data = _ModelCard()

    # Vectors.

    def encode(self, sentences: Any, *arguments: Any, task_metadata: Any = None, **options: Any) -> Any:
        """As `Model.encode`; of mteb's loaders as mteb asks for it."""
        if task_metadata is not None:
            return self._encode_for_mteb(sentences, task_metadata, options)
        if not isinstance(sentences, str):
            sentences = list(sentences)
        precision = options.pop("precision", None) or "float32"  # evaluators leave it open as None
        by_token = options.get("output_value") == "token_embeddings"  # which are not cut
        if options.get("truncate_dim") is None and not by_token:
            options["truncate_dim"] = self.truncate_dim
        if options.pop("normalize_embeddings", None):
            options["normalize_embeddings"] = True
        return self.locus.encode(sentences, *arguments, precision=precision, **options)

    def encode_query(self, sentences: Any, *arguments: Any, **options: Any) -> Any:
        """With the prompt for queries, where the folder has one."""
        return self._encode_as(("query",), sentences, arguments, options)

    def encode_document(self, sentences: Any, *arguments: Any, **options: Any) -> Any:
        """With the prompt for documents, where the folder has one."""
        return self._encode_as(("document", "passage", "corpus"), sentences, arguments, options)

    def _encode_as(self, roles: Any, sentences: Any, arguments: Any, options: dict[str, Any]) -> Any:
        named = arguments or options.get("prompt") is not None or options.get("prompt_name")
        if not named:
            options["prompt_name"] = next((name for name in roles if name in self.prompts), None)
        return self.encode(sentences, *arguments, **options)

    def get_sentence_embedding_dimension(self) -> int:
        """D, after a cut."""
        return self.encode("a").shape[-1]

    get_embedding_dimension = get_sentence_embedding_dimension

    @contextlib.contextmanager
    def truncate_sentence_embeddings(self, truncate_dim: int | None) -> Iterator[None]:
        """Vectors of that many values while it is open."""
        before, self.truncate_dim = self.truncate_dim, truncate_dim
        try:
            yield
        finally:
            self.truncate_dim = before

    # Similarities, by the folder's function.

    @property
    def similarity(self) -> Callable[[Any, Any], Any]:
        """Of all of the first with all of the second. [N, D], [M, D] -> [N, M]"""
        return self._functions().to_similarity_fn(self.similarity_fn_name)

    @property
    def similarity_pairwise(self) -> Callable[[Any, Any], Any]:
        """Of each of the first with its own of the second. [N, D], [N, D] -> [N]"""
        return self._functions().to_similarity_pairwise_fn(self.similarity_fn_name)

    @staticmethod
    def _functions() -> Any:
        from sentence_transformers import SimilarityFunction

        return SimilarityFunction

    # mteb.

    @property
    def mteb_model_meta(self) -> Any:
        """The model's name and figures for mteb's results."""
        from mteb.models import ModelMeta

        facts = self.locus.info
        name = pathlib.Path(facts["folder"]).name
        return ModelMeta.create_empty(
            {
                "name": f"locus/{name}",
                "revision": "-".join(["local", *facts["encodings"], facts["precision"]]),
                "n_parameters": facts["parameters"],
                "max_tokens": facts["context"],
                "embed_dim": self.get_sentence_embedding_dimension(),
                "open_weights": True,
            }
        )

    def _encode_for_mteb(self, inputs: Any, task: Any, options: dict[str, Any]) -> Any:
        texts = [text for batch in inputs for text in batch["text"]]
        role = getattr(options.get("prompt_type"), "value", None)
        # mteb's order: the task in that role, the task, its kind in that role, its kind, the role.
        names = (f"{task.name}-{role}", task.name, f"{task.type}-{role}", task.type, role)
        name = next((name for name in names if name in self.prompts), None)
        shown = {"show_progress_bar": options.get("show_progress_bar", False)}
        if name is not None:
            return self.encode(texts, prompt_name=name, **shown)
        encode = {"query": self.encode_query, "document": self.encode_document}.get(role, self.encode)
        return encode(texts, **shown)


class _ModelCard:
    """Keeps what evaluators report, by the evaluator's name."""

    def __init__(self) -> None:
        self.metrics: dict[str, dict[str, float]] = {}

    def set_evaluation_metrics(self, evaluator: Any, metrics: dict[str, float], *_: Any, **__: Any) -> None:
        self.metrics[getattr(evaluator, "name", "") or type(evaluator).__name__] = metrics


def _config_of(folder: str) -> dict[str, Any]:
    path = pathlib.Path(folder) / "config_sentence_transformers.json"
    return json.loads(path.read_text(encoding="utf-8")) if folder and path.is_file() else {}
