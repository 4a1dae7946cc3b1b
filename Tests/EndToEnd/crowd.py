"""Many readers of events and many queued experiments on one server, and what its other callers see meanwhile."""

from __future__ import annotations

import http.client
import json
import selectors
import socket
import sqlite3
import subprocess
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import museum
from hosted import Client, credential, request

ENDINGS = (b"experiment:completed", b"experiment:failed")


@dataclass
class Reader:
    """One connection that follows an experiment to its end."""

    experiment: str
    token: str
    left: bytes = b""
    ids: list[int] = field(default_factory=list)
    ending: str = ""
    trouble: str = ""
    head: bytes | None = None


class Readers(threading.Thread):
    """All of them in one thread, so that the machine is the server's."""

    def __init__(self, url: str, readers: list[Reader]):
        super().__init__(daemon=True)
        self.place = urlsplit(url)
        self.readers = readers
        self.selector = selectors.DefaultSelector()
        self.open = 0

    def connect(self) -> None:
        for reader in self.readers:
            one = socket.create_connection((self.place.hostname, self.place.port), timeout=30)
            one.sendall(
                f"GET /api/v1/experiments/{reader.experiment}/events HTTP/1.1\r\nHost: x\r\n"
                f"Authorization: Bearer {reader.token}\r\n\r\n".encode())
            one.setblocking(False)
            self.selector.register(one, selectors.EVENT_READ, reader)
            self.open += 1

    def run(self) -> None:
        while self.open:
            for key, _ in self.selector.select(1):
                one, reader = key.fileobj, key.data
                assert isinstance(one, socket.socket)
                try:
                    more = one.recv(262_144)
                except OSError as error:
                    more, reader.trouble = b"", repr(error)
                self.take(reader, more)
                if not more or reader.ending or reader.trouble:
                    self.selector.unregister(one)
                    one.close()
                    self.open -= 1

    def take(self, reader: Reader, more: bytes) -> None:
        reader.left += more
        if reader.head is None and b"\r\n\r\n" in reader.left:
            reader.head, _, reader.left = reader.left.partition(b"\r\n\r\n")
            if b" 200 " not in reader.head:
                reader.trouble = reader.head[:200].decode()
        # The lengths of chunks are lines of their own, and no line of an event looks like one.
        while b"\n" in reader.left:
            line, _, reader.left = reader.left.partition(b"\n")
            line = line.strip()
            if line.startswith(b"id: "):
                reader.ids.append(int(line[4:]))
            elif line.startswith(b"event: ") and line[7:] in ENDINGS:
                reader.ending = line[7:].decode()


class Callers(threading.Thread):
    """People who look at pages and write now and then, one request after the other, with a pause."""

    def __init__(self, url: str, client: Client, experiments: list[str], pause: float):
        super().__init__(daemon=True)
        self.place, self.client, self.experiments, self.pause = urlsplit(url), client, experiments, pause
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.refused: list[str] = []
        self.is_over = False

    def run(self) -> None:
        connection = http.client.HTTPConnection(self.place.hostname or "", self.place.port, timeout=30)
        number = 0
        while not self.is_over:
            number += 1
            one = self.experiments[number % len(self.experiments)]
            kinds: list[tuple[str, str, str, Any]] = [
                ("read", "GET", "/me", None),
                ("read", "GET", f"/experiments/{one}", None),
                ("list", "GET", f"/projects/{self.client.project}/experiments?limit=50", None),
                ("write", "POST", f"/projects/{self.client.project}/prompts",
                 {"name": f"{threading.get_ident()} {number}", "text": "Hello {{name}}"}),
            ]
            kind, method, path, body = kinds[number % len(kinds)]
            headers = {"Authorization": f"Bearer {self.client.token}", "Content-Type": "application/json"}
            began = time.monotonic()
            connection.request(
                method, "/api/v1" + path, headers=headers, body=None if body is None else json.dumps(body))
            answer = connection.getresponse()
            text = answer.read()
            self.seconds[kind].append(time.monotonic() - began)
            if answer.status >= 300:
                self.refused.append(f"{method} {path}: {answer.status} {text[:300]!r}")
            time.sleep(self.pause)


@dataclass
class Owner:
    client: Client
    experiments: list[str] = field(default_factory=list)

    def make(self, credential_id: str, count: int) -> None:
        for _ in range(count):
            body = request(
                credential_id, seed=len(self.experiments) + 1, datasets=[{"cases": museum.cases(8)}],
                stop_rules={"max_iterations": 1, "max_budget_usd": 1}, holdout=0, reserve=0)
            path = f"/projects/{self.client.project}/experiments"
            self.experiments.append(self.client.expect(201, "POST", path, body)["id"])

    def start(self) -> None:
        for id in self.experiments:
            self.client.expect(202, "POST", f"/experiments/{id}/run", {})


def crowd(url: str, provider_url: str, owners: int, few: int, many: int) -> list[Owner]:
    """The first one floods the queue with `many`, each of the others has `few`. Nothing is started yet."""
    made = []
    for number in range(owners):
        owner = Owner(Client.registered(url, f"owner{number}@example.org"))
        owner.make(credential(owner.client, provider_url), many if number == 0 else few)
        made.append(owner)
    return made


def claims(database: str) -> list[str]:
    """The owners of the experiments in the order in which workers took them."""
    query = "SELECT owner FROM job WHERE kind = 'experiment.run' AND started_at IS NOT NULL ORDER BY started_at, id"
    if database.startswith("postgres"):
        done = subprocess.run(["psql", "-XqAtd", database, "-c", query], capture_output=True, text=True, check=True)
        return done.stdout.split()
    with sqlite3.connect(f"file:{Path(database)}?mode=ro", uri=True, timeout=10) as db:
        return [row[0] for row in db.execute(query)]


def longest_wait(order: list[str]) -> int:
    """The most claims of others between two of an owner, while all owners had something waiting."""
    owners = set(order)
    begin = max(order.index(owner) for owner in owners)
    end = min(len(order) - 1 - order[::-1].index(owner) for owner in owners)
    last = {owner: max(place for place in range(begin + 1) if order[place] == owner) for owner in owners}
    longest = 0
    for place in range(begin + 1, end + 1):
        longest = max(longest, place - last[order[place]] - 1)
        last[order[place]] = place
    return longest
