"""Engines that write tokens: `times(length, repeats)` in milliseconds a token, as a list.

What all but the first token takes: a run of `repeats` + 1 tokens, less a run of one, so that prompts, encoders and
what an engine does once count for none.
"""

import json
import os
import time

from side_by_side.engines import Locus


def words(length):
    return [f"t{(i * 7919 + 13) % 30000}" for i in range(length)]


def milliseconds_a_token(seconds, repeats, batch):
    """`seconds(n)`: what n tokens for every text take."""
    seconds(2)
    return [1000 * (seconds(repeats + 1) - seconds(1)) / repeats / batch]


class LocusDecoder(Locus):
    """Tokens one by one after a prompt, for `batch` texts at once."""

    def __init__(self, options, folder, precision, batch):
        super().__init__(options, folder, precision)
        self.batch = str(batch)

    def times(self, length, repeats):
        arguments = ("--batch", self.batch, "--decode", str(repeats), "--lengths", str(length), "--repeat", "1")
        result = self.report(*arguments)["results"][0]
        return [1000 / result["decoded_tokens_per_second"]]


class LocusGenerator(Locus):
    """The verb `generate`; a text is a line."""

    def __init__(self, options, folder, precision, batch, beams):
        super().__init__(options, folder, precision)
        self.batch, self.beams = batch, beams

    def times(self, length, repeats):
        lines = (" ".join(words(length)) + "\n") * self.batch

        def seconds(tokens):
            count = ("--min-tokens", str(tokens), "--max-tokens", str(tokens))
            found = json.loads(self.run("generate", "--json", "--beams", str(self.beams), *count, texts=lines))
            found = found if isinstance(found, list) else [found]
            return sum(len(text["ids"]) for text in found) / found[0]["tokens_per_second"]

        return milliseconds_a_token(seconds, repeats, self.batch)


class CTranslate2:
    """Its generator or its translator, by what the folder holds."""

    def __init__(self, options, folder, precision, batch, beams=1):
        import ctranslate2

        with open(os.path.join(folder, "config.json"), encoding="utf-8") as file:
            self.translates = "decoder_start_token" in json.load(file)
        kind = ctranslate2.Translator if self.translates else ctranslate2.Generator
        compute = {"f32": "float32"}.get(precision, precision)
        threads = {"inter_threads": 1, "intra_threads": options.threads}
        self.engine = kind(folder, device="cpu", compute_type=compute, **threads)
        self.batch, self.beams = batch, beams

    def run(self, prompt, tokens):
        if self.translates:
            self.engine.translate_batch(
                [[f"▁{word}" for word in prompt] + ["</s>"]] * self.batch, beam_size=self.beams,
                max_decoding_length=tokens, min_decoding_length=tokens,
            )
        else:
            self.engine.generate_batch(
                [prompt] * self.batch, max_length=tokens, min_length=tokens, beam_size=self.beams, sampling_topk=1,
                include_prompt_in_result=False,
            )

    def times(self, length, repeats):
        def seconds(tokens):
            begin = time.perf_counter()
            self.run(words(length), tokens)
            return time.perf_counter() - begin

        return milliseconds_a_token(seconds, repeats, self.batch)
