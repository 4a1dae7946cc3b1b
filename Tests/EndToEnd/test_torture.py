"""Killed at many moments, on both databases: a run that is started again ends as one that was never killed.

A sample of the moments is part of every run of the tests; `bin/test torture` takes all hundred on each database. A
moment is after the k-th commit (the program ends itself there), after the k-th answer, or at any time.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import museum
from conftest import Postgres
from ledger import Ledger, price
from program import Program
from sameness import assert_same
from simulator import Simulator, task_file

MOMENTS = int(os.environ.get("EDISON_TORTURE_MOMENTS", "10"))
SEED = int(os.environ.get("EDISON_TEST_SEED", "4711"))
KILLS = 5
CONCURRENCY = 8
LATENCY = 15


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The result of the run when nobody kills it, and the provider's log."""
    program = Program(tmp_path_factory.mktemp("whole"))
    server = Simulator(program, "--task", task_file("museum"))
    try:
        path = museum.write(program.folder, museum.experiment(server.url))
        return program.result("refine", path), server.log()
    finally:
        server.stop()


@pytest.mark.parametrize("number", range(max(1, MOMENTS // KILLS)))
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_killed_and_started_again(
    kind: str,
    number: int,
    program: Program,
    simulator: Callable[..., Simulator],
    postgres: Postgres,
    whole: tuple[dict[str, Any], list[dict[str, Any]]],
) -> None:
    expected, log = whole
    draw = random.Random(f"{SEED} {kind} {number}")
    server = simulator("--task", task_file("museum"), "--latency", LATENCY)
    path = museum.write(program.folder, museum.experiment(server.url))
    database = str(program.folder / "run.db") if kind == "sqlite" else postgres.database()
    kills = 0
    for _ in range(KILLS):
        kills += kill_once(program, server, path, database, draw, len(log))
    result = program.result("refine", path, "--database", database, "--concurrency", CONCURRENCY)
    assert_same(expected, result, with_costs=False)
    assert_ledger(Ledger(database, postgres if kind == "postgres" else None), server.log(), log, result, kills)


def kill_once(
    program: Program,
    server: Simulator,
    path: Path,
    database: str,
    draw: random.Random,
    answers: int,
) -> int:
    """Starts the run and kills it at a moment; 0 when it had ended before. The moment is printed, to be repeated."""
    way = draw.choice(["commits", "answers", "time"])
    # Each of the kills in its part of the run, more or less: what comes after the last one is a fifth or so.
    share = draw.uniform(0.01, 1.6 / (KILLS + 1))
    words = ["refine", path, "--database", database, "--concurrency", CONCURRENCY]
    if way == "commits":
        # Every answer takes about three: reserve, settle, store.
        count = max(1, round(share * 3 * answers))
        print(f"kill after {count} commits (EDISON_TEST_SEED={SEED})")
        run = program.start(*words, env={"EDISON_CRASH_AFTER_COMMITS": str(count)})
        return int(run.wait(120) == -signal.SIGKILL)
    run = program.start(*words)
    if way == "answers":
        count = len(server.log()) + max(1, round(share * answers))
        print(f"kill after {count} answers in all (EDISON_TEST_SEED={SEED})")
        while len(server.log()) < count and run.poll() is None:
            time.sleep(0.003)
    else:
        seconds = share * 4
        print(f"kill after {seconds:.3f} s (EDISON_TEST_SEED={SEED})")
        try:
            run.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
    if run.poll() is not None:
        return 0
    run.kill()
    assert run.wait(20) == -signal.SIGKILL
    return 1


def assert_ledger(
    ledger: Ledger, log: list[dict[str, Any]], whole: list[dict[str, Any]], result: dict[str, Any], kills: int
) -> None:
    attempts = ledger.attempts
    assert {status for status, _, _ in attempts.values()} <= {"settled", "lost"}, "nothing stays open"
    lost = {name for name, (status, _, _) in attempts.items() if status == "lost"}
    assert len(lost) <= kills * CONCURRENCY
    # Whatever reached the provider is in the ledger, by the id that it carried.
    assert {entry["attempt"] for entry in log} <= attempts.keys()
    # No call whose answer was stored is made again.
    asked = Counter(entry["body_sha256"] for entry in log if entry["attempt"] not in lost)
    assert asked == Counter(entry["body_sha256"] for entry in whole)
    # To the nano-dollar: what the provider counted for the settled attempts.
    counted = {entry["attempt"]: price(entry) for entry in log if entry["attempt"] not in lost}
    assert {name: int(attempts[name][1]) for name in counted} == counted
    assert result["cost_usd"] == Decimal(sum(counted.values())) / 10**9
    # No reservation is left open; that of a lost attempt is shown apart.
    held = sum(reserved for status, _, reserved in attempts.values() if status == "lost")
    assert result["unconfirmed_usd"] == Decimal(held) / 10**9
    budgets = ledger.rows("SELECT reserved_nano, reserved_tokens, spent_nano, unconfirmed_nano FROM budget")
    assert [[int(cell) for cell in row] for row in budgets] == [[0, 0, sum(counted.values()), held]]
    for table in ("job", "job_owner"):
        assert ledger.rows(f"SELECT COUNT(*) FROM {table}") == [["0"]]
