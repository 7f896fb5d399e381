"""Writes tests/goldens/formats/tensorflow: tiny models as TensorFlow 1 saves them, with the names
and the bert_config.json of the original BERT, NEZHA and RoFormer.

    python tensorflow_files.py tests/goldens    # needs tensorflow (2.21), numpy and safetensors
"""

import argparse
import json
import re
import shutil
from pathlib import Path

import numpy as np
import tensorflow.compat.v1 as tf
from safetensors.numpy import load_file

CONFIG = (
    "hidden_act", "hidden_size", "intermediate_size", "layer_norm_eps", "max_position_embeddings",
    "num_attention_heads", "num_hidden_layers", "type_vocab_size", "vocab_size",
)  # fmt: skip
DEFAULTS = {"hidden_act": "gelu", "num_hidden_layers": 12, "num_attention_heads": 12}
MODELS = {
    "bert/pretraining": {},
    "nezha/pretraining": {"use_relative_position": True, "max_relative_position": 9},
    "roformer/narrow": {"embedding_size": 14, "rotary_value": True, "type_vocab_size": 2},
}


def original(name: str, value: np.ndarray) -> tuple[str, np.ndarray]:
    """The variable that a parameter was before it was converted, written down independently of the
    reader: a kernel is stored [in, out], whatever is looked up or added is stored as it is."""
    name = re.sub(r"^(bert|nezha|roformer)\.", "", name)
    if not name.startswith("cls."):
        name = "bert." + name
    name = name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta")
    name = name.replace("bert.embeddings_project", "bert.encoder.embedding_hidden_mapping_in")
    name = re.sub(r"layer\.(\d+)", r"layer_\1", name).replace(".", "/")
    if name.startswith("cls/seq_relationship") or name == "cls/predictions/bias":
        return re.sub(r"/(weight|bias)$", lambda m: "/output_weights" if m[1] == "weight" else "/output_bias", name), value
    if name.endswith("_embeddings/weight"):
        return name.removesuffix("/weight"), value
    if name.endswith("/weight"):
        return name.removesuffix("weight") + "kernel", value.T
    return name, value


def write_checkpoint(folder: Path, variables: dict[str, np.ndarray], devices: int) -> None:
    """Several devices make several files of data."""
    with tf.Graph().as_default():
        for place, (name, value) in enumerate(sorted(variables.items())):
            with tf.device(f"/cpu:{place % devices}"):
                tf.Variable(value, name=name)
        saver = tf.train.Saver(sharded=devices > 1, write_version=tf.train.SaverDef.V2)
        with tf.Session(config=tf.ConfigProto(device_count={"CPU": devices})) as session:
            session.run(tf.global_variables_initializer())
            saver.save(session, str(folder / "bert_model.ckpt"), write_meta_graph=False)
    (folder / "checkpoint").unlink()


def write_model(goldens: Path, name: str, more: dict) -> None:
    folder = goldens / "formats/tensorflow" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    stored = load_file(goldens / "models" / name / "model.safetensors")
    tables = r"embed_positions|positions_encoding|predictions\.decoder"  # computed, or a copy
    variables = dict(original(n, v.astype(np.float32)) for n, v in stored.items() if not re.search(tables, n))
    # What training leaves in a file.
    bias = variables["bert/encoder/layer_0/output/dense/bias"]
    for slot in ("adam_m", "adam_v"):
        variables[f"bert/encoder/layer_0/output/dense/bias/{slot}"] = np.zeros_like(bias)
    variables["global_step"] = np.int64(1000)
    write_checkpoint(folder, variables, devices=2 if name.startswith("nezha") else 1)
    config = DEFAULTS | json.loads((goldens / "models" / name / "config.json").read_text())
    config = {key: config[key] for key in CONFIG if key in config} | more
    (folder / "bert_config.json").write_text(json.dumps(config, indent=2) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    tf.disable_eager_execution()
    goldens = parser.parse_args().folder
    for name, more in MODELS.items():
        write_model(goldens, name, more)


if __name__ == "__main__":
    main()
