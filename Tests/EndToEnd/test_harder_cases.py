"""`generate`: a model looks for cases that the prompt fails; what is held out stays unseen, nothing is paid for twice, and
a person decides what counts."""

from __future__ import annotations

import json
import random
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect
import pytest

import museum
from program import Program, read_result
from simulator import Simulator, task_file
from terminal import ended
from test_interrupt import CONCURRENCY, assert_nothing_asked_twice, attempts

QUESTION = r"\[k\]eep"


def report(program: Program, *words: Any, **options: Any) -> dict[str, Any]:
    return program.result("generate", *words, **options)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def notes(cases: list[dict[str, Any]], split: str | None = None) -> list[str]:
    return [case["input"]["notes"] for case in cases if split is None or case["split"] == split]


def test_refine_then_generate_then_refine_with_the_new_cases(program: Program, server: Simulator) -> None:
    parts = museum.experiment(server.url)
    path = museum.write(program.folder, parts)
    run = program.result("refine", path)
    before = len(server.log())
    done = program.run("generate", path, "--count", 8, "--json", "report.json")
    found, cases = read_result(program.folder / "report.json"), lines(program.folder / "experiment.harder.jsonl")

    assert found["version"]["id"] == run["best_version_id"] and found["experiment_id"]
    assert "about" in done.err.split("calls")[0], "the cost is shown first"
    assert found["asked"] == 8 and found["kept"] == found["written"] == len(cases) == 8
    assert found["stop_reason"] == "count"
    for case, told in zip(cases, found["cases"], strict=True):
        assert case["kind"] == "adversarial" and case["confirmed"] is False and case["tags"]
        assert case["input"] == told["input"] and 1 <= case["difficulty"] <= 5
        assert told["reason"] == "fails" and told["score"] < found["fails_below"] or told["reason"] == "gap"
    second = [case["second_score"] for case in found["cases"]]
    assert found["measured"] == 8 and found["lowered"] == sum(score < found["known"]["score"] for score in second)
    assert found["new"]["score"] == pytest.approx(sum(second) / 8)
    assert found["known"]["cases"] >= 20

    asked = server.log()[before:]
    assert sum(found["calls"].values()) == len(asked), "every call is counted"
    assert found["cost_usd"] == sum(found["costs"].values()) > 0
    bodies = [entry["body"] for entry in asked if entry["schema"] == "test_cases"]
    held = notes(run["cases"], "holdout") + notes(run["cases"], "reserve")
    assert len(held) >= 15 and len(bodies) == found["calls"]["generate"] >= 2
    assert not [text for body in bodies for text in held if text in body], "the generator saw held-out text"
    assert all(any(text in body for text in notes(run["cases"], "search")) for body in bodies)
    assert len(set(bodies)) == len(bodies), "each round asks for something else"

    # The line that it prints is the line that the file needs.
    line = next(line for line in done.out.splitlines() if line.startswith("  - { file:"))
    assert line == '  - { file: "experiment.harder.jsonl", kind: adversarial }'
    parts["datasets"].append({"file": "experiment.harder.jsonl", "kind": "adversarial"})
    again = program.result("refine", museum.write(program.folder, parts))
    fresh = [case for case in again["cases"] if case["kind"] == "adversarial"]
    assert sorted(notes(fresh)) == sorted(notes(cases)) and {case["split"] for case in fresh} == {"search"}
    assert sorted(notes(again["cases"], "holdout")) == sorted(notes(run["cases"], "holdout")), "split as without them"

    # The next generation knows them.
    more = report(program, path, "--count", 3, "--output", "more.jsonl")
    assert more["version"]["id"] == again["best_version_id"]
    assert not set(notes(more["cases"])) & set(notes(cases))


def test_confirmed_cases_follow_the_split_rule(program: Program, server: Simulator, database: str) -> None:
    parts = museum.experiment(server.url, holdout=0.5, reserve=0, stop={"max_iterations": 1, "max_budget_usd": 5})
    path = museum.write(program.folder, parts)
    run = program.result("refine", path, "--database", database)
    found = report(program, path, "--count", 12, "--output", "more.jsonl", "--database", database)
    assert found["version"]["id"] == run["best_version_id"]
    text = (program.folder / "more.jsonl").read_text()
    (program.folder / "more.jsonl").write_text(text.replace('"confirmed":false', '"confirmed":true'))
    parts["datasets"].append({"file": "more.jsonl"})
    result = program.result("refine", museum.write(program.folder, parts), "--database", database)
    splits = Counter(case["split"] for case in result["cases"] if case["kind"] == "adversarial")
    assert splits["holdout"] and splits["search"], splits


def test_without_a_run_the_prompt_of_the_file_is_tried(program: Program, server: Simulator) -> None:
    path = museum.write(program.folder, museum.experiment(server.url))
    done = program.run("generate", path, "--count", 4, "--json", "-")
    found = json.loads(done.out)
    assert found["experiment_id"] is None and found["version"]["content"]["text"] == museum.PROMPT["text"]
    assert found["known"]["cases"] == 20 and found["kept"] == 4
    calls = len(server.log())

    # Started again it is the same, without a call; more are looked for from there.
    exists = program.run("generate", path, "--count", 4, status=2)
    assert "experiment.harder.jsonl exists" in exists.err and "--output" in exists.err and "--force" in exists.err
    again = report(program, path, "--count", 4, "--force")
    assert len(server.log()) == calls
    assert again["cases"] == found["cases"]
    more = report(program, path, "--count", 6, "--force", "--concurrency", 1)
    assert more["cases"][:4] == found["cases"] and len(more["cases"]) == 6 and len(server.log()) > calls


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[dict[str, Any]]]:
    """The cases that are written when nobody disturbs it, and the provider's log."""
    program = Program(tmp_path_factory.mktemp("whole"))
    server = Simulator(program, "--task", task_file("museum"))
    try:
        program.run("generate", museum.write(program.folder, museum.experiment(server.url)), "--count", 8)
        return (program.folder / "experiment.harder.jsonl").read_text(), server.log()
    finally:
        server.stop()


def test_a_kill_loses_nothing_and_nothing_is_paid_twice(
    program: Program, simulator: Callable[..., Simulator], uninterrupted: tuple[str, list[dict[str, Any]]]
) -> None:
    slow = simulator("--task", task_file("museum"), "--latency", 15)
    path, database = museum.write(program.folder, museum.experiment(slow.url)), program.folder / "run.db"
    words = ("generate", path, "--count", 8, "--database", database, "--concurrency", CONCURRENCY)
    for place in sorted(random.Random(7).sample(range(5, len(uninterrupted[1]) - 5), 3)):
        run = program.start(*words)
        slow.wait_for(place, run)
        run.kill()
        assert run.wait(20) == -signal.SIGKILL
        assert not (program.folder / "experiment.harder.jsonl").exists()
    program.run(*words)
    assert (program.folder / "experiment.harder.jsonl").read_text() == uninterrupted[0]
    assert_nothing_asked_twice(slow.log(), uninterrupted[1], attempts(database), 3)


def test_ctrl_c_keeps_what_was_found(
    program: Program, simulator: Callable[..., Simulator], uninterrupted: tuple[str, list[dict[str, Any]]]
) -> None:
    slow = simulator("--task", task_file("museum"), "--latency", 15)
    path = museum.write(program.folder, museum.experiment(slow.url))
    run = program.start("generate", path, "--count", 8, "--json", "report.json")
    slow.wait_for(len(uninterrupted[1]) - 8, run)
    run.send_signal(signal.SIGINT)
    assert run.wait(20) == 130
    found = read_result(program.folder / "report.json")
    written = (program.folder / "experiment.harder.jsonl").read_text()
    assert found["stop_reason"] == "cancelled" and 0 < found["kept"] < 8
    assert uninterrupted[0].startswith(written), "what it found is what it finds undisturbed"
    assert "Interrupted" in (program.folder / "started.out").read_text()
    program.run("generate", path, "--count", 8, "--force")
    assert (program.folder / "experiment.harder.jsonl").read_text() == uninterrupted[0]


def test_a_budget_holds(program: Program, server: Simulator) -> None:
    # A reservation holds the most that a call can cost.
    refiner = {
        "provider": "main",
        "model": "refiner",
        "price": {"input": 2.5, "output": 10},
        "parameters": {"max_tokens": 500},
    }
    path = museum.write(program.folder, museum.experiment(server.url, refiner=refiner))
    found = report(program, path, "--count", 8, "--max-budget", "0.03")
    assert found["stop_reason"] == "budget" and 0 < found["cost_usd"] <= 0.03
    assert 0 < found["kept"] == len(lines(program.folder / "experiment.harder.jsonl")) < 8
    tiny = program.run("generate", path, "--seed", 12, "--output", "none.jsonl", "--max-budget", "0.0001", status=3)
    assert "No case was kept" in tiny.out and not (program.folder / "none.jsonl").exists()


def test_a_person_keeps_edits_drops_and_leaves(
    program: Program, server: Simulator, terminal: Callable[..., pexpect.spawn]
) -> None:
    editor = program.folder / "editor.sh"
    editor.write_text(
        "#!/bin/sh\nif [ -e tried ]; then sed -i 's/\"notes\": \"/\"notes\": \"Mended: /' \"$1\"; "
        'else touch tried; echo "{ broken" > "$1"; fi\n'
    )
    editor.chmod(0o755)
    path = museum.write(program.folder, museum.experiment(server.url))
    child = terminal("generate", path, "--count", 4, "--json", "report.json", EDITOR=str(editor))
    child.expect(QUESTION)
    assert "Case 1 of 4" in child.before and "The answer" in child.before and "Score 0." in child.before
    assert "difficulty" in child.before and "on known cases" in child.before
    child.sendline("x")
    child.expect("Type one of the letters")
    child.expect(QUESTION)
    child.sendline("k")
    child.expect("Case 2 of 4")
    child.expect(QUESTION)
    child.sendline("e")
    child.expect("not JSON")
    child.expect(QUESTION)
    child.sendline("e")
    child.expect("Kept as you wrote it")
    child.expect("Case 3 of 4")
    child.expect(QUESTION)
    child.sendline("d")
    child.expect("Case 4 of 4")
    child.expect(QUESTION)
    child.sendline("q")
    assert ended(child) == 0
    found, cases = read_result(program.folder / "report.json"), lines(program.folder / "experiment.harder.jsonl")
    assert [case["decision"] for case in found["cases"]] == ["kept", "edited", "dropped", "open"]
    assert [case["confirmed"] for case in cases] == [True, True, False]
    assert cases[1]["input"]["notes"].startswith("Mended: ")
    assert (found["kept"], found["written"], found["confirmed"]) == (4, 3, 2)
    calls = len(server.log())

    # Ctrl-C before a case leaves all of them unconfirmed, and --yes asks nothing.
    child = terminal("generate", path, "--count", 4, "--output", "more.jsonl")
    child.expect(QUESTION)
    child.sendintr()
    child.expect("Wrote more.jsonl")
    ended(child)
    assert [case["confirmed"] for case in lines(program.folder / "more.jsonl")] == [False] * 4
    child = terminal("generate", path, "--count", 4, "--output", "most.jsonl", "--yes")
    assert ended(child) == 0
    assert [case["confirmed"] for case in lines(program.folder / "most.jsonl")] == [False] * 4
    assert len(server.log()) == calls


def scripted(program: Program, simulator: Callable[..., Simulator], **more: Any) -> Simulator:
    """A provider whose answers are perfect, and whose generator knows one case only."""
    rules = [
        {"schema": "judgment", "answer": {"reasoning": "", "scores": {"Facts": 5, "Story": 5}}},
        {"schema": "test_cases", "answer": {"cases": [{"input": {"notes": "Always the same old bell."}, "tags": []}]}},
        {"schema": "refinement", "answer": {"analysis": "", "edits": [], "note": "", "target_criteria": [], "no_change": True}},
        {"schema": "summary", "answer": {"headline": "", "summary": "", "risks": []}},
        {"answer": "A label."},
    ]
    script = program.folder / "script.json"
    script.write_text(json.dumps(more.get("rules", rules)))
    return simulator("--behaviour", "script", "--script", script)


def test_ten_rejected_in_a_row_end_it(program: Program, simulator: Callable[..., Simulator]) -> None:
    server = scripted(program, simulator)
    path = museum.write(program.folder, museum.experiment(server.url))
    done = program.run("generate", path, "--json", "report.json")
    found = read_result(program.folder / "report.json")
    assert found["stop_reason"] == "rejected" and found["kept"] == 0
    assert found["rejected"]["too_easy"] == 1 and found["rejected"]["near_duplicate"] == 9
    assert "10 cases in a row were rejected" in done.out and "nothing was written" in done.out
    assert not (program.folder / "experiment.harder.jsonl").exists()
    assert found["calls"]["generate"] == 10


def test_cases_without_all_variables_and_answers_that_are_none_are_counted(
    program: Program, simulator: Callable[..., Simulator]
) -> None:
    """The prompt takes two fields, and the generator writes one of them."""
    prompt = {"text": "Write a label.\n\nObject notes: {{notes}}\nHall: {{hall}}"}
    cases = [{"input": case["input"] | {"hall": "east"}} for case in museum.cases(20)]
    server = scripted(program, simulator)
    path = museum.write(program.folder, museum.experiment(server.url, prompt=prompt, datasets=[{"cases": cases}]))
    assert report(program, path)["rejected"]["missing_variables"] == 10

    rules = [
        {"schema": "judgment", "answer": {"reasoning": "", "scores": {"Facts": 5, "Story": 5}}},
        {"schema": "test_cases", "answer": "I would rather not."},
        {"answer": "A label."},
    ]
    server = scripted(program, simulator, rules=rules)
    path = museum.write(program.folder, museum.experiment(server.url))
    found = report(program, path)
    assert found["rejected"]["not_written"] == 10 and found["stop_reason"] == "rejected"


def test_what_a_run_has_drafted_is_known(program: Program, server: Simulator) -> None:
    parts = museum.experiment(
        server.url,
        rubric={"draft": True},
        prompt={"draft": 1},
        datasets=[{"generate": 24}],
        stop={"max_iterations": 1, "max_budget_usd": 5},
    )
    path = museum.write(program.folder, parts)
    assert "no finished run" in program.run("generate", path, status=2).err
    run = program.result("refine", path)
    found = report(program, path, "--count", 2)
    assert found["version"]["id"] == run["best_version_id"] and found["kept"] == 2


def test_fields_within_fields_are_written(program: Program, server: Simulator) -> None:
    prompt = {"system": "You write the labels of our museum.", "text": "Write a label.\n\nObject: {{object.notes}}"}
    cases = [case | {"input": {"object": case["input"]}} for case in museum.cases(12)]
    parts = museum.experiment(server.url, prompt=prompt, datasets=[{"cases": cases}])
    found = report(program, museum.write(program.folder, parts), "--count", 2)
    assert found["kept"] == 2 and found["rejected"]["missing_variables"] == 0
    assert all(case["input"]["object"]["notes"] for case in found["cases"])


def test_what_no_judge_can_score_is_not_kept(program: Program, server: Simulator) -> None:
    """The judge breaks down after the known cases were measured."""
    path = museum.write(program.folder, museum.experiment(server.url))
    report(program, path, "--count", 1, "--output", "one.jsonl")
    script = program.folder / "broken.json"
    script.write_text(json.dumps([{"schema": "judgment", "answer": "Who am I to judge?"}]))
    broken = Simulator(program, "--behaviour", "script", "--script", script, name="broken")
    try:
        parts = museum.experiment(server.url)
        parts["providers"]["other"] = {"provider": "openai-compatible", "base_url": f"{broken.url}/v1"}
        parts["judges"] = [{"provider": "other", "model": "judge-a", "price": museum.PRICE}]
        path = museum.write(program.folder, parts)
        done = program.run("generate", path, "--json", "report.json", status=3)
        assert "None of the last 10 cases could be tried: judge judge-a" in done.err
        found = read_result(program.folder / "report.json")
        assert found["rejected"]["not_judged"] == 10 and found["stop_reason"] == "errors"
        # What was found before is kept, and nothing is lost: with the judge back it goes on.
        assert found["kept"] == len(lines(program.folder / "experiment.harder.jsonl")) >= 1
    finally:
        broken.stop()


def test_a_provider_that_refuses_is_named(program: Program, simulator: Callable[..., Simulator]) -> None:
    server = simulator("--api-key", "right")
    path = museum.write(program.folder, museum.experiment(server.url))
    done = program.run("generate", path, status=3)
    assert "known cases" in done.err and not (program.folder / "experiment.harder.jsonl").exists()


def test_a_run_that_ends_at_the_ceiling_offers_it(program: Program, simulator: Callable[..., Simulator]) -> None:
    server = scripted(program, simulator)
    path = museum.write(program.folder, museum.experiment(server.url, loop={"evidence_cases": 20}))
    done = program.run("refine", path, "--database", "own.db", "--json", "result.json")
    assert read_result(program.folder / "result.json")["stop_reason"] == "ceiling"
    assert done.out.rstrip().endswith("edison generate experiment.yaml --database own.db")


SPOILT: dict[str, tuple[dict[str, Any], list[Any], list[str]]] = {
    "a count of nothing": ({}, ["--count", 0], ["--count", "1", "500"]),
    "a count that is none": ({}, ["--count", "many"], ["--count"]),
    "a budget below nothing": ({}, ["--max-budget=-1"], ["--max-budget"]),
    "no rubric": ({"rubric": None}, [], ["rubric"]),
    "no refiner": ({"refiner": None}, [], ["refiner", "writes the cases"]),
    "a rubric that is still to be drafted": ({"rubric": {"draft": True}}, [], ["rubric", "edison refine"]),
    "one case": ({"datasets": [{"cases": museum.cases(1)}]}, [], ["at least 2 known cases"]),
    "a folder as output": ({}, ["--output", ".", "--force"], ["folder"]),
    "a case file as output": (
        {"datasets": [{"file": "cases.jsonl"}]},
        ["--output", "cases.jsonl", "--force"],
        ["cases.jsonl", "another file"],
    ),
    "the same file twice": ({}, ["--output", "a.json", "--json", "a.json"], ["a.json", "another"]),
}


@pytest.mark.parametrize("spoilt", SPOILT)
def test_bad_input_is_told_before_anything_is_asked(program: Program, server: Simulator, spoilt: str) -> None:
    changes, words, expected = SPOILT[spoilt]
    (program.folder / "cases.jsonl").write_text("".join(json.dumps(case) + "\n" for case in museum.cases(6)))
    path = museum.write(program.folder, museum.experiment(server.url, **changes))
    before = (program.folder / "cases.jsonl").read_text()
    done = program.run("generate", path, *words, status=2)
    for word in expected:
        assert word in done.err, done
    done.assert_readable()
    assert server.log() == [] and (program.folder / "cases.jsonl").read_text() == before
