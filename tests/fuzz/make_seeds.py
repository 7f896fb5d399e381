"""Writes the corpora's first inputs: small files of every format, of our own making.

python3 tests/fuzz/make_seeds.py; what fuzzing adds lies beside them under its own name.
"""
import gzip
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
                 "weights": {"query": "square", "key": {"name": "square", "steps": [{"permute": [1, 0]}, {"reshape": [16]},
                                                                                   {"reshape": [4, -1]}]},
                             "value": {"name": "words", "steps": [{"slice": [0, 0, 3]}, {"concatenate": {
                                 "axis": 0, "others": [{"name": "square", "steps": [{"slice": [0, 1, 2]}]}]}}]},
                             "output": "square"}},
                {"name": "sum", "kind": "add", "inputs": ["words", "attention"]},
                {"name": "rows", "kind": "gather", "inputs": ["sum"]},
                {"name": "head", "kind": "linear", "inputs": ["rows"], "weights": {"weight": "words"}}],
            "outputs": {"last_hidden_state": "sum", "logits": "head"}},
        "weights": {"words": [[0.1, 0.2, 0.3, 0.4]] * 5, "square": [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]}}
    seed("graph", "causal", json.dumps(graph))
    for name, text in {"rope": "rope:base=1000,fraction=0.5+alibi", "shaw": "shaw:clip=16",
                       "t5": "t5:buckets=32,max_distance=128", "none": "none",
                       "bias": "bias:score=-m*log(1+b*abs(i-j))-abs(i-j)/(1+h),m=2^(-8*(h+1)/H),b=0.1+rope:base=500"}.items():
        seed("scheme", name, text)
        seed("encoding", name, text)


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
    copy("fairseq", "tokenizers/files/unigram.model")
    seed("marian", "letters", json.dumps({"</s>": 0, "<unk>": 1, "\u2581a": 2, "b": 3, "<pad>": 4}))
    seed("dictionary", "words", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n\u4f60\n\u4f60\u597d\na\nhe\n")
    seed("protein", "letters", "<cls>\n<pad>\n<eos>\n<unk>\nL\nA\nG\n<mask>\n")
    seed("special_tokens_map", "bert", json.dumps({
        "unk_token": "[UNK]", "mask_token": {"content": "[MASK]", "lstrip": True, "single_word": False},
        "additional_special_tokens": ["a", {"content": "b", "normalized": True}]}))
    seed("added_tokens", "two", json.dumps({"he": 8, "said": 9}))
    for name, pattern in {"gpt2": "'s|'t| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
                          "groups": "(?i:ab|c)*?(?=d)[^a-z&&[aeiou]]{1,3}+", "nested": "((a|b)+)+c"}.items():
        seed("regex", name, pattern)


def beside_models():
    """Rules of vectors and chats, records of training, texts."""
    chat = GOLDENS / "sentences/cross-chat-loop-6.2.0"
    seed("chat_template", "loop", (chat / "chat_template.jinja").read_bytes())
    seed("chat_template", "filters", "{% set x = messages | map(attribute='role') | join(', ') %}"
         "{% for m in messages | selectattr('role', 'eq', 'query') | list %}{% if m['content'] is string and not loop.last %}"
         "{{ (m.content | trim).upper() ~ [1, -2][-1] + 3 }}{% elif 'a' in x or x == none %}{{ x.strip('qt') }}{% else %}"
         "{{ missing | default('b', true) }}{% endif %}{# no #}{%- endfor %}")
    seed("training", "masked", json.dumps({
        "format": 1, "kind": "masked", "encoding": "rope", "seed": 1, "tokens_seen": 4096, "position_scale": None,
        "recipe": {"vocabulary": "ab12", "adamw": {"peak_rate": 0.001}, "schedule": [{"context": 64, "tokens": 4096}]},
        "curve": [{"tokens": 0, "context": 64, "validation": 9.2, "validation_short": 9.3}]}))
    package = "sentence_transformers.models."
    modules = [{"idx": i, "name": str(i), "path": path, "type": package + kind} for i, (path, kind) in enumerate(
        [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Dense", "Dense"), ("3_Normalize", "Normalize")])]
    seed("sentences", "dense", "\0".join([
        json.dumps(modules),
        json.dumps({"word_embedding_dimension": 3, "pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False}),
        json.dumps({"in_features": 3, "out_features": 2, "bias": True, "use_residual": False,
                    "activation_function": "torch.nn.modules.activation.Tanh"}),
        json.dumps({"prompts": {"query": "q: "}, "default_prompt_name": "query", "truncate_dim": 2, "max_active_dims": 4}),
        json.dumps({"max_seq_length": 16, "do_lower_case": True}), json.dumps({"model_max_length": 120})]))
    files = ("modules.json", "1_LogitScore/config.json", "", "config_sentence_transformers.json",
             "sentence_bert_config.json", "tokenizer_config.json", "chat_template.jinja")
    seed("sentences", "chat", "\0".join((chat / file).read_text() if file else "" for file in files).replace(
        "1_LogitScore", "1_Pooling"))
    lines = '{"text": "one"}\n\n{"text": "two \\u00e9", "id": 5}\n'
    seed("documents", "lines", "1" + lines)
    seed("documents", "lines.gz", b"1" + gzip.compress(lines.encode(), mtime=0) + gzip.compress(b"", mtime=0))
    seed("documents", "parts", "0one\n\ntwo\n\n")
    seed("locus_tokenizer", "named", '{"locus": 1, "graph": {"nodes": [{"name": "a"}]}, "tokenizer": "vocab.txt"}')


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
    beside_models()
    images()
