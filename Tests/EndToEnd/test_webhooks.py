"""Messages to webhooks and Slack: a budget of a real experiment reaches a threshold, and a receiver of its own hears of
it, checked by the library that receivers use."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from standardwebhooks import Webhook

from hosted import Client, Hosted, credential, request
from program import Program
from simulator import Simulator, task_file


class Receiver:
    """Keeps what it is sent, and answers with the statuses that it is given, then with 200."""

    def __init__(self, *statuses: int):
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        left = list(statuses)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(handler) -> None:  # noqa: N805
                body = handler.rfile.read(int(handler.headers["Content-Length"]))
                self.requests.append((handler.path, {k.lower(): v for k, v in handler.headers.items()}, body))
                handler.send_response(left.pop(0) if left else 200)
                handler.end_headers()
                handler.wfile.write(b"ok")

            def log_message(handler, *_: Any) -> None:  # noqa: N805
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def wait(self, count: int, seconds: float = 30) -> list[tuple[str, dict[str, str], bytes]]:
        end = time.monotonic() + seconds
        while len(self.requests) < count and time.monotonic() < end:
            time.sleep(0.05)
        assert len(self.requests) >= count, f"{len(self.requests)} of {count} messages in {seconds} s"
        return self.requests


@pytest.fixture
def provider(simulator: Callable[..., Simulator]) -> Simulator:
    return simulator("--task", task_file("museum"))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    one = Receiver()
    yield one
    one.server.shutdown()


def hook(client: Client, url: str, kind: str = "webhook") -> dict[str, Any]:
    body = {"kind": kind, "name": f"Of {kind}", "url": url}
    return client.expect(201, "POST", f"/projects/{client.project}/webhooks", body)


def test_a_budget_that_is_used_up_is_told_to_a_webhook_and_to_slack(
    program: Program, database: str, provider: Simulator, receiver: Receiver
) -> None:
    server = Hosted(program, database)
    try:
        client = Client.registered(server.url)
        signed = hook(client, receiver.url + "/signed/planted-secret-path-0123456789")
        hook(client, receiver.url + "/slack", "slack")
        limit = 0.08
        budget = client.expect(
            201, "POST", f"/projects/{client.project}/budgets",
            {"limit_usd": limit, "alert_thresholds": [0.1, 1], "name": "Trial <x>"})
        key = credential(client, provider.url)
        refiner = request(key)["refiner"] | {"parameters": {"max_tokens": 600}}
        made = request(key, refiner=refiner, stop_rules={"max_iterations": 4, "max_budget_usd": 5})
        id = client.expect(201, "POST", f"/projects/{client.project}/experiments", made)["id"]
        client.expect(202, "POST", f"/experiments/{id}/run", {})
        client.wait(id, "completed", "failed")

        requests = receiver.wait(4)
        time.sleep(1)
        assert len(requests) == 4, "two thresholds, each once to each"
        messages = {}
        for path, headers, body in requests:
            if path.startswith("/signed"):
                message = Webhook(signed["secret"]).verify(body, headers)
                messages[message["data"]["threshold"]] = message
        assert sorted(messages) == [0.1, 1]
        data = messages[1]["data"]
        assert messages[1]["type"] == "budget.threshold_reached"
        assert data["budget_id"] == budget["id"] and data["limit_usd"] == limit and data["name"] == "Trial <x>"
        assert 0 < data["used_usd"] <= limit

        slack = [json.loads(body) for path, _, body in requests if path == "/slack"]
        assert any(one["text"].startswith("A budget is used up: ") for one in slack)
        assert all("Trial &lt;x&gt;" in one["text"] for one in slack)
        assert slack[0]["blocks"][0]["type"] == "header"

        # A receiver that does not hold the secret would know.
        with pytest.raises(Exception):
            Webhook("whsec_" + "A" * 43 + "=").verify(requests[0][2], requests[0][1])

        listed = client.get(f"/webhooks/{signed['id']}/deliveries")["items"]
        assert [one["status"] for one in listed] == ["delivered", "delivered"]
        log = client.get(f"/webhook-deliveries/{listed[0]['id']}")
        assert log["log"][0]["status"] == 200 and json.loads(log["body"])["type"] == "budget.threshold_reached"
        # The address is a secret: it stands in no answer and in no line of the log.
        shown = client.ask("GET", f"/projects/{client.project}/webhooks").body + server.err.read_bytes()
        assert b"planted-secret-path" not in shown and b"whsec_" not in shown
    finally:
        server.kill()


def test_a_message_survives_the_end_of_its_server(program: Program, database: str, provider: Simulator) -> None:
    """Its first attempt fails, the server is killed, and another one delivers it with the same id."""
    receiver = Receiver(500)
    server = Hosted(program, database)
    try:
        client = Client.registered(server.url)
        made = hook(client, receiver.url)
        client.expect(201, "POST", f"/projects/{client.project}/budgets", {"limit_usd": 0, "alert_thresholds": [1]})
        receiver.wait(1)
        path = f"/webhooks/{made['id']}/deliveries"
        while client.get(path)["items"][0]["attempts"] < 1:
            time.sleep(0.05)
        server.kill()
        server = Hosted(program, database, "second")
        receiver.wait(2)
        ids = {headers["webhook-id"] for _, headers, _ in receiver.requests}
        assert len(ids) == 1
        client.url = server.url
        end = time.monotonic() + 10
        while (found := client.get(path)["items"][0])["status"] != "delivered" and time.monotonic() < end:
            time.sleep(0.1)
        assert (found["status"], found["attempts"], found["id"]) == ("delivered", 2, ids.pop())
    finally:
        server.kill()
        receiver.server.shutdown()


def test_a_message_does_not_wait_behind_a_run_that_takes_long(
    program: Program, database: str, simulator: Callable[..., Simulator], receiver: Receiver
) -> None:
    slow = simulator("--task", task_file("museum"), "--latency", 2000)
    server = Hosted(program, database, "server", "--workers", 1)
    try:
        client = Client.registered(server.url)
        id = client.expect(
            201, "POST", f"/projects/{client.project}/experiments", request(credential(client, slow.url)))["id"]
        client.expect(202, "POST", f"/experiments/{id}/run", {})
        client.wait(id, "running")
        other = client.expect(201, "POST", "/projects", {"name": "Other"})["id"]
        client.expect(
            201, "POST", f"/projects/{other}/webhooks", {"kind": "webhook", "name": "Mine", "url": receiver.url})
        client.expect(201, "POST", f"/projects/{other}/budgets", {"limit_usd": 0, "alert_thresholds": [1]})
        receiver.wait(1, seconds=20)
        assert client.get(f"/experiments/{id}")["status"] == "running", "its one worker is still busy"
    finally:
        server.kill()
