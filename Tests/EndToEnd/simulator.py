"""A simulated provider as a process of its own, and its log."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import Any

from program import Program, bare_environment


class Simulator:
    """`edison simulator` on a free port of loopback."""

    def __init__(self, program: Program, *options: Any, bodies: bool = True, name: str = "simulator", port: int = 0):
        self.log_file = program.folder / f"{name}-{time.monotonic_ns()}.jsonl"
        words = ["simulator", "--port", port, "--log", self.log_file, *(["--log-bodies"] if bodies else []), *options]
        self.process = subprocess.Popen(
            program.command(*words),
            cwd=program.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=bare_environment(program.folder),
        )
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert "http://" in line, f"the simulator did not start: {line!r}"
        self.url = line.split()[-1]
        self.port = int(self.url.rsplit(":", 1)[1])

    def log(self) -> list[dict[str, Any]]:
        """Every request so far; a line that is being written is left for the next reading."""
        if not self.log_file.exists():
            return []
        lines = self.log_file.read_text(encoding="utf-8").split("\n")
        return [json.loads(line) for line in lines[:-1]]

    def answered(self) -> list[dict[str, Any]]:
        return [entry for entry in self.log() if entry["status"] == 200]

    def wait_for(self, count: int, process: subprocess.Popen[str] | None = None, seconds: float = 60) -> int:
        """Returns when `count` requests were answered; fails when the process that asks ends before."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            seen = self.log_file.read_bytes().count(b"\n") if self.log_file.exists() else 0
            if seen >= count:
                return seen
            assert process is None or process.poll() is None, f"it ended after {seen} requests: {process.returncode}"
            time.sleep(0.002)
        raise AssertionError(f"only {seen} of {count} requests came in {seconds} s")

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
        if self.process.stdout:
            self.process.stdout.close()


def task_file(name: str) -> Path:
    return Path(__file__).parent / "tasks" / f"{name}.json"
