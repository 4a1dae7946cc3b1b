"""Servers and workers killed at many moments: two of each on one PostgreSQL work on many experiments, and these end as
they would have if nobody had been killed.

A sample is part of every run of the tests; `bin/test torture` takes all. A moment is a share of all the answers that
the provider gives, or the k-th commit of a process; every fourth kill comes shortly after a polite request to end.
"""

from __future__ import annotations

import os
import random
import signal
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import museum
from conftest import Postgres
from fleet import ENDINGS, Anywhere, Fleet, Follower, Member
from hosted import Client, credential, request
from ledger import Ledger, price
from program import Program
from sameness import assert_same
from simulator import Simulator, task_file

WHOLE = "EDISON_TORTURE_MOMENTS" in os.environ
EXPERIMENTS = 20 if WHOLE else 4
KILLS = 40 if WHOLE else 4
SEED = int(os.environ.get("EDISON_TEST_SEED", "4711"))
# Experiments with the same seed have the same content; each is an organization's own, or shares one with others.
SEEDS = [11, 12, 13, 14][: 4 if WHOLE else 1]
OWNERS = 5 if WHOLE else 2
CONCURRENCY = 8
JOBS = 2
LATENCY = 60


@dataclass
class Reference:
    """What an experiment comes to when nobody is killed."""

    result: dict[str, Any]
    bodies: Counter[str]


@dataclass
class Running:
    client: Anywhere
    id: str
    seed: int
    followers: list[Follower]


@dataclass
class Kills:
    count: int = 0
    by_member: Counter[str] = field(default_factory=Counter)
    ways: Counter[str] = field(default_factory=Counter)

    def note(self, member: Member, way: str) -> None:
        self.count += 1
        self.by_member[member.name] += 1
        self.ways[way] += 1


def parts(seed: int) -> dict[str, Any]:
    return {"seed": seed, "stop": {"max_iterations": 3, "max_budget_usd": 5}}


@pytest.fixture
def folder(tmp_path: Path) -> Program:
    return Program(tmp_path)


@pytest.fixture
def provider(folder: Program) -> Iterator[Simulator]:
    simulator = Simulator(folder, "--task", task_file("museum"), "--latency", LATENCY, bodies=False)
    yield simulator
    simulator.stop()


@pytest.fixture
def references(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Reference]:
    """Made by the command line, each alone."""
    made = {}
    for seed in SEEDS:
        program = Program(tmp_path_factory.mktemp(f"seed{seed}"))
        simulator = Simulator(program, "--task", task_file("museum"), bodies=False)
        try:
            path = museum.write(program.folder, museum.experiment(simulator.url, **parts(seed)))
            result = program.result("refine", path, "--database", "alone.db")
            made[seed] = Reference(result, Counter(entry["body_sha256"] for entry in simulator.log()))
        finally:
            simulator.stop()
    return made


@pytest.fixture
def fleet(folder: Program, postgres: Postgres) -> Iterator[Fleet]:
    made = Fleet.on(folder, postgres.database(), JOBS)
    yield made
    made.leave()


def begin(fleet: Fleet, provider: Simulator) -> list[Running]:
    owners = [Client.registered(fleet.urls[0], f"owner{number}@example.org") for number in range(OWNERS)]
    running = []
    for number in range(EXPERIMENTS):
        owner, seed = owners[number % OWNERS], SEEDS[number % len(SEEDS)]
        # A credential of its own: the answers that are kept for equal questions are those of one credential.
        key = credential(owner, provider.url, f"key {number}")
        changes = parts(seed)
        body = request(key, stop_rules=changes.pop("stop"), **changes)
        id = owner.expect(201, "POST", f"/projects/{owner.project}/experiments", body)["id"]
        assert owner.token
        followers = [Follower(fleet.urls, turn, owner.token, id) for turn in range(2)]
        client = Anywhere(fleet.urls, owner.token, owner.project)
        client.url = fleet.urls[number % 2]
        running.append(Running(client, id, seed, followers))
    for one in running:
        for follower in one.followers:
            follower.start()
        one.client.expect(202, "POST", f"/experiments/{one.id}/run", {})
    return running


class Answers:
    """Counts the provider's answers without reading its whole log each time."""

    def __init__(self, provider: Simulator):
        self.file, self.place, self.count = provider.log_file, 0, 0

    def look(self) -> int:
        if self.file.exists():
            with open(self.file, "rb") as file:
                file.seek(self.place)
                new = file.read()
            self.place += len(new)
            self.count += new.count(b"\n")
        return self.count


def revive(fleet: Fleet, kills: Kills, draw: random.Random) -> None:
    """Whoever has died by itself, at its commit, comes back."""
    for member in fleet.members:
        if not member.lives:
            assert member.process and member.process.returncode == -signal.SIGKILL, (member.name, member.said[-2000:])
            kills.note(member, "commit")
            member.start()


def kill(member: Member, politely: bool, kills: Kills, draw: random.Random) -> None:
    if politely:
        assert member.process
        member.process.terminate()
        time.sleep(draw.uniform(0, 2))
        if (status := member.end(signal.SIGKILL)) == -signal.SIGKILL:
            kills.note(member, "while it ended")
        else:
            assert status == 0, (member.name, member.said[-2000:])
            kills.note(member, "ended before")
    else:
        assert member.end(signal.SIGKILL) == -signal.SIGKILL
        kills.note(member, "answers")
    time.sleep(draw.uniform(0, 1))
    # Half of them die once more by themselves, a while after they have come back.
    crash = draw.randint(5, 400) if WHOLE and draw.random() < 0.5 else None
    member.start(crash)


def torture(fleet: Fleet, provider: Simulator, needed: int, running: list[Running]) -> Kills:
    draw = random.Random(f"{SEED} servers")
    kills, answers = Kills(), Answers(provider)
    victims: list[Member] = []
    for number in range(KILLS):
        threshold = needed * (number + draw.random()) / KILLS
        while answers.look() < threshold:
            revive(fleet, kills, draw)
            if all(follower.is_over for one in running for follower in one.followers):
                return kills
            assert not any(follower.trouble for one in running for follower in one.followers)
            time.sleep(0.02)
        if not victims:
            victims = draw.sample(fleet.members, len(fleet.members))
        revive(fleet, kills, draw)
        kill(victims.pop(), number % 4 == 2, kills, draw)
    while not all(one.client.get(f"/experiments/{one.id}")["status"] in ("completed", "failed") for one in running):
        revive(fleet, kills, draw)
        time.sleep(0.5)
    return kills


def test_experiments_go_on_over_the_deaths_of_servers_and_workers(
    fleet: Fleet, provider: Simulator, references: dict[int, Reference], postgres: Postgres,
    request: pytest.FixtureRequest,
) -> None:
    began = time.monotonic()
    running = begin(fleet, provider)
    kills = torture(fleet, provider, sum(references[one.seed].bodies.total() for one in running), running)
    for one in running:
        found = one.client.wait(one.id, "completed", "failed", seconds=240)
        assert found["status"] == "completed", found
        assert_same(references[one.seed].result, one.client.result(one.id), with_costs=False)
        assert_events(one)
    results = {one.id: one.client.result(one.id) for one in running}
    for member in fleet.members:
        ended = time.monotonic()
        if member.lives:
            assert member.end(seconds=10) == 0 and time.monotonic() - ended < 10, member.said[-2000:]
    assert_ledger(Ledger(fleet.members[2].words[2], postgres), provider.log(), running, references, results, kills)
    lags = [lag for one in running for follower in one.followers for lag in follower.lags]
    cuts = sum(follower.streams - 1 for one in running for follower in one.followers)
    assert cuts > 0
    # Nobody looks for them in between: what arrives late was not told.
    assert statistics.median(lags) < 1 and max(lags) < 10, sorted(lags)[-20:]
    say(request, f"{len(running)} experiments, {kills.count} kills ({dict(kills.ways)}; {dict(kills.by_member)}), "
        f"{cuts} streams cut and resumed, {len(lags)} events in {statistics.median(lags):.3f} s (median), "
        f"{max(lags):.3f} s (longest), {time.monotonic() - began:.0f} s in all (EDISON_TEST_SEED={SEED})")


def assert_events(one: Running) -> None:
    for follower in one.followers:
        follower.join(30)
        assert follower.is_over and not follower.trouble, (follower.trouble, follower.events[-3:])
        assert [event["id"] for event in follower.events] == list(range(1, len(follower.events) + 1))
    first, second = one.followers
    assert first.events == second.events, "both servers tell the same"
    ended = [event["data"]["iteration"] for event in first.events if event["event"] == "iteration:completed"]
    assert len(ended) == len(set(ended)) == 3
    assert [event["event"] for event in first.events if event["event"] in ENDINGS] == ["experiment:completed"]


def assert_ledger(
    ledger: Ledger, log: list[dict[str, Any]], running: list[Running], references: dict[int, Reference],
    results: dict[str, dict[str, Any]], kills: Kills,
) -> None:
    rows = ledger.rows(
        "SELECT a.id, a.status, a.cost_nano, a.reserved_nano, c.scope FROM model_attempt a "
        "JOIN model_call c ON c.id = a.call_id")
    attempts = {row[0]: row for row in rows}
    assert {row[1] for row in rows} <= {"settled", "lost"}, "nothing stays open"
    names = [entry["attempt"] for entry in log]
    assert len(set(names)) == len(names) and set(names) <= attempts.keys(), "all that was asked is in the ledger, once"
    assert sum(row[1] == "lost" for row in rows) <= kills.count * JOBS * CONCURRENCY
    for one in running:
        settled = [entry for entry in log if attempts[entry["attempt"]][4] == one.id
                   and attempts[entry["attempt"]][1] == "settled"]
        # No call whose answer was stored is made again, and none is missing.
        assert Counter(entry["body_sha256"] for entry in settled) == references[one.seed].bodies
        for entry in settled:
            assert int(attempts[entry["attempt"]][2]) == price(entry)
        held = sum(int(row[3]) for row in rows if row[4] == one.id and row[1] == "lost")
        assert results[one.id]["cost_usd"] == Decimal(sum(price(entry) for entry in settled)) / 10**9
        assert results[one.id]["unconfirmed_usd"] == Decimal(held) / 10**9
    assert ledger.rows("SELECT COUNT(*) FROM budget WHERE reserved_nano <> 0 OR reserved_tokens <> 0") == [["0"]]
    left = ledger.rows("SELECT kind, status, COUNT(*) FROM job WHERE status <> 'completed' GROUP BY kind, status")
    assert [row for row in left if row[0].startswith("experiment")] == []
    assert ledger.rows("SELECT COUNT(*) FROM job WHERE kind NOT LIKE 'experiment.run' AND owner LIKE '%-%'") == [["0"]]


def say(request: pytest.FixtureRequest, line: str) -> None:
    plugins = request.config.pluginmanager
    with plugins.getplugin("capturemanager").global_and_fixture_disabled():
        plugins.getplugin("terminalreporter").write_line(f"\n{line}")
