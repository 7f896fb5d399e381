"""Writes the corpora's first inputs: small files of every format, of our own making.

python3 tests/fuzz/make_seeds.py; what fuzzing adds lies beside them under its own name.
"""
import json
import pathlib
import shutil
import struct

HERE = pathlib.Path(__file__).parent
GOLDENS = HERE.parent / "goldens"


def seed(target, name, content):
    path = HERE / "corpus" / target / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def copy(target, *files):
    for file in files:
        seed(target, pathlib.Path(file).name, (GOLDENS / file).read_bytes())


def safetensors(tensors, metadata=None):
    """tensors: name -> (type, shape, bytes)"""
    header, data = {}, b""
    if metadata:
        header["__metadata__"] = metadata
    for name, (kind, shape, values) in tensors.items():
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def weights():
    floats = struct.pack("<6f", 1, -2, 0.5, 3, 0, 1e-3)
    seed("safetensors", "floats", safetensors({"a.weight": ("F32", [2, 3], floats)}, {"format": "pt"}))
    seed("safetensors", "types", safetensors({
        "half": ("F16", [2], b"\x00\x3c\x00\xc0"), "brain": ("BF16", [2], b"\x80\x3f\x00\x40"),
        "double": ("F64", [1], struct.pack("<d", 0.1)), "ids": ("I64", [1], struct.pack("<q", 7)),
        "flags": ("BOOL", [3], b"\x00\x01\x01"), "none": ("F32", [0], b"")}))
    seed("shard_index", "one", json.dumps({"metadata": {"total_size": 24},
                                           "weight_map": {"a.weight": "model.safetensors"}}))
    copy("torch", "formats/torch/odd.legacy.bin", "formats/torch/odd.zip.bin")
    folder = GOLDENS / "formats/tensorflow/roformer/narrow"
    index = (folder / "bert_model.ckpt.index").read_bytes()
    seed("tensorflow", "index", struct.pack(">H", len(index)) + index + bytes(64))
    seed("json_weights", "nested", '{"a": [[1, 2.5], [-3e-2, 4]], "b": 7, "c": []}')
    seed("json_weights", "flat", '{"a": {"shape": [2, 2], "values": [1, 2, 3, 4]}}')
    # width, inner width, layers, heads, key heads, vocabulary, context
    numbers = (4, 6, 1, 2, 1, 5, 8)
    count = 5 * 4 + 4 + 16 + 2 * 4 * 2 + 16 + 4 + 24 + 24 + 24 + 4 + 2 * 8 * 1
    seed("llama2c", "shared", struct.pack("<7i", *numbers) + struct.pack(f"<{count}f", *([0.25] * count)))


def models():
    for family in ("bert", "deberta-v2", "t5"):
        seed("config", family, (GOLDENS / f"models/{family}/lm/config.json").read_bytes())
    seed("generation", "sampling", json.dumps({
        "do_sample": True, "temperature": 0.7, "top_k": 5, "top_p": 0.9, "max_new_tokens": 4,
        "eos_token_id": [1, 2], "suppress_tokens": [3], "bad_words_ids": [[4, 5]]}))
    seed("generation", "beams", json.dumps({
        "num_beams": 3, "length_penalty": 0.5, "no_repeat_ngram_size": 2, "early_stopping": True}))
    graph = {
        "graph": {
            "family": "tiny", "task": "causal-lm", "width": 4, "context": 8,
            "encodings": {"position": {"scheme": "alibi"}},
            "nodes": [
                {"name": "words", "kind": "embedding", "inputs": ["ids"], "weights": {"table": "words"}},
                {"name": "attention", "kind": "attention", "inputs": ["words"], "encoding": "position",
                 "attributes": {"heads": 2, "head_size": 2, "visibility": "causal"},
                 "weights": {"query": "square", "key": "square", "value": "square", "output": "square"}},
                {"name": "sum", "kind": "add", "inputs": ["words", "attention"]},
                {"name": "rows", "kind": "gather", "inputs": ["sum"]},
                {"name": "head", "kind": "linear", "inputs": ["rows"], "weights": {"weight": "words"}}],
            "outputs": {"last_hidden_state": "sum", "logits": "head"}},
        "weights": {"words": [[0.1, 0.2, 0.3, 0.4]] * 5, "square": [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]}}
    seed("graph", "causal", json.dumps(graph))
    for name, text in {"rope": "rope:base=1000,fraction=0.5+alibi", "shaw": "shaw:clip=16",
                       "t5": "t5:buckets=32,max_distance=128", "none": "none"}.items():
        seed("scheme", name, text)


def tokenizers():
    def document(model, **parts):
        empty = dict(added_tokens=[], normalizer=None, pre_tokenizer=None, post_processor=None, decoder=None)
        return json.dumps({**empty, **parts, "model": model})

    letters = {letter: i for i, letter in enumerate("abcdehilst")}
    seed("tokenizer_json", "pairs", document(
        {"type": "BPE", "vocab": {**letters, "ab": 10, "he": 11}, "merges": ["a b", ["h", "e"]]},
        normalizer={"type": "Sequence", "normalizers": [{"type": "NFKC"}, {"type": "Lowercase"}]},
        pre_tokenizer={"type": "Split", "pattern": {"Regex": "\\s+|\\p{L}+"}, "behavior": "Isolated", "invert": False},
        decoder={"type": "Fuse"}))
    seed("tokenizer_json", "bytes", document(
        {"type": "BPE", "vocab": {"\u0120": 0, "a": 1, "b": 2, "ab": 3}, "merges": ["a b"]},
        pre_tokenizer={"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
        post_processor={"type": "ByteLevel", "trim_offsets": False}, decoder={"type": "ByteLevel"},
        added_tokens=[{"id": 4, "content": "<s>", "special": True, "normalized": False, "lstrip": True}]))
    seed("tokenizer_json", "words", document(
        {"type": "WordPiece", "vocab": {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "ab": 3, "##ab": 4}, "unk_token": "[UNK]",
         "continuing_subword_prefix": "##", "max_input_chars_per_word": 100},
        normalizer={"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
                    "strip_accents": None, "lowercase": True},
        pre_tokenizer={"type": "BertPreTokenizer"}, decoder={"type": "WordPiece", "prefix": "##", "cleanup": True},
        post_processor={"type": "TemplateProcessing",
                        "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
                        "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
                        "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [1], "tokens": ["[CLS]"]}}}))
    seed("tokenizer_json", "unigram", document(
        {"type": "Unigram", "unk_id": 0, "byte_fallback": False, "vocab": [["<unk>", 0], ["\u2581", -1.5], ["ab", -2], ["e", -3.25]]},
        normalizer={"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"},
        pre_tokenizer={"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True},
        decoder={"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True}))
    seed("tokenizer_config", "bert", json.dumps({
        "tokenizer_class": "BertTokenizer", "do_lower_case": False, "model_max_length": 512, "unk_token": "[UNK]",
        "mask_token": {"content": "[MASK]", "lstrip": True, "__type": "AddedToken"},
        "added_tokens_decoder": {"5": {"content": "a", "special": False}}, "additional_special_tokens": ["b"]}))
    seed("word_piece", "letters", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nhe\n##llo\na\nb\n##b\n\u4f60\n")
    seed("merges", "two", "#version: 0.2\na b\n\u0120 a\n")
    copy("sentencepiece", "tokenizers/files/unigram.model")
    copy("sentencepiece_pairs", "tokenizers/files/byte_fallback.model")
    pieces = [(0.0, b"<unk>"), (0.0, b"<s>"), (0.0, b"</s>"), (-1.0, b" "), (-2.0, b"a"), (-3.0, b"ab")]
    seed("llama2c_tokenizer", "six", struct.pack("<i", 5) + b"".join(
        struct.pack("<fi", score, len(piece)) + piece for score, piece in pieces))
    for name, pattern in {"gpt2": "'s|'t| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
                          "groups": "(?i:ab|c)*?(?=d)[^a-z&&[aeiou]]{1,3}+", "nested": "((a|b)+)+c"}.items():
        seed("regex", name, pattern)


def images():
    copy("image", *(f"images/{name}" for name in ("bits.png", "palette4.png", "grey.jpg", "progressive.jpg",
                                                  "turned6.jpg", "deep.ppm", "dim.pgm")))
    seed("preprocessor", "vit", json.dumps({
        "do_resize": True, "size": {"height": 4, "width": 6}, "resample": 2, "do_rescale": True,
        "rescale_factor": 0.00392156862745098, "do_normalize": True, "image_mean": [0.5, 0.5, 0.5],
        "image_std": [0.5, 0.5, 0.5], "image_processor_type": "ViTImageProcessor"}))


if __name__ == "__main__":
    shutil.rmtree(HERE / "corpus", ignore_errors=True)
    weights()
    models()
    tokenizers()
    images()
