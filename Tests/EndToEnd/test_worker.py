"""`edison worker`: a process that takes jobs beside a server, and its orderly end."""
from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest

from program import Program, bare_environment


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_says_its_name_and_ends_when_it_is_told_to(tmp_path: Path, end: signal.Signals) -> None:
    program = Program(tmp_path)
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
    away = program.run("worker", "--database", "postgres://edison:hunter2@127.0.0.1:1/x", status=3)
    away.assert_readable()
    assert "Cannot reach PostgreSQL" in away.err and "hunter2" not in away.err
