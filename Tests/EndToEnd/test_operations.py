"""Backups, restores, copies and migrations, on both databases, while others work and when they are killed."""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

import museum
from conftest import Postgres
from edison_server import EdisonServer
from program import Program, read_result
from sameness import assert_same
from simulator import Simulator, task_file


@pytest.fixture
def slow(simulator: Callable[..., Simulator]) -> Simulator:
    return simulator("--task", task_file("museum"), "--latency", 15)


@pytest.fixture
def serve(program: Program) -> Iterator[Callable[..., EdisonServer]]:
    running: list[EdisonServer] = []

    def start(*options: Any, **more: Any) -> EdisonServer:
        running.append(EdisonServer(program, *options, **more))
        return running[-1]

    yield start
    for one in running:
        if one.process.poll() is None:
            one.stop()


@contextmanager
def opened(place: Path | str, **options: Any) -> Iterator[sqlite3.Connection]:
    """Stored and closed at its end: an open connection is a process that works on the database."""
    db = sqlite3.connect(place, **options)
    with closing(db), db:
        yield db


def content(path: Path) -> dict[str, Counter[tuple[Any, ...]]]:
    """Every row of every table, by the names of the columns, but the ledger of migrations."""
    with opened(f"file:{path}?mode=ro", uri=True) as db:
        tables = [row[0] for row in db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
        found = {}
        for table in sorted(set(tables) - {"schema_migration"}):
            columns = sorted(row[1] for row in db.execute(f"PRAGMA table_info({table})"))
            names = ", ".join(f'"{column}"' for column in columns)
            found[table] = Counter(db.execute(f"SELECT {names} FROM {table}").fetchall())
        return found


def fill(path: Path, rows: int) -> None:
    """So many events, so that what is done with the database takes a while."""
    with opened(path) as db:
        db.execute("INSERT INTO event_stream VALUES ('s', ?)", (rows,))
        db.executemany(
            "INSERT INTO event (stream, position, kind, payload, recorded_at) VALUES ('s', ?, 'k', ?, ?)",
            ((number, "payload " * 40, number) for number in range(rows)))


def finished(program: Program, server: Simulator, database: str) -> dict[str, Any]:
    path = museum.write(program.folder, museum.experiment(server.url, datasets=[{"cases": museum.cases(14)}]))
    return program.result("eval", path, "--database", database)


def test_a_backup_while_a_run_goes_on(program: Program, slow: Simulator, database: str) -> None:
    path = museum.write(program.folder, museum.experiment(slow.url))
    run = program.start("refine", path, "--database", database, "--json", "whole.json")
    slow.wait_for(40, run)
    backup = program.folder / "backup.db"
    ended = program.run("backup", backup, "--database", database)
    assert run.poll() is None, "the run was to go on meanwhile"
    assert "whole and sound" in ended.out and "key for secrets is not in it" in ended.err
    assert (backup.stat().st_mode & 0o777) == 0o600
    assert sorted(one.name for one in program.folder.glob("backup.db*")) == ["backup.db"]
    with opened(f"file:{backup}?mode=ro&immutable=1", uri=True) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        answered = db.execute("SELECT COUNT(*) FROM model_call WHERE status = 'answered'").fetchone()[0]
    assert answered >= 30
    assert run.wait(120) == 0

    # Put back elsewhere, the run goes on from there and ends as the other one did.
    asked = len(slow.log())
    program.run("restore", backup, "--database", "restored.db")
    program.run("resume", path, "--database", "restored.db", "--json", "resumed.json")
    assert_same(
        read_result(program.folder / "whole.json"), read_result(program.folder / "resumed.json"), with_costs=False)
    whole = read_result(program.folder / "whole.json")
    assert len(slow.log()) - asked <= sum(whole["calls"].values()) - answered + 8, "what was answered is not asked again"


def test_a_restore_gives_back_what_was_there(
    program: Program, server: Simulator, database: str
) -> None:
    finished(program, server, database)
    program.run("backup", "one.db", "--database", database)
    run = json.loads(program.run("runs", "--json", "-", "--database", database).out)[0]["id"]
    program.run("runs", "delete", run, "--yes", "--database", database)
    assert program.run("runs", "--json", "-", "--database", database).out.strip() == "[]"

    refused = program.run("restore", "one.db", "--database", database, status=2)
    assert "--force" in refused.err
    refused.assert_readable()
    ended = program.run("restore", "one.db", "--database", database, "--force")
    assert "holds what one.db held" in ended.out
    program.run("backup", "two.db", "--database", database)
    assert content(program.folder / "one.db") == content(program.folder / "two.db")
    assert '"status": "completed"' in program.run("runs", "--json", "-", "--database", database).out


def test_a_backup_spares_files_that_are_there(program: Program, server: Simulator) -> None:
    finished(program, server, "run.db")
    (program.folder / "notes.txt").write_text("mine")
    for file in ("notes.txt", "run.db", ".", "/dev/null"):
        ended = program.run("backup", file, "--database", "run.db", status=2)
        ended.assert_readable()
    assert (program.folder / "notes.txt").read_text() == "mine"
    program.run("backup", "notes.txt", "--database", "run.db", "--force")
    assert content(program.folder / "notes.txt") == content(program.folder / "run.db")
    missing = program.run("backup", "b.db", "--database", "nowhere.db", status=2)
    assert "no database nowhere.db" in missing.err and not (program.folder / "nowhere.db").exists()


def test_what_is_no_sound_backup_is_refused_and_nothing_changes(program: Program, server: Simulator, database: str) -> None:
    finished(program, server, database)
    program.run("backup", "good.db", "--database", database)
    good = (program.folder / "good.db").read_bytes()
    spoilt = bytearray(good)
    spoilt[len(good) // 2 : len(good) // 2 + 40_000] = b"\xa5" * 40_000
    (program.folder / "spoilt.db").write_bytes(spoilt)
    (program.folder / "cut.db").write_bytes(good[: len(good) // 2])
    (program.folder / "letter.db").write_text("a letter, and no database at all " * 100)
    with opened(program.folder / "photos.db") as db:
        db.execute("CREATE TABLE photo (id INTEGER PRIMARY KEY)")
    sqlite3.connect(program.folder / "empty.db").close()
    (program.folder / "newer.db").write_bytes(good)
    with opened(program.folder / "newer.db") as db:
        db.execute("INSERT INTO schema_migration VALUES (999, 'FromTheFuture', 'x', 0)")
    program.run("backup", "before.db", "--database", database)
    for file in ("spoilt.db", "cut.db", "letter.db", "photos.db", "empty.db", "newer.db", "nowhere.db"):
        ended = program.fails("restore", file, "--database", database, "--force")
        assert file in ended.err, ended
        ended.assert_readable()
    assert "newer Edison" in program.fails("restore", "newer.db", "--database", database, "--force").err
    program.run("backup", "after.db", "--database", database)
    assert content(program.folder / "before.db") == content(program.folder / "after.db")
    left = {one.name for one in program.folder.iterdir() if one.name.endswith((".restore", ".part", "-copy"))}
    assert not left


def test_a_database_that_a_server_works_on_is_not_replaced(
    program: Program, serve: Callable[..., EdisonServer]
) -> None:
    server = serve("--database", "live.db")
    server.register()
    program.run("backup", "live-backup.db", "--database", "live.db")
    ended = program.run("restore", "live-backup.db", "--database", "live.db", "--force", status=2)
    assert f"process {server.process.pid} works on live.db" in ended.err
    ended.assert_readable()
    assert server.ask("POST", "/api/v1/auth/login", {
        "email": "ada@example.org", "password": "a long pass phrase"}).status == 200
    assert server.stop() == 0
    program.run("restore", "live-backup.db", "--database", "live.db", "--force")
    again = serve("--database", "live.db")
    assert again.ask("POST", "/api/v1/auth/login", {
        "email": "ada@example.org", "password": "a long pass phrase"}).status == 200


def test_the_key_for_secrets_is_in_no_backup(
    program: Program, serve: Callable[..., EdisonServer], database: str
) -> None:
    program.run("migrate", "--database", database)
    server = serve("--database", database, "--secret-key-file", "apart.key")
    server.register()
    key = (program.folder / "apart.key").read_text().strip()
    assert len(key) == 44
    program.run("backup", "b.db", "--database", database)
    assert key.encode() not in (program.folder / "b.db").read_bytes()


def test_a_copy_and_back_is_the_same(program: Program, server: Simulator, postgres: Postgres) -> None:
    finished(program, server, "from.db")
    with opened(program.folder / "from.db") as db:
        odd = "NULL is no word; 'quoted' \\ \t\n\u202e🏳️‍🌈 e\u0301" + "x" * 3_000_000
        db.execute("UPDATE prompt_version SET message = ?", (odd,))
        db.execute("INSERT INTO job_owner VALUES ('largest', 9223372036854775807), ('least', -9223372036854775808)")
    url = postgres.database()
    words = program.run("copy", "--from", "sqlite:from.db", "--to", url).out
    assert "number and hash of the rows of every table agree" in words
    program.run("copy", "--from", url, "--to", "sqlite:back.db")
    assert content(program.folder / "from.db") == content(program.folder / "back.db")
    other = postgres.database()
    program.run("copy", "--from", url, "--to", other)
    program.run("copy", "--from", other, "--to", "again.db")
    assert content(program.folder / "from.db") == content(program.folder / "again.db")

    for place in (url, "back.db"):
        ended = program.run("copy", "--from", "from.db", "--to", place, status=2)
        assert "is not empty" in ended.err and "in prompt_version" in ended.err or "more tables" in ended.err
        ended.assert_readable()
    same = program.run("copy", "--from", "from.db", "--to", "./from.db", status=2)
    assert "same database" in same.err
    assert "no database" in program.run("copy", "--from", "none.db", "--to", "x.db", status=2).err
    assert not (program.folder / "none.db").exists()


@pytest.mark.parametrize("direction", ["to PostgreSQL", "to SQLite"])
def test_a_copy_that_is_killed_leaves_nothing_and_starts_again(
    program: Program, postgres: Postgres, direction: str
) -> None:
    program.run("migrate", "--database", "large.db")
    fill(program.folder / "large.db", 120_000)
    source, target = "large.db", "copy.db"
    if direction == "to PostgreSQL":
        target = postgres.database()
    else:
        source = postgres.database()
        program.run("copy", "--from", "large.db", "--to", source)
    draw = random.Random(20261)
    killed = 0
    for _ in range(6):
        run = program.start("copy", "--from", source, "--to", target)
        time.sleep(draw.uniform(0.1, 0.9))
        run.send_signal(signal.SIGKILL)
        killed += run.wait(10) == -signal.SIGKILL
        words = (program.folder / "started.err").read_text()
        assert "edison:" not in words or "PostgreSQL" in words, words
        if run.returncode == 0:
            break
    assert killed >= 2
    if run.returncode != 0:
        end = time.monotonic() + 60
        while (ended := program.run("copy", "--from", source, "--to", target, status=None)).status != 0:
            # A server needs a moment until it has given up the transaction of the dead process.
            assert time.monotonic() < end and "is not empty" not in ended.err, ended
            time.sleep(0.5)
    program.run("backup", "proof.db", "--database", target)
    assert content(program.folder / "proof.db") == content(program.folder / "large.db")


def test_a_restore_that_is_killed_leaves_the_old_or_the_new(program: Program) -> None:
    for name, rows in (("old.db", 1_000), ("new.db", 60_000)):
        program.run("migrate", "--database", name)
        fill(program.folder / name, rows)
    program.run("backup", "backup.db", "--database", "new.db")
    (old, new) = (content(program.folder / name) for name in ("old.db", "new.db"))
    # How long one takes that nobody kills, on this machine and at this moment.
    whole = program.run("restore", "backup.db", "--database", "timed.db").seconds
    draw = random.Random(20261)
    killed = 0
    for _ in range(8):
        run = program.start("restore", "backup.db", "--database", "old.db", "--force")
        time.sleep(draw.uniform(0.1, 0.9) * whole)
        run.send_signal(signal.SIGKILL)
        killed += run.wait(10) == -signal.SIGKILL
        assert content(program.folder / "old.db") in (old, new)
        assert "up to date" in program.run("migrate", "--check", "--database", "old.db").out
    assert killed >= 2
    program.run("restore", "backup.db", "--database", "old.db", "--force")
    assert content(program.folder / "old.db") == new
    assert not [one.name for one in program.folder.iterdir() if ".restore" in one.name]


def test_a_run_goes_on_after_a_copy(program: Program, slow: Simulator, postgres: Postgres) -> None:
    path = museum.write(program.folder, museum.experiment(slow.url))
    run = program.start("refine", path, "--database", "run.db")
    slow.wait_for(60, run)
    run.send_signal(signal.SIGINT)
    assert run.wait(60) == 130
    url = postgres.database()
    program.run("copy", "--from", "run.db", "--to", url)
    moved = program.result("resume", path, "--database", url)
    stayed = program.result("resume", path, "--database", "run.db")
    assert_same(moved, stayed)


def test_migrate_says_what_is_missing_and_does_it(program: Program, database: str) -> None:
    if not database.startswith("postgres"):
        assert program.run("migrate", "--check", "--database", database, status=2).err
        sqlite3.connect(database).close()
        Path(database).touch()
    checked = program.run("migrate", "--check", "--database", database, status=1)
    assert "missing: 1 CreateTenants, 2 " in checked.out
    assert "done: 1 CreateTenants, 2 " in program.run("migrate", "--database", database).out
    assert "is up to date" in program.run("migrate", "--check", "--database", database).out
    assert "is up to date" in program.run("migrate", "--database", database).out
