"""Drives the official `anthropic` client against a provider at a base URL: anthropic_sdk.py http://127.0.0.1:8931

Needs: pip install anthropic
"""
import sys

import anthropic
from pydantic import BaseModel

from checks import Checks, get, post, raises

BASE = sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8931"
KEY = sys.argv[2] if len(sys.argv) > 2 else "sk-ant-test"
client = anthropic.Anthropic(base_url=BASE, api_key=KEY, max_retries=0)
SYSTEM = "You answer messages to our customer support. Apologise to the customer."
MESSAGES = [{"role": "user", "content": "My parcel with the desk lamp is late. Regards, Anna"}]
TOOLS = [{
    "name": "get_weather", "description": "The weather of a city",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}]
WEATHER = [{"role": "user", "content": "What is the weather in Paris?"}]


class Ticket(BaseModel):
    queue: str
    urgent: bool
    points: list[str]


def ask(**more):
    return client.messages.create(**{"model": "apprentice", "max_tokens": 1000, "system": SYSTEM, "messages": MESSAGES, **more})


def message():
    answer = ask()
    assert answer.content[0].text and answer.stop_reason == "end_turn"
    assert answer.usage.input_tokens > 0 and answer.usage.output_tokens > 0
    assert ask().content[0].text == answer.content[0].text


def length():
    assert ask(max_tokens=4).stop_reason == "max_tokens"


def both_keys():
    for headers in [{"x-api-key": KEY, "Authorization": "Bearer other"}, {"Authorization": f"Bearer {KEY}"}]:
        for version in ["2023-06-01", "2026-10-21"]:
            assert ask(extra_headers={**headers, "anthropic-version": version}).content


def stream():
    whole = ask()
    with client.messages.stream(model="apprentice", max_tokens=1000, system=SYSTEM, messages=MESSAGES) as events:
        text = "".join(events.text_stream)
        final = events.get_final_message()
    assert text == whole.content[0].text and final.usage.output_tokens == whole.usage.output_tokens
    assert final.stop_reason == "end_turn"


def raw_stream():
    kinds = [event.type for event in ask(stream=True)]
    assert kinds[0] == "message_start" and kinds[-2:] == ["message_delta", "message_stop"]
    assert kinds.index("content_block_start") < kinds.index("content_block_delta") < kinds.index("content_block_stop")


def tools():
    answer = ask(messages=WEATHER, tools=TOOLS)
    block = answer.content[0]
    assert answer.stop_reason == "tool_use" and block.name == "get_weather" and block.input["city"] == "Paris"
    result = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": block.id, "content": "sunny"}]}
    conversation = WEATHER + [{"role": "assistant", "content": answer.content}, result]
    assert ask(messages=conversation, tools=TOOLS).stop_reason == "end_turn"


def tools_stream():
    with client.messages.stream(model="apprentice", max_tokens=1000, messages=WEATHER, tools=TOOLS) as events:
        block = events.get_final_message().content[0]
    assert block.type == "tool_use" and block.input["city"] == "Paris"


def parse():
    answer = client.messages.parse(model="apprentice", max_tokens=1000, messages=MESSAGES, output_format=Ticket)
    assert isinstance(answer.parsed_output, Ticket) and answer.parsed_output.points


def count_tokens():
    counted = client.messages.count_tokens(model="apprentice", system=SYSTEM, messages=MESSAGES)
    assert counted.input_tokens == ask().usage.input_tokens


def models():
    names = [model.id for model in client.models.list()]
    assert "apprentice" in names and "simulated" in client.models.retrieve("apprentice").display_name


def faulty(fault, **fields):
    post(BASE + "/_simulator/faults", {"rules": [{"fault": fault, "every": 1, **fields}]})


def errors():
    raises(anthropic.BadRequestError, lambda: ask(messages=[]))
    try:
        faulty("overloaded")
        error = raises(anthropic.APIStatusError, ask)
        assert error.status_code == 529 and error.body["error"]["type"] == "overloaded_error"
        faulty("rate_limited", retry_after=3)
        assert raises(anthropic.RateLimitError, ask).response.headers["retry-after"] == "3"
        faulty("refused_key")
        raises(anthropic.AuthenticationError, ask)
        faulty("server_error")
        raises(anthropic.InternalServerError, ask)
        faulty("time_out", seconds=3)
        raises(anthropic.APITimeoutError, lambda: ask(timeout=0.3))
        faulty("cut_stream")
        raises(Exception, lambda: list(ask(stream=True)))
    finally:
        post(BASE + "/_simulator/faults", {"rules": []})


def logged():
    post(BASE + "/_simulator/reset", {})
    answer = ask(extra_headers={"Edison-Attempt": "b-1"})
    entry = get(BASE + "/_simulator/log")[-1]
    assert entry["attempt"] == "b-1" and entry["format"] == "anthropic"
    assert entry["output_tokens"] == answer.usage.output_tokens


if __name__ == "__main__":
    checks = Checks()
    for check in [
        message, length, both_keys, stream, raw_stream, tools, tools_stream, parse, count_tokens, models, errors, logged,
    ]:
        checks.run(check.__name__, check)
    checks.finish()
