"""`edison label`: people score outputs of a finished run, and correct what the judges found."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pexpect
import pytest
from scipy import stats

import museum
from figures import krippendorff
from program import Program, read_result
from recompute import Recomputation, mean
from result_form import faults
from simulator import Simulator, task_file
from terminal import ended

EXACT = 1e-9
# What makes a label of the museum good, as a strict person sees it.
GOOD_WORDS = ("made of", "by", "century", "story", "you")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, Path, list[Simulator]]]:
    """A run with two models, two judges (one of them bad) and clusters, and its providers, still running."""
    program = Program(tmp_path_factory.mktemp("labelled"))
    servers = [Simulator(program, "--task", task_file("museum"), name=name) for name in ("one", "two")]
    parts = museum.experiment(
        servers[0].url, servers[1].url, datasets=[{"cases": museum.cases(80, clusters=56)}], holdout=0.5, reserve=0
    )
    path = museum.write(program.folder, parts)
    program.run("refine", path, "--yes", "--json", "refined.json")
    yield program, path, servers
    for server in servers:
        server.stop()


@pytest.fixture
def run(finished: tuple[Program, Path, list[Simulator]], tmp_path: Path) -> tuple[Program, Path]:
    """The finished run, on a copy of its database that is the test's own."""
    program, path, _ = finished
    copy = tmp_path / "copy.db"
    for source in sorted((program.folder / ".edison").glob("edison.db*")):
        copy.with_name(source.name.replace("edison.db", "copy.db")).write_bytes(source.read_bytes())
    return program, copy


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def scored(row: dict[str, Any]) -> dict[str, Any]:
    """What a strict person says, who knows the truth: by words of the output, and nothing else."""
    found = sum(word in row["output"].lower() for word in GOOD_WORDS) / len(GOOD_WORDS)
    scores = {}
    for place, criterion in enumerate(row["criteria"]):
        low, high = criterion["scale"]["min"], criterion["scale"]["max"]
        scores[criterion["name"]] = round(low + (high - low) * max(0, found - 0.2 * place), 1)
    return row | {"scores": scores}


def fill(source: Path, target: Path, rows: slice = slice(None)) -> list[dict[str, Any]]:
    filled = [scored(row) for row in lines(source)[rows]]
    target.write_text("".join(json.dumps(row) + "\n" for row in filled), encoding="utf-8")
    return filled


def label(run: tuple[Program, Path], *words: Any, **options: Any) -> Any:
    program, database = run
    return program.run("label", "experiment.yaml", "--database", database, *words, **options)


def test_what_is_exported_is_blind_paired_and_shuffled(run: tuple[Program, Path], tmp_path: Path) -> None:
    program, _ = run
    label(run, "--export", tmp_path / "a.jsonl")
    rows = lines(tmp_path / "a.jsonl")
    result = read_result(program.folder / "refined.json")
    outputs = {output["id"]: output for output in result["outputs"]}
    assert all(set(row) == {"output_id", "input", "output", "criteria", "scores"} for row in rows)
    assert all(criterion["name"] in ("Facts", "Story") for row in rows for criterion in row["criteria"])
    picked = [outputs[row["output_id"]] for row in rows]
    assert all(row["output"] == output["text"] for row, output in zip(rows, picked))
    assert {output["split"] for output in picked} == {"holdout"}
    pairs: dict[str, list[dict[str, Any]]] = {}
    for output in picked:
        pairs.setdefault(output["case_id"], []).append(output)
    both = {result["holdout"]["version_id"], result["holdout"]["baseline_version_id"]}
    assert len(pairs) >= 15
    for pair in pairs.values():
        assert {output["version_id"] for output in pair} == both and len(pair) == 2
        assert len({(output["model"], output["replicate"]) for output in pair}) == 1
    assert {output["model"] for output in picked} == {"apprentice", "apprentice-large"}
    assert all(one["case_id"] != next_one["case_id"] for one, next_one in zip(picked, picked[1:]))
    first = [output["version_id"] == result["holdout"]["version_id"] for output in picked]
    assert 0 < sum(first[:10]) < 10, "the versions stand in no order"
    # Clusters are picked whole.
    clusters = {case["id"]: case["cluster"] for case in result["cases"] if case["split"] == "holdout"}
    chosen = {clusters[case] for case in pairs}
    assert set(pairs) == {case for case, cluster in clusters.items() if cluster in chosen}
    # The same again, and more without dropping one.
    label(run, "--export", tmp_path / "b.jsonl")
    assert lines(tmp_path / "b.jsonl") == rows
    label(run, "--export", tmp_path / "c.jsonl", "--count", 25)
    assert {row["output_id"] for row in rows} < {row["output_id"] for row in lines(tmp_path / "c.jsonl")}


def test_the_correction_is_recomputed_from_the_result(
    run: tuple[Program, Path], finished: tuple[Program, Path, list[Simulator]], tmp_path: Path
) -> None:
    program, database = run
    asked = [len(server.log()) for server in finished[2]]
    label(run, "--export", tmp_path / "a.jsonl", "--count", 18)
    filled = fill(tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    shown = label(run, "--import", tmp_path / "b.jsonl", "--json", "labelled.json")
    result = read_result(program.folder / "labelled.json")
    assert [len(server.log()) for server in finished[2]] == asked, "no model is called"
    assert faults(result) == []

    own = Recomputation(result)
    judged = {row["output_id"]: row["score"] for row in result["scores"]}
    people = {}
    for row in filled:
        output = own.by_id[row["output_id"]]
        own.judgments[output["id"]].append({"judge": "people", "scores": row["scores"]})
        people[output["id"]] = own.score(output, {"people": 1.0}, {}, ["people"])
        own.judgments[output["id"]].pop()
    assert {row["output_id"]: row["composite"] for row in result["labels"]} == pytest.approx(people, abs=EXACT)
    assert all(row["scores"] == next(f for f in filled if f["output_id"] == row["output_id"])["scores"] for row in result["labels"])

    hold_out, corrected = result["holdout"], result["holdout"]["corrected"]
    versions = hold_out["baseline_version_id"], hold_out["version_id"]

    def difference(case: str, scores: dict[str, float], within: set[str] | None = None) -> float | None:
        found = []
        for model in own.models:
            first, best = [own.outputs.get((version, case, model, 0)) for version in versions]
            if not first or not best or (within is not None and not {first["id"], best["id"]} <= within):
                continue
            if scores.get(first["id"]) is not None and scores.get(best["id"]) is not None:
                found.append(scores[best["id"]] - scores[first["id"]])
        return mean(found)

    labelled, rest = [], []
    for unit in corrected["units"]:
        said = [
            (difference(case, people), difference(case, judged, set(people)))
            for case in unit["cases"]
            if difference(case, people) is not None
        ]
        if said:
            row = (np.mean([y for y, _ in said]), np.mean([f for _, f in said]), len(said), unit["probability"])
            assert unit["people"] == pytest.approx(row[0], abs=EXACT)
            labelled.append(row)
        else:
            values = [difference(case, judged) for case in unit["cases"]]
            row = (np.mean(values), len(values), unit["probability"])
            assert unit["people"] is None
            rest.append(row)
        assert unit["judges"] == pytest.approx(row[1] if said else row[0], abs=EXACT)
    assert len(labelled) == corrected["clusters"] >= 10 and len(rest) >= 5
    assert corrected["labels"] == len({own.by_id[row["output_id"]]["case_id"] for row in filled})
    value, low, high, weight = ppi(labelled, rest)
    assert corrected["difference"] == pytest.approx(value, abs=EXACT)
    assert corrected["interval"] == pytest.approx([low, high], abs=1e-8)
    assert corrected["lambda"] == pytest.approx(weight, abs=EXACT)
    # The probability of what is labelled stands beside the label as well.
    chances = {row["output_id"]: row["probability"] for row in result["labels"]}
    for unit in corrected["units"]:
        if unit["people"] is not None:
            output = next(o for o in people if own.by_id[o]["case_id"] in unit["cases"])
            assert chances[output] == pytest.approx(unit["probability"], abs=1e-6)
    assert {row["picked"] for row in result["labels"]} == {"random", "disagreement"}
    assert f"{corrected['difference']:+.3f}" in shown.out

    agreement_of_people(result, own, filled)
    # The judges' own figures stay as they were.
    before = read_result(program.folder / "refined.json")
    for key in ("verdict", "best_version_id", "scores", "judge_weights", "judge_offsets"):
        assert result[key] == before[key]
    for key in ("difference", "interval", "first", "best", "promoted"):
        assert hold_out[key] == before["holdout"][key]
    assert before["holdout"]["corrected"] is None and before["holdout"]["labels_missing"] == 10
    assert before["labels"] == []

    again = program.run(
        "refine", "experiment.yaml", "--database", database, "--json", "again.json", "--output", tmp_path / "out",
        "--markdown", "summary.md",
    )  # fmt: skip
    assert read_result(program.folder / "again.json") == result
    assert "corrected difference" in again.out
    assert "corrected by people" in (program.folder / "summary.md").read_text(encoding="utf-8")
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Corrected by the labels of people" in report and "with people α" in report
    assert "No person has rated" not in report
    assert [len(server.log()) for server in finished[2]] == asked, "no model is called"


def ppi(labelled: list[Any], rest: list[Any]) -> tuple[float, float, float, float]:
    """PPI++ over clusters, each side weighted back to all."""
    y, f, size, chance = (np.array(column, float) for column in zip(*labelled))
    other, other_size, other_chance = (np.array(column, float) for column in zip(*rest))
    p, q = size / chance, other_size / (1 - other_chance)
    p, q = p / p.sum(), q / q.sum()
    n = len(y)

    def squared_error(shares: np.ndarray, values: np.ndarray) -> float:
        return len(values) / (len(values) - 1) * float(np.sum((shares * (values - shares @ values)) ** 2))

    covariance = n / (n - 1) * np.sum(p * (y - p @ y) * (f - p @ f))
    variance = np.concatenate([f, other]).var(ddof=1)
    weight = float(np.clip(covariance / ((1 + (q @ q) / (p @ p)) * variance), 0, 1))
    value = float(weight * (q @ other) + p @ (y - weight * f))
    error = np.sqrt(
        max(squared_error(p, y - weight * f), 0.05**2 * float(p @ p)) + weight**2 * squared_error(q, other)
    )
    reach = float(stats.t.ppf(0.975, n - 1) * error)
    return value, value - reach, value + reach, weight


def agreement_of_people(result: dict[str, Any], own: Recomputation, filled: list[dict[str, Any]]) -> None:
    people = {row["output_id"]: own.judged_part({"scores": row["scores"]}) for row in filled}
    shown = result["agreement"]["people"]
    assert shown["outputs"] == len(people)
    assert set(shown["judges"]) == {"judge-a", "judge-bad"}
    for judge, figures in shown["judges"].items():
        words = {
            output: next((own.judged_part(j) for j in own.judgments[output] if j["judge"] == judge), None)
            for output in people
        }
        both = [(words[output], people[output]) for output in people if words[output] is not None]
        assert figures["outputs"] == len(both) >= 20
        ratings = [[words[output] for output in people], [people[output] for output in people]]
        assert figures["alpha"] == pytest.approx(krippendorff(ratings, "interval"), abs=EXACT)
        assert figures["offset"] == pytest.approx(np.mean([a - b for a, b in both]), abs=EXACT)
        assert figures["correlation"] == pytest.approx(np.corrcoef(*zip(*both))[0, 1], abs=EXACT)
    weights = [figures["weight_by_people"] for figures in shown["judges"].values()]
    assert sum(weights) == pytest.approx(1)
    # They are shown, and change no score.
    assert result["judge_weights"] != {judge: figures["weight_by_people"] for judge, figures in shown["judges"].items()}


def test_under_ten_cases_it_says_how_many_are_missing(run: tuple[Program, Path], tmp_path: Path) -> None:
    program, _ = run
    label(run, "--export", tmp_path / "a.jsonl", "--count", 6)
    fill(tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    shown = label(run, "--import", tmp_path / "b.jsonl", "--json", "few.json")
    result = read_result(program.folder / "few.json")
    assert result["holdout"]["corrected"] is None
    missing = result["holdout"]["labels_missing"]
    assert 0 < missing < 10
    subject = "1 more held-out case needs" if missing == 1 else f"{missing} more held-out cases need"
    assert f"{subject} labels before it is corrected" in shown.out


def test_an_export_of_labels_comes_back_as_it_was(run: tuple[Program, Path], tmp_path: Path) -> None:
    program, _ = run
    label(run, "--export", tmp_path / "a.jsonl")
    fill(tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    label(run, "--import", tmp_path / "b.jsonl", "--json", "one.json")
    ended = label(run, "--export", tmp_path / "c.jsonl")
    assert [row["scores"] for row in lines(tmp_path / "c.jsonl")] == [row["scores"] for row in lines(tmp_path / "b.jsonl")]
    assert f"{len(lines(tmp_path / 'c.jsonl'))} of them labelled" in ended.err
    label(run, "--import", tmp_path / "c.jsonl", "--json", "two.json")
    one, two = read_result(program.folder / "one.json"), read_result(program.folder / "two.json")
    for result in (one, two):
        for row in result["labels"]:
            row.pop("created_at")
    assert one == two
    # A later label of the same output replaces the earlier one.
    changed = lines(tmp_path / "c.jsonl")[0]
    changed["scores"] = {"Facts": 5, "Story": 5}
    (tmp_path / "d.jsonl").write_text(json.dumps(changed), encoding="utf-8")
    label(run, "--import", tmp_path / "d.jsonl", "--json", "three.json")
    labels = {row["output_id"]: row for row in read_result(program.folder / "three.json")["labels"]}
    assert len(labels) == len(one["labels"]) and labels[changed["output_id"]]["scores"] == {"Facts": 5, "Story": 5}


def test_scores_that_were_filled_in_are_not_written_over(run: tuple[Program, Path], tmp_path: Path) -> None:
    place = tmp_path / "a.jsonl"
    label(run, "--export", place)
    label(run, "--export", place)  # Nothing is filled in: nothing is lost.
    rows = [json.loads(line) for line in place.read_text().splitlines()]
    rows[0]["scores"] = {name: 1 for name in rows[0]["scores"]}
    filled = "".join(json.dumps(row) + "\n" for row in rows)
    place.write_text(filled)
    ended = label(run, "--export", place, status=2)
    assert "not imported" in ended.err and "--import" in ended.err and "--force" in ended.err
    assert place.read_text() == filled
    label(run, "--export", place, "--force")
    assert place.read_text() != filled
    # What is stored may be written over: it is in the new file as well.
    place.write_text(filled)
    label(run, "--import", place)
    label(run, "--export", place)


def test_a_bad_file_is_refused_with_all_its_faults(run: tuple[Program, Path], tmp_path: Path) -> None:
    program, _ = run
    label(run, "--export", tmp_path / "a.jsonl")
    rows = fill(tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    rows[1]["scores"]["Facts"] = 7
    del rows[2]["scores"]["Story"]
    rows[3]["output_id"] = "nobody"
    rows[4]["output_id"] = rows[0]["output_id"]
    bad = tmp_path / "bad.jsonl"
    bad.write_text("".join(json.dumps(row) + "\n" for row in rows) + "what?\n", encoding="utf-8")
    ended = label(run, "--import", bad, status=2)
    for words in (
        "2:1: scores.Facts: 7",
        "3:1: scores.Story: is missing",
        "4:1: output_id: nobody is no output of this run",
        "5:1: output_id: stands in line 1 already",
        f"{len(rows) + 1}:1: not JSON",
        "nothing of it was stored",
    ):
        assert words in ended.err, ended
    label(run, "--export", tmp_path / "c.jsonl")
    assert all(set(row["scores"].values()) == {None} for row in lines(tmp_path / "c.jsonl"))
    assert "holds no labels" in label(run, "--import", tmp_path / "a.jsonl", status=2).err
    assert "Cannot read" in label(run, "--import", tmp_path / "absent.jsonl", status=2).err


def test_without_a_terminal_the_two_ways_are_named(run: tuple[Program, Path]) -> None:
    ended = label(run, status=2)
    ended.assert_readable()
    assert "--export" in ended.err and "--import" in ended.err


def test_without_a_finished_run_it_says_so(program: Program) -> None:
    ended = program.run("label", "absent.yaml", "--export", "a.jsonl", status=2)
    assert "No finished run" in ended.err and "edison refine" in ended.err


def sit_down(run: tuple[Program, Path], terminal: Callable[..., pexpect.spawn], *words: Any) -> pexpect.spawn:
    program, database = run
    return terminal("label", program.folder / "experiment.yaml", "--database", database, *words)


def test_a_person_scores_at_the_terminal_and_goes_on_after_a_kill(
    run: tuple[Program, Path], terminal: Callable[..., pexpect.spawn], tmp_path: Path
) -> None:
    program, database = run
    child = sit_down(run, terminal, "--count", 2)
    child.expect(r"1 of (\d+)")
    count = int(child.match[1])
    child.expect("Output")
    child.expect("0 to 5 > ")
    seen = child.before
    for secret in ("apprentice", "judge-", "version", "weight"):
        assert secret not in seen
    child.sendline("6")
    child.expect("Type a number from 0 to 5")
    child.sendline("3.5")
    child.expect("1 to 5 > ")
    child.sendline("b")
    child.expect("0 to 5 > ")
    child.sendline("2")
    child.expect("1 to 5 > ")
    child.sendline("4")
    child.expect(f"2 of {count}")
    child.expect("0 to 5 > ")
    child.sendline("1")
    child.expect("1 to 5 > ")
    child.kill(signal.SIGKILL)
    child.close()

    result = program.result("refine", "experiment.yaml", "--database", database)
    assert [row["scores"] for row in result["labels"]] == [{"Facts": 2, "Story": 4}], "what was complete is kept"
    child = sit_down(run, terminal, "--count", 2, "--json", tmp_path / "done.json")
    child.expect(rf"1 are labelled")
    child.expect(f"1 of {count - 1}")
    child.expect("0 to 5 > ")
    child.sendline("s")
    for place in range(2, count):
        child.expect(f"{place} of {count - 1}")
        child.expect("0 to 5 > ")
        child.sendline("3")
        child.expect("1 to 5 > ")
        child.sendline("5")
    child.expect("Labels by people")
    assert ended(child) == 0
    assert len(read_result(tmp_path / "done.json")["labels"]) == count - 1
    child = sit_down(run, terminal, "--count", 2)
    child.expect("1 of 1")
    child.expect("0 to 5 > ")
    child.sendline("q")
    child.expect("Go on with the same command")
    assert ended(child) == 0


def test_ctrl_c_keeps_what_was_scored(run: tuple[Program, Path], terminal: Callable[..., pexpect.spawn]) -> None:
    program, database = run
    child = sit_down(run, terminal)
    for answer in ("1", "2", "3"):
        child.expect(" to 5 > ")
        child.sendline(answer)
    child.expect(" to 5 > ")
    child.sendintr()
    child.expect("Go on with the same command")
    assert ended(child) == 130
    assert len(program.result("refine", "experiment.yaml", "--database", database)["labels"]) == 1


def test_outputs_of_an_evaluation_are_labelled_for_agreement_alone(
    program: Program, server: Simulator, tmp_path: Path
) -> None:
    path = museum.write(program.folder, museum.experiment(server.url, datasets=[{"cases": museum.cases(20)}]))
    program.run("eval", path, "--yes")
    program.run("label", "--export", "a.jsonl")
    assert len(lines(program.folder / "a.jsonl")) == 15
    fill(program.folder / "a.jsonl", program.folder / "b.jsonl")
    result = program.result("label", path, "--import", "b.jsonl")
    assert result["holdout"] is None and result["agreement"]["people"]["judges"]["judge-a"]["outputs"] == 15


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_labels_on_postgres(program: Program, server: Simulator, database: str) -> None:
    path = museum.write(program.folder, museum.experiment(server.url))
    program.run("refine", path, "--database", database)
    program.run("label", path, "--database", database, "--export", "a.jsonl")
    fill(program.folder / "a.jsonl", program.folder / "b.jsonl")
    result = program.result("label", path, "--database", database, "--import", "b.jsonl")
    assert result["holdout"]["corrected"]["labels"] == result["holdout"]["cases"] == 11
    assert program.result("refine", path, "--database", database) == result
