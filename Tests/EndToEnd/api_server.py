"""A running `edison serve`, as those who call its API see it."""

from __future__ import annotations

import itertools
import json
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from program import Program

NAMES = itertools.count(1)


class ApiServer:
    """Ends with `stop`; its words stand in `started.out` and `started.err` of the folder."""

    def __init__(self, folder: Path, *options: Any, prefix: list[str] | None = None):
        folder.mkdir(parents=True, exist_ok=True)
        program = Program(folder)
        words = ["serve", "--port", "0", *options]
        if prefix:
            program.binary, words = prefix[0], [*prefix[1:], program.binary, *words]
        self.process = program.start(*words)
        self.out = folder / "started.out"
        self.err = folder / "started.err"
        self.url = self._wait()

    def _wait(self) -> str:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            if found := re.search(r"http://127\.0\.0\.1:\d+", self.out.read_text(encoding="utf-8")):
                return found.group(0)
            assert self.process.poll() is None, self.err.read_text(encoding="utf-8")
            time.sleep(0.05)
        raise AssertionError("the server does not say where it listens")

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1])

    def ask(
        self, method: str, path: str, body: Any = None, token: str | None = None, **headers: str
    ) -> tuple[int, Any, dict[str, str]]:
        request = urllib.request.Request(self.url + path, method=method)
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        if body is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(body).encode()
        try:
            answer = urllib.request.urlopen(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        content = answer.read().decode()
        kind = answer.headers.get("Content-Type", "")
        return answer.status, json.loads(content) if "json" in kind else content, dict(answer.headers)

    def register(self) -> dict[str, Any]:
        """Somebody new: tokens, organisation and project."""
        wish = {"email": f"person{next(NAMES)}@example.org", "password": "a long password"}
        status, made, _ = self.ask("POST", "/api/v1/auth/register", wish)
        assert status == 201, made
        return made

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
