"""Drives examples/desktop in a window of its own: types, looks whether the answer's pixels change,
cancels the opening of a large model, opens what is no model, closes the window.

  desktop.py PROGRAM MODEL NO_MODEL [FOLDER]    FOLDER: where the pictures stay, to be looked at
"""

import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NEEDED = ["Xvfb", "xdotool", "import"]
FACTS = "500x20+300+10"  # what the window says of the model that is open
PROGRESS = "180x16+680+596"


def xdotool(*arguments):
    return subprocess.run(["xdotool", *arguments], capture_output=True, text=True).stdout.split()


def shoot(path):
    """Of the whole screen, in whose corner the window lies: `import` waits for a click where it finds no window."""
    subprocess.run(["import", "-window", "root", path], check=True, timeout=20)


def wait_for(what, condition, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    sys.exit(f"desktop.py: expected {what} within {seconds} s, found none")


class Program:
    def __init__(self, program, model, pictures):
        self.pictures = pictures
        self.process = subprocess.Popen([program, model], stderr=subprocess.DEVNULL)
        self.window = wait_for("a window", lambda: self.windows())[0]

    def windows(self):
        return xdotool("search", "--all", "--onlyvisible", "--pid", str(self.process.pid), "--name", "^Locus$")

    def picture(self, name, crop="550x200+415+40"):
        path = self.pictures / f"{name}.png"
        shoot(path)
        part = ["convert", path, "-crop", crop, "-depth", "8", "gray:-"]
        return subprocess.run(part, check=True, capture_output=True).stdout

    def works(self):
        """Whether it uses the processor at present."""
        ticks = lambda: sum(map(int, Path(f"/proc/{self.process.pid}/stat").read_text().split()[13:15]))
        before = ticks()
        time.sleep(0.5)
        return ticks() - before > 2

    def close(self):
        xdotool("key", "--window", self.window, "ctrl+q")
        status = self.process.wait(20)
        if status:
            sys.exit(f"desktop.py: expected status 0 of a closed window, found {status}")


def make_large(folder):
    """A BERT of zeros, whose file is mostly a hole; returns its folder."""
    width, layers = 768, 24
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "lamp"]
    norm = lambda name: {f"{name}.weight": [width], f"{name}.bias": [width]}
    linear = lambda name, rows, columns: {f"{name}.weight": [rows, columns], f"{name}.bias": [rows]}
    shapes = {f"embeddings.{name}_embeddings.weight": [rows, width]
              for name, rows in (("word", len(words)), ("position", 512), ("token_type", 2))}
    shapes |= norm("embeddings.LayerNorm")
    for layer in range(layers):
        at = f"encoder.layer.{layer}"
        for name in ("query", "key", "value"):
            shapes |= linear(f"{at}.attention.self.{name}", width, width)
        shapes |= linear(f"{at}.attention.output.dense", width, width)
        shapes |= linear(f"{at}.intermediate.dense", 4 * width, width)
        shapes |= linear(f"{at}.output.dense", width, 4 * width)
        shapes |= norm(f"{at}.attention.output.LayerNorm") | norm(f"{at}.output.LayerNorm")
    header, end = {}, 0
    for name, shape in shapes.items():
        begin, end = end, end + 4 * shape[0] * (shape[1] if len(shape) > 1 else 1)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    with open(folder / "model.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(8 + len(text) + end)
    config = {"model_type": "bert", "architectures": ["BertModel"], "vocab_size": len(words),
              "hidden_size": width, "num_hidden_layers": layers, "num_attention_heads": 12,
              "intermediate_size": 4 * width, "max_position_embeddings": 512, "type_vocab_size": 2}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "vocab.txt").write_text("\n".join(words) + "\n")
    (folder / "tokenizer_config.json").write_text('{"tokenizer_class": "BertTokenizer"}')
    return folder


def cancel_opening(program, pictures):
    with tempfile.TemporaryDirectory() as folder:
        desktop = Program(program, make_large(Path(folder)), pictures)
        wait_for("a bar that grows", lambda: len(set(desktop.picture("opening", PROGRESS))) > 8)
        xdotool("mousemove", "--window", desktop.window, "930", "605", "click", "1")
        wait_for("no bar any more", lambda: len(set(desktop.picture("cancelled", PROGRESS))) == 1)
        wait_for("rest", lambda: not desktop.works(), 60)
        if len(set(desktop.picture("cancelled", FACTS))) > 1:
            sys.exit("desktop.py: expected no model once its opening is cancelled, found one")
        desktop.close()


def drive(program, model, no_model, pictures):
    desktop = Program(program, model, pictures)
    wait_for("an answer to the first text", lambda: len(set(desktop.picture("first"))) > 8)
    first = desktop.picture("first")
    xdotool("mousemove", "--window", desktop.window, "200", "300", "click", "1")
    xdotool("key", "--window", desktop.window, "ctrl+a")
    xdotool("type", "--window", desktop.window, "--delay", "30", "The captain wrote in his book that")
    wait_for("another answer to another text", lambda: desktop.picture("typed") != first)
    if len(set(desktop.picture("typed", FACTS))) == 1:
        sys.exit("desktop.py: expected a line about the open model, found none")
    desktop.close()
    cancel_opening(program, pictures)

    desktop = Program(program, no_model, pictures)
    wait_for("a dialog beside the window", lambda: len(desktop.windows()) == 2)
    if desktop.process.poll() is not None:
        sys.exit("desktop.py: expected an error in a dialog, found the program's end")
    shoot(pictures / "dialog.png")
    desktop.process.kill()
    desktop.process.wait()


def main():
    missing = [name for name in NEEDED if not shutil.which(name)]
    if missing:
        print("SKIPPED: examples/desktop is not driven: no", ", ".join(missing))
        return
    screen = subprocess.Popen(["Xvfb", "-noreset", "-displayfd", "1", "-screen", "0", "1100x760x24"],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        number = screen.stdout.readline().strip()
        os.environ.update(DISPLAY=f":{number}", QT_QPA_PLATFORM="xcb")
        with tempfile.TemporaryDirectory() as folder:
            pictures = Path(sys.argv[4] if len(sys.argv) > 4 else folder)
            drive(*sys.argv[1:4], pictures)
    finally:
        screen.terminate()
        screen.wait()


main()
