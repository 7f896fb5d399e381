#!/usr/bin/env python3
"""How long the command goes on after Ctrl-C, whatever it is doing.

Each row runs a command several times, interrupts it at moments spread over its run, and prints the
most and the median of what passed until it was gone: on the clock, and of the processor, which
others cannot change.
The large models are those of `tools/bench/peers`.
"""

import argparse
import json
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WEIGHTS = ROOT / "weights"
LARGE = Path(os.environ.get("LOCUS_PEERS", Path.home() / ".cache/locus/peers")) / "models"


def repeated(path, size):
    """A text of so many bytes, from the texts of the models that are shipped."""
    if path.exists():
        return path
    text = b"\n\n".join(file.read_bytes() for file in sorted((WEIGHTS / "text").glob("*.txt")))
    with open(path, "wb") as out:
        for _ in range(size // len(text) + 1):
            out.write(text)
    return path


def one_line(path, size):
    path.write_bytes(repeated(path, size).read_bytes().replace(b"\n", b" "))
    return path


def png_of(path, side):
    """Black, so that a small file holds it."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(1)
    row = bytes(1 + 3 * side)
    pixels = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b""))
    return path


def large_vocabulary(folder, count):
    """A byte-level BPE of so many tokens, all of letters, in a folder that has nothing else."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    tokens, merges = list(letters), []
    known = set(tokens)
    for token in tokens:
        for letter in letters:
            if len(tokens) >= count:
                break
            if token + letter not in known:
                known.add(token + letter)
                tokens.append(token + letter)
                merges.append(f"{token} {letter}")
    folder.mkdir()
    (folder / "tokenizer.json").write_text(json.dumps({
        "version": "1.0", "added_tokens": [], "normalizer": None, "post_processor": None, "decoder": None,
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
        "model": {"type": "BPE", "vocab": {token: i for i, token in enumerate(tokens)}, "merges": merges}}))
    return folder


def image_model(folder):
    """A tiny model of images that the tests have, and how it wants them."""
    shutil.copytree(ROOT / "tests/goldens/models/swin/absolute", folder)
    (folder / "preprocessor_config.json").write_text(json.dumps({
        "image_processor_type": "ViTImageProcessor", "size": {"height": 32, "width": 32}}))
    return folder


def long_context(folder, positions):
    """A Llama of 100 million weights, all zero, which lie nowhere on the disk."""
    width, layers, vocabulary, inner = 768, 12, 512, 2048
    shapes = {"model.embed_tokens.weight": [vocabulary, width], "model.norm.weight": [width]}
    for layer in range(layers):
        at = f"model.layers.{layer}."
        for name in "qkvo":
            shapes[f"{at}self_attn.{name}_proj.weight"] = [width, width]
        shapes |= {f"{at}mlp.gate_proj.weight": [inner, width], f"{at}mlp.up_proj.weight": [inner, width],
                   f"{at}mlp.down_proj.weight": [width, inner], f"{at}input_layernorm.weight": [width],
                   f"{at}post_attention_layernorm.weight": [width]}
    header, end = {}, 0
    for name, shape in shapes.items():
        count = 4 * shape[0] * (shape[1] if len(shape) > 1 else 1)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [end, end + count]}
        end += count
    folder.mkdir()
    text = json.dumps(header).encode()
    with open(folder / "model.safetensors", "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text)
        out.truncate(8 + len(text) + end)
    (folder / "config.json").write_text(json.dumps({
        "model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": width,
        "num_hidden_layers": layers, "num_attention_heads": 12, "vocab_size": vocabulary,
        "intermediate_size": inner, "max_position_embeddings": positions, "tie_word_embeddings": True}))
    return folder


def cases(work):
    """What is run, and what makes its arguments."""
    causal, masked = WEIGHTS / "causal-rope", WEIGHTS / "masked-rope"

    def text():
        return repeated(work / "100MB.txt", 100 << 20)

    return {
        "opening a folder of 500 MB": lambda: ["bench", LARGE / "gpt2", "--lengths", "8"],
        "prefill of 8,192 tokens": lambda: ["bench", long_context(work / "zeros", 8192), "--lengths", "8192"],
        "8 beams": lambda: ["generate", causal, "The tide", "--beams", "8", "--max-tokens", "400"],
        "tokenizing 100 MB": lambda: ["tokenize", LARGE / "minilm", "--json", text()],
        "tokenizing a line of 48 MB": lambda: ["tokenize", LARGE / "minilm", "--json",
                                               one_line(work / "line.txt", 48 << 20)],
        "a line of 48 MB by Unigram": lambda: ["tokenize", WEIGHTS / "span-t5", "--json",
                                                  one_line(work / "line.txt", 48 << 20)],
        "opening a vocabulary of a million": lambda: ["tokenize", large_vocabulary(work / "words", 1_000_000),
                                                      "--json", text()],
        "scoring 100 MB": lambda: ["perplexity", causal, "--text", text()],
        "scoring 100 MB by masks": lambda: ["perplexity", masked, "--text", text()],
        "comparing two models on 100 MB": lambda: ["compare", causal, WEIGHTS / "causal-alibi", "--text", text()],
        "ablating an encoding on 100 MB": lambda: ["ablate", causal, "--text", text()],
        "probing on 100 MB": lambda: ["probe", causal, "--text", text()],
        "an image of 169 million pixels": lambda: ["trace", image_model(work / "swin"), "--image",
                                                   png_of(work / "image.png", 13000), "--out", work / "t"],
        "converting 500 MB": lambda: ["convert", LARGE / "gpt2", work / "converted"],
    }


def processor_time(pid):
    return time.clock_gettime((~pid << 3) | 2)  # Linux: CPUCLOCK_SCHED of a process


def interrupted(command, delay):
    """Seconds of the clock and of the processor after the signal; None if it ended before."""
    given = command.pop() if command[1] == "tokenize" else os.devnull  # it reads a stream
    with open(given, "rb") as stream:
        process = subprocess.Popen(command, stdin=stream, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    time.sleep(delay)
    if process.poll() is not None:
        return None, process.stderr.read().decode()
    before, begin = processor_time(process.pid), time.monotonic()
    process.send_signal(signal.SIGINT)
    _, status, usage = os.wait4(process.pid, 0)
    end = time.monotonic()
    process.returncode = os.waitstatus_to_exitcode(status)
    return (end - begin, usage.ru_utime + usage.ru_stime - before), process.stderr.read().decode()


def measure(command, attempts, longest):
    passed = []
    for attempt in range(attempts):
        delay = longest * (attempt + random.random()) / attempts
        times, said = interrupted(list(command), delay)
        if times is None:
            if said and attempt == 0:
                raise SystemExit(f"{' '.join(command)}: {said}")
            continue
        passed.append(times)
    return passed


def told(values):
    values = sorted(values)
    return f"{values[-1] * 1000:.0f} ms ({values[len(values) // 2] * 1000:.0f})" if values else "-"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--locus", default=ROOT / "build/release/tools/cli/locus")
    parser.add_argument("--attempts", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=4, help="moments lie within so many of the start")
    parser.add_argument("--only", default="", help="rows whose names hold this")
    options = parser.parse_args()
    random.seed(0)
    with tempfile.TemporaryDirectory() as folder:
        print("| what is interrupted | times | clock (median) | processor (median) |\n|---|---|---|---|")
        for name, arguments in cases(Path(folder)).items():
            if options.only not in name:
                continue
            command = [str(each) for each in [options.locus, *arguments()]]
            passed = measure(command, options.attempts, options.seconds)
            clock, processor = zip(*passed) if passed else ((), ())
            print(f"| {name} | {len(passed)} | {told(clock)} | {told(processor)} |", flush=True)


if __name__ == "__main__":
    main()
