"""Writes tests/goldens/formats/torch: what torch.save writes, small, and the values it stands for.

    python torch_files.py tests/goldens

`odd.*` hold every type and every way to lie in a storage; `odd.safetensors` holds the values of the
floating-point ones in order. `MODEL/` is the tiny model of `models/MODEL` as `pytorch_model.bin`.
"""

import argparse
import json
from collections import OrderedDict
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

LEGACY = {"_use_new_zipfile_serialization": False}


def odd_tensors() -> OrderedDict[str, Tensor]:
    generator = torch.Generator().manual_seed(11)
    normal = lambda *shape: torch.randn(shape, generator=generator)
    block, line = normal(6, 8), normal(40)
    tensors = OrderedDict(
        plain=normal(3, 5),
        transposed=normal(5, 35).t(),
        permuted=normal(2, 3, 4, 5).permute(3, 1, 0, 2),
        channels_last=normal(2, 3, 4, 5).contiguous(memory_format=torch.channels_last),
        shared_rows=block[2:5],
        shared_columns=block[:, 1:4],
        shared_whole=block,
        every_third=line[1::3],
        expanded=normal(1, 5).expand(3, 5),
        one_wide=line[:7].as_strided((1, 7), (3, 1)),
        scalar=normal(1)[0],
        nothing=normal(4, 0, 3),
        half=normal(4, 3).half(),
        half_transposed=normal(4, 3).half().t(),
        brain=normal(4, 3).bfloat16(),
        double=normal(4, 3).double(),
        parameter=torch.nn.Parameter(normal(2, 2)),
    )
    for name, kind in (
        ("i64", torch.int64), ("i32", torch.int32), ("i16", torch.int16), ("i8", torch.int8),
        ("u8", torch.uint8), ("boolean", torch.bool),
    ):  # fmt: skip
        tensors[name] = torch.arange(6).reshape(2, 3).to(kind)
    tensors._metadata = OrderedDict({"": {"version": 1}})  # as a module's state has it
    return tensors


def write_odd(folder: Path) -> None:
    tensors = odd_tensors()
    torch.save(tensors, folder / "odd.zip.bin")
    torch.save(tensors, folder / "odd.protocol4.bin", pickle_protocol=4)
    torch.save(dict(tensors), folder / "odd.legacy.bin", **LEGACY)
    values = {name: tensor.detach().float().clone(memory_format=torch.contiguous_format) for name, tensor in tensors.items() if tensor.is_floating_point()}
    save_file(values, folder / "odd.safetensors")


def write_model(folder: Path, tensors: dict[str, Tensor], shards: int, **form) -> None:
    folder.mkdir(exist_ok=True)
    if shards == 1:
        torch.save(OrderedDict(tensors), folder / "pytorch_model.bin", **form)
        return
    places = {}
    for shard in range(shards):
        file = f"pytorch_model-{shard + 1:05}-of-{shards:05}.bin"
        part = OrderedDict((name, tensors[name]) for name in sorted(tensors)[shard::shards])
        torch.save(part, folder / file, **form)
        places |= dict.fromkeys(part, file)
    index = {"metadata": {"total_size": sum(t.nbytes for t in tensors.values())}, "weight_map": places}
    (folder / "pytorch_model.bin.index.json").write_text(json.dumps(index, indent=1) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    goldens = parser.parse_args().folder
    folder = goldens / "formats/torch"
    folder.mkdir(parents=True, exist_ok=True)
    write_odd(folder)
    for name, shards, form in (("bert/pretraining", 1, {}), ("nezha/pretraining", 2, LEGACY)):
        tensors = load_file(goldens / "models" / name / "model.safetensors")
        # As older versions of the reference wrote it.
        tensors["embeddings.position_ids"] = torch.arange(80).expand((1, -1))
        write_model(folder / name, tensors, shards, **form)


if __name__ == "__main__":
    main()
