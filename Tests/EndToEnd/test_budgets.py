"""Budgets that runs share, and where the money went: by HTTP, with real experiments."""

from __future__ import annotations

import csv
import io
import json
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from conftest import Postgres
from hosted import Client, Hosted, credential, request
from ledger import Ledger
from program import Program
from simulator import Simulator, task_file

LIMITS = {"max_iterations": 2, "max_budget_usd": 5}


@pytest.fixture
def provider(simulator: Callable[..., Simulator]) -> Simulator:
    return simulator("--task", task_file("museum"))


@pytest.fixture
def client(program: Program, database: str) -> Iterator[Client]:
    server = Hosted(program, database)
    yield Client.registered(server.url)
    server.kill()


def made(client: Client, key: str, **changes: Any) -> str:
    body = request(key, **({"stop_rules": LIMITS} | changes))
    return client.expect(201, "POST", f"/projects/{client.project}/experiments", body)["id"]


def exact(client: Client, path: str) -> Any:
    answer = client.ask("GET", path)
    assert answer.status == 200, answer
    return json.loads(answer.body, parse_float=Decimal, parse_int=Decimal)


def followed(client: Client, path: str, seen: list[dict[str, Any]]) -> None:
    """What a stream tells, until the server ends."""
    call = urllib.request.Request(
        f"{client.url}/api/v1{path}", headers={"Authorization": f"Bearer {client.token}"})
    try:
        with urllib.request.urlopen(call, timeout=60) as stream:
            for line in stream:
                if line.startswith(b"data: "):
                    seen.append(json.loads(line[6:]))
    except OSError:
        pass


def test_a_budget_of_the_project_stops_a_run_which_goes_on_when_it_is_raised(
    client: Client, provider: Simulator
) -> None:
    key = credential(client, provider.url)
    refiner = request(key)["refiner"] | {"parameters": {"max_tokens": 600}}
    id = made(client, key, refiner=refiner, stop_rules={"max_iterations": 4, "max_budget_usd": 5})
    limit = 0.08
    budget = client.expect(
        201, "POST", f"/projects/{client.project}/budgets",
        {"limit_usd": limit, "alert_thresholds": [0.1, 0.25, 1], "name": "Trial"})
    assert budget["level"] == "project" and budget["period"] == "30_days" and budget["spent_usd"] == 0
    told: list[dict[str, Any]] = []
    threading.Thread(
        target=followed, args=(client, f"/projects/{client.project}/budget-alerts/events", told), daemon=True).start()

    client.expect(202, "POST", f"/experiments/{id}/run", {})
    ended = client.wait(id, "completed", "failed")
    assert ended["status"] == "completed" and ended["stop_reason"] == "budget", ended
    needed = ended["stopped_by"].pop("needed_usd")
    assert ended["stopped_by"] == {
        "budget_id": budget["id"], "level": "project", "period": "30_days", "limit_usd": limit}
    assert client.result(id)["stopped_by"]["budget_id"] == budget["id"]
    asked = len(provider.log())
    used = client.get(f"/budgets/{budget['id']}")
    assert 0 < used["spent_usd"] <= limit and used["reserved_usd"] == 0
    assert used["reached_thresholds"] == [0.1, 0.25, 1] and ended["spent_usd"] == used["spent_usd"]

    refused = client.expect(402, "POST", f"/experiments/{id}/run", {})
    assert refused["code"] == "budgetExceeded" and needed > used["left_usd"]
    assert "project's budget of $0.080 for 30 days" in refused["error"] and budget["id"] in refused["detail"]
    assert len(provider.log()) == asked, "what is refused asks for nothing"

    alerts = client.get(f"/projects/{client.project}/budget-alerts")["items"]
    assert sorted(alert["threshold"] for alert in alerts) == [0.1, 0.25, 1]
    end = time.monotonic() + 5
    while len(told) < 3 and time.monotonic() < end:
        time.sleep(0.05)
    assert sorted(event["threshold"] for event in told) == [0.1, 0.25, 1]
    assert {event["name"] for event in told} == {"Trial"} and {event["level"] for event in told} == {"project"}

    raised = client.expect(200, "PATCH", f"/budgets/{budget['id']}", {"limit_usd": 5})
    assert raised["reached_thresholds"] == [] and raised["left_usd"] > 4.9
    client.expect(202, "POST", f"/experiments/{id}/run", {})
    time.sleep(0.3)
    ended = client.wait(id, "completed", "failed")
    assert ended["stop_reason"] == "max_iterations" and ended["stopped_by"] is None
    assert client.get(f"/budgets/{budget['id']}")["spent_usd"] == ended["spent_usd"]
    names = [entry["attempt"] for entry in provider.log()]
    assert len(names) == len(set(names)) and len(names) > asked


def test_each_kind_of_budget_stops_a_run_and_says_so(client: Client, provider: Simulator) -> None:
    key = credential(client, provider.url)
    me = client.get("/me")
    organization = client.get(f"/projects/{client.project}")["organization_id"]
    user = me.get("id") or me["user"]["id"]
    price = {"provider": "openai-compatible", "model": "apprentice", "input": 0.15, "output": 0.6}
    client.expect(201, "POST", f"/organizations/{organization}/model-prices", price)
    for level, path, owner in [
        ("organization", f"/organizations/{organization}/budgets", {}),
        ("user", f"/organizations/{organization}/budgets", {"user_id": user}),
        ("provider", f"/projects/{client.project}/budgets", {"credential_id": key}),
        ("project", f"/projects/{client.project}/budgets", {}),
    ]:
        budget = client.expect(201, "POST", path, {"limit_usd": 0, "period": "total", **owner})
        assert budget["level"] == level
        id = made(client, key, name=f"Under a budget of the {level}")
        refused = client.expect(402, "POST", f"/experiments/{id}/run", {})
        assert budget["id"] in refused["detail"], refused
        assert client.ask("POST", f"/credentials/{key}/validate", {"model": "apprentice"}).status == 402
        duplicate = client.expect(409, "POST", path, {"limit_usd": 1, "period": "total", **owner})
        assert duplicate["issues"][0]["path"] == "period"
        client.expect(204, "DELETE", f"/budgets/{budget['id']}")
    assert [entry for entry in provider.log() if entry.get("attempt")] == []


def test_the_report_of_costs_is_the_ledger_to_the_nano_dollar(
    client: Client, provider: Simulator, database: str, postgres: Postgres | None
) -> None:
    key = credential(client, provider.url)
    ids = [made(client, key), made(client, key, seed=7, name="Another")]
    for id in ids:
        client.expect(202, "POST", f"/experiments/{id}/run", {})
    for id in ids:
        assert client.wait(id, "completed")["stop_reason"] == "max_iterations"
    client.expect(200, "POST", f"/credentials/{key}/validate", {"model": "apprentice"})
    ledger = Ledger(database, postgres if database.startswith("postgres") else None)
    spent = Decimal(ledger.rows("SELECT SUM(cost_nano) FROM model_attempt")[0][0]) / 10**9
    path = f"/projects/{client.project}/costs"
    organization = client.get(f"/projects/{client.project}")["organization_id"]
    for one in (path, f"/organizations/{organization}/costs"):
        for by in ("", "project", "provider", "credential", "model", "prompt", "experiment", "user", "purpose", "day",
                   "experiment,model,purpose"):
            report = exact(client, f"{one}?by={by}")
            assert report["total"]["cost_usd"] == spent > 0, (one, by)
            if by:
                assert sum(row["cost_usd"] for row in report["rows"]) == spent, (one, by)
                assert sum(row["calls"] for row in report["rows"]) == report["total"]["calls"]
    rows = exact(client, f"{path}?by=experiment")["rows"]
    for id in ids:
        row = next(row for row in rows if row["experiment_id"] == id)
        assert row["cost_usd"] == client.result(id)["cost_usd"] and row["experiment_name"]
        only = exact(client, f"{path}?experiment_id={id}&by=model")
        assert only["total"]["cost_usd"] == row["cost_usd"]
    me = client.get("/me")
    mine = exact(client, f"{path}?by=user&from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z")["rows"]
    assert [row["user_id"] for row in mine] == [me.get("id") or me["user"]["id"]], "the trial of the key is mine, too"
    assert exact(client, f"{path}?to=2020-01-01T00:00:00Z&by=day")["rows"] == []

    answer = client.ask("GET", f"{path}/export?by=model,purpose")
    assert answer.status == 200 and answer.headers["Content-Type"].startswith("text/csv")
    lines = list(csv.DictReader(io.StringIO(answer.body.decode(), newline="")))
    assert sum(Decimal(line["cost_usd"]) for line in lines) == spent
    assert all(len(line["cost_usd"].split(".")[1]) == 9 for line in lines)
    assert {line["purpose"] for line in lines} >= {"execute", "judge", "refine", "validate"}
