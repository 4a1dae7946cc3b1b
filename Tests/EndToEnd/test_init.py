"""From one sentence to a running loop in two commands."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from program import Program
from simulator import Simulator, task_file

GOAL = "Write the label that visitors read beside an object of our museum"


def test_one_sentence_then_refine(program: Program, simulator: Callable[..., Simulator]) -> None:
    server = simulator("--task", task_file("museum"))
    variables = {"EDISON_LLM_URL": f"{server.url}/v1", "EDISON_LLM_MODEL": "apprentice"}
    begun = program.run("init", GOAL, env=variables)
    assert re.search(r"about \d+ calls, (about \$|cost unknown)", begun.err), "the cost is shown first"
    text = (program.folder / "experiment.yaml").read_text(encoding="utf-8")
    cases = [json.loads(line) for line in (program.folder / "experiment.cases.jsonl").read_text().splitlines()]
    assert 45 <= len(cases) <= 48 and "kind: synthetic" in text and "drafted by apprentice" in text
    assert GOAL in text and "{{notes}}" in text
    inputs = [case["input"]["notes"].lower() for case in cases]
    assert len(set(inputs)) == len(inputs)
    assert near_duplicates(inputs) == []
    drafted = len(server.log())
    assert {entry["schema"] for entry in server.log()} == {"drafts", "test_cases"}

    result = program.result("refine", "experiment.yaml", env=variables)
    assert result["status"] == "completed" and len(result["versions"]) > 1
    assert result["unknown_prices"] and result["cost_usd"] is None
    assert len(server.log()) > drafted + 50
    assert any(version["status"] in ("accepted", "promoted") for version in result["versions"])


def near_duplicates(texts: list[str]) -> list[tuple[str, str]]:
    """Pairs that have half of their five-character runs in common."""

    def runs(text: str) -> set[str]:
        letters = " ".join(re.findall(r"\w+", text))
        return {letters[start : start + 5] for start in range(len(letters) - 4)}

    sets = [runs(text) for text in texts]
    return [
        (texts[a], texts[b])
        for a in range(len(sets))
        for b in range(a)
        if len(sets[a] & sets[b]) / len(sets[a] | sets[b]) >= 0.5
    ]


def test_a_template_needs_no_model(program: Program, simulator: Callable[..., Simulator]) -> None:
    done = program.run("init", "--template", "customer-support", "--output", "support/support.yaml")
    assert "48 cases" in done.out
    lines = (program.folder / "support/support.cases.jsonl").read_text().splitlines()
    assert len(lines) == 48 and all(json.loads(line)["input"]["message"] for line in lines)
    text = (program.folder / "support/support.yaml").read_text()
    assert "synthetic" in text

    # What it wrote is complete: it runs as soon as its provider is there.
    server = simulator()
    variables = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": f"{server.url}/v1"}
    result = program.result("eval", "support/support.yaml", "--max-budget", "5", env=variables)
    assert result["status"] == "completed" and len(result["outputs"]) == 48


def test_a_template_needs_no_model_at_a_server_of_ones_own_either(program: Program) -> None:
    done = program.run("init", "--template", "customer-support", env={"EDISON_LLM_URL": "http://127.0.0.1:9/v1"})
    assert "Name your model in experiment.yaml" in done.out
    assert 'model: "MODEL"' in (program.folder / "experiment.yaml").read_text()


def test_nothing_that_exists_is_overwritten(program: Program) -> None:
    (program.folder / "experiment.yaml").write_text("mine")
    done = program.run("init", "--template", "customer-support", status=2)
    assert "experiment.yaml exists" in done.err and "--force" in done.err
    assert (program.folder / "experiment.yaml").read_text() == "mine"
    assert not (program.folder / "experiment.cases.jsonl").exists()
    program.run("init", "--template", "customer-support", "--force")
    assert "goal:" in (program.folder / "experiment.yaml").read_text()


def test_without_any_model_it_says_what_to_do(program: Program) -> None:
    done = program.run("init", GOAL, status=2)
    assert "OPENAI_API_KEY" in done.err and "--template customer-support" in done.err
    assert list(program.folder.iterdir()) == []
    assert "sentence" in program.run("init", "short", status=2).err
    assert "customer-support" in program.run("init", "--template", "nonsense", status=2).err


def test_a_model_that_writes_nonsense_is_an_error_and_leaves_no_file(
    program: Program, simulator: Callable[..., Simulator]
) -> None:
    script = program.folder / "script.json"
    script.write_text(json.dumps([{"answer": "I would rather not."}]))
    server = simulator("--behaviour", "script", "--script", script)
    before = set(program.folder.iterdir())
    done = program.run(
        "init", GOAL, "--provider", "openai-compatible", "--base-url", f"{server.url}/v1", "--model", "any", status=3
    )
    assert "rubric" in done.err and len(done.err.splitlines()) < 8
    assert set(program.folder.iterdir()) - before - {server.log_file} == set()
