"""Where the tests find the command and the models: LOCUS_COMMAND, or a build in the source tree."""

import json
import os
import pathlib
import subprocess

import pytest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
GOLDENS = SOURCE / "tests/goldens"


@pytest.fixture(scope="session")
def command():
    """Runs `locus ... --json` and gives what it prints."""
    program = os.environ.get("LOCUS_COMMAND", str(SOURCE / "build/release/tools/cli/locus"))
    if not os.path.exists(program):
        pytest.skip(f"no command at {program} (set LOCUS_COMMAND)")

    def run(*arguments):
        done = subprocess.run(
            [program, *map(str, arguments), "--json"], capture_output=True, text=True, check=True
        )
        return json.loads(done.stdout)

    return run


@pytest.fixture(scope="session")
def causal():
    return SOURCE / "weights/causal-rope"


@pytest.fixture(scope="session")
def masked():
    return SOURCE / "weights/masked-learned"


@pytest.fixture(scope="session")
def reranker():
    return GOLDENS / "sentences/6.2.0/cross-sigmoid"


def _with_vocabulary(folder, name):
    """A tiny model of the goldens with a vocabulary of letters, which it can tokenize."""
    model = folder / name
    model.mkdir(parents=True)
    for file in ("config.json", "model.safetensors"):
        (model / file).write_bytes((GOLDENS / "models" / name / file).read_bytes())
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    words += [*letters, *("##" + letter for letter in letters), *"0123456789", *".,!?"]
    words += ["the", "and", "of", "to", *(f"[unused{i}]" for i in range(22))]
    (model / "vocab.txt").write_text("\n".join(words) + "\n")
    config = {"tokenizer_class": "BertTokenizer", "do_lower_case": True}
    (model / "tokenizer_config.json").write_text(json.dumps(config))
    return model


@pytest.fixture
def tiny(tmp_path):
    return lambda name: _with_vocabulary(tmp_path, name)
