"""Talks to a server that runs with OpenAI's own client, as its users do.

    openai_client.py URL CAUSAL_MODEL EMBEDDING_MODEL

Prints what it checked; exits 1 at the first answer that is not as it should be.
"""

import sys

import openai


def check(name, holds):
    print(("ok   " if holds else "FAIL ") + name)
    if not holds:
        sys.exit(1)


def check_embeddings(client, model):
    texts = ["a lamp", "the ships came in"]
    default = client.embeddings.create(model=model, input=texts)  # base64 under the hood
    floats = client.embeddings.create(model=model, input=texts, encoding_format="float")
    check("embeddings: base64 and floats are the same numbers",
          all(abs(a - b) < 1e-6 for x, y in zip(default.data, floats.data)
              for a, b in zip(x.embedding, y.embedding)))
    check("embeddings: order and usage",
          [each.index for each in default.data] == [0, 1] and default.usage.prompt_tokens > 0)
    cut = client.embeddings.create(model=model, input=texts[0], dimensions=8)
    check("embeddings: dimensions", len(cut.data[0].embedding) == 8)


def check_completions(client, model):
    wanted = {"model": model, "prompt": "The lamp was", "max_tokens": 12, "temperature": 0}
    whole = client.completions.create(**wanted)
    pieces = list(client.completions.create(**wanted, stream=True,
                                            stream_options={"include_usage": True}))
    text = "".join(piece.choices[0].text for piece in pieces if piece.choices)
    check("completions: the stream is the whole", text == whole.choices[0].text and len(pieces) > 3)
    check("completions: usage", pieces[-1].usage == whole.usage and whole.usage.completion_tokens == 12)
    check("completions: finish", whole.choices[0].finish_reason == "length")
    drawn = client.completions.create(**{**wanted, "temperature": 0.9}, n=2, seed=3, top_p=0.9)
    again = client.completions.create(**{**wanted, "temperature": 0.9}, n=2, seed=3, top_p=0.9)
    check("completions: a seed decides the draws",
          [each.text for each in drawn.choices] == [each.text for each in again.choices]
          and len(drawn.choices) == 2)
    echo = client.completions.create(**{**wanted, "max_tokens": 1}, echo=True, logprobs=3)
    logprobs = echo.choices[0].logprobs
    check("completions: logprobs of the prompt",
          logprobs.token_logprobs[0] is None and all(value <= 0 for value in logprobs.token_logprobs[1:])
          and "".join(logprobs.tokens) == echo.choices[0].text)


def check_errors(client, model):
    try:
        client.completions.create(model="no-such-model", prompt="a")
        check("errors: a model that is not served", False)
    except openai.NotFoundError as error:
        check("errors: a model that is not served", error.code == "model_not_found")
    try:
        client.completions.create(model=model, prompt="a", temperature=-1)
        check("errors: a wrong temperature", False)
    except openai.BadRequestError as error:
        check("errors: a wrong temperature", "temperature" in str(error))


def main():
    url, causal, embedding = sys.argv[1:4]
    client = openai.OpenAI(base_url=url + "/v1", api_key="none", max_retries=0)
    check("models", {causal, embedding} <= {model.id for model in client.models.list()})
    check_embeddings(client, embedding)
    check_completions(client, causal)
    check_errors(client, causal)


if __name__ == "__main__":
    main()
