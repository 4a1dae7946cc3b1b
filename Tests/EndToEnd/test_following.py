"""Following an experiment: a stream that ends when nothing goes on, and what waits, picked out of the list."""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hosted import Client, Hosted, credential, request
from program import Program
from simulator import Simulator, task_file


@pytest.fixture
def url(program: Program, database: str) -> Iterator[str]:
    server = Hosted(program, database)
    yield server.url
    server.kill()


@pytest.fixture
def provider(simulator: Callable[..., Simulator]) -> Simulator:
    return simulator("--task", task_file("museum"))


def rest(client: Client, id: str, after: int = 0) -> list[tuple[int, str]]:
    """All events up to the end that the stream gives itself."""
    path = f"/experiments/{id}/events?until=rest&last_event_id={after}"
    answer = client.ask("GET", path)
    assert answer.status == 200 and answer.headers["Content-Type"] == "text/event-stream", answer
    frames = [frame.splitlines() for frame in answer.body.decode().split("\n\n") if frame.startswith("id: ")]
    return [(int(lines[0].removeprefix("id: ")), lines[1].removeprefix("event: ")) for lines in frames]


def test_a_stream_until_rest_ends_when_nothing_goes_on(url: str, provider: Simulator) -> None:
    client = Client.registered(url)
    body = request(credential(client, provider.url), review="suggestions", stop_rules={"max_iterations": 1})
    id = client.expect(201, "POST", f"/projects/{client.project}/experiments", body)["id"]
    assert rest(client, id) == [], "a draft does nothing"
    client.expect(202, "POST", f"/experiments/{id}/run", {})
    first = rest(client, id)
    assert first[-1][1] == "experiment:paused" and [position for position, _ in first] == list(range(1, len(first) + 1))
    assert rest(client, id) == first, "what happened before is told again"
    assert rest(client, id, after=len(first)) == [], "and nothing waits for what does not come"

    waiting = client.get(f"/experiments/{id}/suggestions?kind=suggestion&decided=false")["items"]
    flagged = client.get(f"/experiments/{id}/suggestions?kind=flagged")["items"]
    every = client.get(f"/experiments/{id}/suggestions")["items"]
    assert waiting and len(every) == len(waiting) + len(flagged)
    assert {one["kind"] for one in waiting} == {"suggestion"} and not any(one["decided"] for one in waiting)
    for one in waiting:
        client.expect(200, "POST", f"/suggestions/{one['id']}/review", {"decision": "reject"})
    assert client.get(f"/experiments/{id}/suggestions?kind=suggestion&decided=false")["items"] == []
    # The pause before stands in the stream as well, and does not end it a second time.
    last = rest(client, id)
    assert last[: len(first)] == first and last[-1][1] == "experiment:completed"
    assert client.get(f"/experiments/{id}")["status"] == "completed"
    assert client.ask("GET", f"/experiments/{id}/events?until=tomorrow").status == 422


def test_the_stream_stays_open_without_a_word(url: str, provider: Simulator) -> None:
    client = Client.registered(url)
    body = request(credential(client, provider.url), stop_rules={"max_iterations": 1})
    id = client.expect(201, "POST", f"/projects/{client.project}/experiments", body)["id"]
    with pytest.raises(TimeoutError):
        for _ in client.events(id, seconds=1):
            raise AssertionError("a draft does nothing")


def test_a_browser_is_led_from_the_printed_address_to_a_page(url: str, tmp_path: Path) -> None:
    began = time.monotonic()
    with urllib.request.urlopen(url, timeout=20) as page:
        assert page.status == 200 and page.url.endswith("/docs/api") and b"<html" in page.read()
    assert time.monotonic() - began < 10
