#!/usr/bin/env python3
"""Scores every text of a corpus of Parquet or JSON lines files, and the corpus.

    score_corpus.py MODEL OUTPUT SHARD... [--workers 2] [--threads 1] [--text text]

OUTPUT gets nll (nats), tokens and bytes of each text. Run it again after an interruption.
"""

import argparse
import math

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import ray

from locus_engine.ray import Score, map_shards


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model")
    parser.add_argument("output")
    parser.add_argument("shards", nargs="+")
    parser.add_argument("--text", default="text", help="the column of texts")
    parser.add_argument("--encoding", help="a scheme to swap in")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=1, help="of each worker")
    options = parser.parse_args()

    ray.init(log_to_driver=False)
    written = map_shards(
        options.shards,
        options.output,
        Score,
        options.model,
        text=options.text,
        encoding=options.encoding,
        workers=options.workers,
        threads=options.threads,
        keep=[],
    )
    table = pa.concat_tables([pq.read_table(path) for path in written])
    nll, tokens, size = (pc.sum(table[name]).as_py() for name in ("nll", "tokens", "bytes"))
    print(f"{table.num_rows} texts, {tokens or 0} tokens")
    if not tokens:
        return
    print(f"perplexity {math.exp(nll / tokens):.3f}, {nll / math.log(2) / size:.4f} bits per byte")


if __name__ == "__main__":
    main()
