"""The folders of rerankers: classifiers of pairs, and a causal model that answers yes or no."""

import json
from collections.abc import Callable
from pathlib import Path

import transformers as t
from sentence_transformers import CrossEncoder
from torch import nn

import sentence_backbones as backbones
from sentence_cases import ALL, BETWEEN, LONG, NEW, OLD, Case

QUERY = "how far is the word"
DOCUMENTS = ["a long text", "the position of a word", "", LONG, "Red, blue.", "the position of a word"]
PAIRS = [[QUERY, document] for document in DOCUMENTS[:-1]] + [["", "hello"]]


def cross(labels: int = 1, activation: nn.Module | None = None, backbone: Callable = backbones.bert, kind: type = t.BertForSequenceClassification, **changes) -> Callable:
    def make(folder: Path) -> CrossEncoder:
        backbone(folder / "backbone", kind, num_labels=labels, **changes)
        settings = {} if activation is None else {"activation_fn": activation}
        return CrossEncoder(str(folder / "backbone"), **settings)

    return make


def older_key(folder: Path) -> None:
    """Stores the activation as sentence-transformers below version 4 did."""
    config = json.loads((folder / "config.json").read_text())
    config.pop("sentence_transformers", None)
    config["sbert_ce_default_activation_function"] = "torch.nn.modules.linear.Identity"
    (folder / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    for name in ("modules.json", "config_sentence_transformers.json", "sentence_bert_config.json"):
        (folder / name).unlink(missing_ok=True)


def asked(name: str, make: Callable, versions: tuple = (NEW,), **more) -> Case:
    return Case(f"cross-{name}", make, versions, texts=PAIRS, **more)


def answering(folder: Path) -> CrossEncoder:
    """A causal model whose score is the logit of one token minus that of another."""
    from sentence_transformers.base.modules.transformer import Transformer
    from sentence_transformers.cross_encoder.modules.logit_score import LogitScore

    backbones.qwen3(folder / "backbone", t.Qwen3ForCausalLM)
    first = Transformer(str(folder / "backbone"), transformer_task="text-generation", model_kwargs={"attn_implementation": "eager"})
    return CrossEncoder(modules=[first, LogitScore(true_token_id=60, false_token_id=75)])


PICKED = """<|im_start|>judge by the word: {{ messages | selectattr("role", "eq", "system") | map(attribute="content") | first | default("far or not") }}
query: {{ messages | selectattr("role", "eq", "query") | map(attribute="content") | first }}
document: {{ messages | selectattr("role", "eq", "document") | map(attribute="content") | first }}<|im_end|>
the word is
"""
LOOPED = """{%- for message in messages -%}
    {%- if message.role == "system" -%}
        {{- message['content'] | trim + '\\n' -}}
    {%- elif loop.first or message.role != "query" -%}
        {{- '<|im_start|>' ~ message.role + ': ' + message.content -}}
    {%- else -%}
        {{- 'a query, ' + message.content -}}
    {%- endif -%}
{%- endfor -%}
{# nothing of the sort #}
{% set behind = "the word" %}
  {% if behind is defined and not add_generation_prompt %}
<|im_end|>{{ behind }}
  {% endif %}
is"""


PARTS = """{% for message in messages %}<|im_start|>{{ message['role'] }}: {% for part in message['content'] -%}
{% if part['type'] == 'text' %}{{ part['text'] | trim }}{% else %}something else{% endif %}
{%- endfor %}{{ ', ' if not loop.last }}{% endfor %}<|im_end|> the word is"""


def chatting(template: str, **settings) -> Callable[[Path], CrossEncoder]:
    """A causal model whose pairs are put into the template of a chat."""

    def make(folder: Path) -> CrossEncoder:
        from sentence_transformers.base.modules.transformer import Transformer
        from sentence_transformers.cross_encoder.modules.logit_score import LogitScore

        backbones.qwen3(folder / "backbone", t.Qwen3ForCausalLM, max_position_embeddings=256)
        tokenizer = t.AutoTokenizer.from_pretrained(folder / "backbone", model_max_length=120)
        tokenizer.chat_template = template
        tokenizer.save_pretrained(folder / "backbone")
        first = Transformer(str(folder / "backbone"), transformer_task="text-generation", model_kwargs={"attn_implementation": "eager"})
        return CrossEncoder(modules=[first, LogitScore(true_token_id=60, false_token_id=75)], **settings)

    return make


CASES = [
    asked("sigmoid", cross(), ALL),
    asked("identity", cross(activation=nn.Identity()), ALL),
    asked("three-labels", cross(3), (NEW, OLD)),
    asked("three-labels-softmax", cross(3, nn.Softmax(dim=-1)), (NEW,)),
    asked("two-labels-tanh", cross(2, nn.Tanh()), (NEW,)),
    asked("older-key", cross(), (NEW, OLD), after=older_key),
    asked("tokenizer-of-no-class", cross(backbone=backbones.bert_of_no_class), (NEW, OLD)),
    asked("roberta", cross(backbone=backbones.roberta, kind=t.RobertaForSequenceClassification), (NEW,)),
    *([asked("qwen3", cross(backbone=backbones.qwen3, kind=t.Qwen3ForSequenceClassification)), asked("answers", answering),
       asked("chat", chatting(PICKED), (NEW, BETWEEN)), asked("chat-parts", chatting(PARTS)), asked("chat-loop", chatting(LOOPED)),
       asked("chat-prompt", chatting(PICKED, prompts={"web": "is it far?"}, default_prompt_name="web"))] if hasattr(t, "Qwen3Config") else []),
]  # fmt: skip
