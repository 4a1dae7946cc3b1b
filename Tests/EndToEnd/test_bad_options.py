"""Faults of the command itself."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

import labels
from program import Program
from simulator import Simulator


@pytest.fixture
def server(simulator: Callable[..., Simulator]) -> Simulator:
    return simulator()


@pytest.mark.parametrize(
    "words",
    [
        ["--seed", "-1"],
        ["--seed", "x"],
        ["--seed", "99999999999999999999999"],
        ["--concurrency", "0"],
        ["--concurrency", "many"],
        ["--concurrency", "100000"],
        ["--fail-under", "2"],
        ["--fail-under", "nan"],
        ["--max-budget", "-1"],
        ["--max-budget", "nan"],
        ["--max-budget", "inf"],
        ["--nonsense"],
        ["--json"],
    ],
)
def test_bad_options(program: Program, server: Simulator, words: list[str]) -> None:
    labels.write(program, server)
    ended = program.run("eval", "labels.yaml", *words, status=2)
    assert words[0] in ended.err or "Usage" in ended.err
    assert server.log() == [] and ended.out == ""
    assert not (program.folder / ".edison").exists(), "nothing is made"


def test_the_largest_seed_is_the_seed_of_the_result(program: Program, server: Simulator) -> None:
    labels.write(program, server)
    for seed in (0, 2**63 - 1):
        assert program.result("eval", "labels.yaml", "--seed", seed)["seed"] == seed
    ended = program.run("eval", "labels.yaml", "--seed", 2**64 - 1, "--json", "result.json", status=None)
    assert ended.status == 2 or json.loads((program.folder / "result.json").read_text())["seed"] == 2**64 - 1


def test_no_file_and_an_unknown_command(program: Program) -> None:
    assert "<file>" in program.run("refine", status=2).err
    ended = program.run("refien", "x.yaml", status=2)
    assert "refien" in ended.err
