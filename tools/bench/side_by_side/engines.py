"""Engines that are asked for the same work: `times(length, repeats)` in milliseconds, as a list."""

import json
import os
import subprocess
import tempfile
import time

import numpy
from safetensors.numpy import load_file

from side_by_side import models

WARM_UPS = 3  # as `locus bench` does


def timed(call, repeats, warm_ups=WARM_UPS):
    times = []
    for run in range(-warm_ups, repeats):
        begin = time.perf_counter()
        call()
        if run >= 0:
            times.append(1000 * (time.perf_counter() - begin))
    return times


class Locus:
    """The command: one process for each measurement."""

    def __init__(self, options, folder, precision):
        self.executable, self.threads = options.locus, str(options.threads)
        self.folder, self.precision = folder, precision

    def run(self, verb, *arguments, texts=""):
        """What it prints; `texts` are its standard input."""
        command = [self.executable, verb, self.folder, *arguments, "--threads", self.threads]
        command += ["--precision", self.precision]
        return subprocess.run(command, input=texts.encode(), check=True, stdout=subprocess.PIPE).stdout

    def report(self, *arguments):
        return json.loads(self.run("bench", "--json", *arguments))

    def times(self, length, repeats):
        result = self.report("--lengths", str(length), "--repeat", str(repeats))["results"][0]
        return [result["ms_min"], result["ms_median"], result["ms_median"]]

    def hidden(self, length):
        ids = ",".join(map(str, models.feeds(length)["input_ids"][0]))
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "trace.safetensors")
            self.run("trace", "--ids", ids, "--out", file)
            return load_file(file)["last_hidden_state"]


class Onnxruntime:
    def __init__(self, options, graph):
        import onnxruntime

        settings = onnxruntime.SessionOptions()
        settings.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        settings.intra_op_num_threads = options.threads
        settings.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(graph, settings, providers=["CPUExecutionProvider"])

    def times(self, length, repeats):
        feeds = models.feeds(length)
        return timed(lambda: self.session.run(None, feeds), repeats)

    def hidden(self, length):
        return self.session.run(["last_hidden_state"], models.feeds(length))[0][0]


class OpenVino:
    """Compiled for each length: its kernels are faster for a shape that is known."""

    def __init__(self, options, graph, precision):
        import openvino

        self.core = openvino.Core()
        self.graph = graph
        self.settings = {
            "INFERENCE_PRECISION_HINT": precision,
            "INFERENCE_NUM_THREADS": options.threads,
            "PERFORMANCE_HINT": "LATENCY",
            "NUM_STREAMS": 1,
        }
        self.requests = {}

    def request(self, length):
        if length not in self.requests:
            model = self.core.read_model(self.graph)
            model.reshape({name: [1, length] for name in models.INPUTS})
            self.requests[length] = self.core.compile_model(model, "CPU", self.settings).create_infer_request()
        return self.requests[length]

    def times(self, length, repeats):
        request, feeds = self.request(length), models.feeds(length)
        return timed(lambda: request.infer(feeds), repeats)

    def hidden(self, length):
        return numpy.array(self.request(length).infer(models.feeds(length))["last_hidden_state"])[0]
