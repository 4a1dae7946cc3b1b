"""`edison review`: what waits for a person in all runs is listed, filtered and decided on with keys."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pexpect
import pytest

import museum
from program import Program, read_result
from simulator import Simulator
from terminal import QUESTION, ended, reviewed
from test_hostile_answers import few
from test_safety_scan import CASES, CLEAN, PRIVATE, scanning

FLAG = r"\[c\]onfirm"
Terminal = Callable[..., pexpect.spawn]


def waiting(program: Program, *words: Any) -> list[dict[str, Any]]:
    return json.loads(program.run("review", "--json", "-", *words).out)


def test_nothing_waits(program: Program, server: Simulator) -> None:
    missing = program.fails("review")
    assert "There is no database" in missing.err and not (program.folder / ".edison").exists()
    program.run("eval", museum.write(program.folder, few(server.url, datasets=[{"cases": museum.cases(4)}])))
    assert program.run("review").out == "Nothing waits for a person.\n"
    assert waiting(program) == []
    assert "Nothing that waits is like that." in program.run("review", "--flag", "pii_detected").out
    assert "--only" in program.fails("review", "--only", "nothing").err
    assert "No run has the id" in program.fails("review", "nothing").err


def test_suggestions_of_two_runs_are_decided_with_keys_and_the_runs_go_on(
    program: Program, server: Simulator, database: str, terminal: Terminal
) -> None:
    place = ("--database", database)
    for name in ("one", "two"):
        parts = reviewed(server.url, iterations=1) | {"name": f"Museum {name}"}
        path = museum.write(program.folder, parts, f"{name}.yaml")
        done = program.run("refine", path, *place, status=4)
        assert f"edison review --database {database}" in done.err
    items = waiting(program, *place)
    assert [item["kind"] for item in items] == ["suggestion"] * len(items)
    assert {item["run"] for item in items} == {"Museum one", "Museum two"}
    assert all(item["diff"] and item["examples"] and not item["decided"] for item in items)
    assert [item["run"] for item in waiting(program, "two.yaml", *place)] == [
        item["run"] for item in items if item["run"] == "Museum two"
    ]
    out = program.run("review", *place).out
    assert out.count("Museum one") + out.count("Museum two") == len(items) and "would" in out
    calls = len(server.log())

    child = terminal("review", *place)
    seen = 0
    while True:
        found = child.expect([QUESTION, r"can go on\. Now\?", pexpect.EOF])
        if found == 0:
            assert f"{seen + 1} of {len(items)}" in child.before, "one at a time, with its place in the queue"
            seen += 1
            assert len(server.log()) == calls, "deciding asks no model"
            child.sendline("l" if seen == 1 else "a")
        elif found == 1:
            assert "Museum two" in child.before, "the other still waits for a word"
            child.sendline("y")
            break
    child.expect("Going on")
    assert ended(child) == 0
    assert seen == len(items)
    left = waiting(program, *place)
    assert [item["run"] for item in left] == ["Museum one"]
    runs = json.loads(program.run("runs", "--json", "-", *place).out)
    assert {run["name"]: run["status"] for run in runs} == {"Museum one": "paused", "Museum two": "completed"}
    decided = [item for item in waiting(program, "--all", *place) if item["decided"]]
    assert {item["decision"] for item in decided} == {"approve"} and len(decided) == len(items) - 1

    child = terminal("review", *place)
    child.expect(QUESTION)
    child.sendline("r")
    child.expect("Why")
    child.sendline("Not in our voice")
    child.expect(r"Museum one can go on\. Now\?")
    child.sendline("n")
    child.expect(r"Later: edison resume [0-9a-f-]{36}")
    words = child.after.split()[1:]
    assert ended(child) == 0
    assert "can go on: edison resume" in program.run("review", *place).err
    program.run(*words[1:], *place, "--json", "result.json")
    result = read_result(program.folder / "result.json")
    reasons = [version["decision"]["reason"] for version in result["versions"] if version["decision"]]
    assert result["status"] == "completed" and "Not in our voice" in reasons
    assert waiting(program, *place) == []


def test_flagged_outputs_are_looked_at_and_the_word_on_them_is_in_the_result(
    program: Program, simulator: Callable[..., Simulator], database: str, terminal: Terminal
) -> None:
    script = program.folder / "script.json"
    judged = {flag: flag == "toxic_content" for flag in CLEAN if flag != "evidence"}
    answer = {"reasoning": "", "scores": {"Facts": 3, "Story": 3}, "rationales": {"Facts": "It insults."}}
    calm = {"safety_flags": {flag: False for flag in judged}}
    script.write_text(
        json.dumps(
            [
                {"schema": "safety_scan", "contains": "private label", "answer": PRIVATE},
                {"schema": "safety_scan", "answer": CLEAN},
                {"schema": "judgment", "contains": "rude label", "answer": answer | {"safety_flags": judged}},
                {"schema": "judgment", "answer": answer | calm},
                {"contains": "no. 3:", "answer": "A rude label."},
                {"contains": "no. 4:", "answer": "A private label."},
                {"answer": "A label."},
            ]
        )
    )
    server = simulator("--behaviour", "script", "--script", script)
    place = ("--database", database)
    path = museum.write(program.folder, few(server.url, datasets=[{"cases": CASES}], safety=scanning()))
    out = program.run("eval", path, *place).out
    assert "2 outputs are flagged" in out and "edison review" in out
    items = waiting(program, *place)
    assert [item["text"] for item in items] == ["A rude label.", "A private label."], "what must reach nobody first"
    assert [item["flags"][0]["raised"] for item in items] == [["toxic_content"], ["pii_detected"]]
    assert items[1]["flags"][0]["by"] == "safety scan" and "e-mail" in items[1]["flags"][0]["evidence"]
    assert [item["text"] for item in waiting(program, "--flag", "pii_detected", *place)] == ["A private label."]
    assert [item["text"] for item in waiting(program, "--by", "safety scan", *place)] == ["A private label."]
    assert waiting(program, "--only", "suggestions", *place) == []

    child = terminal("review", *place)
    child.expect(FLAG)
    assert "toxic content" in child.before and "It insults." in child.before and "A rude label." in child.before
    child.sendline("d")
    child.expect("2 of 2")
    child.expect(FLAG)
    child.sendline("b")
    child.expect("so far: dismissed")
    child.expect(FLAG)
    child.sendline("n")
    child.expect("Note:")
    child.sendline("It is an insult")
    child.expect(FLAG)
    child.sendline("x")
    child.expect("Type one of the letters")
    child.sendline("q")
    child.expect("What was decided is kept")
    assert ended(child) == 0

    assert [item["text"] for item in waiting(program, *place)] == ["A private label."]
    shown = program.run("runs", "show", path, *place, "--json", "result.json")
    assert "A person confirmed 1 and dismissed 0." in shown.out
    result = read_result(program.folder / "result.json")
    assert result["flagged"]["outputs"] == 2 and result["flagged"]["confirmed"] == 1
    said = [output["flag_review"] for output in result["outputs"] if "flag_review" in output]
    assert [(word["decision"], word["note"]) for word in said] == [("confirmed", "It is an insult")]
    calls = len(server.log())
    again = program.run("eval", path, *place, "--markdown", "summary.md")
    assert "A person confirmed 1" in again.out and len(server.log()) == calls
    assert "Flags: 2 outputs are flagged" in (program.folder / "summary.md").read_text()


def test_ctrl_c_is_heard_in_a_run_that_review_goes_on_with_and_at_its_question(
    program: Program, server: Simulator, terminal: Terminal
) -> None:
    path = museum.write(program.folder, reviewed(server.url, iterations=4))
    program.run("refine", path, status=4)
    child = terminal("review")
    while child.expect([QUESTION, r"can go on\. Now\?"]) == 0:
        child.sendline("a")
    child.sendintr()
    assert ended(child) == 130
    child = terminal("review")
    child.expect(r"can go on\. Now\?")
    child.sendline("y")
    child.expect(QUESTION)
    child.sendintr()
    assert ended(child) == 130
    (copy := program.folder / "copy.db").write_bytes((program.folder / ".edison/edison.db").read_bytes())
    assert [item["decided"] for item in waiting(program, "--database", copy)].count(False) > 0, "one file is all of it"
    assert not list((program.folder / ".edison").glob("*-claim-*")), "nothing is left of the process"


def test_hostile_words_are_shown_and_do_nothing(
    program: Program, simulator: Callable[..., Simulator], terminal: Terminal
) -> None:
    script = program.folder / "script.json"
    flags = {flag: flag == "toxic_content" for flag in CLEAN if flag != "evidence"}
    judgment = {"reasoning": "", "scores": {"Facts": 3, "Story": 3}, "rationales": {"Facts": "\x1b[8mhidden\u202e"}}
    script.write_text(
        json.dumps(
            [
                {"schema": "judgment", "answer": judgment | {"safety_flags": flags}},
                {"answer": "A \x1b]0;window\x07label\x1b[2J \u2066turned"},
            ]
        )
    )
    server = simulator("--behaviour", "script", "--script", script)
    program.run("eval", museum.write(program.folder, few(server.url, datasets=[{"cases": museum.cases(2)}])))
    shown = program.run("review", "--list").out
    child = terminal("review")
    child.expect(FLAG)
    child.sendline("q")
    asked = child.before
    ended(child)
    for text in (shown, asked):
        assert not any(bad in text for bad in ("\x1b[8m", "\x1b]0", "\x1b[2J", "\x07", "\u202e", "\u2066"))
        assert "⟨U+2066⟩" in text
    assert "hidden⟨U+202E⟩" in asked


def test_a_decision_elsewhere_stands_while_a_terminal_asks(
    program: Program, server: Simulator, terminal: Terminal
) -> None:
    path = museum.write(program.folder, reviewed(server.url, iterations=1))
    asking = terminal("refine", path, "--json", "result.json")
    asking.expect(QUESTION)
    other = terminal("review")
    while other.expect([QUESTION, r"can go on", pexpect.EOF]) == 0:
        other.sendline("r\rdecided elsewhere")
    other.close()
    asking.sendline("a")
    while asking.expect([QUESTION, pexpect.EOF]) == 0:
        asking.sendline("a")
    asking.close()
    result = read_result(program.folder / "result.json")
    first = next(version for version in result["versions"] if version["decision"])
    assert first["status"] == "rejected" and first["decision"]["reason"] == "decided elsewhere"


@pytest.mark.parametrize("word", ["review", "resume"])
def test_an_id_that_no_run_has_is_named(program: Program, server: Simulator, word: str) -> None:
    program.run("eval", museum.write(program.folder, few(server.url, datasets=[{"cases": museum.cases(4)}])))
    ended = program.fails(word, "abcdef012345")
    assert "No run has the id" in ended.err
    ended.assert_readable()
