"""Writes tests/goldens/images: small files of every kind that we read, and what Pillow and transformers'
ViTImageProcessor make of them, as CRC-32 of the bytes: nothing but equality is asked.

    python image_goldens.py tests/goldens/images
"""

import json
import sys
import zlib
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from transformers import SwinForImageClassification, ViTImageProcessor

FILTERS = {0: "nearest", 1: "lanczos", 2: "bilinear", 3: "bicubic", 4: "box", 5: "hamming"}
SIZES = ((7, 40), (31, 5), (23, 37), (1, 1), (60, 80), (11, 19), (9, 31), (9, 30), (8, 30))  # height, width; the file's own is 23 x 37


def picture(height: int = 23, width: int = 37) -> Image.Image:
    """Smooth colours, hard edges, and noise."""
    y, x = np.mgrid[:height, :width]
    waves = np.stack((127 + 120 * np.sin(x / 5), 127 + 120 * np.cos(y / 4 + x / 9), 255 * (x + y) / (height + width)), -1)
    waves[5:12, 8:20] = (250, 3, 40)
    waves += np.random.default_rng(7).normal(0, 20, waves.shape)
    return Image.fromarray(waves.clip(0, 255).astype(np.uint8))


def write_files(folder: Path) -> None:
    image = picture()
    alpha = image.convert("L").point(lambda value: 255 - value)
    image.save(folder / "colour.png")
    image.save(folder / "colour.ppm")
    image.convert("L").save(folder / "grey.png")
    image.convert("L").save(folder / "grey.pgm")
    image.convert("1").save(folder / "bits.png")
    image.quantize(9).save(folder / "palette.png", transparency=2)
    image.convert("L").quantize(4).save(folder / "palette4.png", bits=2)
    Image.merge("RGBA", (*image.split(), alpha)).save(folder / "alpha.png")
    Image.merge("LA", (image.convert("L"), alpha)).save(folder / "grey_alpha.png")
    image.save(folder / "colour.jpg", quality=80)
    image.save(folder / "progressive.jpg", quality=60, progressive=True, subsampling=1)
    image.convert("L").save(folder / "grey.jpg", quality=85)
    for orientation in (3, 6, 8, 7):
        exif = Image.Exif()
        exif[274] = orientation
        image.resize((9, 5)).save(folder / f"turned{orientation}.jpg", quality=90, exif=exif)
    deep = np.asarray(image.crop((0, 0, 9, 7))).astype(">u2") * 257 - np.arange(9 * 7 * 3).reshape(7, 9, 3) % 250
    header = b"P6 # a comment\n9 7\n65535\n"
    (folder / "deep.ppm").write_bytes(header + deep.clip(0, 65535).astype(">u2").tobytes())
    (folder / "dim.pgm").write_bytes(b"P5\n7 5\n100\n" + bytes(range(0, 35 * 2, 2)))
    image.convert("CMYK").save(folder / "inks.jpg")


def crc(values) -> int:
    return zlib.crc32(np.ascontiguousarray(values).tobytes())


def read(file: Path) -> Image.Image:
    return ImageOps.exif_transpose(Image.open(file)).convert("RGB")  # as transformers' load_image


def decoded(file: Path) -> dict:
    pixels = np.asarray(read(file))
    return {"height": pixels.shape[0], "width": pixels.shape[1], "crc": crc(pixels)}


PROCESSORS = [
    {"image_processor_type": "ViTImageProcessor", "size": {"height": 14, "width": 10}, "resample": 3},
    {"feature_extractor_type": "ViTFeatureExtractor", "size": 16, "resample": 2,
     "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]},
    {"do_resize": False, "do_normalize": False, "rescale_factor": 0.01},
    {"do_rescale": False, "size": [9, 30], "image_mean": 100.5, "image_std": 7.25},
]  # fmt: skip


LARGER = {"image_processor_type": "ViTImageProcessor", "size": {"height": 24, "width": 26}, "resample": 3}


def processed(file: Path, config: dict) -> int:
    values = ViTImageProcessor(**config)(read(file), return_tensors="np")["pixel_values"][0]  # [3, H, W]
    return crc(values.transpose(1, 2, 0).astype(np.float32))


@torch.no_grad()
def classified(file: Path, config: dict, model: Path) -> dict:
    """What a tiny Swin says of an image."""
    pixels = ViTImageProcessor(**config)(read(file), return_tensors="pt")["pixel_values"]
    logits = SwinForImageClassification.from_pretrained(model, attn_implementation="eager")(pixels).logits[0]
    return {"config": config, "file": file.name, "probabilities": logits.softmax(-1).tolist()}


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    write_files(folder)
    image = read(folder / "colour.png")
    names = sorted(file.name for file in folder.iterdir() if file.suffix != ".json" and file.name != "inks.jpg")
    cases = {
        "decoded": {name: decoded(folder / name) for name in names},
        "resampled": [
            {"filter": filter, "height": height, "width": width, "crc": crc(image.resize((width, height), filter))}
            for filter in FILTERS for height, width in SIZES
        ],
        "processed": [
            {"config": config, "file": file, "crc": processed(folder / file, config)}
            for config in PROCESSORS for file in ("colour.jpg", "alpha.png")
        ],
        "classified": classified(folder / "colour.jpg", LARGER, folder.parent / "models" / "swin" / "images"),
    }  # fmt: skip
    (folder / "cases.json").write_text(json.dumps(cases, indent=1) + "\n")


if __name__ == "__main__":
    main()
