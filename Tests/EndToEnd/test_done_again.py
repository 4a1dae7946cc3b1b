"""A run that goes on passes through what it did before, with more stored than it had then: no decision may see that."""

from __future__ import annotations

import json
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

    stopped = runs.refine(limited(120))
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
