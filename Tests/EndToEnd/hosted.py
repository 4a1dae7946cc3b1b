"""`edison serve` as a process of its own, and a client that speaks to it as any other would: by HTTP."""

from __future__ import annotations

import copy
import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import museum
from program import Program, _with_money, bare_environment

PASSWORD = "correct horse battery"


class Answered:
    def __init__(self, status: int, headers: Any, body: bytes):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def __repr__(self) -> str:
        return f"{self.status} {self.body[:2000].decode(errors='replace')}"


def key_file(folder: Path, database: str | Path) -> Path:
    """Where a server that is told nothing of it keeps its key for secrets."""
    if str(database).startswith("postgres"):
        return folder / ".edison/secret.key"
    return (folder / database).parent / "secret.key"


class Hosted:
    """A server on a free port of loopback."""

    def __init__(self, program: Program, database: str | Path, name: str = "server", *options: Any, port: int = 0):
        self.folder = program.folder
        self.err = program.folder / f"{name}.err"
        with open(self.err, "w", encoding="utf-8") as err:
            self.process = subprocess.Popen(
                program.command("serve", "--port", port, "--migrate", "--database", database, *options), cwd=program.folder,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=err, text=True,
                env=bare_environment(program.folder),
            )
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert "http://" in line, self.err.read_text(encoding="utf-8")
        self.link = line.split()[-1]
        self.url = self.link.split("/start")[0].rstrip("/")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)

    def stop(self, seconds: float = 15) -> int:
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(seconds)


class Client:
    """One caller, with its token."""

    def __init__(self, url: str, token: str | None = None):
        self.url, self.token = url, token
        self.project = "default"

    @staticmethod
    def registered(url: str, email: str = "ada@example.org", **more: Any) -> Client:
        client = Client(url)
        made = client.expect(201, "POST", "/auth/register", {"email": email, "password": PASSWORD, **more})
        client.token, client.project = made["access_token"], made["project"]["id"]
        return client

    def ask(
        self, method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None, raw: bytes | None = None
    ) -> Answered:
        given = {"Accept": "application/json", **(headers or {})}
        data = raw
        if body is not None:
            data = json.dumps(body).encode()
            given["Content-Type"] = "application/json"
        if self.token:
            given.setdefault("Authorization", f"Bearer {self.token}")
        prefix = "" if path.startswith(("/api/", "/health", "/ready", "/metrics")) else "/api/v1"
        request = urllib.request.Request(self.url + prefix + path, data=data, method=method, headers=given)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return Answered(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            return Answered(error.code, error.headers, error.read())

    def expect(self, status: int, method: str, path: str, body: Any = None, **more: Any) -> Any:
        answer = self.ask(method, path, body, **more)
        assert answer.status == status, f"{method} {path}: {answer!r}"
        return answer.json if answer.body else None

    def get(self, path: str) -> Any:
        return self.expect(200, "GET", path)

    def result(self, experiment: str) -> dict[str, Any]:
        """With exact amounts, as `read_result` gives them."""
        answer = self.ask("GET", f"/experiments/{experiment}/result")
        assert answer.status == 200, answer
        plain, exact = answer.json, json.loads(answer.body, parse_float=Decimal)
        return _with_money(plain, exact)

    def wait(self, experiment: str, *statuses: str, seconds: float = 120) -> dict[str, Any]:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = self.get(f"/experiments/{experiment}")
            if found["status"] in statuses:
                return found
            time.sleep(0.1)
        raise AssertionError(f"not {statuses} in {seconds} s: {found['status']} {found['stop_reason']}")

    def events(self, experiment: str, after: int = 0, seconds: float = 60) -> Iterator[dict[str, Any]]:
        """As they come, until the stream ends or nothing has come for so long."""
        request = urllib.request.Request(
            f"{self.url}/api/v1/experiments/{experiment}/events",
            headers={"Authorization": f"Bearer {self.token}", "Last-Event-ID": str(after)},
        )
        with urllib.request.urlopen(request, timeout=seconds) as stream:
            assert stream.headers["Content-Type"] == "text/event-stream"
            event: dict[str, Any] = {}
            for line in stream:
                text = line.decode().rstrip("\n")
                if not text:
                    if "data" in event:
                        yield event
                    event = {}
                elif not text.startswith(":"):
                    key, _, value = text.partition(": ")
                    event[key] = json.loads(value) if key == "data" else int(value) if key == "id" else value


def credential(client: Client, provider_url: str, label: str = "main", **more: Any) -> str:
    body = {
        "provider": "openai-compatible", "label": label, "api_key": "sk-test-0123456789abcdef",
        "config": {"base_url": f"{provider_url}/v1"}, **more,
    }
    return client.expect(201, "POST", f"/projects/{client.project}/credentials", body)["id"]


def request(credential_id: str, **changes: Any) -> dict[str, Any]:
    """The experiment of `museum.py` as a request: the same content, with the credential's id."""
    parts = copy.deepcopy(museum.experiment("http://unused"))
    parts.pop("providers")
    for key in ("models", "judges"):
        parts[key] = [_with_credential(one, credential_id) for one in parts[key]]
    parts["refiner"] = _with_credential(parts["refiner"], credential_id)
    parts["prompt"] = {"text": museum.PROMPT["text"], "system_text": museum.PROMPT["system"]}
    parts["stop_rules"] = parts.pop("stop")
    return {key: value for key, value in (parts | changes).items() if value is not None}


def _with_credential(role: dict[str, Any], credential_id: str) -> dict[str, Any]:
    return {"credential_id": credential_id} | {key: value for key, value in role.items() if key != "provider"}
