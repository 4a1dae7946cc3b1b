"""Providers of the server over HTTP: keys that never come back, tenants, roles, rotation, and models with prices."""
from __future__ import annotations

import base64
import json
import os
import re
import sqlite3
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from program import Program, bare_environment
from simulator import Simulator

KEY = "sk-planted-93bc71d0e5f2a846-LAST"


class Server:
    """`edison serve` on a free port, and everything that it has answered and written."""

    def __init__(self, program: Program, database: str):
        self.program, self.database = program, database
        self.log = program.folder / "server.log"
        self.answers = ""
        self.start()

    def start(self) -> None:
        words = ["serve", "--port", 0, "--migrate", "--database", self.database]
        with open(self.log, "a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                self.program.command(*words), cwd=self.program.folder, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=log, text=True, env=bare_environment(self.program.folder))
        assert self.process.stdout
        address = re.search(r"http://[^/\s]+", self.process.stdout.readline())
        assert address, self.log.read_text(encoding="utf-8")
        self.api = f"{address.group()}/api/v1"

    def stop(self) -> None:
        self.process.terminate()
        assert self.process.wait(15) == 0

    def again(self) -> None:
        self.stop()
        self.start()

    def call(
        self, method: str, path: str, token: str = "", body: Any = None, **headers: str
    ) -> tuple[int, Any, dict[str, str]]:
        request = urllib.request.Request(f"{self.api}{path}", method=method)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                status, text, fields = answer.status, answer.read().decode(), dict(answer.headers)
        except urllib.error.HTTPError as error:
            status, text, fields = error.code, error.read().decode(), dict(error.headers)
        self.answers += f"{text}{fields}"
        return status, json.loads(text) if text else None, {name.lower(): value for name, value in fields.items()}

    def register(self, email: str) -> dict[str, Any]:
        status, answer, _ = self.call(
            "POST", "/auth/register", body={"email": email, "password": "a long password"})
        assert status == 201, answer
        return answer


@pytest.fixture
def serve(program: Program, database: str) -> Iterator[Callable[[], Server]]:
    running: list[Server] = []

    def start() -> Server:
        running.append(Server(program, database))
        return running[-1]

    yield start
    for server in running:
        if server.process.poll() is None:
            server.process.kill()
        server.process.wait(10)


def everything_in(database: str) -> str:
    if database.startswith("postgres"):
        return subprocess.run(
            ["pg_dump", "--inserts", database], check=True, capture_output=True, text=True, timeout=60).stdout
    return "".join(
        path.read_bytes().decode("utf-8", "replace")
        for path in Path(database).parent.glob(Path(database).name + "*") if path.is_file())


def wish(simulator: Simulator, **more: Any) -> dict[str, Any]:
    return {
        "provider": "OPENAI_COMPATIBLE", "label": "main", "api_key": KEY,
        "config": {"base_url": f"{simulator.url}/v1", "headers": {"X-Team-Token": f"{KEY}-header"}}} | more


def test_a_key_is_stored_tried_and_replaced_and_is_never_seen_again(
    serve: Callable[[], Server], simulator: Callable[..., Simulator], database: str
) -> None:
    provider = simulator("--api-key", KEY)
    server = serve()
    token = server.register("ada@example.org")["access_token"]
    status, made, _ = server.call("POST", "/projects/default/credentials", token, wish(provider))
    assert status == 201, made
    assert made["provider"] == "openai-compatible" and made["key_hint"] == "…LAST"
    assert made["config"]["headers"] == {"X-Team-Token": "•••"}
    place = f"/credentials/{made['id']}"

    status, again, _ = server.call("POST", "/projects/default/credentials", token, wish(provider))
    assert status == 409 and again["issues"][0]["path"] == "label"
    assert server.call("GET", "/projects/default/credentials", token)[1]["items"] == [made]
    assert server.call("GET", place, token)[1] == made

    # A body of which nothing is needed may be left out.
    assert server.call("POST", f"{place}/validate", token)[1]["proof"] == "listing"
    status, tried, _ = server.call("POST", f"{place}/validate", token, {"model": "apprentice"})
    assert status == 200 and tried["ok"] and tried["proof"] == "call" and "apprentice" in tried["models"]

    status, rotated, _ = server.call("POST", f"{place}/rotate", token, {"api_key": f"{KEY}-that-is-wrong"})
    assert status == 200 and not rotated["switched"] and rotated["validation"]["error"]["kind"] == "refused_key"
    assert rotated["credential"]["key_hint"] == "…LAST" and rotated["credential"]["staged"]["key_hint"] == "…rong"
    assert server.call("POST", f"{place}/validate", token)[1]["ok"]
    other = simulator("--api-key", f"{KEY}-2", name="other", port=0)
    status, moved, _ = server.call("PATCH", place, token, {"config": {"base_url": f"{other.url}/v1"}})
    assert status == 422 and moved["issues"][0]["path"] == "api_key"
    status, moved, _ = server.call(
        "PATCH", place, token, {"config": {"base_url": f"{other.url}/v1"}, "api_key": f"{KEY}-2"})
    assert status == 200 and moved["staged"] is None, moved
    assert server.call("POST", f"{place}/validate", token, {"model": "apprentice"})[1]["ok"]
    status, usage, _ = server.call("GET", f"{place}/usage", token)
    assert usage["calls"] == 2 and usage["error_rate"] == 0 and usage["cost_usd"] is None

    assert server.call("PATCH", place, token, {"is_active": False})[1]["is_active"] is False
    assert server.call("DELETE", place, token)[0] == 204
    assert server.call("GET", place, token)[0] == 404
    server.stop()
    for name, text in (
        ("answers", server.answers), ("log", server.log.read_text(encoding="utf-8")),
        ("database", everything_in(database)),
    ):
        assert KEY not in text and "sk-planted" not in text, name


def test_faults_are_told_and_change_nothing(
    serve: Callable[[], Server], simulator: Callable[..., Simulator]
) -> None:
    provider = simulator()
    server = serve()
    token = server.register("ada@example.org")["access_token"]

    def faults(body: Any) -> list[str]:
        status, answer, _ = server.call("POST", "/projects/default/credentials", token, body)
        assert status == 422, answer
        assert "sk-planted" not in json.dumps(answer)
        return [issue["path"] for issue in answer["issues"]]

    assert faults({}) == ["provider", "label"]
    for kind in ("command", "http", "GROK", "nobody", 7):
        assert faults(wish(provider, provider=kind)) == ["provider"]
    assert faults(wish(provider, api_key="two words")) == ["api_key"]
    assert faults(wish(provider, api_key=f"{KEY}\r\nX: y")) == ["api_key"]
    assert faults(wish(provider, config={"base_url": "https://user:pass@example.org"})) == ["config.base_url"]
    assert faults(wish(provider, config={"base_url": "gopher://example.org"})) == ["config.base_url"]
    assert faults(wish(provider, config={"command": ["sh"]})) == ["config.command"]
    assert faults(wish(provider, config={"timeout": -1, "base_url": provider.url})) == ["config.timeout"]
    assert faults({"provider": "openai", "label": "a"}) == ["api_key"]
    assert server.call("GET", "/projects/default/credentials", token)[1]["items"] == []
    for path in ("/models/command/pricing", "/models/nobody"):
        assert server.call("GET", path, token)[0] == 404
    status, tried, _ = server.call(
        "POST", "/models/OPENAI_COMPATIBLE/validate", token,
        {"config": {"base_url": f"{provider.url}/v1"}, "model": "apprentice", "parameters": {"temperature": 0}})
    assert status == 200 and tried["ok"], tried
    status, tried, _ = server.call(
        "POST", "/models/openai-compatible/validate", token,
        {"config": {"base_url": provider.url}, "parameters": {"temperature": 3}})
    assert status == 422 and tried["issues"][0]["path"] == "parameters.temperature"


def test_other_tenants_and_lesser_roles_get_nothing(
    serve: Callable[[], Server], simulator: Callable[..., Simulator], database: str
) -> None:
    if database.startswith("postgres"):
        pytest.skip("members are entered into the file; the rule itself is the same")
    provider = simulator()
    server = serve()
    ada = server.register("ada@example.org")
    eve = server.register("eve@example.org")["access_token"]
    project = ada["project"]["id"]
    made = server.call("POST", f"/projects/{project}/credentials", ada["access_token"], wish(provider))[1]
    configuration = server.call(
        "POST", f"/projects/{project}/model-configurations", ada["access_token"],
        {"name": "a", "provider": "openai", "model": "gpt-4o"})[1]
    price = server.call(
        "POST", f"/organizations/{ada['organization']['id']}/model-prices", ada["access_token"],
        {"provider": "openai", "model": "gpt-4o", "input": 1, "output": 2})[1]
    routes: list[tuple[str, str, Any, str]] = [
        ("GET", f"/projects/{project}/credentials", None, "editor"),
        ("POST", f"/projects/{project}/credentials", wish(provider, label="b"), "admin"),
        ("GET", f"/credentials/{made['id']}", None, "editor"),
        ("GET", f"/credentials/{made['id']}/usage", None, "editor"),
        ("POST", f"/credentials/{made['id']}/validate", {}, "editor"),
        ("POST", f"/credentials/{made['id']}/rotate", {"api_key": KEY}, "admin"),
        ("DELETE", f"/credentials/{made['id']}/rotate", None, "admin"),
        ("PATCH", f"/credentials/{made['id']}", {"label": "c"}, "admin"),
        ("GET", f"/projects/{project}/models", None, "viewer"),
        ("GET", f"/projects/{project}/model-configurations", None, "viewer"),
        ("PATCH", f"/model-configurations/{configuration['id']}", {"name": "d"}, "editor"),
        ("GET", f"/organizations/{ada['organization']['id']}/model-prices", None, "viewer"),
        ("DELETE", f"/model-configurations/{configuration['id']}", None, "editor"),
        ("DELETE", f"/model-prices/{price['id']}", None, "admin"),
        ("DELETE", f"/credentials/{made['id']}", None, "admin"),
    ]
    for method, path, body, _ in routes:
        assert server.call(method, path, "", body)[0] == 401, path
        assert server.call(method, path, eve, body)[0] == 404, path
    roles = ["viewer", "reviewer", "editor", "admin"]
    for role in roles:
        member = server.register(f"{role}@example.org")
        with sqlite3.connect(database) as rows:
            rows.execute(
                "INSERT INTO organization_member (organization_id, user_id, role, created_at) VALUES (?, ?, ?, 0)",
                (ada["organization"]["id"], member["user"]["id"], role))
        for method, path, body, least in routes:
            if role != "admin" and method == "DELETE" and roles.index(role) >= roles.index(least):
                continue
            status, answer, _ = server.call(method, path, member["access_token"], body)
            allowed = roles.index(role) >= roles.index(least)
            assert (status < 300) == allowed, (role, method, path, answer)
            if not allowed:
                assert status == 403


def test_models_have_capabilities_and_prices_and_are_cacheable(
    serve: Callable[[], Server], simulator: Callable[..., Simulator]
) -> None:
    provider = simulator()
    server = serve()
    ada = server.register("ada@example.org")
    token = ada["access_token"]
    server.call("POST", "/projects/default/credentials", token, wish(provider))
    status, models, fields = server.call("GET", "/projects/default/models", token)
    assert status == 200 and fields["cache-control"] == "private, max-age=600"
    apprentice = next(item for item in models["items"] if item["model"] == "apprentice")
    assert apprentice["is_listed"] and apprentice["price"] is None
    status, _, again = server.call("GET", "/projects/default/models", token, If_None_Match=fields["etag"])
    assert status == 304 and again["etag"] == fields["etag"]
    status, price, _ = server.call(
        "POST", f"/organizations/{ada['organization']['id']}/model-prices", token,
        {"provider": "openai_compatible", "model": "apprentice", "input": 0.15, "output": 0.6, "source": "contract"})
    assert status == 201, price
    status, models, _ = server.call(
        "GET", "/projects/default/models?provider=openai-compatible", token, If_None_Match=fields["etag"])
    apprentice = next(item for item in models["items"] if item["model"] == "apprentice")
    assert apprentice["price"]["is_own"] and apprentice["price"]["output"] == 0.6
    status, known, fields = server.call("GET", "/models/OPENAI", token)
    assert any(item["model"] == "gpt-4o" and "vision" in item["capabilities"] for item in known["items"])
    status, prices, fields = server.call("GET", "/models/openai/pricing", token)
    assert fields["cache-control"] == "private, max-age=3600"
    mini = next(item for item in prices["items"] if item["model"] == "gpt-4o-mini")
    assert mini["prices"][0]["input"] == 0.15 and mini["prices"][0]["since"].startswith("2024-09")


def test_the_sealing_key_is_replaced_by_two_starts(
    serve: Callable[[], Server], simulator: Callable[..., Simulator], program: Program
) -> None:
    provider = simulator("--api-key", KEY)
    server = serve()
    token = server.register("ada@example.org")["access_token"]
    id = server.call("POST", "/projects/default/credentials", token, wish(provider))[1]["id"]
    server.stop()
    file = next(program.folder.rglob("secret.key"))
    old = file.read_text(encoding="utf-8")
    new = base64.b64encode(os.urandom(32)).decode() + "\n"

    def valid() -> Any:
        _, answer, _ = server.call(
            "POST", "/auth/login", body={"email": "ada@example.org", "password": "a long password"})
        return server.call("POST", f"/credentials/{id}/validate", answer["access_token"])

    file.write_text(new + old, encoding="utf-8")
    server.start()
    assert valid()[1]["ok"]
    server.stop()
    file.write_text(new, encoding="utf-8")
    server.start()
    assert valid()[1]["ok"]
    server.stop()
    # Without the key nothing is lost, and the answer says what to do.
    file.write_text(old, encoding="utf-8")
    server.start()
    status, answer, _ = valid()
    assert status == 503 and "sealed with another key" in answer["error"] and answer["detail"], answer
    server.stop()
    file.write_text(new, encoding="utf-8")
    server.start()
    assert valid()[1]["ok"]
