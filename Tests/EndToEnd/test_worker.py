"""`edison worker`: a process that takes jobs beside a server, and its orderly end."""
from __future__ import annotations

import base64
import signal
import subprocess
import time
from pathlib import Path

import pytest

from hosted import Client, Hosted, credential, key_file
from program import Program, bare_environment


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_says_its_name_and_ends_when_it_is_told_to(tmp_path: Path, end: signal.Signals) -> None:
    program = Program(tmp_path)
    Hosted(program, ".edison/edison.db").stop()
    worker = subprocess.Popen(
        program.command("worker"), cwd=tmp_path, env=bare_environment(tmp_path), text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE)
    try:
        assert worker.stdout is not None
        assert worker.stdout.readline().startswith("Taking jobs as worker ")
        began = time.monotonic()
        worker.send_signal(end)
        out, err = worker.communicate(timeout=30)
        assert time.monotonic() - began < 10
        assert (worker.returncode, out, err) == (0, "", "")
    finally:
        worker.kill()
    # The file alone is the database again.
    assert sorted(path.name for path in (tmp_path / ".edison").iterdir()) == ["edison.db", "secret.key"]


def test_what_cannot_work_is_said_in_a_sentence(tmp_path: Path) -> None:
    program = Program(tmp_path)
    refused = program.run("worker", "--jobs", "0", status=2)
    refused.assert_readable()
    assert "at least one job" in refused.err
    key = program.folder / "secret.key"
    keyless = program.run("worker", "--secret-key-file", key, status=2)
    keyless.assert_readable()
    assert "There is no key for secrets" in keyless.err and "the server's" in keyless.err and not key.exists()
    key.write_text(base64.b64encode(bytes(32)).decode() + "\n")
    key.chmod(0o600)
    away = program.run("worker", "--secret-key-file", key, "--database", "postgres://edison:hunter2@127.0.0.1:1/x", status=3)
    away.assert_readable()
    assert "Cannot reach PostgreSQL" in away.err and "hunter2" not in away.err


def test_a_worker_needs_the_key_of_its_server(tmp_path: Path) -> None:
    program = Program(tmp_path)
    server = Hosted(program, "edison.db")
    try:
        credential(Client.registered(server.url), "http://127.0.0.1:9")
    finally:
        server.kill()
    other = tmp_path / "other.key"
    other.write_text(base64.b64encode(bytes(range(32))).decode() + "\n")
    other.chmod(0o600)
    refused = program.run("worker", "--database", "edison.db", "--secret-key-file", other, status=3)
    refused.assert_readable()
    assert "is not the one that sealed what is in the database" in refused.err
    key = key_file(tmp_path, "edison.db").read_text().strip()
    for given in ({"EDISON_SECRET_KEY": key}, {}):
        worker = subprocess.Popen(
            program.command("worker", "--database", "edison.db"), cwd=tmp_path,
            env=bare_environment(tmp_path) | given, text=True, stdout=subprocess.PIPE)
        try:
            assert worker.stdout is not None and worker.stdout.readline().startswith("Taking jobs as worker ")
        finally:
            worker.kill()
            worker.wait(10)
