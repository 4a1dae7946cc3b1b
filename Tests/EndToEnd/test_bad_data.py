"""Faults in the cases: none, one, too large, broken rows and quotes. What can be read is read, the rest is named."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

import labels
from labels import CASES, GOOD, refused
from program import Program
from simulator import Simulator


@pytest.fixture
def server(simulator: Callable[..., Simulator]) -> Simulator:
    return simulator()


@pytest.mark.parametrize("content", ["", "\n\n", "[]"])
def test_an_empty_dataset(program: Program, server: Simulator, content: str) -> None:
    name = "cases.json" if content == "[]" else "cases.jsonl"
    (program.folder / name).write_text(content)
    ended = refused(program, server, GOOD.replace("cases.jsonl", name))
    assert "case" in ended.err and re.search(r"\d+:\d+: ", ended.err)


def test_one_case(program: Program, server: Simulator) -> None:
    """It can be scored, without an interval; to refine on it is too little, which is said before anything is spent."""
    path = program.folder / "labels.yaml"
    labels.write(program, server)
    (program.folder / "cases.jsonl").write_text('{"input": {"notes": "the only object"}}\n')
    result = program.result("eval", path)
    assert result["composite"]["cases"] == 1 and result["composite"]["interval"] is None
    calls = len(server.log())
    ended = program.run("refine", path, status=None)
    assert ended.status in (2, 3) and len(server.log()) == calls
    assert re.search(r"\b1 would be left|\b1 case\b|too few cases", ended.said) and "calls failed" not in ended.said


def test_a_case_that_is_too_large_is_left_out_and_named(program: Program, server: Simulator) -> None:
    large = json.dumps({"input": {"notes": "long " * 420_000}})
    (program.folder / "cases.jsonl").write_text(CASES + large + "\n")
    labels.write(program, server)
    ended = program.run("eval", "labels.yaml", "--json", "result.json")
    assert "row 9" in ended.err and "1024 KiB" in ended.err and len(ended.err) < 2_000
    assert len(json.loads((program.folder / "result.json").read_text())["outputs"]) == 8


def test_bad_rows_are_left_out_and_each_is_named(program: Program, server: Simulator) -> None:
    rows = CASES.splitlines()
    rows[2] = '{"input": {"notes": "cut'
    rows[4] = '{"inputs": {"notes": "misspelt"}}'
    rows[6] = '{"input": {"notes": "x"}, "difficulty": 9}'
    (program.folder / "cases.jsonl").write_text("\n".join(rows))
    labels.write(program, server)
    ended = program.run("eval", "labels.yaml", "--json", "result.json")
    for row in ("row 3", "row 5", "row 7"):
        assert row in ended.err
    assert len(json.loads((program.folder / "result.json").read_text())["outputs"]) == 5


def test_csv_with_broken_quotes(program: Program, server: Simulator) -> None:
    (program.folder / "cases.csv").write_text(
        'notes,tags\n"a ""quoted"" bell",x\n"never closed,y\nplain bell,z\n'
        'stray " quote,z\n"ends, badly"x,z\nlast bell,z\n'
    )
    labels.write(program, server, GOOD.replace("cases.jsonl", "cases.csv"))
    ended = program.run("eval", "labels.yaml", "--json", "result.json")
    for row in ("row 3", "row 5", "row 6"):
        assert row in ended.err, ended.err
    result = json.loads((program.folder / "result.json").read_text())
    assert sorted(case["input"]["notes"] for case in result["cases"]) == ['a "quoted" bell', "last bell", "plain bell"]

    (program.folder / "cases.csv").write_text('notes,"tags\nbell,x\n')
    calls = len(server.log())
    ended = program.run("eval", "labels.yaml", status=2)
    assert "header" in ended.err and "quote" in ended.err and len(server.log()) == calls


def test_unused_fields_are_a_note_and_no_error(program: Program, server: Simulator) -> None:
    (program.folder / "cases.jsonl").write_text('{"input": {"notes": "a", "unread": "b"}}\n{"input": {"notes": "c"}}\n')
    labels.write(program, server)
    assert "unread" in program.run("eval", "labels.yaml").err
