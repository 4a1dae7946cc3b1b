"""Several servers and workers on one database, which are killed and come back, and readers of events that live on."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlsplit

from hosted import Client
from program import Program, bare_environment

ENDINGS = ("experiment:completed", "experiment:failed", "experiment:cancelled")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Member:
    """A server or a worker that is started again and again, a server always on the same port."""

    def __init__(self, program: Program, kind: str, number: int, database: str, jobs: int):
        self.program, self.name = program, f"{kind}-{number}"
        self.port = free_port() if kind == "server" else 0
        self.url = f"http://127.0.0.1:{self.port}"
        serving = [
            "serve", "--port", self.port, "--migrate", "--database", database, "--workers", jobs,
            "--requests-per-minute", 0, "--anonymous-requests-per-minute", 0]
        self.words = serving if kind == "server" else ["worker", "--database", database, "--jobs", jobs]
        self.process: subprocess.Popen[str] | None = None

    def start(self, crash_after: int | None = None) -> None:
        """With a number of commits after which it dies by itself; it need not come so far as to say where it is."""
        more = {} if crash_after is None else {"EDISON_CRASH_AFTER_COMMITS": str(crash_after)}
        with open(self.program.folder / f"{self.name}.err", "a", encoding="utf-8") as err:
            self.process = subprocess.Popen(
                self.program.command(*self.words), cwd=self.program.folder, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=err, text=True, env=bare_environment(self.program.folder, **more))
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line or crash_after is not None, f"{self.name} did not start: {self.said}"

    @property
    def lives(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def said(self) -> str:
        return (self.program.folder / f"{self.name}.err").read_text(encoding="utf-8")

    def end(self, how: signal.Signals = signal.SIGTERM, seconds: float = 15) -> int:
        """Its exit status."""
        assert self.process
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(seconds)

    def leave(self) -> None:
        if self.process:
            self.end(signal.SIGKILL)
            assert self.process.stdout
            self.process.stdout.close()


@dataclass
class Fleet:
    members: list[Member]

    @staticmethod
    def on(program: Program, database: str, jobs: int) -> Fleet:
        """Two servers and two workers."""
        kinds = [("server", 0), ("server", 1), ("worker", 0), ("worker", 1)]
        fleet = Fleet([Member(program, kind, number, database, jobs) for kind, number in kinds])
        for member in fleet.members:
            member.start()
        return fleet

    @property
    def urls(self) -> list[str]:
        return [member.url for member in self.members if member.port]

    def leave(self) -> None:
        for member in self.members:
            member.leave()


class Anywhere(Client):
    """A caller who goes to the other server when one is away."""

    def __init__(self, urls: list[str], token: str | None, project: str):
        super().__init__(urls[0], token)
        self.urls, self.project = urls, project

    def ask(self, *words: Any, **more: Any) -> Any:
        end = time.monotonic() + 60
        while True:
            try:
                return super().ask(*words, **more)
            except (OSError, http.client.HTTPException):
                assert time.monotonic() < end, f"no server answers: {words}"
                self.url = self.urls[(self.urls.index(self.url) + 1) % len(self.urls)]
                time.sleep(0.05)


@dataclass
class Follower(threading.Thread):
    """Reads the events of an experiment from one server; when that one is gone, from the other one, after the last id
    that it has read. What a cut connection left of an event is thrown away."""

    urls: list[str]
    turn: int
    token: str
    experiment: str
    events: list[dict[str, Any]] = field(default_factory=list)
    # Seconds from the record of an event to its arrival, of those that came while the connection stood.
    lags: list[float] = field(default_factory=list)
    # How often it was let in; each but the first goes on where the one before was cut.
    streams: int = 0
    trouble: str = ""
    is_over: bool = False

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        while not self.is_over and not self.trouble:
            try:
                self.read(self.urls[self.turn % len(self.urls)])
            except (OSError, http.client.HTTPException):
                pass
            if not self.is_over:
                self.turn += 1
                time.sleep(0.05)

    def read(self, url: str) -> None:
        place = urlsplit(url)
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=40)
        last = self.events[-1]["id"] if self.events else 0
        headers = {"Authorization": f"Bearer {self.token}", "Last-Event-ID": str(last)}
        try:
            connection.request("GET", f"/api/v1/experiments/{self.experiment}/events", headers=headers)
            stream = connection.getresponse()
            if stream.status != 200:
                # A server whose database is just being looked for.
                self.trouble = "" if stream.status == 503 else f"{stream.status} {stream.read()!r}"
                return
            self.take(stream)
        finally:
            connection.close()

    def take(self, stream: http.client.HTTPResponse) -> None:
        self.streams += 1
        began = datetime.now(timezone.utc)
        event: dict[str, Any] = {}
        while line := stream.readline():
            text = line.decode()
            if not text.endswith("\n"):
                return
            text = text.rstrip("\n")
            if text.startswith(":"):
                continue
            if text:
                key, _, value = text.partition(": ")
                event[key] = json.loads(value) if key == "data" else int(value) if key == "id" else value
                continue
            if "data" in event:
                self.note(event, began)
            if event.get("event") in ENDINGS:
                self.is_over = True
                return
            event = {}

    def note(self, event: dict[str, Any], began: datetime) -> None:
        self.events.append(event)
        at = datetime.fromisoformat(event["data"]["at"].replace("Z", "+00:00"))
        if at > began:
            self.lags.append((datetime.now(timezone.utc) - at).total_seconds())
