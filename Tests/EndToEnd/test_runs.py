"""`edison runs`: what is in a database is listed, shown again, ended, hidden, removed, copied and marked."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from typing import Any

import pexpect
import pytest

import museum
from program import Program, read_result
from simulator import Simulator, task_file


def few(url: str, **changes: Any) -> dict[str, Any]:
    small = {"datasets": [{"cases": museum.cases(24)}], "stop": {"max_iterations": 2, "max_budget_usd": 5}}
    return museum.experiment(url, **(small | changes))


def listed(program: Program, *words: Any) -> list[dict[str, Any]]:
    return json.loads(program.run("runs", "--json", "-", *words).out)


def test_the_list_and_the_stored_result(program: Program, server: Simulator, database: str) -> None:
    place = ("--database", database)
    path = museum.write(program.folder, few(server.url))
    ended = program.run("refine", path, *place, "--json", "result.json")
    result = read_result(program.folder / "result.json")
    program.run("eval", path, *place)
    runs = listed(program, *place)
    assert [run["kind"] for run in runs] == ["eval", "refine"], "newest first"
    refined = runs[1]
    assert refined["name"] == "Museum labels" and refined["file"] == str(path) and refined["status"] == "completed"
    assert refined["verdict"] == result["verdict"] and refined["iterations"] == len(result["iterations"])
    recommended = "best" if result["best_version_id"] == result["holdout"]["version_id"] else "first"
    assert float(result["cost_usd"]) == refined["cost_usd"] and refined["score"] == result["holdout"][recommended]
    out = program.run("runs", *place).out
    assert len(out.splitlines()) == 3 and refined["id"][:8] in out and re.search(r"\d\.\d{3}", out)
    calls = len(server.log())
    shown = program.run("runs", "show", refined["id"], *place, "--json", "shown.json", "--output", "out")
    assert read_result(program.folder / "shown.json") == result
    assert refined["id"] in shown.out and ended.out.strip() in shown.out, "the same view as at its end"
    assert (program.folder / "out/report.html").exists() and (program.folder / "out/best-prompt.txt").exists()
    assert json.loads(program.run("runs", "show", refined["id"], *place, "--json", "-").out)["seed"] == 11
    assert "refine, completed" in program.run("runs", "show", path, *place).out, "a file means its refinement first"
    assert len(server.log()) == calls, "no model is asked"


def test_a_database_that_nobody_works_on_is_one_file(program: Program, server: Simulator) -> None:
    path = museum.write(program.folder, few(server.url, datasets=[{"cases": museum.cases(4)}]))
    for words in (("eval", path), ("runs",), ("runs", "show", path), ("eval", path)):
        program.run(*words)
        assert [file.name for file in (program.folder / ".edison").iterdir()] == ["edison.db"], words


def test_what_is_meant_must_be_clear(program: Program, server: Simulator) -> None:
    path = museum.write(program.folder, few(server.url, datasets=[{"cases": museum.cases(4)}]))
    missing = program.run("runs", status=2)
    assert "There is no database" in missing.err and not (program.folder / ".edison").exists()
    for seed in (1, 2):
        program.run("eval", path, "--seed", seed)
    for word, said in (("nothing", "No run has the id or the file"), ("0", "2 runs begin with"), ("", "No run has")):
        ended = program.fails("runs", "show", word)
        ended.assert_readable()
        assert said in ended.err
    assert program.fails("runs", "duplicate", path).said, "--output is required"
    newest = listed(program)[0]["id"]
    before = path.read_text()
    for words in (
        ("--json", ".edison/edison.db"),
        ("show", newest, "--json", path),
        ("duplicate", newest, "--output", ".edison/edison.db", "--force"),
    ):
        assert "it is the database, or the file of the run" in program.fails("runs", *words).err
    assert len(listed(program)) == 2 and path.read_text() == before


def test_a_run_in_progress_is_left_alone(program: Program, simulator: Callable[..., Simulator]) -> None:
    server = simulator("--task", task_file("museum"), "--latency", "100")
    path = museum.write(program.folder, few(server.url, concurrency=2))
    process = program.start("refine", path)
    try:
        server.wait_for(8, process)
        for words in (("cancel",), ("delete", "--yes")):
            ended = program.fails("runs", *words, path)
            assert "Another process works on this run" in ended.err and "Ctrl-C" in ended.err
        refused = program.fails("runs", "archive", path)
        assert "is running and cannot be archived" in refused.err
        assert " running " in program.run("runs").out and not listed(program)[0]["interrupted"]
    finally:
        process.kill()
        process.wait(10)
    assert "no result yet" in program.run("runs", "show", path).out
    killed = listed(program)[0]
    assert killed["status"] == "running" and killed["interrupted"] and killed["unconfirmed_usd"] >= 0
    listing = program.run("runs").out
    assert " interrupted " in listing and (killed["unconfirmed_usd"] == 0 or "more unconfirmed" in listing)
    assert "Cancelled" in program.run("runs", "cancel", path).out
    run = listed(program)[0]
    assert run["status"] == run["stop_reason"] == "cancelled" and run["cost_usd"] > 0
    assert "ended before it had a result" in program.run("runs", "show", path).out
    asked = len(server.log())
    refused = program.fails("refine", path)
    assert "was cancelled" in refused.err and "--new" in refused.err
    assert "No unfinished run" in program.fails("resume").err
    assert "is cancelled already" in program.fails("runs", "cancel", path).err
    assert len(server.log()) == asked


def test_a_run_that_goes_on_shows_what_it_costs_by_now(program: Program, simulator: Callable[..., Simulator]) -> None:
    server = simulator("--task", task_file("museum"), "--latency", "40")
    path = museum.write(program.folder, few(server.url, concurrency=2))
    stopped = program.run("refine", path, "--max-budget", 0.012)
    assert "The limit was that of --max-budget. To go on, start it again with a higher one, or without." in stopped.out
    ended = listed(program)[0]
    assert ended["stop_reason"] == "budget" and ended["score"] is not None
    process = program.start("refine", path, "--max-budget", 1)
    try:
        server.wait_for(len(server.log()) + 12, process)
        going = listed(program)[0]
    finally:
        process.kill()
        process.wait(10)
    killed = listed(program)[0]
    for run in (going, killed):
        assert run["status"] == "running" and run["cost_usd"] > ended["cost_usd"]
        assert run["score"] is None and run["verdict"] is None
    shown = program.run("runs", "show", path).out
    assert "has not come to an end since it was last started. The end before that one:" in shown
    assert "Stopped because" in shown and "budget" in shown
    assert "What it found stays" in program.run("runs", "cancel", path).out
    cancelled = listed(program)[0]
    assert cancelled["cost_usd"] >= killed["cost_usd"] and cancelled["score"] is None


def test_an_archived_run_is_hidden_and_its_file_begins_anew(program: Program, server: Simulator) -> None:
    path = museum.write(program.folder, few(server.url, datasets=[{"cases": museum.cases(4)}]))
    program.run("eval", path)
    assert "Archived" in program.run("runs", "archive", path).out
    hidden = program.run("runs")
    assert "No runs." in hidden.out and "1 archived run is left out" in hidden.err
    assert [run["status"] for run in listed(program, "--all")] == ["archived"]
    again = program.run("eval", path)
    assert "This run is finished" not in again.out
    assert [run["status"] for run in listed(program, "--all")] == ["completed", "archived"]


def test_deleting_asks_and_leaves_nothing(
    program: Program, server: Simulator, terminal: Callable[..., pexpect.spawn]
) -> None:
    other = museum.write(program.folder, few(server.url, name="Kept", datasets=[{"cases": museum.cases(4)}]), "other.yaml")
    program.run("eval", other)
    path = museum.write(program.folder, few(server.url))
    program.run("refine", path)
    program.run("runs", "production", path)
    program.run("generate", path, "--count", 2, "--yes")
    assert "nobody is there to confirm" in program.fails("runs", "delete", path).err
    child = terminal("runs", "delete", path)
    child.expect(r"\[y/N\] ")
    child.sendline("n")
    child.expect("Nothing was deleted")
    assert len(listed(program)) == 2
    gone = next(run["id"] for run in listed(program) if run["name"] == "Museum labels")
    child = terminal("runs", "delete", path)
    child.expect(r"Its version \d+ is in production\. \[y/N\] ")
    child.sendline("y")
    child.expect(r"Deleted .*\d+ outputs")
    child.expect(pexpect.EOF)
    assert [run["name"] for run in listed(program)] == ["Kept"]
    with sqlite3.connect(program.folder / ".edison/edison.db") as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        left = "\n".join(str(row) for table in tables for row in db.execute(f'SELECT * FROM "{table}"'))
    assert gone not in left and "Museum labels" not in left
    assert "This run is finished" in program.run("eval", other).out


def test_a_duplicate_is_another_run_of_the_same_definition(program: Program, server: Simulator) -> None:
    path = museum.write(program.folder, few(server.url))
    first = program.result("refine", path)
    done = program.run("runs", "duplicate", path, "--output", "copies/new.yaml")
    assert "main: base_url and api_key" in done.out
    copy = program.folder / "copies/new.yaml"
    assert server.url not in copy.read_text() and len((copy.parent / "new.cases.jsonl").read_text().splitlines()) == 24
    assert "exists" in program.fails("runs", "duplicate", path, "--output", copy).err
    program.run("runs", "duplicate", path, "--output", copy, "--force")
    second = program.result("refine", copy, env={"EDISON_LLM_URL": f"{server.url}/v1"})
    assert second["experiment"] == first["experiment"] | {"name": "Museum labels (copy)"}
    assert [run["name"] for run in listed(program)] == ["Museum labels (copy)", "Museum labels"]


def test_one_version_of_a_prompt_is_in_production(program: Program, server: Simulator) -> None:
    path = museum.write(program.folder, few(server.url))
    first = program.result("refine", path)
    best = next(row["number"] for row in first["versions"] if row["id"] == first["best_version_id"])
    assert f"Version {best} of" in program.run("runs", "production", path).out
    program.run("refine", path, "--seed", 12)
    assert [run["production_version"] for run in listed(program)] == [None, best]
    assert f"v{best} in production" in program.run("runs").out
    newest, oldest = (run["id"] for run in listed(program))
    assert f"version {best} of this run is in production" in program.run("runs", "show", oldest).out
    program.run("runs", "production", newest)
    marks = [run["production_version"] for run in listed(program)]
    assert marks[0] is not None and marks[1] is None


@pytest.mark.parametrize("words", ["list", "show", "cancel", "archive", "delete", "duplicate", "production"])
def test_each_subcommand_explains_itself(program: Program, words: str) -> None:
    out = program.run("runs", words, "--help").out
    assert f"USAGE: edison runs {words}" in out and "--database" in out
