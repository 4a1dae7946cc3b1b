"""Live progress: a bar with calls, cost and time left in a terminal, plain lines elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable

import pexpect

import museum
from program import Program
from simulator import Simulator, task_file


def test_in_a_terminal_a_bar_counts_calls_cost_and_time_left(
    program: Program, simulator: Callable[..., Simulator], terminal: Callable[..., pexpect.spawn]
) -> None:
    server = simulator("--task", task_file("museum"), "--latency", 40)
    path = museum.write(program.folder, museum.experiment(server.url))
    child = terminal("refine", path)
    child.expect(pexpect.EOF)
    shown = child.before
    drawn = [
        line for line in re.split(r"\r\x1b\[K|\r\n", shown) if re.search(r"\d+ calls", line) and "Expected" not in line
    ]
    bars = [line for line in drawn if "Cost:" not in line]
    assert len(bars) > 5, "it is drawn while the run goes on"
    counts = [int(re.search(r"(\d+) calls", line)[1]) for line in bars]  # type: ignore[index]
    assert counts == sorted(counts) and counts[-1] > counts[0]
    assert any("$" in line for line in bars) and any("left" in line for line in bars)
    plain = [re.sub(r"\x1b\[[\d;]*m", "", line) for line in bars]
    assert max(map(len, plain)) < 160, "it fits on a line"
    # Nothing of the bar is left on the screen when the result is printed.
    assert re.search(r"\r\x1b\[K[^\r]*\r?\n", shown)


def test_elsewhere_plain_lines(program: Program, simulator: Callable[..., Simulator]) -> None:
    server = simulator("--task", task_file("museum"))
    ended = program.run("refine", museum.write(program.folder, museum.experiment(server.url)))
    assert "\r" not in ended.said and "\x1b" not in ended.said
    assert len(re.findall(r"^Iteration \d+  version \d+ scores", ended.err, re.MULTILINE)) == 4
