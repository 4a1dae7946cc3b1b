"""Drives the official `openai` client against a provider at a base URL: openai_sdk.py http://127.0.0.1:8931

The base URL stands without /v1. Needs: pip install openai
"""
import json
import sys

import openai
from pydantic import BaseModel

from checks import Checks, get, post, raises

BASE = sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8931"
KEY = sys.argv[2] if len(sys.argv) > 2 else "sk-test"
client = openai.OpenAI(base_url=BASE + "/v1", api_key=KEY, max_retries=0)
MESSAGES = [
    {"role": "system", "content": "You answer messages to our customer support. Apologise to the customer."},
    {"role": "user", "content": "My parcel with the desk lamp is late. Regards, Anna"},
]
TOOLS = [{
    "type": "function",
    "function": {
        "name": "get_weather", "description": "The weather of a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}]
WEATHER = [{"role": "user", "content": "What is the weather in Paris?"}]


class Ticket(BaseModel):
    queue: str
    urgent: bool
    points: list[str]


def chat():
    answer = client.chat.completions.create(model="apprentice", messages=MESSAGES, seed=1)
    assert answer.choices[0].message.content and answer.choices[0].finish_reason == "stop"
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    again = client.chat.completions.create(model="apprentice", messages=MESSAGES, seed=1)
    assert again.choices[0].message.content == answer.choices[0].message.content
    assert again.id != answer.id


def length():
    answer = client.chat.completions.create(model="apprentice", messages=MESSAGES, max_completion_tokens=5)
    assert answer.choices[0].finish_reason == "length" and answer.usage.completion_tokens == 5


def stream():
    whole = client.chat.completions.create(model="apprentice", messages=MESSAGES, seed=2)
    chunks = list(client.chat.completions.create(
        model="apprentice", messages=MESSAGES, seed=2, stream=True, stream_options={"include_usage": True}))
    assert chunks[0].choices[0].delta.role == "assistant"
    assert chunks[-1].choices == [] and chunks[-1].usage.total_tokens == whole.usage.total_tokens
    assert all(chunk.usage is None for chunk in chunks[:-1])
    assert chunks[-2].choices[0].finish_reason == "stop"
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == whole.choices[0].message.content


def stream_helper():
    with client.chat.completions.stream(model="apprentice", messages=MESSAGES, seed=2) as events:
        kinds = {event.type for event in events}
        final = events.get_final_completion()
    assert "content.delta" in kinds and final.choices[0].message.content


def tools():
    answer = client.chat.completions.create(model="apprentice", messages=WEATHER, tools=TOOLS)
    call = answer.choices[0].message.tool_calls[0]
    assert answer.choices[0].finish_reason == "tool_calls" and call.function.name == "get_weather"
    assert json.loads(call.function.arguments)["city"] == "Paris"
    conversation = WEATHER + [answer.choices[0].message, {"role": "tool", "tool_call_id": call.id, "content": "sunny"}]
    after = client.chat.completions.create(model="apprentice", messages=conversation, tools=TOOLS)
    assert after.choices[0].finish_reason == "stop"


def tools_stream():
    with client.chat.completions.stream(model="apprentice", messages=WEATHER, tools=TOOLS) as events:
        for _ in events:
            pass
        call = events.get_final_completion().choices[0].message.tool_calls[0]
    assert call.function.name == "get_weather" and json.loads(call.function.arguments)["city"] == "Paris"


def parse():
    answer = client.chat.completions.parse(model="apprentice", messages=MESSAGES, response_format=Ticket)
    ticket = answer.choices[0].message.parsed
    assert isinstance(ticket, Ticket) and ticket.queue and ticket.points


def embeddings():
    texts = ["the parcel is late", "my parcel came late", "a recipe for bread"]
    packed = client.embeddings.create(model="embedding", input=texts).data
    plain = client.embeddings.create(model="embedding", input=texts, encoding_format="float").data
    vectors = [item.embedding for item in packed]
    assert all(abs(a - b) < 1e-6 for a, b in zip(vectors[0], plain[0].embedding))
    dot = lambda a, b: sum(x * y for x, y in zip(a, b))
    assert dot(vectors[0], vectors[1]) > dot(vectors[0], vectors[2]) + 0.2
    assert len(client.embeddings.create(model="embedding", input="x", dimensions=64).data[0].embedding) == 64


def responses():
    answer = client.responses.create(model="apprentice", instructions=MESSAGES[0]["content"], input=MESSAGES[1]["content"])
    assert answer.output_text and answer.usage.total_tokens > 0 and answer.status == "completed"
    parsed = client.responses.parse(model="apprentice", input="My parcel is late.", text_format=Ticket)
    assert isinstance(parsed.output_parsed, Ticket)
    with client.responses.stream(model="apprentice", input="My parcel is late.") as events:
        for _ in events:
            pass
        assert events.get_final_response().output_text
    flat = [{"type": "function", "strict": None, **TOOLS[0]["function"]}]
    with client.responses.stream(model="apprentice", input=WEATHER[0]["content"], tools=flat) as events:
        for _ in events:
            pass
        assert events.get_final_response().output[0].name == "get_weather"


def models():
    names = [model.id for model in client.models.list()]
    assert "apprentice" in names and client.models.retrieve("apprentice").owned_by == "simulated"


def bad_requests():
    error = raises(openai.BadRequestError, lambda: client.chat.completions.create(model="", messages=MESSAGES))
    assert error.type == "invalid_request_error"
    raises(openai.BadRequestError, lambda: client.chat.completions.create(model="apprentice", messages=[]))


def faulty(fault, **fields):
    post(BASE + "/_simulator/faults", {"rules": [{"fault": fault, "every": 1, **fields}]})


def faults():
    ask = lambda **more: client.chat.completions.create(model="apprentice", messages=MESSAGES, **more)
    try:
        faulty("rate_limited", retry_after=2)
        assert raises(openai.RateLimitError, ask).response.headers["retry-after"] == "2"
        faulty("server_error")
        assert raises(openai.InternalServerError, ask).status_code == 500
        faulty("unavailable")
        assert raises(openai.InternalServerError, ask).status_code == 503
        faulty("refused_key")
        raises(openai.AuthenticationError, ask)
        faulty("time_out", seconds=3)
        raises(openai.APITimeoutError, lambda: ask(timeout=0.3))
        faulty("cut_stream")
        raises(Exception, lambda: list(ask(stream=True)))
        faulty("empty_answer")
        assert ask().choices[0].message.content == ""
        faulty("malformed_json")
        raises(Exception, lambda: client.chat.completions.parse(model="a", messages=MESSAGES, response_format=Ticket))
    finally:
        post(BASE + "/_simulator/faults", {"rules": []})


def retried():
    try:
        post(BASE + "/_simulator/reset", {})
        post(BASE + "/_simulator/faults", {"rules": [{"fault": "rate_limited", "at": [1], "retry_after": 0.01}]})
        patient = client.with_options(max_retries=2)
        assert patient.chat.completions.create(model="apprentice", messages=MESSAGES).choices[0].message.content
        assert [entry["status"] for entry in get(BASE + "/_simulator/log")] == [429, 200]
    finally:
        post(BASE + "/_simulator/faults", {"rules": []})


def logged():
    post(BASE + "/_simulator/reset", {})
    answer = client.chat.completions.create(model="apprentice", messages=MESSAGES, extra_headers={"Edison-Attempt": "a-1"})
    entry = get(BASE + "/_simulator/log")[-1]
    assert entry["attempt"] == "a-1" and entry["input_tokens"] == answer.usage.prompt_tokens
    assert get(BASE + "/_simulator/stats")["requests"] == 1


if __name__ == "__main__":
    checks = Checks()
    for check in [
        chat, length, stream, stream_helper, tools, tools_stream, parse, embeddings, responses, models, bad_requests,
        faults, retried, logged,
    ]:
        checks.run(check.__name__, check)
    checks.finish()
