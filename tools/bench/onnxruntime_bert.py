"""Locus and onnxruntime side by side: one BERT of base size, the same weights, batch 1, f32.

    python3 -m venv venv && venv/bin/pip install -r tools/bench/requirements.txt
    venv/bin/python tools/bench/onnxruntime_bert.py --locus build/release/tools/cli/locus

Both compute the last hidden state and the pooled vector. onnxruntime runs with all its graph
optimisations in two ways: on the exported graph ("plain"), and on that graph after its own
transformer optimizer has fused attention, norms and activations ("fused"). Before anything is
timed, outputs must agree to 1e-4 of the largest value. Then the engines take turns, round by round,
so that a machine whose speed drifts treats them alike.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

try:
    import numpy
    import onnxruntime
    from safetensors.numpy import load_file

    import bert_base
except ImportError as missing:
    sys.exit(f"onnxruntime_bert.py: expected the packages of tools/bench/requirements.txt, found no {missing.name}")

WARM_UPS = 3  # as `locus bench` does
TOLERANCE = 1e-4


def parsed_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--locus", required=True, help="the executable")
    parser.add_argument("--folder", help="where to keep the model, 1.4 GB; else a temporary folder")
    parser.add_argument("--lengths", default="16,128,512", help="tokens of a sequence")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--milliseconds", type=float, default=800, help="of an engine, a length and a round")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


class Locus:
    """The command: one process for each measurement."""

    def __init__(self, executable, folder, threads):
        self.executable, self.folder, self.threads = executable, folder, str(threads)
        self.peak_over_weights = 0.0
        self.instruction_set = ""

    def run(self, verb, *arguments):
        command = [self.executable, verb, self.folder, *arguments, "--threads", self.threads]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout

    def times(self, length, repeats):
        report = json.loads(self.run("bench", "--json", "--lengths", str(length), "--repeat", str(repeats)))
        ratio = report["peak_resident_bytes"] / report["weight_bytes"]
        self.peak_over_weights = max(self.peak_over_weights, ratio)
        self.instruction_set = report["instruction_set"]
        return report["results"][0]

    def hidden(self, length):
        ids = ",".join(map(str, bert_base.feeds(length)["input_ids"][0]))
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "trace.safetensors")
            self.run("trace", "--ids", ids, "--out", file)
            return load_file(file)["last_hidden_state"]


class Onnxruntime:
    def __init__(self, graph, threads):
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def times(self, length, repeats):
        feeds = bert_base.feeds(length)
        times = [self.timed(feeds) for _ in range(WARM_UPS + repeats)][WARM_UPS:]
        return {"ms_min": min(times), "ms_median": statistics.median(times)}

    def timed(self, feeds):
        begin = time.perf_counter()
        self.session.run(None, feeds)
        return 1000 * (time.perf_counter() - begin)

    def hidden(self, length):
        return self.session.run(["last_hidden_state"], bert_base.feeds(length))[0][0]


def check_agreement(engines, length):
    wanted = engines["plain"].hidden(length)
    for name in ("locus", "fused"):
        error = numpy.abs(engines[name].hidden(length) - wanted).max() / numpy.abs(wanted).max()
        if not error <= TOLERANCE:
            sys.exit(f"{name} at length {length}: expected outputs within {TOLERANCE} of plain, found {error:.1e}")
        print(f"length {length:4}: {name} agrees with plain to {error:.1e}")


def measured(engines, length, options):
    """The results of every engine, one for each round."""
    probe = engines["plain"].times(length, 3)["ms_min"]
    repeats = max(3, round(options.milliseconds / probe))
    results = {name: [] for name in engines}
    for _ in range(options.rounds):
        for name, engine in engines.items():
            results[name].append(engine.times(length, repeats))
    return results


def row(length, results):
    """Times of every engine; ratios of the fastest runs, and of medians: the middle round and the extremes."""
    cells = [f"{length:6}"]
    for name, rounds in results.items():
        best = min(result["ms_min"] for result in rounds)
        cells.append(f"{best:9.2f} {statistics.median(result['ms_median'] for result in rounds):9.2f}")
    for name in ("plain", "fused"):
        pairs = zip(results[name], results["locus"])
        ratios = sorted(peer["ms_median"] / own["ms_median"] for peer, own in pairs)
        best = min(r["ms_min"] for r in results[name]) / min(r["ms_min"] for r in results["locus"])
        cells.append(f"{best:5.2f} {statistics.median(ratios):7.2f} ({ratios[0]:.2f}-{ratios[-1]:.2f})")
    return "  ".join(cells)


def main():
    options = parsed_arguments()
    lengths = [int(length) for length in options.lengths.split(",")]
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or temporary
        graphs = bert_base.write(folder)
        engines = {"locus": Locus(options.locus, folder, options.threads)}
        engines.update((name, Onnxruntime(graph, options.threads)) for name, graph in graphs.items())
        for length in lengths:
            check_agreement(engines, length)
        print(f"\n{'':6}{'locus, ms':>21}{'plain, ms':>21}{'fused, ms':>21}  {'plain / locus':>25}  {'fused / locus':>25}")
        print("length" + 3 * "        min    median" + 2 * "    min  median   (rounds)")
        for length in lengths:
            print(row(length, measured(engines, length, options)), flush=True)
    locus = engines["locus"]
    print(f"\nonnxruntime {onnxruntime.__version__}, {options.threads} threads, locus uses {locus.instruction_set}")
    print(f"peak resident memory of locus over the bytes of its weights: {locus.peak_over_weights:.3f}")


if __name__ == "__main__":
    main()
