"""Ctrl-C and a kill in the middle: nothing is lost, nothing answered is asked again, and the end is the same."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import museum
from conftest import Postgres
from program import Program, read_result
from result_form import faults
from sameness import assert_same
from simulator import Simulator, task_file

CONCURRENCY = 8


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The result of the run when nobody disturbs it, and the provider's log."""
    program = Program(tmp_path_factory.mktemp("whole"))
    server = Simulator(program, "--task", task_file("museum"))
    try:
        result = program.result("refine", museum.write(program.folder, museum.experiment(server.url)))
        return result, server.log()
    finally:
        server.stop()


@pytest.fixture
def slow(simulator: Callable[..., Simulator]) -> Simulator:
    """Slow enough that calls are under way whenever it is stopped."""
    return simulator("--task", task_file("museum"), "--latency", 15)


def places(requests: int) -> list[int]:
    """After how many answers to stop; seeded, and printed so that a failure can be repeated."""
    seed = int(os.environ.get("EDISON_TEST_SEED", "20261"))
    found = sorted(random.Random(seed).sample(range(5, requests - 10), 3))
    print(f"stops after {found} answers (EDISON_TEST_SEED={seed})")
    return found


def test_ctrl_c_ends_with_130_and_a_result_and_resume_ends_the_same(
    program: Program, slow: Simulator, uninterrupted: tuple[dict[str, Any], list[dict[str, Any]]]
) -> None:
    path = museum.write(program.folder, museum.experiment(slow.url))
    for place in places(len(uninterrupted[1])):
        run = program.start("refine", path, "--json", "result.json", "--junit", "junit.xml")
        slow.wait_for(place, run)
        run.send_signal(signal.SIGINT)
        assert run.wait(20) == 130
        said = (program.folder / "started.err").read_text()
        assert "Stopping" in said and "edison resume" in said and "Fatal" not in said
        partial = read_result(program.folder / "result.json")
        assert partial["status"] == "paused" and partial["stop_reason"] == "cancelled"
        assert faults(partial) == []
        assert partial["versions"] and partial["outputs"] and partial["judgments"]
        assert partial["first_version_id"] == partial["versions"][0]["id"]
        assert (program.folder / "junit.xml").exists()
        assert not [name for name in os.listdir(program.folder) if name.startswith(".") and "json" in name]
    ended = program.run("resume", "--json", "result.json")
    assert "Going on" in ended.err
    assert_same(uninterrupted[0], read_result(program.folder / "result.json"), with_costs=False)
    assert_nothing_asked_twice(slow.log(), uninterrupted[1], attempts(program.folder / ".edison/edison.db"), 3)


def test_a_kill_in_the_middle_loses_nothing(
    program: Program, slow: Simulator, uninterrupted: tuple[dict[str, Any], list[dict[str, Any]]]
) -> None:
    path, database = museum.write(program.folder, museum.experiment(slow.url)), program.folder / "run.db"
    for place in places(len(uninterrupted[1])):
        run = program.start("refine", path, "--database", database, "--concurrency", CONCURRENCY)
        slow.wait_for(place, run)
        run.kill()
        assert run.wait(20) == -signal.SIGKILL
    result = program.result("refine", path, "--database", database, "--concurrency", CONCURRENCY)
    assert_same(uninterrupted[0], result, with_costs=False)
    assert_nothing_asked_twice(slow.log(), uninterrupted[1], attempts(database), 3)
    lost = list(attempts(database).values()).count("lost")
    assert (result["unconfirmed_usd"] > 0) == (lost > 0), "what nobody can confirm is shown apart"


def test_a_kill_on_postgresql_too(
    program: Program,
    slow: Simulator,
    postgres: Postgres,
    uninterrupted: tuple[dict[str, Any], list[dict[str, Any]]],
) -> None:
    path, database = museum.write(program.folder, museum.experiment(slow.url)), postgres.database()
    run = program.start("refine", path, "--database", database, "--concurrency", CONCURRENCY)
    slow.wait_for(places(len(uninterrupted[1]))[1], run)
    run.kill()
    run.wait(20)
    result = program.result("refine", path, "--database", database, "--concurrency", CONCURRENCY)
    assert_same(uninterrupted[0], result, with_costs=False)
    rows = postgres.sql("SELECT id || ' ' || status FROM model_attempt", database).splitlines()
    assert_nothing_asked_twice(slow.log(), uninterrupted[1], dict(row.split() for row in rows), 1)


def attempts(database: Path) -> dict[str, str]:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10) as db:
        return dict(db.execute("SELECT id, status FROM model_attempt"))


def assert_nothing_asked_twice(
    log: list[dict[str, Any]], whole: list[dict[str, Any]], attempts: dict[str, str], stops: int
) -> None:
    """The provider was asked exactly what it is asked without a stop, and once more what was under way at one."""
    assert set(attempts.values()) <= {"settled", "lost"}, "nothing stays open"
    lost = {attempt for attempt, status in attempts.items() if status == "lost"}
    assert len(lost) <= stops * CONCURRENCY
    asked = Counter(entry["body_sha256"] for entry in log if entry["attempt"] not in lost)
    assert asked == Counter(entry["body_sha256"] for entry in whole)


def test_two_ctrl_c_end_it_at_once(program: Program, simulator: Callable[..., Simulator]) -> None:
    server = simulator("--task", task_file("museum"), "--latency", 3000)
    path = museum.write(program.folder, museum.experiment(server.url))
    run = program.start("refine", path)
    # The first requests are under way for three seconds: nothing is answered yet.
    time.sleep(1.0)
    run.send_signal(signal.SIGINT)
    time.sleep(0.3)
    if run.poll() is None:
        run.send_signal(signal.SIGINT)
    assert run.wait(5) == 130


def test_sigterm_is_as_good_as_ctrl_c(program: Program, slow: Simulator) -> None:
    path = museum.write(program.folder, museum.experiment(slow.url))
    run = program.start("eval", path, "--json", "result.json")
    slow.wait_for(20, run)
    run.terminate()
    assert run.wait(20) == 130
    assert read_result(program.folder / "result.json")["status"] == "paused"
    assert len(program.result("eval", path)["outputs"]) == 44
