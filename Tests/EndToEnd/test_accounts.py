"""The first owner of a server, and people who are locked out, with the program as they have it before them."""

from __future__ import annotations

import json
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from program import Program, bare_environment

PASSWORD = "correct horse battery"


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


class Served:
    """`edison serve` on a free port of loopback."""

    def __init__(self, program: Program, database: str):
        self.process = subprocess.Popen(
            program.command("serve", "--port", 0, "--migrate", "--database", database), cwd=program.folder,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=bare_environment(program.folder))
        assert self.process.stdout
        self.printed = self.process.stdout.readline().strip()
        assert self.printed.startswith("http://"), self.printed
        self.url = "/".join(self.printed.split("/")[:3])

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any, dict[str, str]]:
        request = urllib.request.Request(self.url + path, method=method)
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        try:
            answer = urllib.request.build_opener(NoRedirect).open(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        text = answer.read().decode()
        return answer.status, json.loads(text) if text else None, dict(answer.headers)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(15)


@pytest.fixture
def serve(program: Program) -> Iterator[Callable[[str], Served]]:
    running: list[Served] = []

    def start(database: str) -> Served:
        running.append(Served(program, database))
        return running[-1]

    yield start
    for one in running:
        one.stop()


def test_the_first_owner_comes_in_by_the_printed_link(serve: Callable[[str], Served], database: str) -> None:
    server = serve(database)
    path = server.printed.removeprefix(server.url)
    assert path.startswith("/start/")
    status, _, headers = server.send("GET", path)
    assert (status, headers["Location"]) == (303, "/account")
    cookie = headers["Set-Cookie"].split(";")[0]
    status, page, _ = server.send("GET", "/api/v1/auth/session", Cookie=cookie)
    assert (status, page["user"]["role"], page["user"]["email"]) == (200, "owner", None)
    changed = {"email": "ada@example.org", "password": PASSWORD}
    assert server.send("PATCH", "/api/v1/me", changed, Cookie=cookie)[0] == 403
    assert server.send("PATCH", "/api/v1/me", changed, Cookie=cookie, X_CSRF_Token=page["csrf_token"])[0] == 200
    status, signed, _ = server.send("POST", "/api/v1/auth/login", changed)
    assert (status, signed["organization"]["slug"], signed["project"]["slug"]) == (200, "local", "default")
    status, problem, _ = server.send("GET", path)
    assert status == 410 and "edison user link" in problem["detail"]
    # The next start has no link to print.
    server.stop()
    again = serve(database)
    assert again.printed == again.url + "/"


def test_whoever_has_the_database_lets_people_in_again(
    program: Program, serve: Callable[[str], Served], database: str
) -> None:
    server = serve(database)
    place = ("--database", database)
    assert "Nobody has an account yet" in program.run("user", *place).out
    link = program.run("user", "link", *place, "--server", server.url + "/").out.strip()
    # It takes the place of the printed one.
    assert server.send("GET", server.printed.removeprefix(server.url))[0] == 410
    account = {"email": "ada@example.org", "password": PASSWORD, "link": link.rsplit("/", 1)[1]}
    assert server.send("POST", "/api/v1/auth/register", account)[0] == 201
    assert "ada@example.org" in program.run("user", "list", *place).out

    link = program.run("user", "link", "Ada@example.org", *place, "--server", server.url).out.strip()
    assert link.startswith(server.url)
    status, _, headers = server.send("GET", link.removeprefix(server.url))
    cookie = headers["Set-Cookie"].split(";")[0]
    assert status == 303 and server.send("GET", "/api/v1/me", Cookie=cookie)[0] == 200

    ended = program.run("user", "password", "ada@example.org", *place, stdin="another password\n")
    assert "another password" not in ended.said
    assert server.send("GET", "/api/v1/me", Cookie=cookie)[0] == 401
    login = {"email": "ada@example.org", "password": "another password"}
    assert server.send("POST", "/api/v1/auth/login", login)[0] == 200


def test_what_cannot_be_is_said(program: Program) -> None:
    program.fails("user", "list", "--database", "none.db").assert_readable()
    assert not (program.folder / "none.db").exists(), "looking makes no database"


@pytest.mark.parametrize("password", ["short\n", "", "\n"])
def test_a_password_that_is_none_changes_nothing(
    program: Program, serve: Callable[[str], Served], tmp_path: Any, password: str
) -> None:
    database = str(tmp_path / "people.db")
    server = serve(database)
    account = {"email": "ada@example.org", "password": PASSWORD}
    assert server.send("POST", "/api/v1/auth/register", account)[0] == 201
    place = ("--database", database)
    program.fails("user", "password", "ada@example.org", *place, stdin=password).assert_readable()
    program.fails("user", "password", "eve@example.org", *place, stdin=PASSWORD + "\n").assert_readable()
    program.fails("user", "link", "eve@example.org", *place).assert_readable()
    assert server.send("POST", "/api/v1/auth/login", account)[0] == 200
