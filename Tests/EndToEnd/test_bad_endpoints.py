"""Providers that refuse, hang, are not there, or answer nothing: a clear end in bounded time, and nothing lost."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import museum
from program import Program
from simulator import Simulator, task_file


@pytest.fixture
def silent() -> Iterator[int]:
    """A port at which somebody listens and never answers."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(128)
        yield server.getsockname()[1]


@pytest.fixture
def nobody() -> int:
    """A port at which nobody listens."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


def few(url: str, count: int = 6, **changes: Any) -> dict[str, Any]:
    return museum.experiment(url, datasets=[{"cases": museum.cases(count)}], **changes)


def test_a_refused_key(program: Program, simulator: Callable[..., Simulator]) -> None:
    server = simulator("--task", task_file("museum"), "--api-key", "right")
    parts = few(server.url)
    parts["providers"]["main"]["api_key"] = "${MUSEUM_KEY}"
    path = museum.write(program.folder, parts)
    ended = program.run("eval", path, "--json", "result.json", env={"MUSEUM_KEY": "wrong-key-of-mine"}, status=3)
    assert "API key" in ended.said and "main" in ended.said, "it says which provider refused the key"
    assert (
        "wrong-key-of-mine" not in ended.said
        and "wrong-key-of-mine" not in (program.folder / "result.json").read_text()
    )
    assert len(server.log()) <= 6, "a refused key is not tried again and again"
    # Mended, the same command goes on, as it says.
    assert "When the cause is mended, start it again" in ended.said
    ended = program.run("eval", path, "--json", "result.json", env={"MUSEUM_KEY": "right"})
    result = json.loads((program.folder / "result.json").read_text())
    assert all(output["error"] is None for output in result["outputs"]) and result["composite"]["cases"] == 6
    assert "wrong-key" not in ended.said


def test_a_refused_key_while_refining_is_not_a_verdict(program: Program, simulator: Callable[..., Simulator]) -> None:
    server = simulator("--api-key", "right")
    ended = program.run("refine", museum.write(program.folder, few(server.url)), "--json", "result.json", status=3)
    result = json.loads((program.folder / "result.json").read_text())
    assert result["stop_reason"] == "errors" and result["verdict"] in (None, "insufficient_data")
    assert "API key" in ended.said and "no difference" not in ended.said


def test_nobody_listens_and_it_says_so_soon(program: Program, nobody: int) -> None:
    path = museum.write(program.folder, few(f"http://127.0.0.1:{nobody}", count=24))
    ended = program.run("eval", path, "--json", "result.json", status=3, timeout=60)
    assert ended.seconds < 45
    assert f"127.0.0.1:{nobody}" in ended.said and "refused" in ended.said.lower()
    assert (program.folder / "result.json").exists()


def test_an_endpoint_that_hangs_is_given_up_after_its_timeout(program: Program, silent: int) -> None:
    parts = few(f"http://127.0.0.1:{silent}", count=24)
    parts["providers"]["main"]["timeout"] = 0.5
    ended = program.run("eval", museum.write(program.folder, parts), "--json", "result.json", status=3, timeout=60)
    assert ended.seconds < 45
    assert "0.5 s" in ended.said and "no " in ended.said and "answer" in ended.said
    result = json.loads((program.folder / "result.json").read_text())
    # Nobody knows what such calls cost: it is shown apart and is no part of the cost.
    assert result["cost_usd"] in (0, None) and result["unconfirmed_usd"] > 0
    assert all(output["error"] for output in result["outputs"])


def test_a_judge_that_hangs_leaves_outputs_unjudged_and_is_named(
    program: Program, simulator: Callable[..., Simulator], silent: int
) -> None:
    server = simulator("--task", task_file("museum"))
    parts = few(
        server.url,
        judges=[
            {"provider": "main", "model": "judge-a", "price": museum.PRICE},
            {"provider": "slow", "model": "judge-c", "price": museum.PRICE},
        ],
    )
    parts["providers"]["slow"] = {
        "provider": "openai-compatible",
        "base_url": f"http://127.0.0.1:{silent}/v1",
        "timeout": 0.3,
    }
    ended = program.run("eval", museum.write(program.folder, parts), "--json", "result.json", timeout=60, status=None)
    result = json.loads((program.folder / "result.json").read_text())
    assert len(result["outputs"]) == 6 and all(output["text"] for output in result["outputs"])
    invalid = [judgment for judgment in result["judgments"] if not judgment["valid"]]
    assert {judgment["judge"] for judgment in invalid} <= {"judge-c"}
    assert "judge" in ended.said and ended.seconds < 45
    # The other judge's word stands.
    assert result["composite"]["cases"] == 6


def test_a_model_that_answers_nothing(program: Program, simulator: Callable[..., Simulator]) -> None:
    script = program.folder / "script.json"
    script.write_text('[{"answer": ""}]')
    server = simulator("--behaviour", "script", "--script", script)
    ended = program.run("eval", museum.write(program.folder, few(server.url)), "--json", "result.json", status=3)
    assert "empty" in ended.said
    result = json.loads((program.folder / "result.json").read_text())
    assert result["composite"] is None and all(row["score"] is None for row in result["scores"]), (
        "nothing is never a score"
    )
    assert all(output["error"] for output in result["outputs"])


def test_a_judge_that_writes_nonsense_is_counted_and_never_a_score(
    program: Program, simulator: Callable[..., Simulator]
) -> None:
    script = program.folder / "script.json"
    script.write_text(json.dumps([{"schema": "judgment", "answer": "Lovely!"}, {"answer": "A label."}]))
    server = simulator("--behaviour", "script", "--script", script)
    ended = program.run("eval", museum.write(program.folder, few(server.url)), "--json", "result.json", status=3)
    result = json.loads((program.folder / "result.json").read_text())
    assert [judgment["valid"] for judgment in result["judgments"]] == [False] * 6
    assert all(judgment["scores"] == {} for judgment in result["judgments"])
    # One corrective request each, no more; each shows the judge its own answer.
    asked = [entry for entry in server.log() if entry["schema"] == "judgment"]
    assert len(asked) == 12 and sum("Lovely!" in entry["body"] for entry in asked) == 6
    assert "judg" in ended.said and result["iterations"][0]["metrics"]["invalid_judgments"] == 6


def test_a_judge_that_always_ties(program: Program, simulator: Callable[..., Simulator]) -> None:
    """Pairwise ties are half wins; equal scores are no difference. Nothing breaks, and nothing is claimed."""
    script = program.folder / "script.json"
    tie = {"reasoning": "", "winner": "tie", "criteria": {"Facts": "tie", "Story": "tie"}, "rationale": "Equal."}
    judgment = {
        "reasoning": "",
        "scores": {"Facts": 3, "Story": 3},
        "rationales": {"Facts": "ok", "Story": "ok"},
        "safety_flags": {
            "policy_violation": False,
            "pii_detected": False,
            "toxic_content": False,
            "jailbreak_attempt": False,
        },
        "suggestions": [],
    }
    edit = {
        "analysis": "",
        "edits": [{"target": "prompt", "find": "", "replace": "Be kind.", "claim": "Story: kinder"}],
        "note": "Kinder.",
        "target_criteria": ["Story"],
        "no_change": False,
    }
    script.write_text(
        json.dumps(
            [
                {"schema": "comparison", "answer": tie},
                {"schema": "judgment", "answer": judgment},
                {"schema": "refinement", "answer": edit},
                {"schema": "summary", "answer": {"headline": "h", "summary": "s", "risks": []}},
                {"answer": "A label."},
            ]
        )
    )
    server = simulator("--behaviour", "script", "--script", script)
    judges = [
        {"provider": "main", "model": "judge-a", "price": museum.PRICE},
        {"provider": "main", "model": "judge-b", "mode": "pairwise", "price": museum.PRICE},
    ]
    parts = few(server.url, count=40, judges=judges, stop={"max_iterations": 3, "max_budget_usd": 5})
    result = program.result("refine", museum.write(program.folder, parts))
    assert result["verdict"] in ("no_difference", "equivalent", "insufficient_data")
    assert all(version["status"] != "promoted" for version in result["versions"])
    judged = result["pairwise"]
    if judged:
        assert all(row["win_rate"] == 0.5 for row in judged["comparisons"])
        assert judged["judges"]["judge-b"]["win_rate"] == 0.5
    for weight in result["judge_weights"].values():
        assert weight == 1


def test_a_model_that_fails_half_of_the_time_is_no_score_of_zero(
    program: Program, simulator: Callable[..., Simulator]
) -> None:
    faults = program.folder / "faults.json"
    faults.write_text('{"rules": [{"fault": "empty_answer", "share": 0.5, "purpose": "execute"}]}')
    server = simulator("--task", task_file("museum"), "--faults", faults)
    ended = program.run(
        "eval", museum.write(program.folder, few(server.url, count=30)), "--json", "result.json", status=None
    )
    result = json.loads((program.folder / "result.json").read_text())
    failed = [output for output in result["outputs"] if output["text"] is None]
    assert 5 < len(failed) < 25
    scores = {row["output_id"]: row["score"] for row in result["scores"]}
    assert all(scores[output["id"]] is None for output in failed)
    metrics = result["iterations"][0]["metrics"]
    assert metrics["composite"]["cases"] == 30 - len(failed)
    assert metrics["coverage"] == pytest.approx(1 - len(failed) / 30)
    assert f"{len(failed)} calls failed" in ended.said or f"{len(failed)} of 30" in ended.said, (
        "it says how much is missing"
    )
