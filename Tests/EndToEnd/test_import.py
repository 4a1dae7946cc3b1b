"""`import`: what people have elsewhere becomes an experiment file, and what was lost is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from program import Program
from simulator import Simulator

PROMPTFOO = """\
description: Sorts incoming messages into queues
prompts:
  - "Sort this message: {{message}} for {{name}}"
  - file://other.txt
providers:
  - openai:gpt-4o-mini
  - id: anthropic:claude
defaultTest:
  vars: { name: Ann }
tests:
  - description: a bill
    vars: { message: "My card was charged twice" }
    assert:
      - { type: icontains, value: card }
      - { type: llm-rubric, value: is polite }
  - vars: { message: "Where is my parcel?", name: Bob }
    assert:
      - { type: regex, value: "parcel|Parcel" }
      - { type: not-contains, value: idiot }
      - { type: javascript, value: "output.length < 100" }
  - description: without variables
scenarios: []
"""


@pytest.fixture
def variables(simulator: Callable[..., Simulator]) -> dict[str, str]:
    server = simulator()
    return {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": f"{server.url}/v1"}


def evaluated(program: Program, name: str, variables: dict[str, str]) -> dict[str, Any]:
    return program.result("eval", name, "--yes", env=variables)


def test_promptfoo(program: Program, variables: dict[str, str]) -> None:
    (program.folder / "promptfooconfig.yaml").write_text(PROMPTFOO)
    (program.folder / "other.txt").write_text("Another prompt: {{message}}\n")
    ended = program.run("import", "promptfoo", "promptfooconfig.yaml", "--output", "sorted.yaml")
    losses = [line for line in ended.out.splitlines() if line.startswith("lost:")]
    for part in ("a further prompt", "openai:gpt-4o-mini", "llm-rubric", "javascript", "test 3"):
        assert any(part in line for line in losses), f"{part} is not named as lost: {losses}"
    cases = [json.loads(line) for line in (program.folder / "sorted.cases.jsonl").read_text().splitlines()]
    assert [case["input"] for case in cases] == [
        {"name": "Ann", "message": "My card was charged twice"},
        {"name": "Bob", "message": "Where is my parcel?"},
    ]
    assert cases[0]["checks"] == [{"contains": "card"}] and cases[0]["tags"] == ["a bill"]
    assert cases[1]["checks"] == [{"regex": "parcel|Parcel"}, {"not_contains": "idiot"}]
    result = evaluated(program, "sorted.yaml", variables)
    assert len(result["outputs"]) == 2 and result["experiment"]["prompt"]["text"].startswith("Sort this message")
    assert result["experiment"]["goal"] == "Sorts incoming messages into queues"


def test_jsonl(program: Program, variables: dict[str, str]) -> None:
    (program.folder / "mine.jsonl").write_text(
        '{"input": {"question": "Why?", "who": "a child"}, "expected": "Because."}\nnot JSON\n'
        '{"input": {"question": "How?", "who": "an engineer"}, "tags": ["x"]}\n'
    )
    ended = program.run("import", "jsonl", "mine.jsonl")
    assert "2 cases" in ended.out and "lost: row 2" in ended.out and "edison eval experiment.yaml" in ended.out
    result = evaluated(program, "experiment.yaml", variables)
    assert len(result["outputs"]) == 2
    assert "{{question}}" in result["versions"][0]["text"] and "{{who}}" in result["versions"][0]["text"]


def test_a_prompt_that_lives_in_python(program: Program, variables: dict[str, str]) -> None:
    (program.folder / "app.py").write_text('''\
import openai

SHORT = "Hi"
TRIAGE_PROMPT = f"""You sort messages.
Answer as JSON: {{"queue": "…"}}

Message: {message}
Customer since {customer.since:%Y}
"""

def ask(message): ...
''')
    ended = program.run("import", "python-prompt", "app.py", "--name", "TRIAGE_PROMPT")
    assert "customer.since" in ended.out, "an expression is named as lost"
    text = (program.folder / "experiment.yaml").read_text()
    assert '{"queue": "…"}' in text and "{{message}}" in text
    result = evaluated(program, "experiment.yaml", variables)
    assert len(result["outputs"]) == 1
    ended = program.run("import", "python-prompt", "app.py", "--name", "NONE", "--force", status=2)
    assert "NONE" in ended.err and "TRIAGE_PROMPT" in ended.err


@pytest.mark.parametrize(
    ("code", "text", "lost"),
    [
        ('PROMPT = "You are " + "helpful. " + "{message}"', "You are helpful. {{message}}", ""),
        ('PROMPT = (\n    "You are "\n    f"helpful. {message}"\n)\nNEXT = 3', "You are helpful. {{message}}", ""),
        ("PROMPT = 'You are ' \\\n  'helpful. {message}'", "You are helpful. {{message}}", ""),
        ('PROMPT = "You are. {message}" + tail(1)', "You are. {{message}}", "+ tail(1)"),
        ('PROMPT = "You are. {message}".strip()', "You are. {{message}}", ".strip()"),
        ('PROMPT = "You are. {message}".format(message=m)', "You are. {{message}}", ""),
        ('PROMPT = "You are. {message}"\n"a text of its own"', "You are. {{message}}", ""),
    ],
)
def test_texts_that_python_joins(program: Program, code: str, text: str, lost: str) -> None:
    (program.folder / "app.py").write_text(code + "\n")
    ended = program.run("import", "python-prompt", "app.py")
    lines = [line.strip() for line in (program.folder / "experiment.yaml").read_text().splitlines()]
    assert text in lines, lines
    losses = [line for line in ended.out.splitlines() if line.startswith("lost:")]
    assert len(losses) == bool(lost) and all(lost in line for line in losses), losses


def test_what_promptfoo_means_and_this_does_not_is_named(program: Program) -> None:
    (program.folder / "promptfooconfig.yaml").write_text("""\
prompts: ["{% if name %}Dear {{ name | upper }}{% endif %}: {{message}}"]
tests:
  - vars: { name: [Ann, Bob], message: Hello }
    threshold: 0.7
    assert: [{ type: contains, value: Ann, weight: 3 }]
""")
    ended = program.run("import", "promptfoo", "promptfooconfig.yaml")
    for part in ("Jinja", "the list in name", "its threshold", "the weight of an assertion"):
        assert f"{part}" in ended.out, ended.out


def test_what_cannot_be_read_is_an_error_and_overwrites_nothing(program: Program) -> None:
    (program.folder / "experiment.yaml").write_text("mine")
    (program.folder / "cases.jsonl").write_text('{"input": "x"}\n')
    ended = program.run("import", "jsonl", "cases.jsonl", status=2)
    assert "experiment.yaml exists" in ended.err and (program.folder / "experiment.yaml").read_text() == "mine"
    (program.folder / "broken.yaml").write_text("prompts: [")
    assert "YAML" in program.run("import", "promptfoo", "broken.yaml", "--output", "o.yaml", status=2).err
    (program.folder / "empty.py").write_text("x = 1\n")
    assert "constant" in program.run("import", "python-prompt", "empty.py", "--output", "o.yaml", status=2).err
    (program.folder / "none.jsonl").write_text("nothing\n")
    assert "row 1" in program.run("import", "jsonl", "none.jsonl", "--output", "o.yaml", status=2).err
    (program.folder / "latin.jsonl").write_bytes('{"input": "pièce"}'.encode("latin-1"))
    assert "UTF-8" in program.run("import", "jsonl", "latin.jsonl", "--output", "o.yaml", status=2).err
    assert "nowhere" in program.run("import", "jsonl", "nowhere.jsonl", "--output", "o.yaml", status=2).err
    assert "promptfoo" in program.run("import", "csv", "cases.jsonl", status=2).err
    assert not (program.folder / "o.yaml").exists()
