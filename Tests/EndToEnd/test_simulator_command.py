"""`edison simulator`: what it is told, and what it says when that is wrong."""

from __future__ import annotations

import json
import signal
import socket
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

from program import Program
from simulator import Simulator


def ask(server: Simulator, path: str, body: dict[str, Any], **headers: str) -> dict[str, Any]:
    request = urllib.request.Request(
        server.url + path, json.dumps(body).encode(), {"Content-Type": "application/json", **headers}
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)


def chat(server: Simulator, text: str, **headers: str) -> str:
    body = {"model": "m", "messages": [{"role": "user", "content": text}]}
    return ask(server, "/v1/chat/completions", body, **headers)["choices"][0]["message"]["content"]


def test_echo_script_and_apprentice(program: Program, simulator: Callable[..., Simulator]) -> None:
    assert chat(simulator("--behaviour", "echo"), "hello") == "hello"
    script = program.folder / "script.json"
    script.write_text('{"rules": [{"contains": "ping", "answers": ["pong", "pong again"]}]}')
    server = simulator("--behaviour", "script", "--script", script)
    assert [chat(server, "ping"), chat(server, "ping"), chat(server, "ping")] == ["pong", "pong again", "pong again"]
    assert chat(server, "other") == "other"
    assert len(chat(simulator(), "Reply to the customer.\n\nCustomer message: my parcel is late")) > 20


def test_the_same_seed_and_words_give_the_same_answer_in_every_format(simulator: Callable[..., Simulator]) -> None:
    server = simulator()
    text = "Reply to the customer and apologise.\n\nCustomer message: my parcel is late"
    one = chat(server, text)
    two = ask(
        server,
        "/v1/messages",
        {"model": "m", "max_tokens": 900, "messages": [{"role": "user", "content": text}]},
        **{"anthropic-version": "2023-06-01", "x-api-key": "k"},
    )["content"][0]["text"]
    three = ask(server, "/api/chat", {"model": "m", "stream": False, "messages": [{"role": "user", "content": text}]})[
        "message"
    ]["content"]
    assert one == two == three


def test_a_key_is_demanded(simulator: Callable[..., Simulator]) -> None:
    server = simulator("--api-key", "right", "--behaviour", "echo")
    with pytest.raises(urllib.error.HTTPError) as refused:
        chat(server, "hello")
    assert refused.value.code == 401
    assert chat(server, "hello", Authorization="Bearer right") == "hello"


def test_the_log_is_appended_to_and_holds_bodies_only_when_asked(
    program: Program, simulator: Callable[..., Simulator]
) -> None:
    server = simulator("--behaviour", "echo", bodies=False)
    chat(server, "a private word")
    assert len(server.log()) == 1 and "private" not in server.log_file.read_text()
    with_bodies = simulator("--behaviour", "echo")
    chat(with_bodies, "a private word")
    assert "private" in with_bodies.log()[0]["body"]


def test_faults_of_its_options(program: Program, simulator: Callable[..., Simulator]) -> None:
    folder = program.folder
    (folder / "broken.json").write_text("{")
    (folder / "number.json").write_text("7")
    (folder / "no-answer.json").write_text('[{"contains": "x"}]')
    (folder / "no-fault.json").write_text('{"rules": [{"fault": "flood"}]}')
    (folder / "no-task.json").write_text('{"name": "x"}')
    for words, parts in [
        (["--behaviour", "script"], ["--script"]),
        (["--behaviour", "script", "--script", "none.json"], ["none.json"]),
        (["--behaviour", "script", "--script", "broken.json"], ["broken.json", "JSON"]),
        (["--behaviour", "script", "--script", "number.json"], ["list of rules"]),
        (["--behaviour", "script", "--script", "no-answer.json"], ["rules[0].answer"]),
        (["--faults", "no-fault.json"], ["flood", "rate_limited"]),
        (["--task", "no-task.json"], ["requirements"]),
        (["--behaviour", "dance"], ["apprentice"]),
        (["--port", "99999"], ["port"]),
        (["--port", "-1"], ["port"]),
        (["--log", "no/such/folder/log.jsonl"], ["no/such/folder/log.jsonl"]),
    ]:
        ended = program.run("simulator", *words, status=2, timeout=10)
        for part in parts:
            assert part in ended.err, f"{words}: {ended}"
        assert "Fatal" not in ended.err and "Optional(" not in ended.err


def test_a_port_in_use(program: Program) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = program.run("simulator", "--port", port, status=None, timeout=10)
    assert ended.status in (2, 3) and str(port) in ended.err and "in use" in ended.err
    assert "NIO" not in ended.err and "errno" not in ended.err


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_it_is_told_to(simulator: Callable[..., Simulator], name: signal.Signals) -> None:
    server = simulator("--behaviour", "echo")
    chat(server, "hello")
    server.process.send_signal(name)
    assert server.process.wait(5) in (0, 130)
