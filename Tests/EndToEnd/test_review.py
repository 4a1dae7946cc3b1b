"""`review: suggestions`: a person decides in the terminal."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pexpect

import museum
from program import Program, read_result
from simulator import Simulator
from terminal import QUESTION, ended, reviewed

GREEN = "\x1b[32m"


def test_a_person_sees_diff_and_evidence_and_approves(
    program: Program, server: Simulator, terminal: Callable[..., pexpect.spawn]
) -> None:
    path = museum.write(program.folder, reviewed(server.url, iterations=1))
    child = terminal("refine", path, "--json", "result.json")
    child.expect(QUESTION)
    shown = child.before
    assert GREEN in shown, "the word diff is coloured"
    assert re.search(r"Evidence: [+-]0\.\d{3} \[-?\d\.\d{3}, -?\d\.\d{3}\] on \d+ cases", shown)
    assert "before:" in shown and "after:" in shown and "claims:" in shown and "Why:" in shown
    child.sendline("x")
    child.expect("Type one of the letters")
    child.expect(QUESTION)
    child.sendline("a")
    assert ended(child) == 0
    result = read_result(program.folder / "result.json")
    decided = [version for version in result["versions"] if version["decision"]]
    assert decided and decided[0]["decision"]["by"] in ("person", "promotion")
    assert decided[0]["status"] in ("accepted", "promoted")


def test_a_rejection_with_a_note_reaches_the_refiner(
    program: Program, server: Simulator, terminal: Callable[..., pexpect.spawn]
) -> None:
    path = museum.write(program.folder, reviewed(server.url))
    child = terminal("refine", path, "--json", "result.json")
    child.expect(QUESTION)
    child.sendline("r")
    child.expect("Why")
    child.sendline("Please involve the reader, zebra style")
    # Later candidates are rejected without a word.
    while child.expect([QUESTION, "Why", pexpect.EOF]) != 2:
        child.sendline("r" if child.after.startswith("[a]") else "")
    child.close()
    assert child.exitstatus == 0
    result = read_result(program.folder / "result.json")
    first = next(version for version in result["versions"] if version["decision"])
    assert first["status"] == "rejected" and first["decision"]["by"] == "person"
    assert first["decision"]["reason"] == "Please involve the reader, zebra style"
    asked = [entry["body"] for entry in server.log() if entry["schema"] == "refinement"]
    assert "zebra style" not in asked[0] and "zebra style" in asked[-1]
    assert result["verdict"] == "no_difference" and result["best_version_id"] == result["first_version_id"]


def test_an_edit_in_the_editor_becomes_the_persons_own_version_and_is_raced(
    program: Program, server: Simulator, terminal: Callable[..., pexpect.spawn]
) -> None:
    editor = program.folder / "my editor.sh"
    editor.write_text('#!/bin/sh\nprintf "\\nGive a date or at least the century, dear model." >> "$1"\n')
    editor.chmod(0o755)
    path = museum.write(program.folder, reviewed(server.url, iterations=1))
    child = terminal("refine", path, "--json", "result.json", EDITOR=f'"{editor}"')
    child.expect(QUESTION)
    child.sendline("e")
    while child.expect([QUESTION, pexpect.EOF]) == 0:
        child.sendline("r\r")
    child.close()
    result = read_result(program.folder / "result.json")
    mine = [version for version in result["versions"] if "dear model" in version["text"]]
    assert len(mine) == 1 and mine[0]["status"] in ("accepted", "promoted")
    assert mine[0]["decision"]["by"] in ("person", "promotion") and mine[0]["decision"]["cases"] > 0
    assert "dear model" in mine[0]["diff"]


def test_an_edit_that_loses_a_variable_is_refused_and_asked_again(
    program: Program, server: Simulator, terminal: Callable[..., pexpect.spawn]
) -> None:
    editor = program.folder / "editor.sh"
    editor.write_text('#!/bin/sh\necho "No variable at all." > "$1"\n')
    editor.chmod(0o755)
    path = museum.write(program.folder, reviewed(server.url, iterations=1))
    child = terminal("refine", path, EDITOR=str(editor), VISUAL="")
    child.expect(QUESTION)
    child.sendline("e")
    child.expect(r"\{\{notes\}\}")
    child.expect(QUESTION)
    child.sendline("a")
    assert ended(child) == 0


def test_without_a_terminal_it_waits_and_resume_goes_on_there(
    program: Program, server: Simulator, terminal: Callable[..., pexpect.spawn]
) -> None:
    path = museum.write(program.folder, reviewed(server.url, iterations=1))
    done = program.run("refine", path, "--json", "waiting.json", status=4)
    assert "waits for a person" in done.err and "edison resume" in done.err
    waiting = read_result(program.folder / "waiting.json")
    assert waiting["status"] == "paused"
    assert any(version["status"] == "candidate" for version in waiting["versions"]), "what waits is in the file"
    calls = len(server.log())
    program.run("resume", status=4)
    assert len(server.log()) == calls, "waiting costs nothing"
    child = terminal("resume", "--json", "result.json")
    child.expect("Going on")
    child.expect(QUESTION)
    child.sendline("a")
    assert ended(child) == 0
    assert read_result(program.folder / "result.json")["status"] == "completed"


def test_later_keeps_what_was_decided(
    program: Program, server: Simulator, terminal: Callable[..., pexpect.spawn]
) -> None:
    path = museum.write(program.folder, reviewed(server.url))
    child = terminal("refine", path)
    child.expect(QUESTION)
    child.sendline("a")
    child.expect(QUESTION)
    child.sendline("l")
    assert ended(child) == 4
    child = terminal("resume", "--json", "result.json")
    child.expect("Version 3")
    child.expect(QUESTION)
    child.sendline("a")
    while child.expect([QUESTION, pexpect.EOF]) == 0:
        child.sendline("a")
    child.close()
    assert child.exitstatus == 0
    result = read_result(program.folder / "result.json")
    assert [version["decision"]["by"] for version in result["versions"][1:3]] in (
        ["person"] * 2,
        ["person", "promotion"],
    )


def test_changes_asked_for_send_it_back_to_the_refiner_in_the_same_iteration(
    program: Program, server: Simulator, terminal: Callable[..., pexpect.spawn]
) -> None:
    path = museum.write(program.folder, reviewed(server.url, iterations=1))
    child = terminal("refine", path, "--json", "result.json")
    child.expect(QUESTION)
    child.sendline("c")
    child.expect("What should be different")
    child.sendline("Mention the century, okapi")
    while child.expect([QUESTION, pexpect.EOF]) == 0:
        child.sendline("a")
    child.close()
    assert child.exitstatus == 0
    result = read_result(program.folder / "result.json")
    assert len(result["iterations"]) == 1
    asked = [entry["body"] for entry in server.log() if entry["schema"] == "refinement"]
    assert len(asked) == 2 and sum("okapi" in body for body in asked) == 1
    assert any(
        version["status"] == "rejected" and "okapi" in version["decision"]["reason"] for version in result["versions"]
    )


def test_ctrl_c_at_the_question_keeps_everything(
    program: Program, server: Simulator, terminal: Callable[..., pexpect.spawn]
) -> None:
    path = museum.write(program.folder, reviewed(server.url, iterations=1))
    child = terminal("refine", path, "--json", "result.json")
    child.expect(QUESTION)
    calls = len(server.log())
    child.sendintr()
    assert ended(child) == 130
    child = terminal("resume", "--json", "result.json")
    child.expect(QUESTION)
    assert len(server.log()) == calls
    child.sendline("a")
    assert ended(child) == 0


def test_what_a_person_decided_is_stored(
    program: Program, server: Simulator, terminal: Callable[..., pexpect.spawn]
) -> None:
    path = museum.write(program.folder, reviewed(server.url, iterations=1))
    child = terminal("refine", path)
    child.expect(QUESTION)
    child.sendline("r")
    child.expect("Why")
    child.sendline("no")
    while child.expect([QUESTION, pexpect.EOF]) == 0:
        child.sendline("a")
    child.close()
    with sqlite3.connect(f"file:{Path(program.folder) / '.edison/edison.db'}?mode=ro", uri=True) as db:
        tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        table = next(name for name in tables if name == "review")
        assert "reject" in json.dumps(db.execute(f"SELECT * FROM {table}").fetchall(), default=str)
