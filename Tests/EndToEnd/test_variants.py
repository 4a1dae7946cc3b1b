"""`variants:` compares prompts and models on the same cases, by case."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from scipy import stats

import museum
from figures import estimate
from program import Program
from recompute import Recomputation
from simulator import Simulator, task_file

VARIANTS = [
    {"name": "first"},
    {"name": "better prompt", "prompt": museum.BETTER_PROMPT},
    {"name": "larger model", "model": "apprentice-large", "provider": "main", "price": {"input": 1, "output": 5}},
]


def test_variants_are_compared_with_the_first_on_the_same_cases(
    program: Program, simulator: Callable[..., Simulator]
) -> None:
    server = simulator("--task", task_file("museum"))
    parts = museum.experiment(
        server.url,
        variants=VARIANTS,
        datasets=[{"cases": museum.cases(24)}],
        judges=[
            {"provider": "main", "model": "judge-a", "price": museum.PRICE},
            {"provider": "main", "model": "judge-b", "mode": "pairwise", "price": museum.PRICE},
        ],
    )
    path = museum.write(program.folder, parts)
    ended = program.run("eval", path, "--json", "-", "--markdown", "summary.md")
    result = program.result("eval", path)
    rows = {row["name"]: row for row in result["variants"]}
    assert list(rows) == [variant["name"] for variant in VARIANTS]
    assert all(row["cases"] == 24 for row in rows.values()) and "comparison" not in rows["first"]
    own, names = Recomputation(result), {}
    outputs = {
        name: {
            output["case_id"]: output
            for output in result["outputs"]
            if output["version_id"] == row["version_id"] and output["model"] == name
        }
        for name, row in rows.items()
    }
    p_values = {}
    for name, found in outputs.items():
        assert len(found) == 24
        names[name] = {
            case: own.score(output, result["judge_weights"], result["judge_offsets"]) for case, output in found.items()
        }
        assert rows[name]["score"] == pytest.approx(
            estimate([[score] for score in names[name].values()]).mean, abs=1e-9
        )
        if name != "first":
            differences = [names[name][case] - names["first"][case] for case in names["first"]]
            interval, comparison = estimate([[value] for value in differences]), rows[name]["comparison"]
            assert comparison["difference"] == pytest.approx(interval.mean, abs=1e-9)
            assert comparison["interval"] == pytest.approx([interval.low, interval.high], abs=0.2 * interval.error)
            p_values[name] = stats.ttest_1samp(differences, 0).pvalue
            assert comparison["p_value"] == pytest.approx(p_values[name], rel=1e-6)
    lower, higher = sorted(p_values.values())
    adjusted = sorted(rows[name]["comparison"]["p_adjusted"] for name in p_values)
    assert adjusted == pytest.approx([min(1, 2 * lower), max(min(1, 2 * lower), higher)], rel=1e-6), "Holm"
    assert rows["better prompt"]["comparison"]["verdict"] == "better"
    assert rows["better prompt"]["comparison"]["interval"][0] > 0
    # The same model answered with both prompts, so the pairwise judge compares them too.
    assert any(judgment["mode"] == "pairwise" for judgment in result["judgments"])
    text = (program.folder / "summary.md").read_text()
    for name in rows:
        assert name in text
    assert ended.out


def test_a_person_sees_the_comparison(program: Program, simulator: Callable[..., Simulator]) -> None:
    server = simulator("--task", task_file("museum"))
    parts = museum.experiment(server.url, variants=VARIANTS, datasets=[{"cases": museum.cases(12)}])
    ended = program.run("eval", museum.write(program.folder, parts))
    for variant in VARIANTS:
        assert variant["name"] in ended.out, "the table at the end names every variant"


@pytest.mark.parametrize("count", [1, 9])
def test_fewer_than_two_or_more_than_eight_are_an_error(program: Program, count: int) -> None:
    parts = museum.experiment("http://127.0.0.1:9", variants=[{"name": f"v{number}"} for number in range(count)])
    ended = program.run("eval", museum.write(program.folder, parts), status=2)
    assert "two to eight" in ended.err
