"""`review: every-step` and costly runs: nothing is spent unasked."""

from __future__ import annotations

from collections.abc import Callable

import pexpect

import museum
from program import Program, read_result
from simulator import Simulator
from terminal import QUESTION, ended, reviewed


def test_every_step_asks_before_it_spends(
    program: Program, server: Simulator, terminal: Callable[..., pexpect.spawn]
) -> None:
    parts = reviewed(server.url, "every-step", iterations=1) | {"datasets": [{"cases": museum.cases(12)}]}
    path = museum.write(program.folder, parts)
    assert program.run("refine", path, status=4) and server.log() == [], "without a terminal nothing is spent"
    child = terminal("refine", path, "--json", "result.json")
    child.expect(r"Go on with iteration 1\? \[Y/n\]")
    assert server.log() == []
    child.sendline("n")
    assert ended(child) == 4
    child = terminal("refine", path, "--json", "result.json")
    child.expect(r"Go on with")
    child.sendline("y")
    while child.expect([QUESTION, r"Go on with", pexpect.EOF]) != 2:
        child.sendline("a" if child.after.startswith("[a]") else "y")
    child.close()
    assert child.exitstatus == 0
    result = read_result(program.folder / "result.json")
    # Full mode: every version on every search case.
    search = {case["id"] for case in result["cases"] if case["split"] == "search"}
    for version in result["versions"]:
        assert {output["case_id"] for output in result["outputs"] if output["version_id"] == version["id"]} >= search


def test_in_a_terminal_an_expensive_run_is_confirmed(
    program: Program, server: Simulator, terminal: Callable[..., pexpect.spawn]
) -> None:
    dear = [{"provider": "main", "model": "apprentice", "price": {"input": 50, "output": 200}}]
    path = museum.write(program.folder, museum.experiment(server.url, models=dear))
    child = terminal("refine", path)
    child.expect(r"Expected: .*\$")
    child.expect(r"Go on\? \[y/N\]")
    child.sendline("")
    assert ended(child) == 2 and server.log() == []
