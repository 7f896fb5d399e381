"""A model, opened once and used by any number of threads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from . import _locus
from .arguments import checked, expect
from .options import asked_sequence, evaluate_options, generate_options, ids_of, texts_of
from .parts import Progress, scored_parts, vectors_of
from .results import Answer, Candidate, Label, Named, Ranked, Score, Tokens, Total, Totals

if TYPE_CHECKING:
    import numpy as np


def _characters(text: str, begin: int, end: int) -> tuple[int, int]:
    """Offsets in bytes as offsets in characters."""
    raw = text.encode()
    return len(raw[:begin].decode()), len(raw[:end].decode())


class Model:
    """See `locus_engine.open`. Also a context manager, which closes it."""

    def __init__(self, engine: _locus.Engine, threads: int) -> None:
        self._engine = engine
        self._threads = threads

    def __enter__(self) -> Model:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the weights; later calls raise LocusError."""
        self._engine.close()

    @property
    def info(self) -> dict[str, Any]:
        """Family, task, encodings, precision, parameters, context, vocabulary, labels."""
        return self._engine.describe()

    def __repr__(self) -> str:
        if self._engine.closed():
            return "<locus_engine.Model: closed>"
        facts = self.info
        encodings = ", ".join(facts["encodings"]) or "none"
        return (
            f"<locus_engine.Model: {facts['family']}, {facts['task'] or 'no head'}, "
            f"{facts['parameters']:,} parameters, {encodings}, {facts['precision']}>"
        )

    def _repr_html_(self) -> str:
        from .notebook import facts_html

        return facts_html("model", self.info)

    # Text and ids.

    @checked
    def tokenize(self, text: str, *, special: bool = True) -> Tokens:
        """Ids [N], tokens [N] and offsets [N, 2] of a text; `special`: with what the model adds."""
        tokens, offsets, ids = self._engine.tokenize(text, bool(special))
        return Tokens(ids, tokens, offsets)

    @checked
    def decode(self, ids: Iterable[int], *, skip_special: bool = False) -> str:
        """The text of ids."""
        return self._engine.decode(ids_of(ids), bool(skip_special))

    @property
    def special_ids(self) -> dict[str, int | None]:
        """Ids of `bos`, `eos`, `pad`, `unknown` and `mask`, where the tokenizer has them."""
        return _locus.special_ids(self._engine)

    # Vectors.

    @checked
    def encode(
        self,
        sentences: str | Sequence[str],
        prompt_name: str | None = None,
        prompt: str | None = None,
        batch_size: int = 32,
        show_progress_bar: bool | None = None,
        output_value: Literal["sentence_embedding", "token_embeddings"] = "sentence_embedding",
        precision: Literal["float32"] = "float32",
        convert_to_numpy: bool = True,
        convert_to_tensor: bool = False,
        device: Any = None,
        normalize_embeddings: bool = False,
        truncate_dim: int | None = None,
        pooling: str | None = None,
    ) -> Any:
        """Texts as vectors, by the rules of the folder, with sentence-transformers' signature.

        One text: [D]; several: [N, D] float32; `token_embeddings`: a list of [tokens, D]. As tensors of
        PyTorch with `convert_to_tensor`; with `convert_to_numpy=False` as a list of them. Texts of
        any lengths run together without padding, so that `batch_size` changes nothing; neither does
        `device`. A text that is cut at the folder's greatest length is a LocusWarning.
        """
        if output_value not in ("sentence_embedding", "token_embeddings"):
            expected = "'sentence_embedding' or 'token_embeddings'"
            raise ValueError(f"output_value: expected {expected}, found {output_value!r}")
        if precision != "float32":
            raise ValueError(f"precision: expected 'float32', found {precision!r}")
        one = isinstance(sentences, str)
        texts = [sentences] if one else texts_of("sentences", sentences)
        options = _locus.EmbedOptions()
        options.normalize = bool(normalize_embeddings)
        options.prompt, options.prompt_text = prompt_name, prompt
        options.dimension = truncate_dim
        by_token = output_value == "token_embeddings"
        if by_token or pooling:
            options.set_pooling("none" if by_token else pooling)
        arrays = vectors_of(self._engine, texts, options, bool(show_progress_bar))
        if convert_to_tensor or not convert_to_numpy:
            import torch

            arrays = [torch.from_numpy(a) for a in arrays] if by_token else torch.from_numpy(arrays)
            if not convert_to_tensor:
                arrays = list(arrays)
        return arrays[0] if one else arrays

    @checked
    def rerank(self, query: str, documents: Sequence[str]) -> list[Ranked]:
        """Documents by how well they answer the query, best first, by a CrossEncoder."""
        texts = texts_of("documents", documents)
        return [Ranked(i, score, texts[i]) for i, score in self._engine.rerank(query, texts)]

    # Continuations.

    @overload
    def generate(self, prompt: str, *, stream: Literal[True], **options: Any) -> _locus.Stream: ...
    @overload
    def generate(self, prompt: str, *, stream: Literal[False] = ..., **options: Any) -> str: ...
    @overload
    def generate(self, prompt: Sequence[str], **options: Any) -> list[str]: ...

    @checked
    def generate(self, prompt: str | Sequence[str], *, stream: bool = False, **options: Any) -> Any:
        """Continues a prompt, or several together, or translates them.

        `stream=True` gives pieces of one continuation as they become certain; closing the stream,
        or Ctrl-C, ends the run. Options are `generate_all`'s.
        """
        if stream:
            if not isinstance(prompt, str):
                raise TypeError("stream: expected one prompt, found several")
            return _locus.Stream(self._engine, prompt, generate_options(options))
        one = isinstance(prompt, str)
        texts = [found[0].text for found in self.generate_all([prompt] if one else prompt, **options)]
        return texts[0] if one else texts

    @checked
    def generate_all(
        self, prompts: Sequence[str] | Sequence[Sequence[int]], **options: Any
    ) -> list[list[_locus.Generated]]:
        """Continues each prompt; gives its results, best first, with ids, scores and how they ended.
        Prompts that are ids are continued as they are.

        Options, each left to the model's files where it is not given: max_tokens, min_tokens,
        beams, n_best, length_penalty, temperature, top_k, top_p, min_p, typical_p, seed,
        repetition_penalty, no_repeat_ngram, stop (texts), source_language, target_language.
        """
        texts, chosen = texts_of("prompts", prompts), generate_options(options)
        if texts and not isinstance(texts[0], str):
            return _locus.generate_ids(self._engine, [ids_of(ids) for ids in texts], chosen)
        return _locus.generate(self._engine, texts, chosen)

    # What heads answer.

    @checked
    def fill_mask(self, text: str, top: int = 5) -> Any:
        """What may stand in a gap, most probable first; of several gaps a list for each."""
        gaps = [[Candidate(t, p, i) for i, t, p in gap] for gap in self._engine.fill_mask(text, top)]
        return gaps[0] if len(gaps) == 1 else gaps

    @checked
    def classify(self, text: str, pair: str | None = None) -> list[Label]:
        """The classes of a text or a pair, best first."""
        return [Label(label, value, i) for i, label, value in self._engine.classify(text, pair or "")]

    @checked
    def tag(self, text: str, aggregation: str = "simple") -> list[Named]:
        """Names and whatever else the labels are for, in the order of the text."""
        return [
            Named(label, part, *_characters(text, begin, end), probability)
            for label, part, begin, end, probability in self._engine.tag(text, aggregation)
        ]

    @checked
    def answer(self, *, question: str, context: str, top: int = 1) -> list[Answer]:
        """Stretches of the context that answer the question, best first."""
        return [
            Answer(part, *_characters(context, begin, end), score, probability)
            for part, begin, end, score, probability in self._engine.answer(question, context, top)
        ]

    # Figures.

    @checked
    def score(
        self,
        text: str,
        *,
        task: str | None = None,
        convention: str | None = None,
        context: int | None = None,
        stride: int | None = None,
        sample: int | None = None,
        seed: int = 0,
        progress: Progress | None = None,
    ) -> Score:
        """Perplexity, bits per byte and every token's nll; what `locus perplexity` prints.

        sample: of masked models, tokens to score; 0 for all.
        """
        options = evaluate_options(task, convention, context, stride, sample, seed)
        return Score(**self._engine.score(text, options, progress))

    @overload
    def score_all(
        self, texts: Iterable[str], *, stream: Literal[True], **options: Any
    ) -> Iterator[Total]: ...
    @overload
    def score_all(
        self, texts: Iterable[str], *, stream: Literal[False] = ..., **options: Any
    ) -> Totals: ...

    @checked
    def score_all(self, texts: Iterable[str], *, stream: bool = False, **options: Any) -> Any:
        """Sums over the tokens of each text, of texts that run together. Options are `score`'s;
        progress counts texts. A text of which nothing can be scored has zero tokens.

        `texts` may be an iterator over any number of them: they are read as they are scored, and only
        their results are kept, of 24 bytes each. `stream=True` keeps none, and gives each text's `Total`
        as it becomes known. Where tokens are sampled of all texts together (masked models, unless
        `sample=0`; encoder-decoders), all of them are read first.
        """
        progress = options.pop("progress", None)
        expect("progress", progress, ("Progress", "None"))
        parts = scored_parts(self._engine, texts, evaluate_options(**options), progress)
        if stream:
            return (Total(*one) for part in parts for one in zip(*(column.tolist() for column in part)))
        import numpy as np

        columns = list(zip(*parts)) or [(np.zeros(0),), *[(np.zeros(0, np.int64),)] * 2]
        return Totals(*map(np.concatenate, columns))

    @checked
    def predict(
        self, sequences: Iterable[tuple[Sequence[int], int]]
    ) -> list[tuple[np.ndarray, np.ndarray]]:
        """What a causal model says of ids: of each (ids, first) the log p [N], nats, of tokens
        first, first + 1, ... given those before, and the most probable ids [N] in their places."""
        asked = [asked_sequence(f"sequences[{place}]", pair) for place, pair in enumerate(sequences)]
        return _locus.predict(self._engine, asked)

    @checked
    def trace(self, text: str) -> dict[str, np.ndarray]:
        """The output of every node [rows, width], and the standard outputs by their names."""
        return self._engine.trace(text, self._threads)

    @checked
    def position(self, length: int = 32, name: str | None = None) -> Any:
        """The model's encoding, or that of several which has this name; see `position`."""
        from .encoding import of_matrices

        found = self._engine.encodings(length)
        for matrices in found:
            if name is None or matrices["name"] == name:
                return of_matrices(matrices)
        names = ", ".join(matrices["name"] for matrices in found)
        raise ValueError(f"name: expected one of {names}, found {name}")
