"""Checks: deterministic criteria that need no judge, and what they decide."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import museum
from program import Program
from simulator import Simulator


def test_a_file_with_checks_alone_needs_no_judge(program: Program, simulator: Callable[..., Simulator]) -> None:
    # The provider echoes the message, so each check's outcome is known.
    server = simulator("--behaviour", "echo")
    cases: list[dict[str, Any]] = [
        {"input": {"notes": "the number is 41.5 and the word is bell"}, "expected": "bell"},
        {"input": {"notes": "the number is 12 and no such word"}, "expected": "bell"},
        {"input": {"notes": "FORBIDDEN bell 42"}, "expected": "bell"},
        {"input": {"notes": "bell 40 " + "long " * 30}, "expected": "bell"},
    ]
    rubric = [
        {"name": "names it", "weight": 0.4, "check": {"contains": "{expected}"}},
        {"name": "short", "weight": 0.3, "check": {"max_words": 20}},
        {"name": "near 42", "weight": 0.3, "check": {"numeric_tolerance": {"tolerance": 1, "value": 42}}},
        {"name": "clean", "weight": 0, "check": {"not_contains": "forbidden"}, "gate": True},
    ]
    parts = museum.experiment(
        server.url, rubric=rubric, judges=None, refiner=None, prompt="{{notes}}", datasets=[{"cases": cases}]
    )
    result = program.result("eval", museum.write(program.folder, parts))
    assert result["calls"]["judge"] == 0 and result["judgments"] == []
    notes = {case["id"]: case["input"]["notes"] for case in result["cases"]}
    outputs = {output["id"]: notes[output["case_id"]] for output in result["outputs"]}
    scores = {outputs[row["output_id"]]: round(row["score"], 9) for row in result["scores"]}
    assert scores == {
        cases[0]["input"]["notes"]: 1.0,  # names it, short, within 1 of 42
        cases[1]["input"]["notes"]: 0.3,  # only short
        cases[2]["input"]["notes"]: 0.0,  # the gate fails the case
        cases[3]["input"]["notes"]: 0.4,  # only names it
    }
    assert len(server.log()) == 4


def test_a_case_may_carry_checks_of_its_own(program: Program, simulator: Callable[..., Simulator]) -> None:
    server = simulator("--behaviour", "echo")
    cases = [
        {
            "input": {"notes": '{"queue": "billing"}'},
            "checks": [{"json_schema": {"type": "object", "required": ["queue"]}}, {"regex": "b.ll"}],
        },
        {"input": {"notes": "not JSON"}, "checks": [{"json_schema": {"type": "object"}}]},
        {"input": {"notes": "plain"}},
    ]
    (program.folder / "cases.jsonl").write_text("".join(json.dumps(case) + "\n" for case in cases))
    parts = museum.experiment(
        server.url,
        rubric=[{"name": "short", "weight": 1, "check": {"max_words": 20}}],
        judges=None,
        refiner=None,
        prompt="{{notes}}",
        datasets=[{"file": "cases.jsonl"}],
    )
    result = program.result("eval", museum.write(program.folder, parts))
    notes = {case["id"]: case["input"]["notes"] for case in result["cases"]}
    outputs = {output["id"]: notes[output["case_id"]] for output in result["outputs"]}
    rows = {outputs[row["output_id"]]: row for row in result["scores"]}
    assert [rows[case["input"]["notes"]]["score"] for case in cases] == [1, 0, 1]
    assert [rows[case["input"]["notes"]]["own_checks"] for case in cases] == [True, False, None]
    assert [case["checks"] for case in result["cases"]] == [case.get("checks", []) for case in cases]


def test_expected_values_are_compared_beside_the_composite(
    program: Program, simulator: Callable[..., Simulator]
) -> None:
    server = simulator("--behaviour", "echo")
    cases = [
        {"input": {"notes": f"answer {number}"}, "expected": "answer 1" if number < 6 else f"answer {number}"}
        for number in range(12)
    ]
    parts = museum.experiment(
        server.url,
        rubric=[{"name": "short", "weight": 1, "check": {"max_words": 20}}],
        judges=None,
        refiner=None,
        prompt="{{notes}}",
        datasets=[{"cases": cases}],
        compare="exact",
    )
    result = program.result("eval", museum.write(program.folder, parts))
    assert result["composite"]["score"] == 1
    match = result["iterations"][0]["metrics"]["expected_match"]
    assert match and abs(match["score"] - 7 / 12) < 1e-9
