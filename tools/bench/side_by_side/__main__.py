"""Prints the table of tools/bench/peers."""

import argparse
import importlib.metadata
import os
import statistics

import numpy

from side_by_side import encodings, jobs, models
from side_by_side.engines import Locus, Onnxruntime, OpenVino
from side_by_side.generation import CTranslate2, LocusDecoder, LocusGenerator
from side_by_side.sentences import LocusSentences, SentenceTransformers

# Cosine of hidden states with those of f32: what an engine computes must be the same work.
MIN_COSINE = {"f32": 0.99999, "bf16": 0.999, "int8": 0.9}
PACKAGES = ("onnxruntime", "openvino", "nncf", "ctranslate2", "sentence-transformers", "torch", "transformers")
HEADER = ("work", "length", "peer", "locus, ms", "peer, ms", "ratio", "rounds")
ENCODINGS_HEADER = ("work", "length", "encoding", "none, ms", "encoding, ms", "ratio", "rounds")
PRECISIONS_HEADER = ("work", "length", "beside", "its own, ms", "f32, ms", "ratio", "rounds")
MEMORY_HEADER = ("work", "length", "packed weights, MB", "at most, MB", "ratio")
JOBS_HEADER = ("work", "seconds", "processors busy", "at most, MB", "share of the engine")


def parsed_arguments():
    parser = argparse.ArgumentParser(prog="peers", description="Locus beside other engines, in turns")
    parser.add_argument("--locus", default="build/release/tools/cli/locus", help="the executable")
    parser.add_argument("--cache", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--models", default="minilm,bert-base", help="of " + ", ".join(models.SHAPES))
    parser.add_argument("--precisions", default="f32,bf16,int8")
    parser.add_argument("--lengths", default="16,128,512", help="tokens of a sequence")
    parser.add_argument("--decode", type=int, default=64, help="tokens that decoders write; 0: none")
    parser.add_argument("--sentences", type=int, default=2000, help="that MiniLM embeds; 0: none")
    parser.add_argument("--encodings", default=encodings.SCHEMES, help="beside none; empty: none of them")
    parser.add_argument("--encoding-lengths", default="512,2048", help="of BERT-base, and of MiniLM in every precision")
    parser.add_argument("--opening", type=int, default=5, help="times that BERT-base is opened a round; 0: none")
    parser.add_argument("--job-sentences", type=int, default=10000, help="that one command embeds; 0: none")
    parser.add_argument("--job-megabytes", type=int, default=10, help="of a text that one command scores; 0: none")
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


def print_row(*cells):
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)


def print_header(*cells):
    print()
    print_row(*cells)
    print("|" + "---|" * len(cells), flush=True)


def print_rows(work, length, results, base="locus"):
    """The peer's time over that of the base: the middle round, and the extremes."""
    own = results[base]
    for peer, times in results.items():
        if peer == base:
            continue
        ratios = sorted(theirs / ours for theirs, ours in zip(times, own))
        medians = (f"{statistics.median(values):.2f}" for values in (own, times, ratios))
        print_row(work, length, peer, *medians, f"{ratios[0]:.2f} to {ratios[-1]:.2f}")


def repeats_of(options, engine, length):
    return max(3, round(options.milliseconds / min(engine.times(length, 3))))


def measure_encoders(options):
    for name in filter(None, options.models.split(",")):
        for precision in options.precisions.split(","):
            engines = encoders(options, name, precision)
            found = cosines(options, name, engines)
            for engine, cosine in found.items():
                if not cosine >= MIN_COSINE[precision]:
                    print(f"{name} {precision}: {engine} has a cosine of {cosine:.4f} with f32")
            for length in map(int, options.lengths.split(",")):
                repeats = repeats_of(options, engines["locus"], length)
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


def measure_encodings(options, length):
    folder = models.encoder(options.cache, "bert-base")
    print_header(*ENCODINGS_HEADER)
    for precision in options.precisions.split(","):
        engines = encodings.of_precision(options, folder, precision)
        repeats = repeats_of(options, engines[encodings.BASE], length)
        results = in_turns(engines, length, repeats, options.rounds)
        print_rows(f"bert-base {precision}", length, results, encodings.BASE)


def measure_precisions(options, length):
    folder = models.encoder(options.cache, "minilm")
    print_header(*PRECISIONS_HEADER)
    for encoding in encodings.asked(options):
        engines = encodings.of_precisions(options, folder, encoding)
        results = in_turns(engines, length, 3, options.rounds)
        for precision in filter(lambda name: name != "f32", results):
            pair = {precision: results[precision], "f32": results["f32"]}
            print_rows(f"minilm {precision}, {encoding}", length, pair, precision)


def measure_opening(options):
    folder = models.encoder(options.cache, "bert-base")
    engines = {"locus": jobs.LocusOpening(options, folder, "f32"), "reading the file": jobs.Reading(folder)}
    print_header(*HEADER)
    print_rows("bert-base f32, opened", 1, in_turns(engines, 1, options.opening, options.rounds))
    print_header(*MEMORY_HEADER)
    for model in (folder, models.decoder(options.cache)):
        for precision in options.precisions.split(","):
            report = Locus(options, model, precision).report("--lengths", "512", "--repeat", "2")
            weights, peak = (report[key] / jobs.MEGABYTE for key in ("weight_bytes", "peak_resident_bytes"))
            work = f"{os.path.basename(model)} {precision}"
            print_row(work, 512, f"{weights:.0f}", f"{peak:.0f}", f"{peak / weights:.2f}")


def measure_jobs(options):
    print_header(*JOBS_HEADER)
    for precision in options.precisions.split(","):
        if options.job_sentences > 0:
            print_job(f"minilm {precision}, {options.job_sentences} sentences", jobs.embed(options, precision))
        if options.job_megabytes > 0:
            print_job(f"causal-rope {precision}, {options.job_megabytes} MB scored", jobs.perplexity(options, precision))


def print_job(work, found):
    seconds, busy, megabytes, share = found
    print_row(work, f"{seconds:.1f}", f"{busy:.2f}", f"{megabytes:.0f}", f"{100 * share:.1f} %")


def main():
    options = parsed_arguments()
    os.makedirs(options.cache, exist_ok=True)
    report = Locus(options, models.encoder(options.cache, "minilm"), "bf16").report("--lengths", "16", "--repeat", "1")
    versions = ", ".join(f"{package} {importlib.metadata.version(package)}" for package in PACKAGES)
    print(f"{versions}; {options.threads} threads, locus uses {report['instruction_set']}")
    print_header(*HEADER)
    measure_encoders(options)
    for precision in (p for p in options.precisions.split(",") if p != "bf16" and options.decode > 0):
        measure_decoders(options, precision)
        measure_translators(options, precision)
    if options.sentences > 0:
        measure_sentences(options)
    if options.encodings:
        for measure, length in zip((measure_encodings, measure_precisions), options.encoding_lengths.split(",")):
            if int(length) > 0:
                measure(options, int(length))
    if options.opening > 0:
        measure_opening(options)
    if options.job_sentences > 0 or options.job_megabytes > 0:
        measure_jobs(options)


if __name__ == "__main__":
    main()
