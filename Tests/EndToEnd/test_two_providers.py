"""A task of one's own: two models, three judges (one pairwise, one bad), two providers of different formats."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import museum
from program import Program
from simulator import Simulator, task_file


@pytest.fixture
def servers(simulator: Callable[..., Simulator]) -> tuple[Simulator, Simulator]:
    return simulator("--task", task_file("museum"), name="one"), simulator("--task", task_file("museum"), name="two")


def test_refine_improves_it_and_sees_through_the_bad_judge(
    program: Program, servers: tuple[Simulator, Simulator]
) -> None:
    one, two = servers
    parts = museum.experiment(
        one.url,
        two.url,
        datasets=[{"cases": museum.cases(60)}],
        holdout=0.4,
        reserve=0,
        stop={"max_iterations": 6, "max_budget_usd": 5},
    )
    # With two judges nobody can tell which one is bad; a third one shows it.
    parts["judges"].append({"provider": "main", "model": "judge-c", "price": museum.PRICE})
    result = program.result("refine", museum.write(program.folder, parts))
    assert result["verdict"] == "better" and result["holdout"]["interval"][0] > 0
    weights = result["judge_weights"]
    assert set(weights) == {"judge-a", "judge-bad", "judge-c"}, "pairwise judges have no weight"
    assert weights["judge-bad"] < 0.2 < 0.3 < min(weights["judge-a"], weights["judge-c"])
    assert sum(weights.values()) == pytest.approx(1)
    assert result["agreement"]["alarm"] is True and result["agreement"]["composite"] < 0.6
    assert {entry["format"] for entry in two.log()} == {"anthropic"}
    assert {entry["model"] for entry in one.log()} == {"apprentice", "judge-a", "judge-b", "judge-c", "refiner"}
    assert {entry["model"] for entry in two.log()} == {"apprentice-large", "judge-bad"}

    # Both models enter what is concluded, and the pairwise judge compares first and best, in both orders.
    held = {output["model"] for output in result["outputs"] if output["split"] == "holdout"}
    assert held == {"apprentice", "apprentice-large"}
    orders: dict[tuple[str, str], set[int]] = {}
    for judgment in result["judgments"]:
        if judgment["mode"] == "pairwise":
            assert judgment["judge"] == "judge-b" and judgment["scores"] == {}
            orders.setdefault((judgment["output_id"], judgment["other_output_id"]), set()).add(judgment["order"])
    assert orders and all(found == {1, 2} for found in orders.values())
    splits = [row["split"] for row in result["pairwise"]["comparisons"]]
    assert "holdout" in splits and "search" in splits
    assert result["pairwise"]["ranking"][0]["version_id"] == result["best_version_id"]


def test_eval_scores_without_refining(program: Program, servers: tuple[Simulator, Simulator]) -> None:
    parts = museum.experiment(servers[0].url, servers[1].url)
    result = program.result("eval", museum.write(program.folder, parts))
    assert len(result["outputs"]) == 2 * 44 and {output["split"] for output in result["outputs"]} == {"search"}
    assert len(result["versions"]) == 1 and result["holdout"] is None and result["calls"]["refine"] == 0
    assert set(result["iterations"][0]["metrics"]["per_model"]) == {"apprentice", "apprentice-large"}
    assert result["composite"]["cases"] == 44
    # One good and one bad judge: they disagree, which is said, and neither is preferred without a reason.
    assert result["agreement"]["alarm"] is True
    assert result["judge_weights"]["judge-a"] == pytest.approx(0.5) == result["judge_weights"]["judge-bad"]


def test_the_better_prompt_scores_higher(program: Program, servers: tuple[Simulator, Simulator]) -> None:
    scores = []
    for prompt in (museum.PROMPT, museum.BETTER_PROMPT):
        parts = museum.experiment(servers[0].url, servers[1].url, prompt=prompt)
        scores.append(program.result("eval", museum.write(program.folder, parts))["composite"])
    assert scores[1]["interval"][0] > scores[0]["interval"][1]


@pytest.mark.parametrize("kind", ["ollama", "anthropic"])
def test_the_second_provider_alone(program: Program, servers: tuple[Simulator, Simulator], kind: str) -> None:
    provider: dict[str, Any] = {"provider": kind, "base_url": servers[1].url}
    if kind == "anthropic":
        provider["api_key"] = "${MUSEUM_KEY}"
    parts = museum.experiment(servers[0].url, providers={"main": provider}, datasets=[{"cases": museum.cases(12)}])
    result = program.result("eval", museum.write(program.folder, parts), env={"MUSEUM_KEY": "secret-of-the-museum"})
    assert len(result["outputs"]) == 12 and result["composite"]["cases"] == 12
    assert {entry["format"] for entry in servers[1].log()} == {kind} and servers[0].log() == []
    assert "secret-of-the-museum" not in str(result)
    stored = b"".join(path.read_bytes() for path in (program.folder / ".edison").iterdir())
    assert b"secret-of-the-museum" not in stored, "keys are never stored"


def test_fail_under_decides_the_exit_status(program: Program, servers: tuple[Simulator, Simulator]) -> None:
    path = museum.write(program.folder, museum.experiment(servers[0].url, datasets=[{"cases": museum.cases(12)}]))
    score = program.result("eval", path)["composite"]["score"]
    program.run("eval", path, "--fail-under", f"{score - 0.01:.4f}", status=0)
    ended = program.run("eval", path, "--fail-under", f"{score + 0.01:.4f}", status=1)
    assert f"{score:.3f}" in ended.said

    # For refine the bar is the best version on the held-out cases.
    result = program.result("refine", path)
    bar = result["holdout"]["best"] if result["holdout"] else result["composite"]["score"]
    program.run("refine", path, "--fail-under", f"{bar - 0.01:.4f}", status=0)
    program.run("refine", path, "--fail-under", f"{bar + 0.01:.4f}", status=1)
