"""Locus and PyTorch side by side: scoring a text with one model, f32.

    venv/bin/python tools/bench/pytorch_scoring.py --locus build/release/tools/cli/locus \\
        --text weights/text weights/causal-rope weights/masked-rope

A causal model reads sliding windows; a masked one is asked at a sample of tokens, one mask each. The
loop of PyTorch is the one that guides print: a window at a time, or the masked copies of a window in
batches of 8 (faster here than 1 or 32). Its time is that of the loop alone, with model, ids and
windows at hand; that of Locus is the whole process. Both must agree before anything is timed.
"""

import argparse
import json
import math
import statistics
import subprocess
import sys
import time
from pathlib import Path

try:
    import torch
    from transformers import AutoModelForCausalLM, AutoModelForMaskedLM, AutoTokenizer
except ImportError as missing:
    sys.exit(f"pytorch_scoring.py: expected the packages of requirements.txt, found no {missing.name}")

CONTEXT = 256
COPIES = 8
TOLERANCE = 1e-4


def texts_of(path):
    files = sorted(path.glob("*.txt")) if path.is_dir() else [path]
    return [file.read_text() for file in files]


class Causal:
    """Windows of CONTEXT tokens, the first of them <s>, half a window apart."""

    def __init__(self, folder, texts):
        self.model = AutoModelForCausalLM.from_pretrained(folder).eval()
        tokenizer = AutoTokenizer.from_pretrained(folder)
        self.windows = []
        for text in texts:
            ids = tokenizer(text, add_special_tokens=False)["input_ids"]
            done, room = 0, CONTEXT - 1
            for begin in range(0, len(ids), CONTEXT // 2):
                end = min(begin + room, len(ids))
                row = torch.tensor([tokenizer.bos_token_id, *ids[begin:end]])
                self.windows.append((row, done - begin))
                done = end
                if end == len(ids):
                    break

    @torch.inference_mode()
    def score(self):
        total = count = 0
        for row, first in self.windows:
            logits = self.model(row[None, :-1]).logits[0, first:]
            losses = torch.nn.functional.cross_entropy(logits, row[1 + first :], reduction="none")
            total, count = total + losses.double().sum().item(), count + len(losses)
        return total / count


class Masked:
    """The tokens that Locus scored, each alone masked in the same window."""

    def __init__(self, folder, scored, texts):
        self.model = AutoModelForMaskedLM.from_pretrained(folder).eval()
        tokenizer = AutoTokenizer.from_pretrained(folder)
        documents = [tokenizer(text, add_special_tokens=False)["input_ids"] for text in texts]
        self.mask, room = tokenizer.mask_token_id, CONTEXT - 2
        self.copies = []
        for document, index in scored:
            ids = documents[document]
            begin = max(0, min(index - room // 2, len(ids) - room))
            row = [tokenizer.cls_token_id, *ids[begin : begin + room], tokenizer.sep_token_id]
            self.copies.append((torch.tensor(row), index - begin + 1))
        self.copies.sort(key=lambda copy: len(copy[0]))  # one length a batch needs no padding

    def batches(self):
        batch = []
        for copy in self.copies:
            if batch and (len(batch) == COPIES or len(copy[0]) != len(batch[0][0])):
                yield batch
                batch = []
            batch.append(copy)
        yield batch

    @torch.inference_mode()
    def score(self):
        total = 0
        for batch in self.batches():
            rows = torch.stack([row for row, _ in batch])
            places = torch.tensor([place for _, place in batch])
            line = torch.arange(len(batch))
            wanted = rows[line, places]
            rows[line, places] = self.mask
            logits = self.model(rows).logits[line, places]
            losses = torch.nn.functional.cross_entropy(logits, wanted, reduction="sum")
            total += losses.double().item()
        return total / len(self.copies)


def locus(options, folder, *arguments):
    command = [options.locus, "perplexity", str(folder), "--text", str(options.text), "--json"]
    command += ["--threads", str(options.threads), *arguments]
    begin = time.perf_counter()
    result = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return time.perf_counter() - begin, result


def peer_of(options, folder):
    texts = texts_of(options.text)
    if not folder.name.startswith("masked"):
        return Causal(folder, texts)
    file = Path("scored.jsonl")
    locus(options, folder, "--per-token", str(file))
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    file.unlink()
    names = list(dict.fromkeys(row["document"] for row in rows))
    index = {name: i for i, name in enumerate(names)}
    if len(names) != len(texts):
        sys.exit("pytorch_scoring.py: expected a scored token in every document")
    return Masked(folder, [(index[row["document"]], row["position"]) for row in rows], texts)


def compare(options, folder):
    peer = peer_of(options, folder)
    _, result = locus(options, folder)
    own, other = result["nll"] / result["tokens"], peer.score()
    if not math.isclose(own, other, rel_tol=TOLERANCE):
        sys.exit(f"{folder.name}: expected a loss of {other:.6f}, found {own:.6f}")
    ratios, times = [], ([], [])
    for _ in range(options.rounds):
        times[0].append(locus(options, folder)[0])
        begin = time.perf_counter()
        peer.score()
        times[1].append(time.perf_counter() - begin)
        ratios.append(times[1][-1] / times[0][-1])
    ours, theirs = (statistics.median(each) for each in times)
    print(
        f"{folder.name:18}{own:9.5f}{other:9.5f}{ours:9.2f}{theirs:9.2f}{statistics.median(ratios):9.2f}"
        f" ({min(ratios):.2f}-{max(ratios):.2f})",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--locus", required=True, help="the executable")
    parser.add_argument("--text", required=True, type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    print(f"{'model':18}{'loss':>9}{'PyTorch':>9}{'s':>9}{'PyTorch':>9}{'ratio':>9} (rounds)")
    for folder in options.folders:
        compare(options, folder)


if __name__ == "__main__":
    main()
