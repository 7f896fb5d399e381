"""Models of known shapes with seeded random weights, in every engine's format.

Speed does not depend on the values of weights. They are wide enough that every layer matters when
outputs are compared. Each function writes what is not there yet and returns its path.
"""

import json
import os
import shutil
import warnings

import numpy
import torch
import transformers
from transformers import BertConfig, BertModel, GPT2Config, GPT2LMHeadModel, T5Config, T5ForConditionalGeneration

INPUTS = ["input_ids", "attention_mask", "token_type_ids"]
SHAPES = {
    "bert-base": {},
    "minilm": {"hidden_size": 384, "num_hidden_layers": 6, "intermediate_size": 1536},
}
VOCABULARY = BertConfig().vocab_size


def feeds(length):
    """Inputs of one sequence, with the ids that `locus bench` also looks up."""
    ids = (numpy.arange(length, dtype=numpy.int64) * 7919 + 13) % VOCABULARY
    return dict(zip(INPUTS, [ids[None], numpy.ones((1, length), numpy.int64), numpy.zeros((1, length), numpy.int64)]))


def encoder(cache, name):
    """A BERT as a Hugging Face folder."""
    folder = os.path.join(cache, name)
    if not os.path.exists(os.path.join(folder, "model.safetensors")):
        torch.manual_seed(0)
        config = BertConfig(initializer_range=0.05, **SHAPES[name])
        BertModel._from_config(config, attn_implementation="eager").eval().save_pretrained(folder)
    return folder


def onnx_graph(folder):
    """The exported graph."""
    path = os.path.join(folder, "plain.onnx")
    if not os.path.exists(path):
        model = BertModel.from_pretrained(folder, attn_implementation="eager").eval()
        example = tuple(torch.from_numpy(feed) for feed in feeds(8).values())
        outputs = ["last_hidden_state", "pooler_output"]
        axes = {name: {0: "batch", 1: "length"} for name in INPUTS + outputs[:1]}
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")  # of traced conditions on shapes: agreement is checked
            torch.onnx.export(
                model, example, path, input_names=INPUTS, output_names=outputs, dynamic_axes=axes, dynamo=False
            )
    return path


def fused_graph(folder):
    """What onnxruntime's own optimizer makes of it: the harder peer."""
    path = os.path.join(folder, "fused.onnx")
    if not os.path.exists(path):
        from onnxruntime.transformers import optimizer

        with open(os.path.join(folder, "config.json"), encoding="utf-8") as file:
            config = json.load(file)
        heads, width = config["num_attention_heads"], config["hidden_size"]
        optimizer.optimize_model(onnx_graph(folder), "bert", num_heads=heads, hidden_size=width).save_model_to_file(path)
    return path


def dynamic_int8_graph(folder):
    """onnxruntime's dynamic quantisation: 8-bit weights, activations quantised as they come."""
    path = os.path.join(folder, "int8.onnx")
    if not os.path.exists(path):
        from onnx import TensorProto
        from onnxruntime.quantization import QuantType, quantize_dynamic

        untyped = {"DefaultTensorType": TensorProto.FLOAT}  # shapes are not inferred through fused operators
        quantize_dynamic(fused_graph(folder), path, weight_type=QuantType.QInt8, extra_options=untyped)
    return path


def openvino_int8(folder):
    """NNCF's quantisation of weights and activations, for Transformers."""
    path = os.path.join(folder, "int8.xml")
    if not os.path.exists(path):
        import nncf
        import openvino

        model = openvino.Core().read_model(onnx_graph(folder))
        samples = nncf.Dataset([feeds(length) for length in (16, 32, 64, 128)])
        openvino.save_model(
            nncf.quantize(model, samples, model_type=nncf.ModelType.TRANSFORMER, subset_size=4), path
        )
    return path


def decoder(cache):
    """A GPT-2 of its smallest size, with a vocabulary of numbers so that other engines can be given one."""
    folder = os.path.join(cache, "gpt2")
    if not os.path.exists(os.path.join(folder, "vocab.json")):
        torch.manual_seed(0)
        GPT2LMHeadModel(GPT2Config(initializer_range=0.05)).eval().save_pretrained(folder)
        with open(os.path.join(folder, "merges.txt"), "w", encoding="utf-8") as file:
            file.write("#version: 0.2\n")
        vocabulary = {f"t{token}": token for token in range(50256)} | {"<|endoftext|>": 50256}
        with open(os.path.join(folder, "vocab.json"), "w", encoding="utf-8") as file:
            json.dump(vocabulary, file)
        with open(os.path.join(folder, "tokenizer_config.json"), "w", encoding="utf-8") as file:
            json.dump({"tokenizer_class": "GPT2Tokenizer"}, file)
    return folder


def translator(cache):
    """A T5 of its small size, whose words are t0, t1 and so on."""
    folder = os.path.join(cache, "t5-small")
    if not os.path.exists(os.path.join(folder, "tokenizer.json")):
        torch.manual_seed(0)
        config = T5Config(d_model=512, d_ff=2048, num_layers=6, num_heads=8, decoder_start_token_id=0)
        T5ForConditionalGeneration(config).eval().save_pretrained(folder)
        number_tokenizer(config.vocab_size).save_pretrained(folder)
    return folder


def number_tokenizer(size):
    """T5's, with a piece for each number: what a text is cut into takes no time."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import T5TokenizerFast

    special = ["<pad>", "</s>", "<unk>"]
    pieces = [(piece, 0.0) for piece in special] + [(f"▁t{i}", -1.0) for i in range(size - len(special))]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=2))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing("$A </s>", None, [("</s>", 1)])
    return T5TokenizerFast(tokenizer_object=tokenizer, extra_ids=0)


def sentence_encoder(cache):
    """MiniLM as sentence-transformers keeps it, with a vocabulary of single letters and of numbers."""
    folder = os.path.join(cache, "sentences")
    if not os.path.exists(os.path.join(folder, "modules.json")):
        from sentence_transformers import SentenceTransformer
        from sentence_transformers import models as parts
        from transformers import BertTokenizerFast

        words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
        words += [f"t{i}" for i in range(VOCABULARY - len(words))]
        source = encoder(cache, "minilm")
        with open(os.path.join(source, "vocab.txt"), "w", encoding="utf-8") as file:
            file.write("\n".join(words))
        BertTokenizerFast(os.path.join(source, "vocab.txt"), model_max_length=256).save_pretrained(source)
        transformer = parts.Transformer(source, max_seq_length=256)
        pooling = parts.Pooling(transformer.get_word_embedding_dimension())
        SentenceTransformer(modules=[transformer, pooling, parts.Normalize()], device="cpu").save(folder)
    return folder


def twin(cache, folder):
    """The same files with other weights: one layer so narrow that it is next to nothing."""
    path = os.path.join(cache, f"{os.path.basename(folder)}-twin")
    if not os.path.exists(os.path.join(path, "model.safetensors")):
        narrow = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 1}
        weights = shutil.ignore_patterns("*.safetensors")
        shutil.copytree(folder, path, ignore=weights, dirs_exist_ok=True)
        config = transformers.AutoConfig.from_pretrained(folder, **narrow)
        model = getattr(transformers, config.architectures[0])(config)
        write_changed(os.path.join(path, "1_Pooling", "config.json"), {"embedding_dimension": 16})
        model.save_pretrained(path)
        shutil.copy(os.path.join(folder, "config.json"), path)
        write_changed(os.path.join(path, "config.json"), narrow)
    return path


def write_changed(file, values):
    """Gives keys of a JSON file new values, where there is one."""
    if not os.path.exists(file):
        return
    with open(file, encoding="utf-8") as stored:
        content = json.load(stored)
    with open(file, "w", encoding="utf-8") as stored:
        json.dump(content | values, stored)


def ctranslate2_model(folder):
    path = os.path.join(folder, "ctranslate2")
    if not os.path.exists(os.path.join(path, "model.bin")):
        from ctranslate2.converters import TransformersConverter

        TransformersConverter(folder).convert(path, force=True)
    return path
