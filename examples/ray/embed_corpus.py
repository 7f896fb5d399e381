#!/usr/bin/env python3
"""Embeds a corpus of Parquet or JSON lines files on all machines of a Ray cluster.

    embed_corpus.py MODEL OUTPUT SHARD... [--workers 2] [--threads 1] [--text text]

Run it again after an interruption: files of OUTPUT that are there stay.
"""

import argparse
import time

import pyarrow.parquet as pq
import ray

from locus_engine.ray import Embed, map_shards


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model")
    parser.add_argument("output")
    parser.add_argument("shards", nargs="+")
    parser.add_argument("--text", default="text", help="the column of texts")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=1, help="of each worker")
    parser.add_argument("--precision", default="f32")
    options = parser.parse_args()

    ray.init(log_to_driver=False)
    begin = time.monotonic()
    written = map_shards(
        options.shards,
        options.output,
        Embed,
        options.model,
        text=options.text,
        precision=options.precision,
        normalize_embeddings=True,
        workers=options.workers,
        threads=options.threads,
    )
    seconds = time.monotonic() - begin
    rows = sum(pq.read_metadata(path).num_rows for path in written)
    print(f"{rows} texts in {len(written)} files, {seconds:.1f} s")


if __name__ == "__main__":
    main()
