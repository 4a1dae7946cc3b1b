"""Killed at many moments, on both databases: a run that is started again ends as one that was never killed.

A sample of the moments is part of every run of the tests; `bin/test torture` takes all hundred on each database. A
moment is after the k-th commit (the program ends itself there), after the k-th answer, or at a time. The moments are
spread evenly over what the run makes when nobody kills it; in every second run come two more, at its very end. Where
they really fell is printed.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
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
RUNS = max(1, MOMENTS // KILLS)
CONCURRENCY = 8
LATENCY = 15
KINDS = ["sqlite", "postgres"]


@dataclass
class Whole:
    """What a run makes on one database when nobody kills it."""

    result: dict[str, Any]
    log: list[dict[str, Any]]
    commits: int
    # Before the first answer.
    opening_commits: int
    opening_seconds: float
    seconds: float
    # What a sitting makes that finds every answer given.
    last_commits: int

    def progress(self, log: list[dict[str, Any]]) -> float:
        """The share of its answers that were given by now; what is asked once more counts once."""
        needed = Counter(entry["body_sha256"] for entry in self.log)
        given = Counter(entry["body_sha256"] for entry in log)
        return (needed & given).total() / needed.total()


@dataclass
class Sitting:
    """A run that is killed and started again, with what it takes to do so."""

    program: Program
    server: Simulator
    path: Path
    database: str
    whole: Whole | None = None
    kills: int = 0

    @property
    def words(self) -> list[Any]:
        return ["refine", self.path, "--database", self.database, "--concurrency", CONCURRENCY]

    @property
    def tally(self) -> Path:
        return self.program.folder / "commits"

    def commits(self) -> int:
        return self.tally.stat().st_size if self.tally.exists() else 0

    def start(self, crash_after: int | None = None) -> subprocess.Popen[str]:
        self.tally.unlink(missing_ok=True)
        crash = {} if crash_after is None else {"EDISON_CRASH_AFTER_COMMITS": str(crash_after)}
        return self.program.start(*self.words, env={"EDISON_COMMITS_FILE": str(self.tally)} | crash)

    def kill_after_answers(self, count: int) -> bool:
        run = self.start()
        while len(self.server.log()) < count and run.poll() is None:
            time.sleep(0.003)
        return self.kill(run)

    def kill(self, run: subprocess.Popen[str]) -> bool:
        """False when it had ended before."""
        if run.poll() is not None:
            return False
        run.kill()
        assert run.wait(20) == -signal.SIGKILL
        return True


@dataclass
class Spread:
    """Where the kills fell: by the share of the answers that were given, and how many at the end of the run."""

    shares: dict[str, list[float]] = field(default_factory=dict)
    ends: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    def lines(self) -> Iterator[str]:
        for kind, shares in self.shares.items():
            tenths = Counter(min(9, int(share * 10)) for share in shares)
            counts = " ".join(str(tenths[tenth]) for tenth in range(10))
            yield (
                f"{kind}: kills by tenths of the answers: {counts}; at the last commits, all answers given: "
                f"{self.ends[kind]}; too late, the run had ended: {self.missed[kind]}"
            )


@pytest.fixture(scope="module")
def spread(request: pytest.FixtureRequest) -> Iterator[Spread]:
    found = Spread()
    yield found
    plugins = request.config.pluginmanager
    with plugins.getplugin("capturemanager").global_and_fixture_disabled():
        for line in found.lines():
            plugins.getplugin("terminalreporter").write_line(f"\n{line}")


@pytest.fixture(scope="module", params=KINDS)
def whole(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, postgres: Postgres) -> Whole:
    """A run that nobody kills, and another one that is killed once all answers are given, for what is left then."""
    counted = [begin(request.param, tmp_path_factory.mktemp("whole"), postgres) for _ in range(2)]
    try:
        alone, late = counted
        began = time.monotonic()
        run = alone.start()
        alone.server.wait_for(1, run)
        opening = (alone.commits(), time.monotonic() - began)
        assert run.wait(120) == 0
        seconds, commits, log = time.monotonic() - began, alone.commits(), alone.server.log()
        result = alone.program.result(*alone.words)
        assert alone.server.log() == log, "a finished run asks for nothing"
        assert late.kill_after_answers(len(log))
        assert late.start().wait(120) == 0
        return Whole(result, log, commits, *opening, seconds, late.commits())
    finally:
        for one in counted:
            one.server.stop()


def begin(kind: str, folder: Path, postgres: Postgres) -> Sitting:
    program = Program(folder)
    server = Simulator(program, "--task", task_file("museum"), "--latency", LATENCY)
    path = museum.write(folder, museum.experiment(server.url))
    return Sitting(program, server, path, str(folder / "run.db") if kind == "sqlite" else postgres.database())


@pytest.mark.parametrize("number", range(RUNS))
def test_killed_and_started_again(
    number: int, tmp_path: Path, postgres: Postgres, whole: Whole, spread: Spread, request: pytest.FixtureRequest
) -> None:
    kind = request.node.callspec.params["whole"]
    draw = random.Random(f"{SEED} {kind} {number}")
    run = begin(kind, tmp_path, postgres)
    run.whole = whole
    try:
        for kill in range(KILLS):
            # Each moment of all runs has its own part of the run, and each run moments in all of its fifths.
            kill_at((kill * RUNS + number + draw.random()) / (KILLS * RUNS), kind, run, draw, spread)
        if number % 2 == 1 or RUNS == 1:
            kill_at_the_end((number // 2 + draw.random()) / max(1, RUNS // 2), kind, run, spread)
        result = run.program.result(*run.words)
        log = run.server.log()
        assert_same(whole.result, result, with_costs=False)
        ledger = Ledger(run.database, postgres if kind == "postgres" else None)
        assert_ledger(ledger, log, whole.log, result, run.kills)
    finally:
        run.server.stop()


def kill_at(share: float, kind: str, run: Sitting, draw: random.Random, spread: Spread) -> None:
    """Starts the run and kills it when this share of the whole is done, by what a run alone makes of commits and
    answers and in what time. How far it is, is told by the answers that were given before. The moment is printed, to
    be repeated."""
    whole = run.whole
    assert whole
    before = run.server.log()
    ahead = max(0.0, share - whole.progress(before))
    way = draw.choice(["commits", "answers", "time"])
    print(f"kill at {share:.3f} of the run, by {way} (EDISON_TEST_SEED={SEED})")
    if way == "commits":
        # A sitting that goes on makes about as many as the first one before it asks for anything new.
        run_commits = whole.commits - whole.opening_commits
        count = max(1, whole.opening_commits + round(ahead * run_commits))
        is_killed = run.start(crash_after=count).wait(120) == -signal.SIGKILL
    elif way == "answers":
        is_killed = run.kill_after_answers(len(before) + max(1, round(ahead * len(whole.log))))
    else:
        seconds = whole.opening_seconds + ahead * (whole.seconds - whole.opening_seconds)
        process = run.start()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
        is_killed = run.kill(process)
    note(is_killed, kind, run, spread)


def kill_at_the_end(share: float, kind: str, run: Sitting, spread: Spread) -> None:
    """Kills the run when the last answer is given, and once more at this share of the commits that are left then: those
    that end the last iteration, store the test and the result, and close the run."""
    whole = run.whole
    assert whole
    while whole.progress(run.server.log()) < 1 and run.kills < KILLS + 3:
        needed = len(run.server.log()) + round((1 - whole.progress(run.server.log())) * len(whole.log))
        note(run.kill_after_answers(needed), kind, run, spread)
    count = 1 + int(share * whole.last_commits)
    print(f"kill after {count} of about {whole.last_commits} last commits (EDISON_TEST_SEED={SEED})")
    is_killed = run.start(crash_after=count).wait(120) == -signal.SIGKILL
    run.kills += is_killed
    spread.ends[kind] += is_killed
    spread.missed[kind] += not is_killed


def note(is_killed: bool, kind: str, run: Sitting, spread: Spread) -> None:
    assert run.whole
    run.kills += is_killed
    if is_killed:
        spread.shares.setdefault(kind, []).append(run.whole.progress(run.server.log()))
    else:
        spread.missed[kind] += 1


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
