"""SIGTERM: what is under way ends, experiments go on elsewhere, and the process is gone within ten seconds."""

from __future__ import annotations

import http.client
import json
import socket
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import Postgres
from fleet import Anywhere, Fleet, Follower
from hosted import Client, Hosted, credential, request
from program import Program
from simulator import Simulator, task_file


@pytest.fixture
def fleet(tmp_path: Path, postgres: Postgres) -> Iterator[Fleet]:
    made = Fleet.on(Program(tmp_path), postgres.database(), jobs=2)
    yield made
    made.leave()


class Caller(threading.Thread):
    """Asks again and again on one connection at a time until nobody listens any more."""

    def __init__(self, port: int, token: str):
        super().__init__(daemon=True)
        self.port, self.token = port, token
        self.statuses: Counter[int] = Counter()
        self.cut: list[str] = []

    def run(self) -> None:
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            try:
                connection.connect()
            except OSError:
                return
            try:
                self.ask_on(connection)
            finally:
                connection.close()

    def ask_on(self, connection: http.client.HTTPConnection) -> None:
        while True:
            try:
                connection.request("GET", "/api/v1/me", headers={"Authorization": f"Bearer {self.token}"})
                answer = connection.getresponse()
            except (OSError, http.client.HTTPException):
                # An idle connection may be closed at any time: the request was not taken.
                return
            try:
                json.loads(answer.read())
                self.statuses[answer.status] += 1
            except (OSError, http.client.HTTPException, ValueError) as error:
                self.cut.append(repr(error))
            if answer.getheader("Connection") == "close":
                return


def half_a_request(port: int, token: str, project: str) -> tuple[socket.socket, bytes]:
    """A request that the server has begun to read, and what is left of it."""
    body = json.dumps({"name": "In flight", "text": "Hello {{name}}"}).encode()
    head = (
        f"POST /api/v1/projects/{project}/prompts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n").encode()
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    connection.sendall(head + body[:10])
    return connection, body[10:]


def whole_answer(connection: socket.socket) -> bytes:
    said = b""
    while more := connection.recv(65_536):
        said += more
    return said


def test_a_server_that_ends_lets_requests_and_readers_end_and_hands_its_experiments_over(
    fleet: Fleet, tmp_path: Path
) -> None:
    provider = Simulator(Program(tmp_path), "--task", task_file("museum"), "--latency", 250, bodies=False)
    try:
        owner = Client.registered(fleet.urls[0])
        assert owner.token
        client = Anywhere(fleet.urls[::-1], owner.token, owner.project)
        ids, followers = [], []
        for number in range(4):
            body = request(credential(owner, provider.url, f"key {number}"), stop_rules={"max_iterations": 2})
            ids.append(owner.expect(201, "POST", f"/projects/{owner.project}/experiments", body)["id"])
            followers.append(Follower(fleet.urls, 0, owner.token, ids[-1]))
            followers[-1].start()
            owner.expect(202, "POST", f"/experiments/{ids[-1]}/run", {})
        provider.wait_for(30)
        leaving = fleet.members[0]
        callers = [Caller(leaving.port, owner.token) for _ in range(8)]
        for caller in callers:
            caller.start()
        half, rest = half_a_request(leaving.port, owner.token, owner.project)
        time.sleep(0.5)
        assert leaving.process
        began = time.monotonic()
        leaving.process.terminate()
        time.sleep(1)
        half.sendall(rest)
        assert whole_answer(half).startswith(b"HTTP/1.1 201"), "what was under way is answered"
        assert leaving.process.wait(15) == 0 and time.monotonic() - began < 10, leaving.said[-2000:]
        for caller in callers:
            caller.join(20)
            assert not caller.cut and caller.statuses[200] > 0 and set(caller.statuses) == {200}, caller.statuses
        prompts = client.get(f"/projects/{owner.project}/prompts")["items"]
        assert [prompt["name"] for prompt in prompts].count("In flight") == 1
        worker = fleet.members[2]
        began = time.monotonic()
        assert worker.end() == 0 and time.monotonic() - began < 10, worker.said[-2000:]
        for id, follower in zip(ids, followers):
            assert client.wait(id, "completed", "failed")["status"] == "completed"
            follower.join(30)
            assert follower.is_over and follower.streams >= 2
            assert [event["id"] for event in follower.events] == list(range(1, len(follower.events) + 1))
    finally:
        provider.stop()


@pytest.mark.parametrize(
    "state",
    [
        # As a worker leaves it that is killed after it has stopped and before it has given the experiment back.
        "UPDATE experiment SET status = 'paused', stop_reason = 'cancelled', finished_at = 1",
        # As the queue leaves it whose workers have died too often with it.
        "UPDATE job SET status = 'failed', finished_at = 1, lease_until = NULL WHERE kind = 'experiment.run'",
    ],
)
def test_an_experiment_is_not_stuck_where_a_worker_died(tmp_path: Path, state: str) -> None:
    program = Program(tmp_path)
    provider = Simulator(program, "--task", task_file("museum"), "--latency", 50, bodies=False)
    server = Hosted(program, "run.db")
    try:
        client = Client.registered(server.url)
        body = request(credential(client, provider.url), stop_rules={"max_iterations": 2})
        id = client.expect(201, "POST", f"/projects/{client.project}/experiments", body)["id"]
        client.expect(202, "POST", f"/experiments/{id}/run", {})
        provider.wait_for(15)
        server.kill()
        with sqlite3.connect(tmp_path / "run.db") as db:
            db.execute(state)
        db.close()
        server = Hosted(program, "run.db")
        client.url = server.url
        if "job" in state:
            assert client.get(f"/experiments/{id}")["status"] == "running"
            client.expect(202, "POST", f"/experiments/{id}/run", {})
        assert client.wait(id, "completed", "failed", seconds=60)["status"] == "completed"
    finally:
        server.kill()
        provider.stop()
