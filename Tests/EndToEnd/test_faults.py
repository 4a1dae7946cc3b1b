"""Every way in which a provider fails: the run ends as without it, nothing is lost or counted twice, and it says what
happened.

All runs go on at the same time: most of what they do is to wait.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import museum
from conftest import Postgres
from ledger import Ledger
from program import Ended, Program, read_result
from sameness import assert_same
from simulator import Simulator, task_file

# `bin/test torture` has the provider down and slow for a minute instead of some seconds.
IS_LONG = int(os.environ.get("EDISON_TORTURE_MOMENTS", "10")) >= 100
# Long enough for one or two calls under way to fail six times.
DOWN = 60 if IS_LONG else 10
MIX = {
    "rate_limited": 4,
    "server_error": 2,
    "unavailable": 2,
    "overloaded": 1,
    "time_out": 2,
    "cut_stream": 3,
    "dropped": 2,
    "malformed_body": 2,
    "slow_answer": 2,
}
ALONE = {name: {"fault": name, "share": 0.2, "retry_after": 0.1, "seconds": 4} for name in MIX}


@dataclass
class Scenario:
    """A provider's behaviour, and what the run that met it said and stored."""

    rules: list[dict[str, Any]]
    provider: dict[str, Any] = field(default_factory=dict)
    on_postgres: bool = False
    command: str = "refine"
    # Another provider's model stands in for each.
    has_spare: bool = False
    cases: int = 24
    iterations: int = 2
    # The server dies after so many requests, and another comes up in its place.
    dies_after: int = 0

    def run(self, folder: Path, postgres: Postgres) -> Met:
        folder.mkdir()
        program = Program(folder)
        (folder / "faults.json").write_text(json.dumps({"rules": self.rules}))
        options = ["--task", task_file("museum"), "--latency", 5]
        servers = [Simulator(program, *options, "--faults", folder / "faults.json", name="main")]
        if self.has_spare:
            servers.append(Simulator(program, *options, name="spare"))
        try:
            path = museum.write(folder, self.parts([server.url for server in servers]))
            database = postgres.database() if self.on_postgres else str(folder / "run.db")
            words = [self.command, path, "--database", database, "--json", "result.json", "--output", "out"]
            run = program.start(*words)
            if self.dies_after:
                servers[0].wait_for(self.dies_after, run)
                servers[0].process.kill()
                servers[0].process.wait(10)
                # On a busy machine it takes longer until a call has failed often enough.
                wait_for_words(folder / "started.err", "keeps failing", run)
                time.sleep(DOWN)
                servers.append(Simulator(program, *options, port=servers[0].port, name="again"))
            status = run.wait(300)
            out, err = ((folder / f"started.{name}").read_text() for name in ("out", "err"))
            ended = Ended(status, out, err, 0)
            assert status == 0, ended
            return Met(folder, ended, [server.log() for server in servers], database, postgres if self.on_postgres else None)
        finally:
            for server in servers:
                server.stop()

    def parts(self, urls: list[str]) -> dict[str, Any]:
        parts = museum.experiment(
            urls[0],
            datasets=[{"cases": museum.cases(self.cases)}],
            stop={"max_iterations": self.iterations, "max_budget_usd": 5},
        )
        parts["providers"]["main"] |= self.provider
        if self.has_spare:
            parts["providers"]["spare"] = {"provider": "openai-compatible", "base_url": f"{urls[1]}/v1"}
            for one in [*parts["models"], *parts["judges"], parts["refiner"]]:
                one["alternatives"] = [{"provider": "spare", "model": one["model"], "price": one["price"]}]
        return parts


@dataclass
class Met:
    folder: Path
    ended: Ended
    logs: list[list[dict[str, Any]]]
    database: str
    postgres: Postgres | None

    @property
    def result(self) -> dict[str, Any]:
        return read_result(self.folder / "result.json")

    @property
    def log(self) -> list[dict[str, Any]]:
        return [entry for log in self.logs for entry in log]

    @property
    def faults(self) -> Counter[str]:
        return Counter(entry["fault"] for entry in self.log if entry["fault"])

    @property
    def failed(self) -> int:
        """By the ledger: attempts without an answer."""
        return int(self.ledger.rows("SELECT COUNT(*) FROM model_attempt WHERE failure IS NOT NULL")[0][0])

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.database, self.postgres)


def wait_for_words(path: Path, words: str, run: subprocess.Popen[str]) -> None:
    end = time.monotonic() + 120
    while words not in path.read_text(encoding="utf-8"):
        assert run.poll() is None and time.monotonic() < end, path.read_text(encoding="utf-8")
        time.sleep(0.1)


IMPATIENT = {"timeout": 2}
SCENARIOS = {
    **{name: Scenario([rule], IMPATIENT, cases=16, iterations=1) for name, rule in ALONE.items()},
    "none": Scenario([]),
    "none, small": Scenario([], cases=16, iterations=1),
    "mix": Scenario([{"mix": MIX, "share": 0.2, "retry_after": 0.1, "seconds": 4}], IMPATIENT),
    "mix on PostgreSQL": Scenario(
        [{"mix": MIX, "share": 0.2, "retry_after": 0.1, "seconds": 4}], IMPATIENT, on_postgres=True
    ),
    "down": Scenario([{"fault": "unavailable", "from": 30, "lasting": DOWN, "retry_after": 0.1}]),
    "down on PostgreSQL": Scenario([{"fault": "dropped", "from": 30, "lasting": DOWN}], on_postgres=True),
    "dead": Scenario([], dies_after=30),
    "spare": Scenario([{"fault": "server_error", "from": 30}], has_spare=True),
    "crawl": Scenario([{"fault": "slow_answer", "from": 30, "lasting": DOWN, "seconds": 40 if IS_LONG else 3}]),
    "limited": Scenario([{"fault": "rate_limited", "from": 30, "lasting": 1, "retry_after": 2}]),
    "unusable": Scenario(
        [
            {"fault": "malformed_json", "share": 0.35, "purpose": "judge"},
            {"fault": "empty_answer", "share": 0.05, "purpose": "execute"},
        ],
        command="eval",
        cases=44,
    ),
    "everything": Scenario(
        [{"mix": MIX | {"malformed_json": 3, "empty_answer": 1}, "share": 0.2, "retry_after": 0.1, "seconds": 4}],
        IMPATIENT,
    ),
}


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres) -> dict[str, Future[Met]]:
    """All runs, begun at once."""
    folder = tmp_path_factory.mktemp("faults")
    with ThreadPoolExecutor(9) as pool:
        # The longest first.
        names = sorted(SCENARIOS, key=lambda name: name in ALONE)
        return {name: pool.submit(SCENARIOS[name].run, folder / name.replace(" ", "-"), postgres) for name in names}


PASSING = [name for name in SCENARIOS if not name.startswith("none") and name not in ("unusable", "everything")]


def whole(met: dict[str, Future[Met]], name: str) -> Met:
    """The same run when nothing fails."""
    return met["none, small" if name in ALONE else "none"].result()


@pytest.mark.parametrize("name", PASSING)
def test_the_run_ends_as_without_the_fault(name: str, met: dict[str, Future[Met]]) -> None:
    """Faults of the way change what it costs to get the answers, never the answers."""
    run = met[name].result()
    assert all(output["error"] is None for output in run.result["outputs"]), run.ended
    assert all(judgment["valid"] for judgment in run.result["judgments"])
    assert_same(whole(met, name).result, run.result, with_costs=False)


@pytest.mark.parametrize("name", SCENARIOS)
def test_nothing_is_lost_or_counted_twice(name: str, met: dict[str, Future[Met]]) -> None:
    run = met[name].result()
    print(name, dict(run.faults), f"{len(run.log)} requests")
    # On a machine that is very busy an answer may come later than the time-out of the file.
    unheard = 8 if SCENARIOS[name].dies_after or SCENARIOS[name].provider else 0
    run.ledger.assert_agrees_with(run.log, run.result, unheard)
    if name in PASSING:
        # Every question was answered to us once, and none more.
        attempts = run.ledger.attempts
        answered = [entry for entry in run.log if entry["status"] == 200 and attempts[entry["attempt"]][0] == "settled"]
        expected = Counter(entry["body_sha256"] for entry in whole(met, name).log)
        assert Counter(entry["body_sha256"] for entry in answered) == expected


@pytest.mark.parametrize("name", ALONE)
def test_each_fault_was_met_and_is_counted_in_words(name: str, met: dict[str, Future[Met]]) -> None:
    run = met[name].result()
    assert run.faults[name] > 3
    words = {
        "rate_limited": "limited by rate",
        "server_error": "by a fault of the provider",
        "unavailable": "with the provider overloaded",
        "overloaded": "with the provider overloaded",
        "time_out": "without an answer in time",
        "cut_stream": "cut in the middle of the answer",
        "dropped": "by a failed connection",
        "malformed_body": "with an answer in no known format",
        "slow_answer": "without an answer in time",
    }[name]
    told = re.search(rf"^(\d+) requests failed on the way: (\d+) {words}", run.ended.err, re.M)
    assert told and int(told[1]) == run.failed and int(told[2]) >= run.faults[name], run.ended


def test_a_mix_meets_every_fault(met: dict[str, Future[Met]]) -> None:
    run = met["mix"].result()
    assert 0.1 < sum(run.faults.values()) / len(run.log) < 0.3
    assert f"{run.failed} requests failed on the way: " in run.ended.err
    assert run.result["unconfirmed_usd"] > 0 and "for calls whose outcome is unknown" in run.ended.out


@pytest.mark.parametrize("name", ["down", "down on PostgreSQL", "dead"])
def test_a_provider_that_is_down_is_waited_for_and_said_so(name: str, met: dict[str, Future[Met]]) -> None:
    said = met[name].result().ended.err
    down = re.findall(r"^  (\S+) at main keeps failing: its calls wait, and every 5 s one tries again \(.+\)$", said, re.M)
    back = re.findall(r"^  (\S+) at main answers again, after \d+ (?:s|min)$", said, re.M)
    assert down and sorted(down) == sorted(back) and len(set(down)) == len(down), said
    assert "a call failed" not in said
    # While it is down only the probes go out, and what was under way when it went down.
    run = met[name].result()
    assert sum(run.faults.values()) < 40 + DOWN, run.faults


def test_an_alternative_is_asked_and_named(met: dict[str, Future[Met]]) -> None:
    run = met["spare"].result()
    main, spare = run.logs
    assert len(spare) > 30 and all(entry["fault"] is None for entry in spare)
    told = re.findall(r"^  (\S+) at spare is asked in place of (\S+) at main: .*HTTP 500", run.ended.err, re.M)
    assert told and all(one == other for one, other in told) and len(set(told)) == len(told), run.ended
    # The breaker keeps what is down from being asked each time.
    assert sum(run.faults.values()) < len(spare) / 2


def test_a_limit_of_rate_is_waited_for_and_said_so(met: dict[str, Future[Met]]) -> None:
    run = met["limited"].result()
    assert "  main limits the rate: its calls wait 2 s\n" in run.ended.err
    assert run.ended.err.count("limits the rate") <= 2, "not with every request"


@pytest.mark.skipif(not IS_LONG, reason="what is slow is told after 30 seconds; bin/test torture waits for it")
def test_a_provider_that_crawls_is_named(met: dict[str, Future[Met]]) -> None:
    said = met["crawl"].result().ended.err
    assert re.search(r"^  \S+ at main is slow: \d+ calls are under way, the oldest for 3\d s$", said, re.M), said


def test_a_run_with_every_fault_ends_with_a_result(met: dict[str, Future[Met]]) -> None:
    result = met["everything"].result().result
    assert result["status"] == "completed" and result["stop_reason"] == "max_iterations"
    assert {"malformed_json", "rate_limited"} <= met["everything"].result().faults.keys()


def test_answers_that_cannot_be_used_are_counted_and_reported(met: dict[str, Future[Met]]) -> None:
    run = met["unusable"].result()
    result, out = run.result, run.ended.out
    invalid = [judgment for judgment in result["judgments"] if not judgment["valid"]]
    failed = [output for output in result["outputs"] if output["error"]]
    assert len(invalid) >= 1 and all(one["scores"] == {} and one["invalid_reason"] for one in invalid)
    assert len(failed) >= 1 and {one["error"] for one in failed} == {"the answer is empty"}
    assert result["iterations"][0]["metrics"]["invalid_judgments"] == len(invalid)
    assert f"{len(invalid)} judgments could not be used and are left out." in out
    assert f"{len(failed)} of {len(result['outputs'])} outputs failed: the answer is empty" in out
    scores = {row["output_id"]: row["score"] for row in result["scores"]}
    unjudged = {one["output_id"] for one in invalid} | {one["id"] for one in failed}
    # The check of the rubric needs no judge; what a judge would have said is no part of any score.
    assert all(scores[name] is None for name in unjudged)
    assert f"{len(invalid)} judgments could not be used" in (run.folder / "out/report.html").read_text()


def test_a_few_missing_answers_do_not_end_a_run(tmp_path: Path) -> None:
    """One of the four cases that an iteration begins with is a quarter, and more than a run may miss."""
    program = Program(tmp_path)
    (tmp_path / "faults.json").write_text(
        json.dumps({"rules": [{"mix": {"empty_answer": 1, "malformed_json": 1}, "share": 0.06}]})
    )
    server = Simulator(program, "--task", task_file("museum"), "--faults", tmp_path / "faults.json")
    try:
        for seed in range(1, 5):
            parts = museum.experiment(server.url, seed=seed, stop={"max_iterations": 5, "max_budget_usd": 5})
            result = program.result("refine", museum.write(tmp_path, parts))
            assert result["stop_reason"] == "max_iterations", f"seed {seed}"
        struck = Counter(entry["fault"] for entry in server.log() if entry["fault"])
    finally:
        server.stop()
    assert struck["empty_answer"] > 5
