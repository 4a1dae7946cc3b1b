"""The result file is enough to compute every figure again, and the figures agree."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

import museum
from figures import Interval, estimate, krippendorff, length_controlled, promotion, t_interval
from program import Program
from recompute import Recomputation, mean
from result_form import faults
from simulator import Simulator, task_file

EXACT = 1e-9
# Two bootstraps differ by chance: at 10,000 and 100,000 resamples an end of a BCa interval moves by about 0.045
# standard errors; 0.2 is more than four times that, and a third of what a wrong method would show.
BOOTSTRAP = 0.2


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Two models, two pointwise judges, a pairwise judge, clustered cases, replicates: everything at once."""
    program = Program(tmp_path_factory.mktemp("wide"))
    servers = [Simulator(program, "--task", task_file("museum"), name=name) for name in ("one", "two")]
    try:
        parts = museum.experiment(
            servers[0].url,
            servers[1].url,
            datasets=[{"cases": museum.cases(60, clusters=44)}],
            replicates=2,
            holdout=0.5,
            reserve=0,
        )
        return program.result("refine", museum.write(program.folder, parts))
    finally:
        for server in servers:
            server.stop()


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Full mode: every candidate on every search case, with every model and judge."""
    program = Program(tmp_path_factory.mktemp("full"))
    servers = [Simulator(program, "--task", task_file("museum"), name=name) for name in ("one", "two")]
    try:
        parts = museum.experiment(
            servers[0].url, servers[1].url, datasets=[{"cases": museum.cases(40)}], mode="full", holdout=0.45, reserve=0
        )
        return program.result("refine", museum.write(program.folder, parts))
    finally:
        for server in servers:
            server.stop()


@pytest.fixture(params=["demo", "wide", "full"])
def result(request: pytest.FixtureRequest) -> dict[str, Any]:
    return request.getfixturevalue(request.param)


def assert_estimate(shown: dict[str, Any], own: Interval, place: str) -> None:
    assert shown["score"] == pytest.approx(own.mean, abs=EXACT), place
    assert_interval(shown["interval"], shown["method"], own, place)


def assert_interval(shown: list[float] | None, method: str, own: Interval, place: str) -> None:
    # Equal values tell nothing about their spread: no interval, rather than one of width 0.
    if own.low is None or own.error < 1e-12:
        assert shown is None, place
        return
    assert method == own.method or method == "paired cluster bootstrap (percentile)" and "bootstrap" in own.method, (
        place
    )
    tolerance = EXACT if "standard error" in own.method else BOOTSTRAP * own.error
    assert shown == pytest.approx([own.low, own.high], abs=tolerance), place


def test_every_key_of_the_contract_is_there_with_its_type(result: dict[str, Any]) -> None:
    assert faults(result) == []


def test_the_scores_of_outputs_follow_from_judgments_checks_and_weights(result: dict[str, Any]) -> None:
    own = Recomputation(result)
    for row in result["scores"]:
        score = own.score(own.by_id[row["output_id"]], result["judge_weights"], result["judge_offsets"])
        assert row["score"] == pytest.approx(score, abs=EXACT)
    assert len(result["scores"]) == len(result["outputs"]) > 100


def test_composite_criteria_and_models_of_each_iteration(result: dict[str, Any]) -> None:
    own = Recomputation(result)
    for iteration in result["iterations"]:
        version, metrics, cases = iteration["version_id"], iteration["metrics"], iteration["case_ids"]
        weights, offsets = metrics["judge_weights"], metrics["judge_offsets"]
        shares = metrics["case_weights"]
        place = f"iteration {iteration['number']}"
        assert_estimate(
            metrics["composite"],
            own.estimate(cases, lambda case: own.case_score(version, case, weights, offsets), shares),
            place,
        )
        for model, shown in metrics["per_model"].items():
            score: Callable[[str], float | None] = lambda case, model=model: own.case_score(
                version, case, weights, offsets, models=[model]
            )
            assert_estimate(shown, own.estimate(cases, score, shares), f"{place}, {model}")
        assert set(metrics["per_model"]) == set(own.models)
        for criterion in own.rubric:
            score = lambda case, criterion=criterion: own.criterion_case_score(version, case, criterion, weights)
            assert_estimate(
                metrics["per_criterion"][criterion["name"]],
                own.estimate(cases, score, shares),
                f"{place}, {criterion['name']}",
            )
        # Each case stands for its share of the search cases: as many as there are, when all weights are summed.
        if shares:
            search = [case["id"] for case in result["cases"] if case["split"] == "search"]
            tag = lambda case: min(own.cases[case]["tags"], default="", key=str.encode)
            for name, weight in shares.items():
                share = np.mean([tag(case) == name for case in search])
                assert weight == pytest.approx(share / np.mean([tag(case) == name for case in cases]), abs=EXACT)


def test_hold_out_difference_interval_and_verdict(result: dict[str, Any]) -> None:
    own, hold_out = Recomputation(result), result["holdout"]
    held = [case["id"] for case in result["cases"] if case["split"] == "holdout"]
    weights, offsets = result["judge_weights"], result["judge_offsets"]
    first, best = [
        {case: own.case_score(hold_out[key], case, weights, offsets, hold_out["judges"]) for case in held}
        for key in ("baseline_version_id", "version_id")
    ]
    both = [case for case in held if first[case] is not None and best[case] is not None]
    assert hold_out["cases"] == len(both) > 15
    assert hold_out["first"] == pytest.approx(mean(first[case] for case in both), abs=EXACT)
    assert hold_out["best"] == pytest.approx(mean(best[case] for case in both), abs=EXACT)
    clusters = own.clusters(both, lambda case: best[case] - first[case])
    interval = estimate(clusters)
    assert hold_out["difference"] == pytest.approx(interval.mean, abs=EXACT)
    assert_interval(hold_out["interval"], hold_out["method"], interval, "hold-out")
    promoted, _, _ = promotion(clusters)
    assert promoted == (result["verdict"] == "better")
    version = next(version for version in result["versions"] if version["id"] == hold_out["version_id"])
    assert promoted == (version["status"] == "promoted")
    assert result["best_version_id"] == hold_out["version_id" if promoted else "baseline_version_id"]


def test_each_race_is_recomputed_from_its_outputs(result: dict[str, Any]) -> None:
    own = Recomputation(result)
    weights = {row["number"]: row["metrics"]["judge_weights"] for row in result["iterations"]}
    offsets = {row["number"]: row["metrics"]["judge_offsets"] for row in result["iterations"]}
    raced = [version for version in result["versions"] if version["decision"] and version["decision"]["differences"]]
    assert len(raced) >= 3
    for version in raced:
        decision, iteration = version["decision"], version["iteration"]
        found = []
        for row in decision["differences"]:
            *before, after = [
                own.case_score(
                    one,
                    row["case_id"],
                    weights[iteration],
                    offsets[iteration],
                    decision["judges"],
                    decision["models"],
                    [row["replicate"]],
                )
                for one in (decision["against_version_id"], *decision.get("and_version_ids", []), version["id"])
            ]
            assert None not in before and after is not None
            # The edits of two winners run against the mean of the two.
            difference = after - float(np.mean(before))
            assert row["difference"] == pytest.approx(difference, abs=EXACT)
            assert own.cases[row["case_id"]]["split"] == "search"
            found.append(difference)
        assert decision["cases"] == len({row["case_id"] for row in decision["differences"]})
        # A promoted version keeps the figures of its race; those of the promotion are the hold-out's.
        by_case: dict[str, list[float]] = {}
        for row, difference in zip(decision["differences"], found):
            by_case.setdefault(row["case_id"], []).append(difference)
        means = [float(np.mean(differences)) for differences in by_case.values()]
        assert decision["delta"] == pytest.approx(np.mean(means), abs=EXACT)
        assert decision["interval"] == pytest.approx(t_interval(means), abs=EXACT)


def test_the_agreement_of_the_judges(result: dict[str, Any]) -> None:
    own = Recomputation(result)
    judges = [judge["name"] for judge in result["experiment"]["judges"] if judge["mode"] == "pointwise"]
    # What a version was last measured on as the incumbent: there every judge scores every output.
    measured = {iteration["version_id"]: iteration["case_ids"] for iteration in result["iterations"]}
    outputs = [
        own.outputs[version, case, model, replicate]
        for version, cases in measured.items()
        for case in cases
        for model in own.models
        for replicate in own.replicates
        if (version, case, model, replicate) in own.outputs
    ]
    seen = {output["id"] for output in outputs}
    audited = result["agreement"]["audited_output_ids"]
    outputs += [own.by_id[output] for output in audited if output not in seen]
    words = [{judgment["judge"]: judgment for judgment in own.judgments[output["id"]]} for output in outputs]
    assert result["agreement"]["outputs"] == len(outputs) > 30

    def alpha(value: Callable[[dict[str, Any]], float | None], level: str) -> float | None:
        return krippendorff(
            [[value(word[judge]) if judge in word else None for word in words] for judge in judges], level
        )

    assert result["agreement"]["composite"] == pytest.approx(alpha(own.judged_part, "interval"), abs=EXACT)
    for name, shown in result["agreement"]["per_criterion"].items():
        assert shown == pytest.approx(alpha(lambda word, name=name: word["scores"].get(name), "ordinal"), abs=EXACT), (
            name
        )
    flags = alpha(lambda word: float(any(word["flags"].values())), "nominal")
    assert result["agreement"]["flags"] == (None if flags is None else pytest.approx(flags, abs=EXACT))
    assert result["agreement"]["alarm"] == (result["agreement"]["composite"] < 0.6)


def test_the_pairwise_figures(full: dict[str, Any]) -> None:
    """A win in both orders is a win, verdicts that differ are a tie, and a tie is half a win."""
    own = Recomputation(full)
    pairs: dict[tuple[str, str], dict[int, str]] = {}
    for judgment in full["judgments"]:
        if judgment["mode"] == "pairwise" and judgment["valid"]:
            pairs.setdefault((judgment["output_id"], judgment["other_output_id"]), {})[judgment["order"]] = judgment[
                "winner"
            ]
    assert full["pairwise"]["comparisons"]
    for row in full["pairwise"]["comparisons"]:
        points = []
        for (mine, other), winners in pairs.items():
            version, opponent = own.by_id[mine]["version_id"], own.by_id[other]["version_id"]
            split = own.cases[own.by_id[mine]["case_id"]]["split"]
            if (version, opponent, split) != (row["version_id"], row["other_version_id"], row["split"]) or len(
                winners
            ) < 2:
                continue
            first = {"1": 1.0, "2": 0.0, "tie": 0.5}[winners[1]]
            second = {"1": 0.0, "2": 1.0, "tie": 0.5}[winners[2]]
            points.append(first if first == second else 0.5)
        assert row["pairs"] == len(points) > 0
        assert row["wins"] == pytest.approx(sum(points)) and row["win_rate"] == pytest.approx(np.mean(points))


def test_the_ranking_at_equal_length(full: dict[str, Any]) -> None:
    own, pairwise = Recomputation(full), full["pairwise"]
    shown = {row["version_id"]: row["strength"] for row in pairwise["length_controlled"]["ranking"]}
    places = {version: place for place, version in enumerate(shown)}
    verdicts: dict[tuple[str, str, str], dict[int, str]] = {}
    excluded = {name for name, judge in pairwise["judges"].items() if judge["excluded"]}
    for judgment in full["judgments"]:
        if judgment["mode"] == "pairwise" and judgment["valid"] and judgment["judge"] not in excluded:
            key = (judgment["output_id"], judgment["other_output_id"], judgment["judge"])
            verdicts.setdefault(key, {})[judgment["order"]] = judgment["winner"]
    games = []
    for (mine, other, _), winners in verdicts.items():
        if len(winners) < 2:
            continue
        first = {"1": 1.0, "2": 0.0, "tie": 0.5}[winners[1]]
        second = {"1": 0.0, "2": 1.0, "tie": 0.5}[winners[2]]
        one, two = own.by_id[mine], own.by_id[other]
        gap = np.log(len(one["text"])) - np.log(len(two["text"]))
        games.append(
            (places[one["version_id"]], places[two["version_id"]], first if first == second else 0.5, float(gap))
        )
    found = length_controlled(len(places), games)
    assert len(games) > 20
    for version, place in places.items():
        assert shown[version] == pytest.approx(found[place], abs=1e-5)
    assert pairwise["length_controlled"]["length_effect"] == pytest.approx(found[-1], abs=1e-5)


def test_costs_calls_and_tokens_are_the_exact_sums_of_their_parts(result: dict[str, Any]) -> None:
    total = result["cost_usd"]
    assert isinstance(total, Decimal) and total > 0 and total == sum(result["costs"].values())
    assert result["costs"]["execute"] == sum(output["cost_usd"] for output in result["outputs"])
    assert result["costs"]["judge"] == sum(judgment["cost_usd"] for judgment in result["judgments"])
    assert all(-cost.as_tuple().exponent <= 9 for cost in result["costs"].values())
    assert result["calls"]["execute"] == sum(not output["cached"] for output in result["outputs"])
    assert set(result["calls"]) == set(result["costs"])


def test_judgments_decisions_and_diffs_refer_to_each_other(result: dict[str, Any]) -> None:
    own = Recomputation(result)
    versions = {version["id"]: version for version in result["versions"]}
    assert [version["number"] for version in result["versions"]] == list(range(1, len(versions) + 1))
    for version in result["versions"]:
        parent = versions.get(version["parent_id"])
        assert (parent is None) == (version["status"] == "seed")
        if parent:
            assert version["diff"] and parent["text"] + str(parent["system_text"]) != version["text"] + str(
                version["system_text"]
            )
    for judgment in result["judgments"]:
        output = own.by_id[judgment["output_id"]]
        if judgment["mode"] == "pairwise":
            other = own.by_id[judgment["other_output_id"]]
            assert other["case_id"] == output["case_id"] and other["version_id"] != output["version_id"]
            assert judgment["winner"] in ("1", "2", "tie") and judgment["order"] in (1, 2)
        elif judgment["valid"]:
            assert set(judgment["scores"]) == {row["name"] for row in own.rubric if not row.get("check")}
            assert set(judgment["rationales"]) >= set(judgment["scores"])
