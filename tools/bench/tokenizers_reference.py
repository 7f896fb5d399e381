"""Measures the reference as locus_tokenizer_speed measures Locus: python tokenizers_reference.py FOLDER TEXT_FILE [REPEATS]

Runs on one thread. Prints megabytes (10^6 bytes) per second of processor time.
"""

import os
import sys
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["RAYON_NUM_THREADS"] = "1"

from transformers import AutoTokenizer  # noqa: E402  (after the settings above)


def report(what, size, repeats, work):
    best = min(timed(work) for _ in range(repeats))
    print(f"{what:22} {size / best / 1e6:8.1f} MB/s")


def timed(work):
    begin = time.process_time()
    work()
    return time.process_time() - begin


def main():
    folder, file = sys.argv[1:3]
    repeats = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    tokenizer = AutoTokenizer.from_pretrained(folder).backend_tokenizer
    with open(file, encoding="utf-8", newline="") as stream:
        text = stream.read()
    size = len(text.encode())
    lines = text.split("\n")
    report("ids", size, repeats, lambda: tokenizer.encode_batch_fast([text])[0].ids)
    report("ids and offsets", size, repeats, lambda: tokenizer.encode(text).offsets)
    report("ids, line by line", size, repeats, lambda: [each.ids for each in tokenizer.encode_batch_fast(lines)])


if __name__ == "__main__":
    main()
