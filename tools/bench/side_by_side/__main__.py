"""Prints the table of tools/bench/peers."""

import argparse
import importlib.metadata
import os
import statistics

import numpy

from side_by_side import models
from side_by_side.engines import Locus, Onnxruntime, OpenVino
from side_by_side.generation import CTranslate2, LocusDecoder, LocusGenerator
from side_by_side.sentences import LocusSentences, SentenceTransformers

# Cosine of hidden states with those of f32: what an engine computes must be the same work.
MIN_COSINE = {"f32": 0.99999, "bf16": 0.999, "int8": 0.9}
PACKAGES = ("onnxruntime", "openvino", "nncf", "ctranslate2", "sentence-transformers", "torch", "transformers")
HEADER = ("work", "length", "peer", "locus, ms", "peer, ms", "ratio", "rounds")


def parsed_arguments():
    parser = argparse.ArgumentParser(prog="peers", description="Locus beside other engines, in turns")
    parser.add_argument("--locus", default="build/release/tools/cli/locus", help="the executable")
    parser.add_argument("--cache", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--models", default="minilm,bert-base", help="of " + ", ".join(models.SHAPES))
    parser.add_argument("--precisions", default="f32,bf16,int8")
    parser.add_argument("--lengths", default="16,128,512", help="tokens of a sequence")
    parser.add_argument("--decode", type=int, default=64, help="tokens that decoders write; 0: none")
    parser.add_argument("--sentences", type=int, default=2000, help="that MiniLM embeds; 0: none")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--milliseconds", type=float, default=400, help="of an engine, a length and a round")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def encoders(options, name, precision):
    """The engines that compute in a precision, Locus first."""
    folder = models.encoder(options.cache, name)
    engines = {"locus": Locus(options, folder, precision)}
    if precision == "f32":
        engines["onnxruntime"] = Onnxruntime(options, models.onnx_graph(folder))
        engines["onnxruntime, fused"] = Onnxruntime(options, models.fused_graph(folder))
        engines["openvino"] = OpenVino(options, models.onnx_graph(folder), "f32")
    elif precision == "bf16":
        engines["openvino"] = OpenVino(options, models.onnx_graph(folder), "bf16")
    else:
        engines["onnxruntime, dynamic"] = Onnxruntime(options, models.dynamic_int8_graph(folder))
        engines["openvino, nncf"] = OpenVino(options, models.openvino_int8(folder), "f32")
    return engines


def cosines(options, name, engines):
    """Of each engine's hidden states with those of Locus in f32, the smallest of all tokens."""
    wanted = Locus(options, models.encoder(options.cache, name), "f32").hidden(16).astype(numpy.float64)
    result = {}
    for engine, found in ((engine, engines[engine].hidden(16)) for engine in engines):
        lengths = numpy.linalg.norm(found, axis=1) * numpy.linalg.norm(wanted, axis=1)
        result[engine] = ((found * wanted).sum(axis=1) / lengths).min()
    return result


def in_turns(engines, length, repeats, rounds):
    """Medians of every engine, one for each round."""
    results = {name: [] for name in engines}
    for _ in range(rounds):
        for name, engine in engines.items():
            results[name].append(statistics.median(engine.times(length, repeats)))
    return results


def print_rows(work, length, results):
    """The peer's time over that of Locus: the middle round and, in brackets, the extremes."""
    own = results["locus"]
    for peer, times in results.items():
        if peer == "locus":
            continue
        ratios = sorted(theirs / ours for theirs, ours in zip(times, own))
        cells = (work, length, peer, f"{statistics.median(own):.2f}", f"{statistics.median(times):.2f}")
        spread = f"{ratios[0]:.2f} to {ratios[-1]:.2f}"
        print("| " + " | ".join(map(str, (*cells, f"{statistics.median(ratios):.2f}", spread))) + " |", flush=True)


def measure_encoders(options):
    for name in options.models.split(","):
        for precision in options.precisions.split(","):
            engines = encoders(options, name, precision)
            found = cosines(options, name, engines)
            for engine, cosine in found.items():
                if not cosine >= MIN_COSINE[precision]:
                    print(f"{name} {precision}: {engine} has a cosine of {cosine:.4f} with f32")
            for length in map(int, options.lengths.split(",")):
                probe = min(engines["locus"].times(length, 3))
                repeats = max(3, round(options.milliseconds / probe))
                print_rows(f"{name} {precision}", length, in_turns(engines, length, repeats, options.rounds))


def measure_decoders(options, precision):
    folder = models.decoder(options.cache)
    converted = models.ctranslate2_model(folder)
    for batch in (1, 16):
        engines = {
            "locus": LocusDecoder(options, folder, precision, batch),
            "ctranslate2": CTranslate2(options, converted, precision, batch),
        }
        work = f"gpt2 {precision}, {batch} at once, a token"
        print_rows(work, 16, in_turns(engines, 16, options.decode, options.rounds))


def measure_translators(options, precision):
    folder = models.translator(options.cache)
    converted = models.ctranslate2_model(folder)
    for batch, beams in ((1, 1), (16, 1), (1, 4)):
        engines = {
            "locus": LocusGenerator(options, folder, precision, batch, beams),
            "ctranslate2": CTranslate2(options, converted, precision, batch, beams),
        }
        work = f"t5-small {precision}, {batch} at once, {beams} beams, a token"
        print_rows(work, 32, in_turns(engines, 32, options.decode, options.rounds))


def measure_sentences(options):
    folder = models.sentence_encoder(options.cache)
    engines = {f"locus {precision}": LocusSentences(options, folder, precision) for precision in options.precisions.split(",")}
    engines["sentence-transformers f32"] = SentenceTransformers(options, folder)
    results = in_turns(engines, options.sentences, 1, options.rounds)
    for precision in options.precisions.split(","):
        pair = {"locus": results[f"locus {precision}"], "sentence-transformers f32": results["sentence-transformers f32"]}
        print_rows(f"minilm {precision}, sentences to a file", options.sentences, pair)


def main():
    options = parsed_arguments()
    os.makedirs(options.cache, exist_ok=True)
    report = Locus(options, models.encoder(options.cache, "minilm"), "bf16").report("--lengths", "16", "--repeat", "1")
    versions = ", ".join(f"{package} {importlib.metadata.version(package)}" for package in PACKAGES)
    print(f"{versions}; {options.threads} threads, locus uses {report['instruction_set']}\n")
    print("| " + " | ".join(HEADER) + " |\n|" + "---|" * len(HEADER), flush=True)
    measure_encoders(options)
    for precision in (p for p in options.precisions.split(",") if p != "bf16" and options.decode > 0):
        measure_decoders(options, precision)
        measure_translators(options, precision)
    if options.sentences > 0:
        measure_sentences(options)


if __name__ == "__main__":
    main()
