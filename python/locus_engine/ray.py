"""Locus on many machines, by Ray Data.

    import ray
    from locus_engine.ray import Embed
    texts = ray.data.read_parquet("corpus/")
    texts.map_batches(Embed, fn_constructor_args=["all-MiniLM-L6-v2"], batch_size=256, concurrency=2)

`Embed`, `Score`, `Generate` and `Rerank` open the model once for each actor. `map_shards` runs one
of them over files: an output file for each input file, written whole or not at all, so that a job
that was interrupted goes on where it was and a worker that dies loses and doubles nothing.
"""

from __future__ import annotations

import json
import os
import pathlib
import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import locus_engine

from .provenance import expect_made_by, made_by, stamped

Batch = dict[str, Any]  # columns as arrays
_OPENING = ("precision", "encoding", "capacity")


class _Actor:
    """model: what `locus_engine.open` opens. threads: of this actor. Further options are the
    opening's (precision, encoding, capacity) or those of the method that is called."""

    def __init__(self, model: str, *, threads: int = 1, **options: Any) -> None:
        opening = {name: options.pop(name) for name in _OPENING if name in options}
        self.model = locus_engine.open(model, threads=threads, **opening)
        self.options = options

    def sample(self) -> Batch:
        """A row that it can read: what it adds to that says what it would add to a file of none."""
        return _column(getattr(self, "text", "text"), "a")


class Embed(_Actor):
    """Adds `embedding`, the vectors of the column `text`; options are `Model.encode`'s."""

    def __init__(self, model: str, *, text: str = "text", into: str = "embedding", **options: Any) -> None:
        super().__init__(model, **options)
        self.text, self.into = text, into

    def __call__(self, batch: Batch) -> Batch:
        return {**batch, self.into: self.model.encode(_texts(batch, self.text), **self.options)}


class Score(_Actor):
    """Adds `nll` (nats), `tokens` and `bytes` of the column `text`; options are `Model.score_all`'s."""

    def __init__(self, model: str, *, text: str = "text", **options: Any) -> None:
        super().__init__(model, **options)
        self.text = text

    def __call__(self, batch: Batch) -> Batch:
        totals = self.model.score_all(_texts(batch, self.text), **self.options)
        return {**batch, "nll": totals.nll, "tokens": totals.tokens, "bytes": totals.bytes}


class Generate(_Actor):
    """Adds `continuation` of the column `text`; options are `Model.generate`'s."""

    def __init__(
        self, model: str, *, text: str = "text", into: str = "continuation", **options: Any
    ) -> None:
        super().__init__(model, **options)
        self.text, self.into = text, into

    def __call__(self, batch: Batch) -> Batch:
        import numpy as np

        found = self.model.generate(_texts(batch, self.text), **self.options)
        return {**batch, self.into: np.array(found, dtype=object)}


class Rerank(_Actor):
    """Adds `order` and `score`: of each row's `documents` the indices by how well they answer its
    `query`, best first, and how well."""

    def sample(self) -> Batch:
        return {**_column("query", "a"), **_column("documents", ["a"])}

    def __call__(self, batch: Batch) -> Batch:
        ranked = [
            self.model.rerank(query, list(documents))
            for query, documents in zip(_texts(batch, "query"), batch["documents"])
        ]
        return {
            **batch,
            "order": _ragged([[each.index for each in row] for row in ranked]),
            "score": _ragged([[each.score for each in row] for row in ranked]),
        }


def map_shards(
    shards: Sequence[str | os.PathLike[str]],
    output: str | os.PathLike[str],
    actor: type,
    *arguments: Any,
    workers: int = 1,
    batch_size: int = 256,
    keep: Sequence[str] | None = None,
    **options: Any,
) -> list[pathlib.Path]:
    """Runs an actor over Parquet and JSON lines files; gives the Parquet files that it wrote.

    actor, arguments, options: a class of this module and what it is made with, `threads` among it,
    which each of the `workers` has for itself. keep: columns of the input that are written with the
    results; None for all. Files of `output` that are there are not made again: call it once more
    after an interruption. Each says what it was made by; one that another model, other options or
    another input made is a ValueError. Rows go to the actor `batch_size` at a time, file by file, so that
    results do not depend on the workers, to the bit. A file without rows gives one without rows; of JSON
    lines it has the columns that the actor reads. `output` must be a folder that all see.
    """
    import ray

    inputs = [str(pathlib.Path(shard).absolute()) for shard in shards]
    folder = pathlib.Path(output).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    targets = [folder / (pathlib.Path(shard).name + ".parquet") for shard in inputs]
    if len(set(targets)) != len(targets):
        raise ValueError("shards: expected names of their own, found one twice")
    maker = made_by(actor, arguments, options, {"batch_size": batch_size, "keep": keep and list(keep)})
    missing = []
    for shard, target in zip(inputs, targets):
        its_maker = {**maker, "input": {"bytes": os.path.getsize(shard)}}
        if target.exists():
            expect_made_by(target, its_maker)
        else:
            missing.append({"shard": shard, "target": str(target), "maker": json.dumps(its_maker)})
    if missing:
        todo = ray.data.from_items(missing, override_num_blocks=len(missing))
        made = todo.map_batches(
            _ShardWorker,
            fn_constructor_args=[actor, arguments, options, batch_size, keep],
            batch_size=1,
            concurrency=workers,
            num_cpus=options.get("threads", 1),
        )
        made.materialize()
    return targets


class _ShardWorker:
    """Turns one file into one file."""

    def __init__(
        self, actor: type, arguments: Any, options: Any, batch_size: int, keep: Any
    ) -> None:
        self.call: Callable[[Batch], Batch] = actor(*arguments, **options)
        self.batch_size = batch_size
        self.keep = keep

    def __call__(self, batch: Batch) -> Batch:
        for shard, target, maker in zip(batch["shard"], batch["target"], batch["maker"]):
            if not os.path.exists(target):
                self._convert(str(shard), pathlib.Path(str(target)), json.loads(str(maker)))
        return {"target": batch["target"]}

    def _convert(self, shard: str, target: pathlib.Path, maker: Any) -> None:
        import pyarrow.parquet as pq

        # A name of its own: a second worker may do the same after the first was given up for dead.
        part = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
        writer = None
        try:
            schema, batches = _read(shard, self.batch_size)
            for rows in batches:
                table = stamped(_table(self._results(rows)), maker)
                writer = writer or pq.ParquetWriter(part, table.schema)
                writer.write_table(table)
            if writer is None:
                pq.write_table(stamped(self._nothing(schema), maker), part)
            else:
                writer.close()
            os.replace(part, target)
        finally:
            part.unlink(missing_ok=True)

    def _results(self, rows: Any) -> Batch:
        batch = {name: rows.column(name).to_numpy(zero_copy_only=False) for name in rows.schema.names}
        found = self.call(batch)
        kept = rows.schema.names if self.keep is None else self.keep
        return {name: rows.column(name) for name in kept} | {
            name: values for name, values in found.items() if name not in batch
        }


    def _nothing(self, schema: Any) -> Any:
        """The results of no rows, of the types that those of rows have."""
        import pyarrow as pa

        sample = self.call.sample() if hasattr(self.call, "sample") else {}
        if schema is None:
            schema = _table(sample).schema
        asked = sample or {field.name: pa.array([], field.type).to_numpy(False) for field in schema}
        added = {name: values for name, values in self.call(asked).items() if name not in asked}
        kept = schema.names if self.keep is None else self.keep
        known = {field.name: field.type for field in schema}
        columns = {name: pa.array([], known.get(name, pa.null())) for name in kept}
        return pa.table({**columns, **dict(zip(added, _table(added).slice(0, 0).columns))})


def _read(shard: str, rows: int) -> tuple[Any, Iterator[Any]]:
    """The schema, None where a file says nothing of it, and record batches of so many rows; the last
    has what is left."""
    if shard.endswith((".json", ".jsonl")):
        import pyarrow.json as pj

        if _is_blank(shard):
            return None, iter(())
        table = pj.read_json(shard).combine_chunks()
        return table.schema, iter(table.to_batches(max_chunksize=rows))
    import pyarrow.parquet as pq

    file = pq.ParquetFile(shard)
    batches = file.iter_batches(batch_size=rows)
    return file.schema_arrow, (batch for batch in batches if batch.num_rows > 0)


def _is_blank(shard: str) -> bool:
    with open(shard, "rb") as file:
        while part := file.read(1 << 16):
            if part.strip():
                return False
    return True


def _column(name: str, value: Any) -> Batch:
    import numpy as np

    column = np.empty(1, dtype=object)
    column[0] = value
    return {name: column}


def _table(columns: Batch) -> Any:
    import numpy as np
    import pyarrow as pa

    arrays = {}
    for name, values in columns.items():
        if isinstance(values, np.ndarray) and values.ndim == 2:  # [rows, D]
            flat = pa.array(values.reshape(-1))
            arrays[name] = pa.FixedSizeListArray.from_arrays(flat, values.shape[1])
        else:
            arrays[name] = values if isinstance(values, pa.Array) else pa.array(values)
    return pa.table(arrays)


def _texts(batch: Batch, column: str) -> list[str]:
    if column not in batch:
        raise ValueError(f"columns: expected '{column}', found {', '.join(batch)}")
    texts = list(batch[column])
    for row, text in enumerate(texts):
        if not isinstance(text, str):
            raise ValueError(f"{column}: expected a text, found {text!r} in row {row} of a batch")
    return texts


def _ragged(rows: list[list[Any]]) -> Any:
    import numpy as np

    found = np.empty(len(rows), dtype=object)
    found[:] = [np.array(row) for row in rows]
    return found
