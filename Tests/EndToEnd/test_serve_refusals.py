"""What keeps the server from starting is said in one sentence; and its settings, log and checks."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import museum
from conftest import Postgres
from documents import REFERENCE, rows
from edison_server import EdisonServer
from program import Ended, Program
from simulator import Simulator
from test_operations import serve  # noqa: F401 (a fixture)
from test_reference import help_of, options_in


def refused(program: Program, *options: Any, timeout: float = 30, **more: Any) -> Ended:
    ended = program.fails("serve", "--port", 0, *options, timeout=timeout, **more)
    ended.assert_readable()
    assert ended.out == ""
    return ended


def test_a_port_that_is_taken(program: Program) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        ended = program.fails("serve", "--port", port, timeout=30)
    ended.assert_readable()
    assert f"Cannot listen on 127.0.0.1:{port}" in ended.err and "--port" in ended.err


@pytest.mark.parametrize("host", ["no-such-host.invalid", "203.0.113.7"])
def test_an_address_that_is_not_of_this_machine(program: Program, host: str) -> None:
    assert "--host" in refused(program, "--host", host).err


def test_a_folder_that_cannot_be_written(program: Program) -> None:
    closed = program.folder / "closed"
    closed.mkdir()
    prefix: list[str] = []
    if os.geteuid() == 0:
        prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        program.open_to_others()
        binary = program.folder / "edison"
        shutil.copy(program.binary, binary)
        binary.chmod(0o755)
        program.binary = str(binary)
    closed.chmod(0o555)
    ended = refused(program, "--database", closed / "edison.db", prefix=prefix)
    assert "Cannot open the database" in ended.err and "closed" in ended.err
    if os.geteuid() == 0:
        os.chown(closed, 65534, 65534)
        closed.chmod(0o755)
        ended = refused(
            program, "--database", closed / "edison.db", "--secret-key-file", program.folder / "k.key", prefix=prefix)
        assert "k.key" in ended.err


def test_a_database_that_another_process_has_locked(program: Program) -> None:
    program.run("migrate", "--database", "held.db")
    holder = sqlite3.connect(program.folder / "held.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        assert "held.db is busy with another process" in refused(program, "--database", "held.db", timeout=60).err
    finally:
        holder.close()


def test_a_database_of_another_program(program: Program) -> None:
    with sqlite3.connect(program.folder / "photos.db") as db:
        db.execute("CREATE TABLE photo (id INTEGER PRIMARY KEY)")
    ended = refused(program, "--database", "photos.db")
    assert "photos.db is the database of another program: it has the tables photo." in ended.err
    with sqlite3.connect(program.folder / "photos.db") as db:
        assert db.execute("SELECT name FROM sqlite_master").fetchall() == [("photo",)]


@pytest.mark.parametrize("mode", [0o644, 0o640])
def test_a_key_that_others_may_read(program: Program, mode: int) -> None:
    key = program.folder / "secret.key"
    key.write_text("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")
    key.chmod(mode)
    ended = refused(program, "--secret-key-file", key)
    assert f"chmod 600 {key}" in ended.err and "AAAA" not in ended.err


def test_a_key_that_is_none(program: Program) -> None:
    assert "not base64" in refused(program, env={"EDISON_SECRET_KEY": "not a key!"}).err
    assert "32 bytes" in refused(program, env={"EDISON_SECRET_KEY": "c2hvcnQ="}).err


def hiding(path: str) -> list[str]:
    """Words before a command that runs it where nothing is at a path."""
    cover = f"mount -t tmpfs none {path}" if Path(path).is_dir() else f"mount --bind /dev/null {path}"
    words = ["unshare", *([] if os.geteuid() == 0 else ["--map-root-user"]), "--mount"]
    if subprocess.run([*words, "sh", "-c", cover], capture_output=True).returncode != 0:
        pytest.skip("this machine lets nobody mount in a namespace of their own")
    return [*words, "sh", "-c", f'{cover} && exec "$@"', "sh"]


def test_a_machine_without_libpq(program: Program, postgres: Postgres) -> None:
    listed = subprocess.run(["ldconfig", "-p"], capture_output=True, text=True, check=True).stdout
    place = next(line.split()[-1] for line in listed.splitlines() if "libpq.so.5" in line)
    ended = refused(program, "--database", postgres.url, prefix=hiding(os.path.realpath(place)))
    assert "PostgreSQL needs the library libpq" in ended.err and "apt-get install libpq5" in ended.err


def test_a_machine_without_certificates(program: Program, server: Simulator) -> None:
    """Named at the start of the server, and at the first call of a run."""
    prefix = hiding("/etc/ssl/certs")
    words = program.run("serve", "--port", "1x", prefix=prefix, status=2).err
    assert "--port" in words
    experiment = museum.experiment(server.url, datasets=[{"cases": museum.cases(3)}])
    experiment["providers"]["main"]["base_url"] = server.url.replace("http://", "https://") + "/v1"
    path = museum.write(program.folder, experiment)
    ended = program.run("eval", path, prefix=prefix, status=3, timeout=120)
    assert "no CA certificates are installed" in ended.err and "apt-get install ca-certificates" in ended.err
    program.command = lambda *words: [*prefix, program.binary, *(str(word) for word in words)]  # type: ignore[method-assign]
    running = EdisonServer(program, "--database", "s.db")
    assert "no CA certificates are installed" in running.said
    running.stop()


def test_a_server_on_postgresql_migrates_when_it_is_told_to(
    program: Program, serve: Callable[..., EdisonServer], postgres: Postgres  # noqa: F811
) -> None:
    url = postgres.database()
    ended = refused(program, "--database", url)
    assert "edison migrate --database" in ended.err and "--migrate" in ended.err
    server = serve("--database", url, "--migrate")
    assert server.ask("GET", "/ready").status == 200
    server.stop()
    assert serve("--database", url).ask("GET", "/ready").status == 200


def test_a_server_on_sqlite_may_be_told_not_to_migrate(program: Program) -> None:
    ended = refused(program, "--database", "new.db", env={"EDISON_MIGRATE": "false"})
    assert "lacks" in ended.err


def test_a_fault_in_the_file_of_settings_has_its_place(program: Program) -> None:
    (program.folder / "edison.yaml").write_text("host: 127.0.0.1\nprot: 80\nlog_format: xml\n")
    ended = refused(program, "--config", "edison.yaml")
    assert '2:1: prot: unknown key "prot"; did you mean "port"?' in ended.err
    assert "3:13: log_format: must be one of text, json" in ended.err
    assert "no/such.yaml" in refused(program, "--config", "no/such.yaml").err


def test_settings_come_from_file_environment_and_options(
    program: Program, serve: Callable[..., EdisonServer]  # noqa: F811
) -> None:
    (program.folder / "edison.yaml").write_text(
        "database: from-file.db\nlog_level: critical\nallowed_origins: [https://app.example.org]\n")
    (program.folder / ".env").write_text("EDISON_LOG_FORMAT=json\n")
    server = serve("--config", "edison.yaml", "--log-level", "info", env={"EDISON_TLS_TERMINATED": "true"})
    assert server.ask("GET", "/health").status == 200
    secret = "edk_0123456789abcdefghij"
    assert server.ask("GET", f"/api/v1/me?key={secret}", token=secret).status == 401
    assert server.stop() == 0
    assert (program.folder / "from-file.db").exists()
    text = (program.folder / "serve.err").read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    requests = [line for line in lines if line["message"] == "request"]
    assert [line["route"] for line in requests] == ["/health", "-"]
    assert all(line["request_id"] and isinstance(line["status"], int) for line in requests)
    assert secret not in text and "Bearer" not in text


def test_a_server_is_asked_whether_it_can_work(program: Program, serve: Callable[..., EdisonServer]) -> None:  # noqa: F811
    server = serve("--database", "run.db")
    options = ("serve", "--check", "--port", server.port)
    assert "can work" in program.run(*options).out
    server.stop()
    ended = program.run(*options, status=3)
    assert "No server answers" in ended.err
    ended.assert_readable()


def test_the_page_of_settings_is_what_the_program_prints(program: Program) -> None:
    page = REFERENCE / "settings.md"
    assert program.run("serve", "--print-settings").out == page.read_text(encoding="utf-8")
    told = {row[2].strip("`") for row in rows(page.read_text(encoding="utf-8"))} - {"–"}
    assert told == options_in(help_of("serve").split("OPTIONS:")[1]) - {
        "--config", "--check", "--print-settings", "--version", "--help"}
