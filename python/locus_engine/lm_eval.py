"""Locus as a model of lm-evaluation-harness, in process.

    python -m locus_engine.lm_eval run --model locus --model_args path=causal-rope --tasks ...

is the harness's own command with this model known to it; a program imports this module instead and
names the model, or hands a `LocusLM` to `lm_eval.simple_evaluate`. Arguments that hold commas are
written as JSON: `--model_args '{"path": "causal-none", "encoding": "rope:base=500,pairing=half"}'`.
Tokens, windows, prefixes and stop texts are those of the harness's `hf` model.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Any

from lm_eval import utils
from lm_eval.api.model import TemplateLM
from lm_eval.api.registry import register_model
from lm_eval.models.utils import (
    handle_stop_sequences,
    normalize_gen_kwargs,
    postprocess_generated_text,
)

import locus_engine

_UNBOUNDED = 2048  # what `hf` takes where a model names no greatest length
_CHUNK = 64  # requests between two steps of a progress bar; a batch is cut by its tokens below
_SAMPLING = ("top_k", "top_p", "min_p", "typical_p", "seed", "repetition_penalty")


@register_model("locus")
class LocusLM(TemplateLM):
    """A causal model for the harness.

    path: as `locus_engine.open` takes it, with encoding, precision, threads and capacity.
    max_length: tokens of a window; the model's context where it is not given. The harness's
    batch_size, max_batch_size and device change nothing: texts run together without padding.
    """

    def __init__(
        self,
        path: str,
        encoding: str | None = None,
        precision: str = "f32",
        threads: int = 0,
        capacity: int = 0,
        max_length: int | None = None,
        max_gen_toks: int = 256,
        batch_size: int | str | None = None,
        max_batch_size: int | None = None,
        device: str | None = None,
    ) -> None:
        super().__init__()
        self.model = locus_engine.open(
            path, encoding=encoding, precision=precision, threads=threads, capacity=capacity
        )
        facts = self.model.info
        if not facts["causal"]:
            raise ValueError(f"{path}: expected a causal model, found {facts['family']}")
        self.path = path
        self.max_length = int(max_length or facts["context"] or _UNBOUNDED)
        self.max_gen_toks = int(max_gen_toks)
        self._special = self.model.special_ids
        if self.prefix_token_id is None:
            raise ValueError(f"{path}: expected a begin or end token, found none")
        self._prefix_text = self.model.decode([self.prefix_token_id])

    @property
    def eot_token_id(self) -> int | None:
        return self._special["eos"]

    @property
    def prefix_token_id(self) -> int | None:
        begin = self._special["bos"]
        return self.eot_token_id if begin is None else begin

    @property
    def tokenizer_name(self) -> str:
        return self.path.replace("/", "__")

    def get_model_info(self) -> dict[str, Any]:
        """For the file of results."""
        facts = self.model.info
        names = ("family", "encodings", "precision", "parameters", "context")
        return {"locus_version": locus_engine.__version__, **{name: facts[name] for name in names}}

    def tok_encode(
        self, string: str, add_special_tokens: bool | None = None, **_: Any
    ) -> list[int]:
        if add_special_tokens is None:
            add_special_tokens = not (self._prefix_text and string.startswith(self._prefix_text))
        return self.model.tokenize(string, special=add_special_tokens).ids.tolist()

    def _loglikelihood_tokens(
        self, requests: Sequence[tuple[Any, list[int], list[int]]], disable_tqdm: bool = False, **_: Any
    ) -> list[tuple[float, bool]]:
        found: list[tuple[float, bool]] = [(0.0, True)] * len(requests)
        # Long ones first, so that what runs together is alike and memory ends early, if it does.
        order = sorted(range(len(requests)), key=lambda at: -len(requests[at][1] + requests[at][2]))
        for chunk in _chunks(order, "Scoring", disable_tqdm):
            asked = [self._window(*requests[at][1:]) for at in chunk]
            for at, (ids, first), (log_p, best) in zip(chunk, asked, self.model.predict(asked)):
                found[at] = (float(log_p.sum()), best.tolist() == ids[first:])
        return found

    def _window(self, context: list[int], continuation: list[int]) -> tuple[list[int], int]:
        """The ids that the model sees, the last of which it only predicts."""
        if not 0 < len(continuation) <= self.max_length:
            raise ValueError(
                f"continuation: expected 1 to {self.max_length} tokens, found {len(continuation)}"
            )
        ids = (context + continuation)[-(self.max_length + 1) :]
        return ids, len(ids) - len(continuation)

    def loglikelihood_rolling(self, requests: Sequence[Any], disable_tqdm: bool = False) -> list[float]:
        windows: list[tuple[Any, list[int], list[int]]] = []
        owners: list[int] = []
        for owner, request in enumerate(requests):
            for window in utils.get_rolling_token_windows(
                token_list=self.tok_encode(request.args[0]),
                prefix_token=self.prefix_token_id,
                max_seq_len=self.max_length,
                context_len=1,
            ):
                windows.append((None, *utils.make_disjoint_window(window)))
                owners.append(owner)
        totals = [0.0] * len(requests)
        for owner, (log_p, _) in zip(owners, self._loglikelihood_tokens(windows, disable_tqdm)):
            totals[owner] += log_p
        for request, total in zip(requests, totals):
            self.cache_hook.add_partial("loglikelihood_rolling", request.args, total)
        return totals

    def generate_until(self, requests: Sequence[Any], disable_tqdm: bool = False) -> list[str]:
        texts = [""] * len(requests)
        for options, members in _grouped(requests):
            for chunk in _chunks(members, "Generating", disable_tqdm):
                contexts = [requests[at].args[0] for at in chunk]
                for at, text in zip(chunk, self._continue(contexts, options)):
                    texts[at] = text
                    self.cache_hook.add_partial("generate_until", requests[at].args, text)
        return texts

    def _continue(self, contexts: list[str], asked: dict[str, Any]) -> list[str]:
        options = normalize_gen_kwargs(asked, self.max_gen_toks)
        end = self.eot_token_id
        stop = handle_stop_sequences(
            options.get("until"), eos=None if end is None else self.model.decode([end])
        )
        new = options["max_gen_toks"]
        room = self.max_length - new
        if room <= 0:
            raise ValueError(f"max_gen_toks: expected less than {self.max_length}, found {new}")
        prompts = [self.tok_encode(context)[-room:] for context in contexts]
        chosen = {name: options[name] for name in _SAMPLING if options.get("do_sample") and name in options}
        results = self.model.generate_all(
            prompts,
            max_tokens=new,
            temperature=float(options.get("temperature") or 0),
            stop=[text for text in stop if text],
            **chosen,
        )
        return [postprocess_generated_text(found[0].text, stop, None) for found in results]


def _chunks(items: Sequence[int], what: str, silent: bool) -> Iterator[Sequence[int]]:
    from tqdm import tqdm

    with tqdm(total=len(items), desc=what, disable=silent) as bar:
        for first in range(0, len(items), _CHUNK):
            chunk = items[first : first + _CHUNK]
            yield chunk
            bar.update(len(chunk))


def _grouped(requests: Sequence[Any]) -> Iterator[tuple[dict[str, Any], list[int]]]:
    """Requests that are to be continued alike."""
    groups: dict[str, tuple[dict[str, Any], list[int]]] = {}
    for at, request in enumerate(requests):
        options = request.args[1]
        groups.setdefault(repr(options), (options, []))[1].append(at)
    yield from groups.values()


def main() -> None:
    """The harness's command."""
    from lm_eval.__main__ import cli_evaluate

    cli_evaluate()


if __name__ == "__main__":
    sys.exit(main())
