"""Experiments by HTTP: the same runs as those of the command line, started, watched, reviewed, paused and killed."""

from __future__ import annotations

import io
import tarfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import museum
from hosted import Client, Hosted, credential, request
from program import Program
from sameness import assert_same
from simulator import Simulator, task_file


@pytest.fixture
def provider(simulator: Callable[..., Simulator]) -> Simulator:
    return simulator("--task", task_file("museum"))


@pytest.fixture
def serve(program: Program, database: str) -> Iterator[Callable[..., Hosted]]:
    running: list[Hosted] = []

    def start(*options: Any) -> Hosted:
        running.append(Hosted(program, database, f"server-{len(running)}", *options))
        return running[-1]

    yield start
    for server in running:
        if server.process.poll() is None:
            server.kill()


def made(client: Client, provider: Simulator, **changes: Any) -> str:
    body = request(credential(client, provider.url), **changes)
    return client.expect(201, "POST", f"/projects/{client.project}/experiments", body)["id"]


def test_the_same_experiment_by_http_and_by_file_has_the_same_result(
    serve: Callable[..., Hosted], provider: Simulator, program: Program, tmp_path: Path
) -> None:
    client = Client.registered(serve().url)
    id = made(client, provider)
    draft = client.get(f"/experiments/{id}")
    assert draft["status"] == "draft" and draft["spent_usd"] == 0 and draft["iterations"] == []
    estimate = client.expect(200, "POST", f"/experiments/{id}/estimate")
    assert 0 < estimate["cost_usd"]["low"] < estimate["cost_usd"]["expected"] < estimate["cost_usd"]["high"]
    assert estimate["unknown_prices"] == [] and provider.log() == [], "nothing is spent before it is started"

    started = client.expect(202, "POST", f"/experiments/{id}/run", {})
    seen = []
    for event in client.events(id):
        seen.append(event)
        if event["event"] in ("experiment:completed", "experiment:failed"):
            break
    assert [event["id"] for event in seen] == list(range(1, len(seen) + 1))
    names = Counter(event["event"] for event in seen)
    assert names["experiment:completed"] == 1 and names["iteration:completed"] == 4, names

    ended = client.wait(id, "completed")
    first = client.get(f"/iterations/{started['iteration_id']}")
    assert first["number"] == 1 and first["status"] == "completed" and first["metrics"]["composite"]
    outputs = client.get(f"/iterations/{first['id']}/outputs?limit=500")["items"]
    assert outputs and all(output["judgments"] for output in outputs)
    result = client.result(id)
    assert ended["best_version_id"] == result["best_version_id"] and ended["verdict"] == result["verdict"]
    assert float(result["cost_usd"]) == pytest.approx(ended["spent_usd"])
    again = next(client.events(id, after=seen[-2]["id"]))
    assert again == seen[-1], "a reader that comes back goes on where it was"

    own = Program(tmp_path / "own")
    own.folder.mkdir()
    alone = own.result("refine", museum.write(own.folder, museum.experiment(provider.url)))
    assert_same(alone, result)


def test_a_person_reviews_by_http(serve: Callable[..., Hosted], provider: Simulator) -> None:
    client = Client.registered(serve().url)
    id = made(client, provider, review="suggestions", stop_rules={"max_iterations": 2, "max_budget_usd": 5})
    client.expect(202, "POST", f"/experiments/{id}/run", {})
    decided = 0
    while True:
        found = client.wait(id, "paused", "completed", "failed")
        if found["status"] != "paused":
            break
        waiting = [one for one in client.get(f"/experiments/{id}/suggestions")["items"] if not one["decided"]]
        assert waiting and all(one["kind"] == "suggestion" and one["detail"]["diff"] for one in waiting)
        for one in waiting:
            body = {"decision": "approve" if decided == 0 else "reject", "notes": "as it says"}
            answer = client.expect(200, "POST", f"/suggestions/{one['id']}/review", body)
            assert answer["decided"] is True
            refused = client.expect(409, "POST", f"/suggestions/{one['id']}/review", {"decision": "reject"})
            assert "decided" in refused["error"] or "ended" in refused["error"]
            decided += 1
        time.sleep(0.2)
    assert found["status"] == "completed" and decided >= 1, found
    versions = client.result(id)["versions"]
    assert {version["decision"]["by"] for version in versions if version["decision"]} >= {"person"}


def test_pause_resume_and_cancel(serve: Callable[..., Hosted], simulator: Callable[..., Simulator]) -> None:
    provider = simulator("--task", task_file("museum"), "--latency", 60)
    client = Client.registered(serve().url)
    id = made(client, provider)
    client.expect(202, "POST", f"/experiments/{id}/run", {})
    provider.wait_for(12)
    client.expect(200, "POST", f"/experiments/{id}/pause")
    client.wait(id, "paused", seconds=15)
    # The provider logs what it has under way when it would answer.
    time.sleep(0.5)
    asked = len(provider.log())
    time.sleep(1)
    assert len(provider.log()) == asked, "nothing is asked while it is paused"
    client.expect(409, "POST", f"/experiments/{id}/pause")
    client.expect(200, "POST", f"/experiments/{id}/resume")
    provider.wait_for(asked + 12)
    client.expect(200, "POST", f"/experiments/{id}/cancel")
    client.wait(id, "cancelled", seconds=15)
    refused = client.expect(409, "POST", f"/experiments/{id}/run", {})
    assert "for good" in refused["error"]


def test_a_raised_limit_goes_on(serve: Callable[..., Hosted], provider: Simulator) -> None:
    client = Client.registered(serve().url)
    id = made(client, provider, stop_rules={"max_iterations": 4, "max_calls": 60})
    client.expect(202, "POST", f"/experiments/{id}/run", {})
    assert client.wait(id, "completed")["stop_reason"] == "calls" and len(provider.log()) <= 60
    refused = client.expect(409, "POST", f"/experiments/{id}/run", {})
    assert "limit" in refused["error"]
    other = client.expect(409, "PATCH", f"/experiments/{id}", {"goal": "Something else than what it has begun with."})
    assert "limits" in other["error"]
    changed = client.expect(
        200, "PATCH", f"/experiments/{id}", {"stop_rules": {"max_iterations": 4, "max_calls": 400}})
    assert changed["status"] == "completed"
    client.expect(202, "POST", f"/experiments/{id}/run", {})
    time.sleep(0.5)
    assert client.wait(id, "completed")["stop_reason"] != "calls"
    assert 60 < len(provider.log()) <= 400


def test_a_server_that_is_killed_goes_on_when_it_comes_back(
    serve: Callable[..., Hosted], simulator: Callable[..., Simulator]
) -> None:
    provider = simulator("--task", task_file("museum"), "--latency", 20)
    server = serve()
    client = Client.registered(server.url)
    id = made(client, provider)
    client.expect(202, "POST", f"/experiments/{id}/run", {})
    for count in (20, 60):
        provider.wait_for(count)
        server.kill()
        server = serve()
        client.url = server.url
    client.wait(id, "completed")
    result = client.result(id)
    twice = [body for body, count in Counter(entry["body_sha256"] for entry in provider.answered()).items() if count > 1]
    assert len(twice) <= 2 * 8, "only what a kill cut off is asked again"
    assert result["status"] == "completed"
    before = len(provider.log())
    assert server.stop() == 0
    assert len(provider.log()) == before


def test_a_server_that_is_told_to_end_hands_its_experiment_over(
    serve: Callable[..., Hosted], simulator: Callable[..., Simulator], program: Program, database: str
) -> None:
    """First to a server that comes back, then to a worker beside one that takes no jobs itself."""
    provider = simulator("--task", task_file("museum"), "--latency", 500)
    server = serve()
    client = Client.registered(server.url)
    id = made(client, provider)
    client.expect(202, "POST", f"/experiments/{id}/run", {})
    provider.wait_for(15)
    began = time.monotonic()
    assert server.stop() == 0 and time.monotonic() - began < 10
    answered = len(provider.answered())
    server = serve("--workers", 0)
    client.url = server.url
    assert client.get(f"/experiments/{id}")["status"] == "running", "it waits for a worker"
    worker = program.start("worker", "--database", database)
    try:
        client.wait(id, "completed")
    finally:
        worker.terminate()
        assert worker.wait(10) == 0
    assert len(provider.answered()) > answered
    attempts = [entry["attempt"] for entry in provider.log()]
    assert len(set(attempts)) == len(attempts)
    assert client.result(id)["stop_reason"] == "max_iterations"


def test_an_experiment_is_taken_elsewhere_with_the_same_figures(
    serve: Callable[..., Hosted], provider: Simulator, tmp_path: Path
) -> None:
    client = Client.registered(serve().url)
    id = made(client, provider, stop_rules={"max_iterations": 2, "max_budget_usd": 5})
    client.expect(202, "POST", f"/experiments/{id}/run", {})
    client.wait(id, "completed")
    archive = client.ask("GET", f"/experiments/{id}/export")
    assert archive.status == 200 and archive.headers["Content-Type"] == "application/x-tar"
    with tarfile.open(fileobj=io.BytesIO(archive.body)) as tar:
        names = tar.getnames()
    assert {"manifest.json", "result.json", "costs.json", "output.jsonl", "judgment.jsonl"} <= set(names)
    assert b"sk-test" not in archive.body

    elsewhere = Program(tmp_path / "elsewhere")
    elsewhere.folder.mkdir()
    other = Hosted(elsewhere, elsewhere.folder / "other.db")
    try:
        taker = Client.registered(other.url, "bob@example.org")
        path = f"/projects/{taker.project}/experiments/import"
        header = {"Content-Type": "application/x-tar"}
        for _ in range(2):
            taken = taker.expect(201, "POST", path, raw=archive.body, headers=header)
            assert taken["status"] == "completed" and taken["id"] != id
            assert_same(client.result(id), taker.result(taken["id"]))
            mine = client.get(f"/experiments/{id}/iterations")["items"]
            theirs = taker.get(f"/experiments/{taken['id']}/iterations")["items"]
            assert [one["metrics"] for one in theirs] == [one["metrics"] for one in mine]
            outputs = taker.get(f"/iterations/{theirs[0]['id']}/outputs?limit=500")["items"]
            assert outputs and all(output["judgments"] for output in outputs)
        assert len(taker.get(f"/projects/{taker.project}/experiments")["items"]) == 2
        spoilt = archive.body.replace(b'"number":1', b'"number":7')
        for body in (spoilt, archive.body[:2000], b"nonsense"):
            refused = taker.expect(422, "POST", path, raw=body, headers=header)
            assert "archive" in refused["error"]
    finally:
        other.kill()


def test_other_tenants_see_nothing(serve: Callable[..., Hosted], provider: Simulator) -> None:
    url = serve().url
    ada, eve = Client.registered(url), Client.registered(url, "eve@example.org")
    id = made(ada, provider)
    for method, path in [
        ("GET", f"/experiments/{id}"), ("GET", f"/experiments/{id}/events"), ("GET", f"/experiments/{id}/result"),
        ("POST", f"/experiments/{id}/run"), ("POST", f"/experiments/{id}/cancel"), ("GET", f"/projects/{ada.project}"),
        ("GET", f"/projects/{ada.project}/experiments"), ("POST", f"/projects/{ada.project}/prompts"),
    ]:
        answer = eve.ask(method, path, {} if method == "POST" and not path.endswith("cancel") else None)
        assert answer.status == 404, (method, path, answer)
        assert Client(url).ask(method, path).status == 401
    assert eve.get(f"/projects/{eve.project}/experiments")["items"] == []


def test_faults_of_a_request_are_told_together(serve: Callable[..., Hosted], provider: Simulator) -> None:
    client = Client.registered(serve().url)
    body = request(credential(client, provider.url), dataset_ids=None)
    body["models"][0]["credential_id"] = "none"
    body["rubric"][0]["weight"] = 0.9
    body["stop_rules"] = {"max_iteration": 3}
    answer = client.expect(422, "POST", f"/projects/{client.project}/experiments", body)
    paths = {issue["path"] for issue in answer["issues"]}
    assert {"models[0].credential_id", "rubric", "stop_rules.max_iteration"} <= paths, answer
    assert client.get(f"/projects/{client.project}/experiments")["items"] == [], "nothing is left of it"


def test_who_changes_what_has_changed_meanwhile_is_shown_it(serve: Callable[..., Hosted], provider: Simulator) -> None:
    client = Client.registered(serve().url)
    at = f"/projects/{client.project}"
    prompt = client.expect(201, "POST", f"{at}/prompts", {"name": "label", "text": "Write about {{object}}."})["id"]
    dataset = client.expect(201, "POST", f"{at}/datasets", {"name": "Objects"})["id"]
    things = [at, f"/prompts/{prompt}", f"/datasets/{dataset}", f"/experiments/{made(client, provider)}"]
    for path in things:
        seen = client.ask("GET", path).headers["ETag"]
        assert seen, path
        client.expect(200, "PATCH", path, {"description": "first"}, headers={"If-Match": seen})
        late = client.ask("PATCH", path, {"description": "second"}, headers={"If-Match": seen})
        now = client.ask("GET", path)
        assert late.status == 409 and late.json["current"] == now.json, (path, late)
        assert now.json["description"] == "first" and late.headers["ETag"] == now.headers["ETag"] != seen, path
        client.expect(200, "PATCH", path, {"description": "third"}, headers={"If-Match": late.headers["ETag"]})
        client.expect(200, "PATCH", path, {"description": "fourth"}, headers={"If-Match": "*"})


def test_the_own_prices_of_an_organization_count(serve: Callable[..., Hosted], provider: Simulator) -> None:
    """Where the experiment names none; a price that nobody knows stays unknown."""
    client = Client.registered(serve().url)
    body = request(credential(client, provider.url), stop_rules={"max_iterations": 1})
    for role in [*body["models"], *body["judges"], body["refiner"]]:
        role.pop("price")
    id = client.expect(201, "POST", f"/projects/{client.project}/experiments", body)["id"]
    estimate = client.expect(200, "POST", f"/experiments/{id}/estimate")
    assert estimate["unknown_prices"] == ["apprentice", "judge-a", "refiner"]
    assert estimate["cost_usd"] == {"low": None, "expected": None, "high": None}
    organization = client.get("/me")["organizations"][0]["id"]
    for model in ("apprentice", "judge-a", "refiner"):
        entered = {"provider": "openai-compatible", "model": model, "input": 1.5, "output": 6}
        client.expect(201, "POST", f"/organizations/{organization}/model-prices", entered)
    estimate = client.expect(200, "POST", f"/experiments/{id}/estimate")
    assert estimate["unknown_prices"] == [] and estimate["cost_usd"]["expected"] > 0
    limits = {"max_iterations": 1, "max_budget_usd": 5}
    client.expect(200, "PATCH", f"/experiments/{id}", {"stop_rules": limits})
    client.expect(202, "POST", f"/experiments/{id}/run", {})
    ended = client.wait(id, "completed", "failed")
    tokens = ended["tokens"]
    assert ended["status"] == "completed"
    assert ended["spent_usd"] == pytest.approx((1.5 * tokens["input"] + 6 * tokens["output"]) / 1e6)


def test_runs_of_the_command_line_are_in_it(
    program: Program, provider: Simulator, serve: Callable[..., Hosted], database: str
) -> None:
    path = museum.write(program.folder, museum.experiment(provider.url))
    result = program.result("refine", path, "--database", database)
    client = Client.registered(serve().url)
    (row,) = client.get("/projects/default/experiments")["items"]
    assert row["name"] == "Museum labels" and row["best_version_id"] == result["best_version_id"]
    shown = client.get(f"/experiments/{row['id']}")
    assert shown["made_by_command_line"] and shown["status"] == "completed"
    refused = client.expect(409, "POST", f"/experiments/{row['id']}/run", {})
    assert "edison resume" in refused["detail"]
