"""Brings exported folders to their place, with what `locus` makes of them in their cards.

A model that learned too little is not shipped, nor one that makes the weights larger than they may be: the
reason is told, and the folder that was there stays.

    python publish.py --locus ../../build/release/tools/cli/locus --exported ~/.cache/locus/exported masked-learned
"""

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
MAX_BYTES = 112_000_000  # of all weights together
MIN_LEAD_IN_BITS = 0.1  # per byte, of a causal model before the trigram
MIN_LEAD_IN_NATS = 0.3  # per token, of others before frequencies with the document's own counts
FLOORS = {"causal": "trigram", "masked": "document counts", "span": "document counts"}


class Refused(Exception):
    """Why a model is not shipped."""


def ask(locus: Path, *arguments: str) -> dict:
    """What a verb of `locus` says, as data."""
    done = subprocess.run([locus, *arguments, "--json"], capture_output=True, text=True)
    if done.returncode != 0:
        raise Refused(done.stderr.strip())
    return json.loads(done.stdout)


def check_training(folder: Path) -> str:
    """The kind of a model that was trained to the end."""
    block = json.loads((folder / "training.json").read_text())
    seen, wanted = block["tokens_seen"], block["recipe"]["tokens"]
    if seen != wanted:
        raise Refused(f"expected {wanted:,} tokens of training, found {seen:,}")
    return block["kind"]


def lay_out(locus: Path, exported: Path, place: Path) -> None:
    """The folder as it is shipped: with its graph where no class of transformers computes the encoding."""
    if "\nLayout: `locus.json`" not in (exported / "README.md").read_text():
        shutil.copytree(exported, place)
        return
    subprocess.run([locus, "convert", exported, place], check=True, stdout=subprocess.DEVNULL)
    for name in ("README.md", "training.json"):
        shutil.copy(exported / name, place)


def lead_of(model: dict, floor: dict, kind: str) -> tuple[float, float, str]:
    """How far a model is ahead of a floor, how far it must be, and in what."""
    if kind == "causal":
        return floor["lead"], MIN_LEAD_IN_BITS, "bits per byte"
    return floor["nll_per_token"] - model["nll"] / model["tokens"], MIN_LEAD_IN_NATS, "nats per token"


def floor_of(model: dict, kind: str) -> dict:
    """The floor that a model of this kind is held against."""
    for floor in model["floors"]:
        if floor["floor"] == FLOORS[kind]:
            return floor
    raise Refused(f"expected the floor '{FLOORS[kind]}', which --floors gives, found none")


def check_floor(model: dict, kind: str) -> None:
    """Refuses a model that is not clearly better than its floor."""
    lead, required, unit = lead_of(model, floor_of(model, kind), kind)
    if lead < required or model["status"] != "trained":
        raise Refused(f"expected {required} {unit} less than {FLOORS[kind]}, found {lead:.3f}")


def figures_text(name: str, found: dict, floor: dict) -> str:
    """What the card says of the shipped text."""
    low, high = found["ci95"]
    return f"""On the shipped text, by `locus perplexity {name} --text weights/text`: {found["metric"]}
{found["perplexity"]:.2f}, {found["bits_per_byte"]:.4f} bits per byte, {found["nll"] / found["tokens"]:.4f} nats per token
[{low:.4f}, {high:.4f}] at {found["tokens"]:,} tokens; the floor ({floor["floor"]}) has {floor["bits_per_byte"]:.4f} bits per byte.
"""


def write_figures(name: str, place: Path, text: str) -> None:
    """Before the card's part on training."""
    card = (place / "README.md").read_text()
    before, heading, after = card.partition("## Training\n")
    if not heading:
        raise Refused(f"expected a card with '## Training', found {name}/README.md without")
    (place / "README.md").write_text(f"{before}{text}\n{heading}{after}")


def bytes_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def check_size(weights: Path, place: Path, old: Path) -> None:
    size = bytes_of(weights) - (bytes_of(old) if old.exists() else 0)  # `place` lies in it
    if size > MAX_BYTES:
        raise Refused(f"expected weights of at most {MAX_BYTES:,} bytes, found {size:,} with {bytes_of(place):,} more")


def measure(locus: Path, place: Path, text: Path, floors: Path | None) -> tuple[dict, dict]:
    """The model's row of a comparison, and what `perplexity` says, which must be the same."""
    counted = ["--floors", str(floors)] if floors else []
    compared = ask(locus, "compare", str(place), "--text", str(text), "--lengths", "256", *counted)
    model = compared["groups"][0]["models"][0]
    alone = ask(locus, "perplexity", str(place), "--text", str(text))
    if alone["nll"] != model["nll"]:
        raise Refused(f"expected one loss, found {model['nll']} by compare and {alone['nll']} by perplexity")
    return model, alone


def publish(name: str, options: argparse.Namespace) -> None:
    old, place = options.weights / name, options.weights / f".{name}.part"
    shutil.rmtree(place, ignore_errors=True)
    try:
        kind = check_training(options.exported / name)
        lay_out(options.locus, options.exported / name, place)
        model, alone = measure(options.locus, place, options.weights / "text", options.floors)
        if not options.untrained:
            check_floor(model, kind)
        write_figures(name, place, figures_text(name, alone, floor_of(model, kind)))
        check_size(options.weights, place, old)
        shutil.rmtree(old, ignore_errors=True)
        place.rename(old)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    print(f"{name}: {alone['bits_per_byte']:.4f} bits per byte, {bytes_of(old):,} bytes")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*", help="default: all that are exported")
    parser.add_argument("--locus", type=Path, default=Path("locus"))
    parser.add_argument("--exported", type=Path, required=True)
    parser.add_argument("--weights", type=Path, default=HERE.parents[1] / "weights")
    parser.add_argument("--floors", type=Path, help="of the training text, by floors.py; causal models need it")
    parser.add_argument("--untrained", action="store_true", help="also what learned too little; a claim runs on it")
    options = parser.parse_args()
    failed = 0
    for name in options.models or sorted(folder.name for folder in options.exported.iterdir()):
        try:
            publish(name, options)
        except (Refused, OSError, subprocess.CalledProcessError) as error:
            print(f"{name}: not shipped: {error}", file=sys.stderr)
            failed += 1
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
