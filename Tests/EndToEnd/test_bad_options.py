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


@pytest.mark.parametrize(
    ("command", "words", "said"),
    [
        ("label", ["--export", "a.jsonl", "--import", "b.jsonl"], "two steps: name one of them"),
        ("label", ["--export", "-", "--json", "-"], "only one of --export and --json"),
        ("eval", ["--json", "-", "--junit", "-"], "Only one of --json, --junit and --markdown"),
    ],
)
def test_standard_output_and_the_steps_of_labels_are_taken_once(
    program: Program, server: Simulator, command: str, words: list[str], said: str
) -> None:
    labels.write(program, server)
    ended = program.run(command, "labels.yaml", *words, status=2)
    assert said in ended.err and ended.out == ""
    assert server.log() == [], "a call was made"


def test_labels_that_are_no_text_are_refused(program: Program, server: Simulator) -> None:
    labels.write(program, server)
    (program.folder / "labels.jsonl").write_bytes(b'{"score": "\xff\xfe"}\n')
    ended = program.run("label", "labels.yaml", "--import", "labels.jsonl", status=2)
    assert "labels.jsonl is not UTF-8" in ended.err
    ended.assert_readable()


@pytest.mark.parametrize("option", ["--script", "--faults", "--task"])
def test_files_of_the_simulator_that_are_missing_or_broken_are_named(program: Program, option: str) -> None:
    behaviour = {"--script": "script"}.get(option, "apprentice")
    (program.folder / "broken.json").write_text("{not json", encoding="utf-8")
    for file, said in [("absent.json", 'Cannot read "absent.json"'), ("broken.json", "broken.json is not JSON")]:
        ended = program.run("simulator", "--port", 0, "--behaviour", behaviour, option, file, status=2, timeout=30)
        assert said in ended.err
        ended.assert_readable()
