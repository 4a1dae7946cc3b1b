"""Started again: an unfinished run goes on, a finished one shows its result, and `--new` begins another."""

from __future__ import annotations

from typing import Any

import pytest

import museum
from program import Program
from sameness import assert_same
from simulator import Simulator


def test_a_finished_run_shows_its_result_without_a_call(program: Program, server: Simulator, database: str) -> None:
    path = museum.write(program.folder, museum.experiment(server.url))
    first = program.result("refine", path, "--database", database)
    calls = len(server.log())
    ended = program.run("refine", path, "--database", database, "--json", "again.json")
    again = program.result("refine", path, "--database", database)
    assert len(server.log()) == calls
    assert first == again, "the very same result"
    assert "finished" in ended.out and "--new" in ended.out
    assert f"{first['holdout']['best']:.3f}" in ended.out


def test_new_begins_another_run(program: Program, server: Simulator) -> None:
    path = museum.write(program.folder, museum.experiment(server.url))
    first = program.result("refine", path)
    calls = len(server.log())
    second = program.result("refine", path, "--new")
    # The judges are at temperature 0, so equal text has its judgment from the cache; the models are asked again.
    assert sum(entry["schema"] is None for entry in server.log()[calls:]) == first["calls"]["execute"]
    assert_same(first, second, with_costs=False)
    assert {version["id"] for version in first["versions"]}.isdisjoint(version["id"] for version in second["versions"])


def test_what_does_not_change_a_run_does_not_begin_another(program: Program, server: Simulator) -> None:
    """Addresses, secrets, prices, budgets and concurrency are no part of a run's identity; the seed is."""
    parts = museum.experiment(server.url)
    path = museum.write(program.folder, parts)
    first = program.result("refine", path)
    calls = len(server.log())
    parts["providers"]["main"] |= {"base_url": server.url.replace("127.0.0.1", "localhost") + "/v1", "api_key": "new"}
    parts["stop"]["max_budget_usd"] = 4
    parts["concurrency"] = 3
    museum.write(program.folder, parts)
    assert program.result("refine", path)["versions"] == first["versions"] and len(server.log()) == calls
    other = program.result("refine", path, "--seed", 12)
    assert other["seed"] == 12 and len(server.log()) > calls
    parts["goal"] += " Visitors are children."
    calls = len(server.log())
    program.result("refine", museum.write(program.folder, parts))
    assert len(server.log()) > calls, "another goal is another run"


@pytest.mark.parametrize("limit", [{"max_calls": 90}, {"max_budget_usd": 0.06}, {"max_tokens": 60_000}])
def test_stopped_at_a_limit_it_goes_on_when_the_file_raises_it(
    program: Program, server: Simulator, limit: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    parts = museum.experiment(server.url, stop={"max_iterations": 4} | limit)
    path = museum.write(program.folder, parts)
    name = {"max_calls": "calls", "max_budget_usd": "budget", "max_tokens": "tokens"}[next(iter(limit))]
    stopped = program.result("refine", path)
    assert stopped["stop_reason"] == name
    calls = len(server.log())
    assert program.result("refine", path)["stop_reason"] == name and len(server.log()) == calls, (
        "an equal limit asks nothing"
    )

    parts["stop"] = {"max_iterations": 4, "max_budget_usd": 5}
    museum.write(program.folder, parts)
    ended = program.run("refine", path)
    assert "Going on" in ended.err
    resumed, asked = program.result("refine", path), [entry["body_sha256"] for entry in server.log()]
    assert resumed["stop_reason"] not in ("calls", "budget", "tokens")
    whole = Program(tmp_path_factory.mktemp("whole")).result("refine", path)
    # At the stop the best version so far may have been compared on held-out cases, so more outputs may be there.
    rows = ("outputs", "judgments", "scores", "pairwise")
    assert_same(whole, resumed, with_costs=False, but=rows)
    assert len(resumed["outputs"]) >= len(whole["outputs"])
    # Nothing that was answered before the stop was asked again.
    assert sum(resumed["calls"].values()) == len(asked) == len(set(asked))


def test_eval_stopped_at_a_limit_goes_on_too(program: Program, server: Simulator) -> None:
    judges = [
        {"provider": "main", "model": "judge-a", "price": museum.PRICE},
        {"provider": "main", "model": "judge-b", "mode": "pairwise", "price": museum.PRICE},
    ]
    variants = [{"name": "first"}, {"name": "second", "prompt": museum.BETTER_PROMPT}]
    parts = museum.experiment(
        server.url, judges=judges, variants=variants, datasets=[{"cases": museum.cases(12)}], stop={"max_calls": 30}
    )
    path = museum.write(program.folder, parts)
    stopped = program.result("eval", path)
    assert stopped["stop_reason"] == "calls" and len(server.log()) == 30 and stopped["status"] == "completed"
    parts["stop"] = {"max_calls": 500}
    result = program.result("eval", museum.write(program.folder, parts))
    assert result["stop_reason"] is None and len(result["outputs"]) == 24
    assert len(server.log()) == sum(result["calls"].values())


def test_the_only_finished_iteration_counts_when_a_limit_stops_the_next_one(
    program: Program, server: Simulator
) -> None:
    """Whatever the limit, a run that evaluated something ends with status 0, a score and everything it has."""
    for limit in (40, 55, 60, 70):
        parts = museum.experiment(server.url, stop={"max_iterations": 4, "max_calls": limit}, seed=limit)
        result = program.result("refine", museum.write(program.folder, parts))
        assert result["stop_reason"] == "calls" and result["composite"] and result["versions"], limit


def test_resume_finds_the_run_of_a_file_that_was_changed_and_changed_back(program: Program, server: Simulator) -> None:
    parts = museum.experiment(server.url, stop={"max_iterations": 3, "max_calls": 50})
    path = museum.write(program.folder, parts)
    program.run("refine", path, status=None)
    goal = parts["goal"]
    museum.write(program.folder, parts | {"goal": goal + " Be brief."})
    program.run("refine", path, status=None)
    asked = len(server.log())
    for words in (("resume", path), ("resume",)):
        museum.write(program.folder, parts | {"goal": goal + " Be bold."})
        assert "is not what it was" in program.run(*words, status=2).err
        parts["stop"]["max_calls"] += 20
        museum.write(program.folder, parts)
        assert "Going on" in program.run(*words).err and len(server.log()) > asked
        asked = len(server.log())


def test_resume_takes_the_newest_unfinished_run(program: Program, server: Simulator) -> None:
    nothing = program.run("resume", status=2)
    assert "no run to go on with" in nothing.err and "edison refine FILE" in nothing.err
    assert not (program.folder / ".edison").exists(), "looking makes no database"
    parts = museum.experiment(server.url, stop={"max_iterations": 3, "max_calls": 50})
    path = museum.write(program.folder, parts)
    program.run("refine", path, status=None)
    parts["stop"]["max_calls"] = 2000
    museum.write(program.folder, parts)
    ended = program.run("resume", "--json", "resumed.json")
    assert "Going on" in ended.err
    calls = len(server.log())
    assert program.run("resume", str(path)).status == 0 and len(server.log()) == calls
    assert "No unfinished run" in program.run("resume", status=2).err
