"""A run that goes on passes through what it did before, with more stored than it had then: no decision may see that."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import museum
from program import Program
from sameness import assert_same
from simulator import Simulator, task_file


class Runs:
    """One provider, and refinements of one task that differ in seed and settings."""

    def __init__(self, program: Program, server: Simulator):
        self.program, self.server = program, server
        self.database = program.folder / "runs.db"

    def file(self, seed: int, **parts: Any) -> Path:
        return museum.write(self.program.folder, museum.experiment(self.server.url, seed=seed, **parts))

    def refine(self, file: Path) -> dict[str, Any]:
        ended = self.program.run(
            "refine", file, "--yes", "--database", self.database, "--json", "result.json", status=None
        )
        assert ended.status in (0, 3), ended
        self.said = ended.said
        return json.loads((self.program.folder / "result.json").read_text())

    def again(self, file: Path) -> tuple[dict[str, Any], int]:
        """The same run, as a kill just before its end leaves it; how many requests it makes once more."""
        with sqlite3.connect(self.database) as connection:
            connection.execute("UPDATE experiment SET status = 'running', stop_reason = NULL WHERE status = 'completed'")
        connection.close()
        before = len(self.server.log())
        return self.refine(file), len(self.server.log()) - before

    def forget(self) -> None:
        for part in self.program.folder.glob("runs.db*"):
            part.unlink()


@pytest.fixture
def runs(program: Program, simulator: Callable[..., Simulator]) -> Runs:
    return Runs(program, simulator("--task", task_file("museum"), bodies=False))


@pytest.mark.parametrize(
    "loop", [{}, {"proposals": 3, "alternate_share": 1}], ids=["as usual", "with many alternates"]
)
def test_a_run_that_is_done_again_decides_as_it_did(loop: dict[str, Any], runs: Runs) -> None:
    for seed in range(1, 9):
        file = runs.file(seed, stop={"max_iterations": 8, "max_budget_usd": 50}, loop=loop)
        first = runs.refine(file)
        again, requests = runs.again(file)
        assert requests == 0, f"seed {seed}"
        assert_same(first, again)
        costs = [[row["cost_usd"] for row in result["iterations"]] for result in (first, again)]
        assert costs[0] == costs[1], f"seed {seed}"
        runs.forget()


# Far away, reached by the search, and so near that the rest is kept for the test at the end.
@pytest.mark.parametrize("limit", [190, 165, 120])
def test_near_a_limit_a_run_that_is_done_again_decides_as_it_did(limit: int, runs: Runs) -> None:
    file = runs.file(11, stop={"max_iterations": 4, "max_budget_usd": 50, "max_calls": limit})
    first = runs.refine(file)
    again, requests = runs.again(file)
    assert requests == 0
    assert_same(first, again)


def test_a_higher_limit_is_used(runs: Runs) -> None:
    def limited(calls: int) -> Path:
        return runs.file(11, stop={"max_iterations": 4, "max_budget_usd": 50, "max_calls": calls})

    stopped = runs.refine(limited(70))
    assert stopped["stop_reason"] == "calls" and stopped["holdout"] is None
    ended = runs.refine(limited(1000))
    assert ended["stop_reason"] == "max_iterations"
    assert ended["holdout"] is not None
    texts = [version["text"] for version in stopped["versions"]]
    assert [version["text"] for version in ended["versions"]][: len(texts)] == texts


@pytest.mark.parametrize("raised", [168, 175, 183])
def test_a_limit_that_is_raised_a_little_keeps_the_test(raised: int, runs: Runs) -> None:
    """What the first test has cost is gone: too little is left for an iteration and a test of what comes of it."""
    stop = {"max_iterations": 4, "max_budget_usd": 50}
    stopped = runs.refine(runs.file(11, stop=stop | {"max_calls": 165}))
    assert stopped["stop_reason"] == "calls" and stopped["verdict"] == "better"
    ended = runs.refine(runs.file(11, stop=stop | {"max_calls": raised}))
    assert ended["holdout"] is not None and ended["verdict"] == "better"


def test_a_test_that_is_not_the_first_says_so(runs: Runs) -> None:
    def limited(calls: int) -> Path:
        return runs.file(11, stop={"max_iterations": 4, "max_budget_usd": 50, "max_calls": calls})

    stopped = runs.refine(limited(165))
    assert stopped["stop_reason"] == "calls" and stopped["holdout"]["repeats"] == 0
    ended = runs.refine(limited(1000))
    assert ended["holdout"]["version_id"] != stopped["holdout"]["version_id"]
    assert ended["holdout"]["repeats"] == 1
    assert "these cases have tested another version of this run before it went on" in runs.said
    # Nothing else was tested when it goes on with nothing left to do.
    assert runs.refine(limited(2000))["holdout"] == ended["holdout"]


def test_a_proven_version_stays_when_a_later_one_is_not_proven(runs: Runs) -> None:
    """Seed 15: version 4 is proven with 100 calls; what 170 find scores higher, with a lower proof."""

    def limited(calls: int) -> Path:
        return runs.file(15, stop={"max_iterations": 8, "max_budget_usd": 50, "max_calls": calls})

    verdicts = []
    for calls in (100, 170, 400):
        result = runs.refine(limited(calls))
        verdicts.append((result["verdict"], result["holdout"]["repeats"]))
        assert result["best_version_id"] == result["holdout"]["version_id"] or result["verdict"] != "better"
    assert [verdict for verdict, _ in verdicts] == ["better"] * 3, verdicts
    assert verdicts[-1][1] >= 1


AT_ONCE = 8
CHEAP, DEAR = {"input": 0.1, "output": 0.5}, {"input": 10, "output": 50}


def judge(**parts: Any) -> dict[str, Any]:
    return {"provider": "main", "model": "judge-a", "price": museum.PRICE} | parts


def kinds(kind: str) -> dict[str, Any]:
    """What makes the test at the end take more, or something else, than the search before it."""
    short = {"parameters": {"max_tokens": 600}}
    judges = [judge(price=CHEAP, **short), judge(model="judge-b", price=DEAR, **short)]
    parts: dict[str, dict[str, Any]] = {
        "one judge": {},
        "self-consistency": {"judges": [judge(thinking="self-consistency")]},
        "a safety scan": {"safety": {"scanner": judge()}},
        "finalists": {"loop": {"finalists": 3}},
        "a dear second judge": {"judges": judges},
        "a dear second judge, two calls at once": {"judges": judges, "concurrency": 2},
        "a dear first judge": {"judges": judges[::-1]},
    }
    return parts[kind]


@pytest.mark.parametrize(
    ("kind", "limits"),
    [
        ("one judge", {"max_calls": 104}),
        ("self-consistency", {"max_calls": 174}),
        ("a safety scan", {"max_calls": 146}),
        # What an attempt that is lost keeps of the budget is much more than a call costs.
        ("a dear second judge, two calls at once", {"max_budget_usd": 0.55}),
    ],
)
def test_a_run_that_is_killed_in_its_test_ends_as_it_would_have(kind: str, limits: dict[str, Any], runs: Runs) -> None:
    stop = {"max_iterations": 6, "max_budget_usd": 50} | limits
    file = runs.file(11, stop=stop, **kinds(kind))
    never = runs.refine(file)
    assert never["stop_reason"] in ("calls", "budget") and never["holdout"] is not None
    requests = sum(never["calls"].values())
    # What is under way when it is killed is spent: the limit must be able to lose that and still pay for the test.
    assert requests + AT_ONCE <= limits.get("max_calls", requests + AT_ONCE)
    for early in (3, 12, 21):
        runs.forget()
        before = len(runs.server.log())
        run = runs.program.start("refine", file, "--yes", "--database", runs.database)
        runs.server.wait_for(before + requests - early, run)
        run.kill()
        run.wait()
        again = runs.refine(file)
        assert_same(never, again, with_costs=False)
        # What was under way when it was killed is asked for once more, and nothing else.
        assert len(runs.server.log()) - before <= requests + AT_ONCE


def test_answers_from_the_cache_change_no_decision_of_a_killed_run(runs: Runs) -> None:
    def file(name: str, calls: int) -> Path:
        stop = {"max_iterations": 6, "max_budget_usd": 50, "max_calls": calls}
        return runs.file(11, name=name, cache=True, stop=stop)

    runs.refine(file("First", 5000))
    filled = runs.program.folder / "filled.db"
    with sqlite3.connect(runs.database) as source, sqlite3.connect(filled) as copy:
        source.backup(copy)
    limited = file("Second", 52)

    def begin() -> None:
        runs.forget()
        with sqlite3.connect(filled) as source, sqlite3.connect(runs.database) as copy:
            source.backup(copy)

    begin()
    never = runs.refine(limited)
    requests = sum(never["calls"].values())
    for early in (0, 2, 4):
        begin()
        before = len(runs.server.log())
        run = runs.program.start("refine", limited, "--yes", "--database", runs.database)
        runs.server.wait_for(before + requests - early - 1, run)
        run.kill()
        run.wait()
        assert_same(never, runs.refine(limited), with_costs=False)


@pytest.mark.parametrize(
    ("kind", "key", "limits"),
    [
        ("self-consistency", "max_calls", [118, 153, 174, 217, 260, 303]),
        ("a safety scan", "max_calls", [118, 132, 153, 174, 195, 237]),
        ("finalists", "max_calls", [90, 111, 132, 153, 174, 195]),
        ("a dear second judge", "max_budget_usd", [0.3, 0.4, 0.5, 0.6, 0.7]),
        ("a dear first judge", "max_budget_usd", [0.5, 0.7, 0.8, 0.9, 1.0]),
    ],
)
def test_more_money_takes_no_answer_away(kind: str, key: str, limits: list[float], runs: Runs) -> None:
    answers = []
    for limit in limits:
        file = runs.file(11, stop={"max_iterations": 6, "max_budget_usd": 50, key: limit}, **kinds(kind))
        answers.append((limit, runs.refine(file)["holdout"] is not None))
        runs.forget()
    first = next(index for index, (_, isTested) in enumerate(answers) if isTested)
    assert all(isTested for _, isTested in answers[first:]), answers


@pytest.mark.parametrize("raised", [112, 128, 140, 160])
def test_a_proof_stands_whatever_comes_of_the_calls_that_follow(raised: int, runs: Runs) -> None:
    def limited(calls: int) -> Path:
        return runs.file(11, stop={"max_iterations": 8, "max_budget_usd": 50, "max_calls": calls})

    assert runs.refine(limited(104))["verdict"] == "better"
    ended = runs.refine(limited(raised))
    assert ended["verdict"] == "better" and ended["best_version_id"] == ended["holdout"]["version_id"]
    if raised == 128:
        assert ended["verdict_reason"].startswith("tested before; the limit of calls was reached before version")


def test_a_proof_stands_when_the_time_is_up_and_when_everything_fails(
    runs: Runs, program: Program, simulator: Callable[..., Simulator]
) -> None:
    stop = {"max_iterations": 60, "patience": 60, "max_budget_usd": 50}

    def limited(**limits: Any) -> Path:
        return runs.file(11, stop=stop | limits)

    proven = runs.refine(limited(max_calls=104))
    assert proven["verdict"] == "better"
    for seconds in (1, 2, 3):
        ended = runs.refine(limited(max_calls=1000, max_seconds=seconds))
        assert ended["verdict"] == "better", ended["verdict_reason"]
    faults = program.folder / "faults.json"
    faults.write_text(json.dumps({"rules": [{"fault": "refused_key", "share": 1}]}))
    ailing = Runs(program, simulator("--task", task_file("museum"), "--faults", faults, name="ailing", bodies=False))
    failed = ailing.refine(ailing.file(11, stop=stop | {"max_calls": 1000}))
    assert failed["status"] == "failed" and failed["verdict"] == "better"
    assert failed["best_version_id"] == failed["holdout"]["version_id"]


def test_a_test_that_is_not_proven_stays_when_no_later_one_can_be_made(runs: Runs) -> None:
    """Seed 12 finds no proof with 98 calls; a little more finds another version, and no calls to test it."""

    def limited(calls: int) -> Path:
        return runs.file(12, stop={"max_iterations": 8, "max_budget_usd": 50, "max_calls": calls})

    stopped = runs.refine(limited(98))
    assert stopped["verdict"] == "no_difference" and stopped["verdict_reason"] is None
    for calls in (102, 126, 134):
        ended = runs.refine(limited(calls))
        assert ended["holdout"] == stopped["holdout"] and ended["verdict"] == "no_difference"
        assert re.match(r"tested before; the limit of calls was .* before version \d+ could be", ended["verdict_reason"])
        assert ended["best_version_id"] == ended["first_version_id"]


def test_a_test_whose_calls_fail_is_made_again(program: Program, simulator: Callable[..., Simulator]) -> None:
    well = Runs(program, simulator("--task", task_file("museum"), name="well", bodies=False))
    stop = {"max_iterations": 2, "max_budget_usd": 50}
    good = well.refine(well.file(11, stop=stop))
    assert good["verdict"] == "better"
    well.forget()
    faults = program.folder / "faults.json"
    start = len(well.server.log()) - 20
    faults.write_text(json.dumps({"rules": [{"fault": "refused_key", "share": 1, "from": start}]}))
    ailing = Runs(program, simulator("--task", task_file("museum"), "--faults", faults, name="ailing", bodies=False))
    failed = ailing.refine(ailing.file(11, stop=stop))
    assert (failed["status"], failed["stop_reason"], failed["verdict"]) == ("failed", "errors", "insufficient_data")
    assert failed["holdout"]["coverage"] < 0.8 and "held-out cases could be scored" in failed["verdict_reason"]
    assert "HTTP 401" in failed["verdict_reason"]
    again = well.refine(well.file(11, stop=stop))
    assert again["status"] == "completed"
    assert_same(good, again)


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_a_proposal_that_never_came_stays_away_when_the_run_goes_on(
    seed: int, program: Program, simulator: Callable[..., Simulator]
) -> None:
    """The key is refused for some proposals; what was decided without them stands, though the provider is well again."""
    faults = program.folder / "faults.json"
    faults.write_text(json.dumps({"rules": [{"fault": "refused_key", "purpose": "refinement", "share": 0.3}]}))
    ailing = Runs(program, simulator("--task", task_file("museum"), "--faults", faults, name="ailing", bodies=False))
    well = Runs(program, simulator("--task", task_file("museum"), name="well", bodies=False))
    stop = {"max_iterations": 6, "max_budget_usd": 50, "max_calls": 104}
    first = ailing.refine(ailing.file(seed, stop=stop))
    assert "HTTP 401" in ailing.said
    # The address of a provider is no part of a run's identity.
    again = well.refine(well.file(seed, stop=stop | {"max_calls": 400}))
    assert again["status"] == "completed", well.said
    known = [version["text"] for version in first["versions"]]
    assert [version["text"] for version in again["versions"]][: len(known)] == known
    assert first["verdict"] != "better" or again["verdict"] == "better"
