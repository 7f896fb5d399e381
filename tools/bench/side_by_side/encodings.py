"""One model with one encoding after another, beside the model without any."""

from side_by_side.engines import Locus

BASE = "none"
SCHEMES = "learned,alibi,t5,rope,kerple,fire,nezha,shaw,transformer_xl,relative_key_query,disentangled"


class LocusEncoding(Locus):
    def __init__(self, options, folder, precision, encoding):
        super().__init__(options, folder, precision)
        self.encoding = encoding

    def report(self, *arguments):
        return super().report("--encoding", self.encoding, *arguments)


def asked(options):
    return [BASE, *options.encodings.split(",")]


def of_precision(options, folder, precision):
    """Every encoding's engine in a precision."""
    return {encoding: LocusEncoding(options, folder, precision, encoding) for encoding in asked(options)}


def of_precisions(options, folder, encoding):
    """One encoding's engine in every precision, f32 among them."""
    precisions = dict.fromkeys(["f32", *options.precisions.split(",")])
    return {precision: LocusEncoding(options, folder, precision, encoding) for precision in precisions}
