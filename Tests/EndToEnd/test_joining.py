"""Two processes on one run: they share its work, pay for nothing twice, and one goes on when the other dies."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import museum
from conftest import Postgres
from program import Program, read_result
from sameness import assert_same
from simulator import Simulator, task_file

LATENCY = 40


def parts(url: str) -> dict[str, Any]:
    return museum.experiment(url, datasets=[{"cases": museum.cases(40)}], mode="full", holdout=0.4, reserve=0)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], int]:
    """The result of one process alone, and how many requests it made."""
    program = Program(tmp_path_factory.mktemp("alone"))
    server = Simulator(program, "--task", task_file("museum"))
    try:
        result = program.result("refine", museum.write(program.folder, parts(server.url)))
        return result, len(server.log())
    finally:
        server.stop()


class Pair:
    """Two processes with the same file, each with a simulator of its own, so that one sees who asked for what."""

    def __init__(self, folder: Path, database: str, simulator: Callable[..., Simulator]):
        self.programs = [Program(folder / name) for name in ("leader", "other")]
        self.servers: list[Simulator] = []
        self.runs: list[Any] = []
        self.database = database
        for program in self.programs:
            program.folder.mkdir()
            self.servers.append(simulator("--task", task_file("museum"), "--latency", LATENCY, name=program.folder.name))

    def start(self, place: int, *options: str) -> None:
        program = self.programs[place]
        path = museum.write(program.folder, parts(self.servers[place].url))
        run = program.start("refine", path, "--database", self.database, "--json", "result.json", *options)
        self.runs[place:place + 1] = [run]

    def said(self, place: int) -> str:
        folder = self.programs[place].folder
        return (folder / "started.err").read_text() + (folder / "started.out").read_text()

    def end(self, place: int, seconds: float = 120) -> dict[str, Any]:
        assert self.runs[place].wait(seconds) == 0, self.said(place)
        return read_result(self.programs[place].folder / "result.json")

    @property
    def requests(self) -> list[int]:
        return [len(server.log()) for server in self.servers]


@pytest.fixture
def pair(tmp_path: Path, database: str, simulator: Callable[..., Simulator]) -> Pair:
    return Pair(tmp_path, database, simulator)


@pytest.mark.parametrize("limited", [0, 1], ids=["the leader's", "the other's"])
def test_the_lower_limit_holds_whoever_has_it(limited: int, pair: Pair, alone: tuple[dict[str, Any], int]) -> None:
    limit = round(float(alone[0]["cost_usd"]) / 3, 4)
    options = [(), ()]
    options[limited] = ("--max-budget", str(limit))
    pair.start(0, *options[0])
    pair.servers[0].wait_for(3, pair.runs[0])
    pair.start(1, *options[1])
    for place in (0, 1):
        status = pair.runs[place].wait(120)
        assert status in (0, 3), pair.said(place)
    spent = [float(read_result(program.folder / "result.json")["cost_usd"]) for program in pair.programs]
    assert max(spent) <= limit
    assert "budget" in pair.said(limited)
    # The limit that held is the one that the result names, and whoever has a higher one goes on.
    results = [read_result(program.folder / "result.json") for program in pair.programs]
    assert [float(result["experiment"]["stop"]["max_budget_usd"]) for result in results] == [limit, limit]
    pair.start(1 - limited)
    assert float(pair.end(1 - limited)["cost_usd"]) > limit


def test_two_processes_share_the_work_of_one_run(pair: Pair, alone: tuple[dict[str, Any], int]) -> None:
    pair.start(0)
    pair.servers[0].wait_for(3, pair.runs[0])
    pair.start(1)
    results = [pair.end(0), pair.end(1)]
    assert "takes part" in pair.said(1)
    for result in results:
        # Which of two equal judgments is asked for and which comes from the cache depends on who is first.
        assert_same(alone[0], result, with_costs=False)
    mine, other = pair.requests
    print(f"requests: {mine} by the leader, {other} by the other, {alone[1]} alone")
    assert other > 0.2 * alone[1], "the second one did its part"
    assert results[0]["unconfirmed_usd"] == 0
    # No two executions are equal: the seed is derived from version, case, model and replicate.
    executions = [
        entry["body_sha256"]
        for server in pair.servers
        for entry in server.log()
        if "response_format" not in entry["body"]
    ]
    assert len(executions) == len(set(executions)) == results[0]["calls"]["execute"], "no execution is paid twice"


def test_the_other_one_goes_on_when_the_leader_is_killed(pair: Pair, alone: tuple[dict[str, Any], int]) -> None:
    pair.start(0)
    pair.servers[0].wait_for(20, pair.runs[0])
    pair.start(1)
    pair.servers[1].wait_for(20, pair.runs[1])
    pair.runs[0].kill()
    pair.runs[0].wait(20)
    killed = time.monotonic()
    result = pair.end(1)
    print(f"ended {time.monotonic() - killed:.1f} s after the kill")
    assert_same(alone[0], result, with_costs=False)
    assert result["verdict"] == alone[0]["verdict"]


def test_the_leader_goes_on_when_the_other_one_is_killed(pair: Pair, alone: tuple[dict[str, Any], int]) -> None:
    pair.start(0)
    pair.servers[0].wait_for(20, pair.runs[0])
    pair.start(1)
    pair.servers[1].wait_for(20, pair.runs[1])
    pair.runs[1].kill()
    pair.runs[1].wait(20)
    killed = time.monotonic()
    result = pair.end(0)
    # A dead process's jobs are free at once: nobody waits for a lease of a minute.
    assert time.monotonic() - killed < 45
    assert_same(alone[0], result, with_costs=False)


def test_a_process_with_a_wrong_key_harms_nobody(
    tmp_path: Path, database: str, simulator: Callable[..., Simulator], alone: tuple[dict[str, Any], int]
) -> None:
    pair = Pair(tmp_path, database, simulator)
    pair.servers[1] = simulator("--task", task_file("museum"), "--api-key", "another", name="locked")
    pair.start(0)
    pair.servers[0].wait_for(20, pair.runs[0])
    pair.start(1)
    results = [pair.end(0), pair.end(1)]
    for result in results:
        assert_same(alone[0], result, with_costs=False)
    assert "takes no more part" in pair.said(1), pair.said(1)
    assert all(output["error"] is None for output in results[0]["outputs"])


def test_a_dead_process_whose_parent_does_not_look_is_dead(
    tmp_path: Path, database: str, simulator: Callable[..., Simulator], alone: tuple[dict[str, Any], int]
) -> None:
    """Killed and not waited for: it keeps its number, and nothing else."""
    pair = Pair(tmp_path, database, simulator)
    pair.start(0)
    pair.servers[0].wait_for(20, pair.runs[0])
    os.kill(pair.runs[0].pid, signal.SIGKILL)
    pair.start(1)
    assert_same(alone[0], pair.end(1, 60), with_costs=False)
    pair.runs[0].wait(5)


def test_a_leader_that_loses_its_connection_leaves_the_lead(
    program: Program, simulator: Callable[..., Simulator], postgres: Postgres, alone: tuple[dict[str, Any], int]
) -> None:
    server = simulator("--task", task_file("museum"), "--latency", LATENCY)
    path, database = museum.write(program.folder, parts(server.url)), postgres.database()
    run = program.start("refine", path, "--database", database)
    server.wait_for(30, run)
    postgres.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid IN "
        "(SELECT pid FROM pg_locks WHERE locktype = 'advisory')",
        database,
    )
    assert run.wait(30) == 3
    said = (program.folder / "started.err").read_text()
    assert "the lead of this run" in said and "Start it again" in said
    again = program.result("refine", path, "--database", database)
    assert_same(alone[0], again, with_costs=False)


def test_the_queue_is_empty_when_a_run_has_ended(program: Program, server: Simulator, postgres: Postgres) -> None:
    database = postgres.database()
    program.run("refine", museum.write(program.folder, museum.experiment(server.url)), "--database", database)
    assert postgres.sql("SELECT COUNT(*) FROM job", database) == "0"
    assert postgres.sql("SELECT COUNT(*) FROM job_owner", database) == "0"
