"""Databases that are full, read-only, foreign, too new, or not there: a clear error, and nothing lost."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

import museum
from conftest import Postgres
from disk import SmallDisk
from program import Ended, Program, read_result
from simulator import Simulator


@pytest.fixture
def experiment(program: Program, server: Simulator) -> Path:
    return museum.write(program.folder, museum.experiment(server.url, datasets=[{"cases": museum.cases(12)}]))


def test_a_database_on_a_read_only_disk(program: Program, server: Simulator, experiment: Path) -> None:
    program.run("eval", experiment, "--database", "made.db")
    calls = len(server.log())
    disk = SmallDisk(program, 8_000, options="ro")
    ended = disk.fails(f"eval {experiment.name} --database disk/made.db --seed 9", before="cp made.db disk/")
    assert "disk/made.db" in ended.err and ("read-only" in ended.err or "written" in ended.err)
    ended.assert_readable()
    ended = disk.fails(f"eval {experiment.name} --database disk/new.db")
    assert "disk/new.db" in ended.err and len(server.log()) == calls


# So that it is full in an answer, in a judgment, or in what a worker says of its jobs.
@pytest.mark.parametrize("kilobytes", [7_000, 7_320, 7_440, 7_500, 8_100])
def test_a_disk_that_fills_up_in_the_middle_of_a_run(
    kilobytes: int, program: Program, server: Simulator, experiment: Path
) -> None:
    disk = SmallDisk(program, kilobytes)
    ended = disk.fails(f"refine {experiment.name} --yes --concurrency 4 --database disk/run.db --json result.json")
    assert "is full or cannot be written" in ended.err and "Free some space" in ended.err
    result = read_result(program.folder / "result.json")
    assert result["status"] == "failed" and "is full" in result["error"] and result["cost_usd"] > 0
    assert server.log(), "it began"


def test_a_full_disk_under_the_database(program: Program, server: Simulator, experiment: Path) -> None:
    disk = SmallDisk(program, 300)
    ended = disk.fails(f"refine {experiment.name} --database disk/run.db")
    assert "full" in ended.err or "space" in ended.err
    Ended(3, "", ended.err.splitlines()[-1], 0).assert_readable()
    # What was stored before is readable, and the run goes on where there is room.
    kept = disk.kept
    if (kept / "run.db").exists():
        with sqlite3.connect(kept / "run.db") as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        program.run("refine", experiment, "--database", kept / "run.db")


def test_a_database_that_the_person_may_not_write(program: Program, server: Simulator, experiment: Path) -> None:
    """As an ordinary user, since root may everything."""
    program.run("eval", experiment, "--database", "made.db")
    calls = len(server.log())
    for path in program.folder.iterdir():
        path.chmod(0o444)
    program.open_to_others()
    program.folder.chmod(0o555)
    try:
        prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
        binary = program.folder.parent / "edison"
        if os.geteuid() == 0:
            # The build folder may be closed to others.
            shutil.copy(program.binary, binary)
            binary.chmod(0o755)
            program.binary = str(binary)
        ended = program.fails("eval", experiment, "--database", "made.db", "--seed", 9, prefix=prefix)
        assert "made.db" in ended.err and len(server.log()) == calls
        ended.assert_readable()
    finally:
        program.folder.chmod(0o755)


def test_a_database_newer_than_the_program(
    program: Program, server: Simulator, experiment: Path, database: str
) -> None:
    program.run("eval", experiment, "--database", database)
    calls = len(server.log())
    # As a later version would leave it: one more migration in the table of migrations.
    add_migration(database, program)
    ended = program.fails("eval", experiment, "--database", database, "--seed", 9)
    assert "newer" in ended.err and len(server.log()) == calls
    ended.assert_readable()


def add_migration(database: str, program: Program) -> None:
    find = "SELECT table_name FROM information_schema.tables WHERE table_name LIKE '%migration%'"
    if database.startswith("postgres"):

        def sql(statement: str) -> list[list[str]]:
            done = subprocess.run(
                ["psql", "-X", "-q", "-A", "-t", "-d", database, "-c", statement], capture_output=True, text=True
            )
            assert done.returncode == 0, done.stderr
            return [line.split("|") for line in done.stdout.splitlines()]

        table = sql(find)[0][0]
        columns = [
            row[0]
            for row in sql(
                "SELECT column_name FROM information_schema.columns "
                f"WHERE table_name = '{table}' ORDER BY ordinal_position"
            )
        ]
        newest = sql(f"SELECT * FROM {table} ORDER BY 1 DESC LIMIT 1")[0]
        run = sql
    else:
        db = sqlite3.connect(database)
        table = db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%migration%'"
        ).fetchone()[0]
        columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
        newest = [str(value) for value in db.execute(f"SELECT * FROM {table} ORDER BY 1 DESC LIMIT 1").fetchone()]
        run = lambda statement: (db.execute(statement), db.commit())
    values = [
        "999" if value.isdigit() and len(value) < 6 else "9999_FromTheFuture" if re.match(r"\d{4}_", value) else value
        for value in newest
    ]
    run(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(repr(value) for value in values)})")
    if not database.startswith("postgres"):
        db.close()


@pytest.mark.parametrize(
    "content", [b"this is a letter, not a database, and it is long enough to look at" * 20, b"short"]
)
def test_a_file_that_is_no_database_is_left_alone(
    program: Program, server: Simulator, experiment: Path, content: bytes
) -> None:
    (program.folder / "letter.txt").write_bytes(content)
    ended = program.fails("eval", experiment, "--database", "letter.txt")
    assert "letter.txt" in ended.err and "database" in ended.err and server.log() == []
    assert (program.folder / "letter.txt").read_bytes() == content
    ended.assert_readable()


def test_somebody_elses_database_is_left_alone(program: Program, server: Simulator, experiment: Path) -> None:
    with sqlite3.connect(program.folder / "photos.db") as db:
        db.execute("CREATE TABLE photo (id INTEGER PRIMARY KEY, name TEXT)")
        db.execute("INSERT INTO photo (name) VALUES ('summer')")
    program.run("eval", experiment, "--database", "photos.db", status=None)
    with sqlite3.connect(program.folder / "photos.db") as db:
        assert db.execute("SELECT name FROM photo").fetchall() == [("summer",)]


def test_a_folder_as_database(program: Program, server: Simulator, experiment: Path) -> None:
    (program.folder / "folder").mkdir()
    ended = program.fails("eval", experiment, "--database", "folder")
    assert "folder" in ended.err and server.log() == []
    ended.assert_readable()


@pytest.mark.parametrize(
    "url, words",
    [
        ("postgres://nobody@127.0.0.1:1/none", ["127.0.0.1", "refused"]),
        ("postgres://postgres@127.0.0.1:{port}/no_such_database", ["no_such_database"]),
        ("postgres://no_such_user:secret-word@127.0.0.1:{port}/postgres", ["no_such_user"]),
        ("postgres://", []),
        ("mysql://root@localhost/x", ["mysql"]),
    ],
)
def test_a_postgresql_that_is_not_there(
    program: Program, server: Simulator, experiment: Path, postgres: Postgres, url: str, words: list[str]
) -> None:
    port = re.search(r":(\d+)/", postgres.url)
    ended = program.fails("eval", experiment, "--database", url.format(port=port[1] if port else 5432), timeout=30)
    assert server.log() == []
    for word in words:
        assert word in ended.err, ended
    assert "secret-word" not in ended.err, "a password is never shown"
    ended.assert_readable()
    assert not any(path.name.startswith("mysql") for path in program.folder.iterdir()), "an address is no file name"


def test_two_processes_on_one_database(program: Program, server: Simulator, experiment: Path, database: str) -> None:
    """The second one joins or waits; the end is one result, and no call is made twice."""
    slow = museum.write(
        program.folder, museum.experiment(server.url, datasets=[{"cases": museum.cases(30)}]), "slow.yaml"
    )
    first = program.start("eval", slow, "--database", database, "--json", "first.json")
    server.wait_for(5, first)
    second = program.run("eval", slow, "--database", database, "--json", "second.json", status=None)
    assert first.wait(60) == 0
    assert second.status == 0, second
    one, two = (json.loads((program.folder / name).read_text()) for name in ("first.json", "second.json"))
    assert one["composite"]["score"] == two["composite"]["score"]
    executions = [entry for entry in server.log() if entry["schema"] is None]
    assert len(executions) == 30, f"{len(executions)} executions of 30"
