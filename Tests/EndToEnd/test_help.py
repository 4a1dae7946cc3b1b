"""Every command explains itself, and the program behaves in pipes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

import museum
from program import Program
from simulator import Simulator

COMMANDS = (
    "demo init refine eval resume review label generate runs import serve backup restore copy migrate "
    "doctor defaults openapi simulator user worker"
).split()


def test_the_program_lists_its_commands(program: Program) -> None:
    out = program.run("--help").out
    for command in COMMANDS:
        assert re.search(rf"^  {command} +\w", out, re.MULTILINE), command
    assert "edison demo" in out
    assert program.run().out, "without a word it says what there is"
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*\n", program.run("--version").out)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(program: Program, command: str) -> None:
    out = program.run(command, "--help").out
    assert f"USAGE: edison {command}" in out
    options = re.findall(r"^  (--[\w-]+)", out, re.MULTILINE)
    described = re.findall(r"^  (--[\w-]+)[^\n]*?(?:\s{2,}|\n\s{20,})\S", out, re.MULTILINE)
    assert set(options) == set(described), "every option has words"
    assert out == program.run("help", command).out
    assert not re.search(r"\b(TODO|nil|Optional)\b", out)


def test_a_misspelt_option_is_named(program: Program) -> None:
    ended = program.run("eval", "x.yaml", "--concurency", "3", status=2)
    assert "--concurency" in ended.err and "--concurrency" in ended.err
    assert ended.out == ""


@pytest.mark.parametrize("words", ["defaults", "--help", "demo --help"])
def test_a_reader_that_goes_away_is_no_crash(program: Program, words: str) -> None:
    script = f'"$0" {words} | head -c 20 > /dev/null; echo "status ${{PIPESTATUS[0]}}"'
    ended = program.run(prefix=["bash", "-c", script])
    assert "Fatal" not in ended.err and "Stack" not in ended.err
    assert re.search(r"status (0|141|13|1)\n", ended.out)


def test_progress_that_nobody_reads_is_no_crash(program: Program) -> None:
    script = '"$0" demo --json result.json 2>&1 > /dev/null | head -n 3; echo "status ${PIPESTATUS[0]}"'
    ended = program.run(prefix=["bash", "-c", script])
    assert "status 0" in ended.out and "Fatal" not in ended.said
    assert (program.folder / "result.json").exists()


def test_colours_are_for_terminals(program: Program, simulator: Callable[..., Simulator]) -> None:
    path = museum.write(program.folder, museum.experiment(simulator().url, datasets=[{"cases": museum.cases(12)}]))
    assert "\x1b[" not in program.run("refine", path).said
    assert "\x1b[" in program.run("refine", path, "--new", env={"FORCE_COLOR": "1"}).said
