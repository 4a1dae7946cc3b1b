"""`edison serve` as a process of its own, and requests to it."""

from __future__ import annotations

import json
import subprocess
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from program import Program, bare_environment


@dataclass
class Answer:
    status: int
    body: Any


class EdisonServer:
    def __init__(self, program: Program, *options: Any, env: dict[str, str] | None = None):
        self.errors = open(program.folder / "serve.err", "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            program.command("serve", "--port", 0, *options),
            cwd=program.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
            env=bare_environment(program.folder, **(env or {})),
        )
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert "http://" in line, f"the server did not start: {line!r} {self.said}"
        self.url = line.split()[-1].split("/start/")[0].rstrip("/")
        self.port = int(self.url.rsplit(":", 1)[1])

    @property
    def said(self) -> str:
        self.errors.flush()
        with open(self.errors.name, encoding="utf-8") as file:
            return file.read()

    def ask(self, method: str, path: str, body: Any = None, token: str | None = None) -> Answer:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} if data else {}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        request = urllib.request.Request(self.url + path, data=data, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                text = response.read()
                status = response.status
        except urllib.error.HTTPError as error:
            text, status = error.read(), error.code
        return Answer(status, json.loads(text) if text.startswith((b"{", b"[")) else text.decode())

    def register(self, email: str = "ada@example.org") -> str:
        answer = self.ask("POST", "/api/v1/auth/register", {"email": email, "password": "a long pass phrase"})
        assert answer.status == 201, answer
        return str(answer.body["access_token"])

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.terminate()
        try:
            status = self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait(10)
        if self.process.stdout:
            self.process.stdout.close()
        self.errors.close()
        return status
