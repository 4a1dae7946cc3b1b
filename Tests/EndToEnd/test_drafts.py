"""What a file leaves open is written by the configured model: marked, its cost shown first, and written once."""

from __future__ import annotations

from collections.abc import Callable

import museum
from program import Program, read_result
from simulator import Simulator, task_file


def test_a_file_that_is_mostly_goal(program: Program, simulator: Callable[..., Simulator]) -> None:
    server = simulator("--task", task_file("museum"))
    parts = museum.experiment(
        server.url,
        rubric={"draft": True},
        prompt={"draft": 2},
        datasets=[{"generate": 24}],
        stop={"max_iterations": 2, "max_budget_usd": 5},
    )
    path = museum.write(program.folder, parts)
    ended = program.run("refine", path, "--json", "result.json")
    result = read_result(program.folder / "result.json")
    count = len(result["cases"])
    assert count == 24 or count > 18 and f"{count}" in ended.err.split("Cases:")[0], (
        "near duplicates are left out, and it is said"
    )
    assert {case["kind"] for case in result["cases"]} == {"synthetic"}
    assert abs(sum(row["weight"] for row in result["experiment"]["rubric"]) - 1) < 1e-9
    assert "{{" in result["versions"][0]["text"]
    log = server.log()
    assert {"drafts", "test_cases"} <= {entry["schema"] for entry in log}
    drafts = [entry for entry in log if entry["schema"] in ("drafts", "test_cases")]
    assert sum(result["calls"].values()) == len(log), f"drafting is paid for too: {len(drafts)} calls"
    assert result["cost_usd"] == sum(result["costs"].values())

    # Started again it is the same run: nothing is drafted a second time.
    again = program.result("refine", path)
    assert len(server.log()) == len(log) and again["versions"] == result["versions"]


def test_written_cases_are_kept_and_completed(program: Program, simulator: Callable[..., Simulator]) -> None:
    server = simulator("--task", task_file("museum"))
    parts = museum.experiment(server.url, datasets=[{"cases": museum.cases(6), "kind": "golden"}, {"generate": 5}])
    ended = program.run("eval", museum.write(program.folder, parts), "--json", "result.json")
    assert "writes what the file leaves open" in ended.err
    result = program.result("eval", program.folder / "experiment.yaml")
    assert [case["kind"] for case in result["cases"]].count("golden") == 6
    assert [case["kind"] for case in result["cases"]].count("synthetic") == 5
