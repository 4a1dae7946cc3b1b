"""A run talks to the configured endpoints and to its database, and to nobody else: no telemetry, no update check.

`strace` (a Debian package that bin/test installs) records every connection that the program and its children make.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import museum
from conftest import Postgres
from program import Program
from simulator import Simulator, task_file

# A question to the kernel about this machine's addresses, and the local name service: glibc's own ways.
OF_THE_SYSTEM = re.compile(r"AF_NETLINK|nscd/socket")
ADDRESS = re.compile(r'sin6?_port=htons\((\d+)\).*?(?:inet_addr\("|inet_pton\(AF_INET6, ")([^"]+)"')


def traced(program: Program, *words: object) -> set[str]:
    """Every address that the program and its children reach out to, but their own sockets, as host:port."""
    trace = program.folder / "trace"
    calls = "connect,sendto,sendmsg,sendmmsg,getsockname"
    program.run(*words, prefix=["strace", "-f", "-qq", "-e", f"trace={calls}", "-o", str(trace)], timeout=240)
    reached, own = set(), set()
    for line in trace.read_text(errors="replace").splitlines():
        if "sa_family=" not in line or OF_THE_SYSTEM.search(line):
            continue
        address = ADDRESS.search(line)
        place = f"{address[2]}:{address[1]}" if address else line
        if "getsockname" in line:
            own.add(place)
        else:
            reached.add(place)
    return reached - own


def test_a_refinement_reaches_its_two_providers_and_nothing_else(
    program: Program, simulator: Callable[..., Simulator]
) -> None:
    one, two = (
        simulator("--task", task_file("museum"), name="one"),
        simulator("--task", task_file("museum"), name="two"),
    )
    path = museum.write(program.folder, museum.experiment(one.url, two.url))
    found = traced(program, "refine", path, "--output", "out")
    assert found == {f"127.0.0.1:{one.port}", f"127.0.0.1:{two.port}"}
    assert len(one.log()) > 100 and len(two.log()) > 50


def test_on_postgresql_the_database_is_the_only_other_one(
    program: Program, simulator: Callable[..., Simulator], postgres: Postgres
) -> None:
    server, place = simulator("--task", task_file("museum")), postgres.database()
    path = museum.write(program.folder, museum.experiment(server.url, datasets=[{"cases": museum.cases(12)}]))
    found = traced(program, "eval", path, "--database", place)
    database = urlsplit(place)
    assert found == {f"127.0.0.1:{server.port}", f"{database.hostname}:{database.port}"}


def test_the_demo_talks_to_its_own_child_alone(program: Program) -> None:
    assert traced(program, "demo") == set()


def test_commands_that_need_no_network_open_no_connection(program: Program) -> None:
    (program.folder / "cases.jsonl").write_text('{"input": {"notes": "a bell"}}\n')
    for words in (
        ["--version"],
        ["--help"],
        ["defaults"],
        ["init", "--template", "customer-support"],
        ["import", "jsonl", "cases.jsonl", "--output", "imported.yaml"],
    ):
        assert traced(program, *words) == set(), words


def museum_notes() -> list[str]:
    return [case["input"]["notes"] for case in museum.cases(40)]


def test_neither_refiner_nor_generator_nor_summary_sees_a_held_out_case(
    program: Program, simulator: Callable[..., Simulator]
) -> None:
    server = simulator("--task", task_file("museum"))
    parts = museum.experiment(server.url, datasets=[{"cases": museum.cases(40)}, {"generate": 6}])
    result = program.result("refine", museum.write(program.folder, parts))
    log = server.log()
    held = [case["input"]["notes"] for case in result["cases"] if case["split"] in ("holdout", "reserve")]
    searched = [case["input"]["notes"] for case in result["cases"] if case["split"] == "search"]
    assert len(held) >= 15
    words = {kind: [entry["body"] for entry in log if entry["schema"] == kind] for kind in ("refinement", "summary")}
    # What is held out is settled when the drafts are there: until then none of the person's cases is shown.
    drafting = [entry["body"] for entry in log if entry["schema"] == "test_cases"]
    assert drafting and not [text for body in drafting for text in museum_notes() if text in body]
    assert len(words["refinement"]) >= 8 and len(words["summary"]) == 4
    for kind, bodies in words.items():
        assert any(text in body for body in bodies for text in searched), f"{kind} sees the search cases"
        assert not [text for body in bodies for text in held if text in body], f"{kind} saw held-out text"
    held_outputs = [
        output["text"] for output in result["outputs"] if output["split"] == "holdout" and len(output["text"]) > 60
    ]
    shown = {output["text"] for output in result["outputs"] if output["split"] == "search"}
    for output in held_outputs:
        # Answers are made of few sentences: one may be the beginning of another that the refiner may see.
        if not any(output in text for text in shown):
            assert not [kind for kind, bodies in words.items() for body in bodies if output in body]
