"""`doctor` says what is configured and what answers; `defaults` prints every setting."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable

from program import Program
from simulator import Simulator


def test_nothing_is_configured(program: Program) -> None:
    ended = program.run("doctor", env={"OLLAMA_HOST": "127.0.0.1:1"})
    assert "✓  database .edison/edison.db: works" in ended.out
    for name, variable in (
        ("openai", "OPENAI_API_KEY"),
        ("anthropic", "ANTHROPIC_API_KEY"),
        ("openai-compatible", "EDISON_LLM_URL"),
    ):
        line = next(line for line in ended.out.splitlines() if f"{name}:" in line)
        assert "not configured" in line and variable in line
    assert "✗  ollama at http://127.0.0.1:1" in ended.out, "a local server that does not run is named, and no fault"


def test_everything_answers(program: Program, simulator: Callable[..., Simulator]) -> None:
    server = simulator()
    ended = program.run(
        "doctor",
        env={
            "OPENAI_API_KEY": "sk-secret-1",
            "OPENAI_BASE_URL": f"{server.url}/v1",
            "ANTHROPIC_API_KEY": "sk-secret-2",
            "ANTHROPIC_BASE_URL": server.url,
            "EDISON_LLM_URL": f"{server.url}/v1",
            "OLLAMA_HOST": server.url,
        },
    )
    assert ended.out.count("✓") == 5 and "✗" not in ended.out
    assert ended.out.count("judge-a") >= 3
    assert 'to paste:  - { provider: ollama, model: "apprentice:latest" }' in ended.out
    assert "sk-secret" not in ended.said


def test_the_line_to_paste_works(program: Program, simulator: Callable[..., Simulator]) -> None:
    server = simulator()
    variables = {"OLLAMA_HOST": server.url}
    out = program.run("doctor", env=variables).out
    line = next(line for line in out.splitlines() if "to paste:" in line).split("to paste:")[1].strip()
    (program.folder / "pasted.yaml").write_text(
        "goal: Answer the message politely.\nprompt: '{{message}}'\n"
        "rubric: [{ name: short, weight: 1, check: { max_words: 500 } }]\n"
        f"models:\n  {line}\ndatasets: [{{ cases: [{{ input: {{ message: hello }} }}] }}]\n"
    )
    result = program.result("eval", "pasted.yaml", env=variables)
    assert result["composite"]["score"] == 1
    assert result["cost_usd"] == 0, "a local model costs nothing"


def test_a_refused_key_and_a_closed_port_are_faults(program: Program, simulator: Callable[..., Simulator]) -> None:
    server = simulator("--api-key", "right")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ended = program.run(
        "doctor",
        status=None,
        env={
            "OPENAI_API_KEY": "wrong-key",
            "OPENAI_BASE_URL": f"{server.url}/v1",
            "EDISON_LLM_URL": f"http://127.0.0.1:{port}/v1",
            "OLLAMA_HOST": "127.0.0.1:1",
        },
    )
    assert ended.status == 3
    assert "✗  openai at" in ended.out and "key" in ended.out
    assert f"✗  openai-compatible at http://127.0.0.1:{port}/v1" in ended.out
    assert "wrong-key" not in ended.said and "Optional(" not in ended.out and "NIOConnectionError" not in ended.out


def test_a_broken_database_is_a_fault_and_the_rest_is_still_said(program: Program) -> None:
    (program.folder / "letter.txt").write_text("no database " * 100)
    ended = program.run("doctor", "--database", "letter.txt", status=3, env={"OLLAMA_HOST": "127.0.0.1:1"})
    assert "✗  database letter.txt" in ended.out and "openai: not configured" in ended.out


def test_a_dot_env_file_is_read(program: Program, simulator: Callable[..., Simulator]) -> None:
    server = simulator()
    (program.folder / ".env").write_text(f'# keys\nexport EDISON_LLM_URL="{server.url}/v1"\n')
    ended = program.run("doctor", env={"OLLAMA_HOST": "127.0.0.1:1"})
    assert f"✓  openai-compatible at {server.url}/v1" in ended.out


def test_defaults_prints_every_setting(program: Program) -> None:
    printed = json.loads(program.run("defaults").out)
    assert printed["stop"]["max_iterations"] == 10 and printed["stop"]["min_delta"] == 0.02
    assert printed["stop"]["convergence_window"] == 3
    assert printed["race"]["max_cases"] == 10 and printed["loop"]["proposals"] == 2
    assert printed["review"] == "automatic" and printed["seed"] == 1
    # Every key of the file that has a default and changes a run is there.
    for name in ("alternates_after_stalls", "restart_after_stalls", "error_window", "concurrency", "replicates"):
        assert name in printed["loop"] or name in printed, f"{name} is not printed"
