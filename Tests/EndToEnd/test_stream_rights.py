"""A stream of events ends with the right to read it, and no position that a reader names does harm."""

from __future__ import annotations

import threading
import time
import urllib.request
from collections.abc import Iterator

import pytest

from hosted import Client, Hosted
from program import Program


@pytest.fixture
def server(program: Program, database: str) -> Iterator[Hosted]:
    one = Hosted(program, database)
    yield one
    one.kill()


class Reader(threading.Thread):
    def __init__(self, client: Client, path: str):
        super().__init__(daemon=True)
        self.call = urllib.request.Request(
            f"{client.url}/api/v1{path}", headers={"Authorization": f"Bearer {client.token}"})
        self.lines: list[bytes] = []
        self.start()

    def run(self) -> None:
        try:
            with urllib.request.urlopen(self.call, timeout=60) as stream:
                for line in stream:
                    self.lines.append(line)
        except OSError:
            pass

    def told(self) -> int:
        return sum(line.startswith(b"data: ") for line in self.lines)

    def wait(self, count: int) -> None:
        end = time.monotonic() + 20
        while self.told() < count and time.monotonic() < end:
            time.sleep(0.05)
        assert self.told() == count


def test_who_loses_the_right_hears_nothing_more(server: Hosted) -> None:
    owner = Client.registered(server.url)
    organization = owner.get("/me")["organizations"][0]["id"]
    key = owner.expect(
        201, "POST", f"/organizations/{organization}/api-keys", {"name": "reader", "scopes": ["budgets:read"]})
    path = f"/projects/{owner.project}/budget-alerts/events"
    kept, revoked = Reader(owner, path), Reader(Client(server.url, key["key"]), path)
    budgets = f"/projects/{owner.project}/budgets"
    owner.expect(201, "POST", budgets, {"limit_usd": 0, "period": "day", "alert_thresholds": [1]})
    kept.wait(1)
    revoked.wait(1)
    owner.expect(204, "DELETE", f"/organizations/{organization}/api-keys/{key['id']}")
    time.sleep(1.5)
    owner.expect(201, "POST", budgets, {"limit_usd": 0, "period": "month", "alert_thresholds": [1]})
    kept.wait(2)
    revoked.join(10)
    assert not revoked.is_alive(), "the stream has ended"
    assert revoked.told() == 1


def test_no_position_of_a_reader_ends_the_server(server: Hosted) -> None:
    owner = Client.registered(server.url)
    owner.expect(
        201, "POST", f"/projects/{owner.project}/budgets", {"limit_usd": 0, "alert_thresholds": [1]})
    path = f"/projects/{owner.project}/budget-alerts/events"
    for position in (2**63 - 1, 2**62, 99):
        answer = owner.ask("GET", path, headers={"Last-Event-ID": str(position)})
        assert answer.status == 200 and b"event: reset" in answer.body, answer
    for position in ("-1", str(2**63), "x"):
        assert owner.ask("GET", path, headers={"Last-Event-ID": position}).status == 422
    assert owner.ask("GET", "/health").status == 200


def test_servers_that_start_together_share_what_plans_allow(program: Program, database: str) -> None:
    if not database.startswith("postgres"):
        pytest.skip("servers share PostgreSQL alone")
    settings = program.folder / "edison.yaml"
    settings.write_text("quota_free: monthly_usd=5\nquota_enterprise: monthly_usd=50\nsecret_key_file: shared.key\n")
    first = Hosted(program, database, "first", "--config", settings)
    owner = Client.registered(first.url)
    Client.registered(first.url, "bob@example.org")
    first.kill()
    for limit in (6, 7, 8):
        settings.write_text(
            f"quota_free: monthly_usd={limit}\nquota_enterprise: monthly_usd=50\nsecret_key_file: shared.key\n")
        servers: list[Hosted] = []
        starts = [
            threading.Thread(
                target=lambda name: servers.append(Hosted(program, database, name, "--config", settings)),
                args=(f"server-{limit}-{number}",))
            for number in range(3)
        ]
        for start in starts:
            start.start()
        for start in starts:
            start.join(60)
        try:
            assert len(servers) == 3, "each of them has started"
        finally:
            for one in servers:
                one.kill()
    assert owner.token
