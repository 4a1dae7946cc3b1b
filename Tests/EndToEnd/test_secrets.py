"""Secrets that were planted are searched for everywhere that a run of the server leaves something: its database, its
log at its most talkative, answers, exports, backups and errors. And no server reaches into the network that it is in.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from conftest import Postgres
from fleet import free_port
from hosted import Client, Hosted, credential, key_file, request
from program import Program, bare_environment
from simulator import Simulator, task_file

TALKATIVE = ["--log-level", "trace", "--log-format", "json"]


def forms(secret: str) -> set[bytes]:
    """As it may stand somewhere: plain, as hexadecimal digits, in base64 at any offset, and spelled backwards."""
    plain = secret.encode()
    inner = {base64.b64encode(b"\0" * pad + plain)[4:-4] for pad in range(3)}
    return {plain, plain.hex().encode(), plain.hex().upper().encode(), plain[::-1], *inner}


def found_in(content: bytes, planted: dict[str, str]) -> list[str]:
    return [name for name, secret in planted.items() if any(form in content for form in forms(secret))]


class Remembering(Client):
    """Keeps every answer, to be searched afterwards."""

    def __init__(self, url: str, token: str | None = None):
        super().__init__(url, token)
        self.answers: list[bytes] = []

    def ask(self, *words: Any, **more: Any) -> Any:
        answer = super().ask(*words, **more)
        self.answers.append(str(answer.headers).encode() + answer.body)
        return answer


def stored(database: str) -> bytes:
    if database.startswith("postgres"):
        return subprocess.run(["pg_dump", "--inserts", database], capture_output=True, check=True).stdout
    return b"".join(path.read_bytes() for path in Path(database).parent.glob(Path(database).name + "*"))


def reading(client: Remembering, experiment: str, credential_id: str, document: dict[str, Any]) -> None:
    """Every address of the API that can be read, with what there is."""
    organization = client.get("/me")["organizations"][0]["id"]
    iteration = client.get(f"/experiments/{experiment}/iterations")["items"][0]["id"]
    ids = {"experiments": experiment, "credentials": credential_id, "iterations": iteration}
    read = 0
    for path, methods in document["paths"].items():
        # The two that give a session are about the secrets of who asks.
        if "get" not in methods or path.endswith("/events") or path == "/api/v1/auth/session":
            continue
        kind = path.split("/")[3] if path.count("/") > 3 else ""
        place = path.replace("{organization}", organization).replace("{project}", client.project)
        place = place.replace("{id}", ids.get(kind, experiment)).replace("{provider}", "openai-compatible")
        read += client.ask("GET", place.replace("{name}", "Museum%20labels").replace("{token}", "x")).status == 200
    assert read > 30


def test_planted_secrets_are_nowhere(
    program: Program, simulator: Callable[..., Simulator], database: str, tmp_path: Path
) -> None:
    planted = {
        "key": f"sk-planted-{secrets.token_urlsafe(24)}", "wrong key": f"sk-mistaken-{secrets.token_urlsafe(24)}",
        "header": f"team-{secrets.token_urlsafe(24)}", "password": f"horse {secrets.token_urlsafe(24)}"}
    provider = simulator("--task", task_file("museum"), "--api-key", planted["key"], bodies=False)
    server = Hosted(program, database, "server", *TALKATIVE, "--workers", 2)
    client = Remembering(server.url)
    made = Client.registered(server.url, password=planted["password"])
    client.token, client.project = made.token, made.project
    config = {"base_url": f"{provider.url}/v1", "headers": {"X-Team": planted["header"]}}
    good = credential(client, provider.url, api_key=planted["key"], config=config)
    bad = credential(client, provider.url, "mistaken", api_key=planted["wrong key"], config=config)
    assert client.expect(200, "POST", f"/credentials/{good}/validate")["ok"]
    assert not client.expect(200, "POST", f"/credentials/{bad}/validate")["ok"]
    ids = []
    for key in (good, bad):
        body = request(key, stop_rules={"max_iterations": 1, "max_budget_usd": 1})
        ids.append(client.expect(201, "POST", f"/projects/{client.project}/experiments", body)["id"])
        client.expect(202, "POST", f"/experiments/{ids[-1]}/run", {})
    assert client.wait(ids[0], "completed", "failed")["status"] == "completed"
    assert client.wait(ids[1], "completed", "failed")["status"] == "failed"
    for id in ids:
        for event in client.events(id):
            client.answers.append(json.dumps(event).encode())
            if event["event"] in ("experiment:completed", "experiment:failed"):
                break
    owned = client.expect(201, "POST", f"/organizations/{client.get('/me')['organizations'][0]['id']}/api-keys",
                          {"name": "app", "scopes": ["experiments:read"]})
    texts = [value for value in owned.values() if isinstance(value, str)]
    api_key = max((text for text in texts if text.startswith("edk_")), key=len)
    # It is shown once, here.
    client.answers.pop()
    assert Client(server.url, api_key).ask("GET", f"/experiments/{ids[0]}").status == 200
    document = client.get("/openapi.json")
    reading(client, ids[0], good, document)
    # What cannot be is answered with words of its own, not with what was sent.
    for path, body in (
        (f"/projects/{client.project}/credentials", {"provider": planted["key"], "label": 1, "api_key": planted["key"]}),
        (f"/projects/{client.project}/credentials", {"provider": "openai", "label": "x", "api_key": [planted["key"]]}),
        ("/auth/login", {"email": "ada@example.org", "password": planted["password"] + "x"}),
    ):
        assert 400 <= client.ask("POST", path, body).status < 500
    backup = tmp_path / "backup.db"
    program.run("backup", backup, "--database", database)
    assert server.stop() == 0
    sealing = key_file(program.folder, database).read_text(encoding="utf-8").strip()
    planted |= {"API key": api_key, "access token": client.token or "", "sealing key": sealing}
    log = server.err.read_bytes()
    assert log.count(b'"request"') > 50, "the log says what it did"
    places = {"answers": b"\n".join(client.answers), "log": log, "backup": backup.read_bytes(), "database": stored(database)}
    assert {name: found for name, content in places.items() if (found := found_in(content, planted))} == {}
    # What is searched for would be found: the provider has got it, and the file of the key holds it.
    assert found_in(f"Bearer {planted['key']}".encode(), planted) == ["key"]
    assert len([entry for entry in provider.log() if entry["status"] == 200]) > 20


PRIVATE = [
    "http://127.0.0.1:{port}", "http://localhost:{port}", "http://[::1]:{port}", "http://[::ffff:127.0.0.1]:{port}",
    "http://2130706433:{port}", "http://0x7f.1:{port}", "http://0177.0.0.1:{port}", "http://127.1:{port}",
    "http://0.0.0.0:{port}", "http://[::]:{port}", "http://10.0.0.1:{port}", "http://172.16.0.1", "http://192.168.1.1",
    "http://100.64.0.1", "http://169.254.169.254/latest/meta-data", "http://[fe80::1]", "http://[fd00::1]",
    "http://[64:ff9b::7f00:1]", "http://[2002:7f00:1::]", "http://user@127.0.0.1:{port}", "http://localhost.:{port}",
    "file:///etc/passwd", "gopher://127.0.0.1:{port}", "http://127.0.0.1:{port}#@example.org",
]


class Counting(BaseHTTPRequestHandler):
    """Something in the private network that must never be reached."""

    reached: list[str] = []

    def do_GET(self) -> None:
        self.reached.append(self.path)
        self.send_response(200)
        self.end_headers()

    do_POST = do_GET

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def inside() -> Iterator[HTTPServer]:
    Counting.reached = []
    server = HTTPServer(("127.0.0.1", 0), Counting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


def test_a_server_that_others_reach_reaches_nothing_private(program: Program, inside: HTTPServer) -> None:
    """Neither when an address is stored nor when it is tried without being stored."""
    server = Hosted(program, "run.db", "server", "--allowed-origins", "https://app.example.org")
    client = Client.registered(server.url)
    server.stop()
    port = free_port()
    program_words = ["serve", "--host", "0.0.0.0", "--port", str(port), "--database", "run.db"]
    process = program.start(*program_words)
    try:
        client.url = f"http://127.0.0.1:{port}"
        wait_for(client)
        for address in PRIVATE:
            address = address.format(port=inside.server_port)
            for provider in ("openai-compatible", "ollama"):
                body = {"provider": provider, "label": address, "api_key": "k", "config": {"base_url": address}}
                answer = client.ask("POST", f"/projects/{client.project}/credentials", body)
                if answer.status == 201:
                    # A name that nobody knows here is looked up again when it is called.
                    tried = client.expect(200, "POST", f"/credentials/{answer.json['id']}/validate")
                    assert not tried["ok"] and "localhost." in address, (address, tried)
                else:
                    assert answer.status == 422, (address, answer)
        assert Counting.reached == []
    finally:
        process.terminate()
        process.wait(15)


def wait_for(client: Client) -> None:
    for _ in range(200):
        try:
            if client.ask("GET", "/ready").status == 200:
                return
        except OSError:
            pass
        threading.Event().wait(0.05)
    raise AssertionError("the server is not there")


def test_a_worker_reaches_nothing_private_either(program: Program, inside: HTTPServer) -> None:
    """With an address that was stored when it was allowed: calls look at it again, each time."""
    server = Hosted(program, "run.db", "server", "--workers", 0)
    worker: subprocess.Popen[str] | None = None
    try:
        client = Client.registered(server.url)
        key = credential(client, f"http://localhost:{inside.server_port}")
        body = request(key, stop_rules={"max_iterations": 1, "max_budget_usd": 1})
        id = client.expect(201, "POST", f"/projects/{client.project}/experiments", body)["id"]
        client.expect(202, "POST", f"/experiments/{id}/run", {})
        worker = program.start("worker", "--database", "run.db", env={"EDISON_ALLOW_PRIVATE_PROVIDERS": "false"})
        assert client.wait(id, "completed", "failed")["status"] == "failed"
        assert Counting.reached == []
    finally:
        if worker:
            worker.terminate()
            worker.wait(15)
        server.stop()


def test_a_worker_takes_the_key_for_secrets_as_its_server_does(
    program: Program, simulator: Callable[..., Simulator], tmp_path: Path
) -> None:
    """From the environment, with which containers are started; without it the stored keys could not be opened."""
    sealing = base64.b64encode(os.urandom(32)).decode()
    provider = simulator("--task", task_file("museum"), "--api-key", "sk-test-0123456789abcdef", bodies=False)
    database = str(tmp_path / "shared.db")
    for name, value in {"EDISON_SECRET_KEY": sealing, "EDISON_DATABASE": database}.items():
        os.environ[name] = value
    try:
        server = Hosted(program, database, "server", "--workers", 0)
        away = Program(tmp_path / "away")
        away.folder.mkdir()
        worker = away.start("worker")
    finally:
        for name in ("EDISON_SECRET_KEY", "EDISON_DATABASE"):
            del os.environ[name]
    try:
        client = Client.registered(server.url)
        body = request(credential(client, provider.url), stop_rules={"max_iterations": 1, "max_budget_usd": 1})
        id = client.expect(201, "POST", f"/projects/{client.project}/experiments", body)["id"]
        client.expect(202, "POST", f"/experiments/{id}/run", {})
        assert client.wait(id, "completed", "failed")["status"] == "completed"
        assert list(away.folder.glob(".edison/*")) == [], "it has made no key and no database of its own"
    finally:
        worker.terminate()
        assert worker.wait(15) == 0
        server.stop()


@pytest.mark.parametrize("name", ["k", "key", "new/folder/k"])
def test_the_file_of_the_key_may_have_any_name(program: Program, name: str) -> None:
    server = Hosted(program, "run.db", "server", "--secret-key-file", name)
    assert server.stop() == 0
    file = program.folder / name
    assert file.stat().st_mode & 0o777 == 0o600 and len(file.read_text(encoding="utf-8").strip()) == 44
    assert [path for path in file.parent.iterdir() if path.name.startswith(f"{file.name}.")] == [], "no draft is left"


def test_servers_that_begin_together_have_one_key(program: Program) -> None:
    program.run("migrate", "--database", "run.db")
    for _ in range(4):
        started = [
            subprocess.Popen(
                program.command("serve", "--port", 0, "--database", "run.db"), cwd=program.folder, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=bare_environment(program.folder))
            for _ in range(4)]
        try:
            for one in started:
                assert one.stdout and one.stdout.readline().startswith("http://"), one.communicate()
        finally:
            for one in started:
                one.terminate()
            for one in started:
                one.communicate(timeout=20)
        key_file(program.folder, "run.db").unlink()
