"""The server as a process: many connections, few files, signals, and clients as people have them."""

from __future__ import annotations

import random
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from api_server import ApiServer

REQUEST = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., ApiServer]]:
    running: list[ApiServer] = []

    def start(*options: Any, **more: Any) -> ApiServer:
        running.append(ApiServer(tmp_path / f"server{len(running)}", *options, **more))
        return running[-1]

    yield start
    for one in running:
        one.stop()


def connect(server: ApiServer) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=30)


def test_curl_that_asks_for_another_protocol_is_answered_twice(serve: Callable[..., ApiServer]) -> None:
    server = serve()
    page = f"{server.url}/health"
    done = subprocess.run(
        ["curl", "-s", "--http2", "--max-time", "10", "-w", "%{http_code}\n", page, page, page],
        capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and done.stdout.count("200") == 3, done


def test_a_server_that_may_open_few_files_lets_others_wait_and_lives(serve: Callable[..., ApiServer]) -> None:
    server = serve(prefix=["bash", "-c", 'ulimit -n 220; exec "$@"', "bash"])
    crowd = []
    for _ in range(400):
        one = connect(server)
        one.sendall(REQUEST)
        crowd.append(one)
    time.sleep(1)
    for one in crowd:
        one.close()
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if server.ask("GET", "/health")[0] in (200, 429):
            break
    assert server.process.poll() is None
    assert server.stop() == 0


def test_a_thousand_connections_are_held(serve: Callable[..., ApiServer]) -> None:
    server = serve()
    token = server.register()["access_token"]
    request = f"GET /api/v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    crowd = [connect(server) for _ in range(900)]
    for one in crowd:
        one.sendall(request)
    answers = [one.recv(65_536) for one in crowd]
    assert sum(answer.startswith(b"HTTP/1.1 200") for answer in answers) == 900
    began = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - began < 5, "idle connections hold nothing up"
    assert all(one.recv(10) == b"" for one in crowd)


def test_a_request_in_the_middle_of_its_body_does_not_hold_the_end_up(serve: Callable[..., ApiServer]) -> None:
    server = serve()
    half = connect(server)
    half.sendall(b"POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{")
    time.sleep(0.3)
    began = time.monotonic()
    server.stop()
    assert time.monotonic() - began < 10


def test_made_up_lines_of_http_are_refused_and_end(serve: Callable[..., ApiServer]) -> None:
    server = serve()
    token = server.register()["access_token"]
    draw = random.Random(5)
    methods = ["GET", "POST", "OPTIONS", "CONNECT", "HEAD", "DELETE", "M-SEARCH", "PRI"]
    parts = (
        "* / // /api/v1/me /health http:// https://a :// : @ ? & = # % %2 %2f %00 .. . ; \\ | [ ] { } ~ é + HTTP/1.1 "
        "x:99999 [::1] /docs/api").split() + [" ", "\x7f", "a" * 50]
    headers = [
        "Host: x", "Host: ", "Host: a:b:c", "Upgrade: websocket", "Connection: upgrade", "Sec-WebSocket-Key: a",
        "Sec-WebSocket-Version: 13", "Content-Length: 0", "Content-Length: 3", "Transfer-Encoding: chunked",
        "Expect: 100-continue", "Cookie: edison_session=;;=", "Authorization: Basic x", "If-None-Match: ,,",
        "Origin: null", "Last-Event-ID: -1", "Idempotency-Key: a", f"Authorization: Bearer {token}"]
    for _ in range(600):
        line = f"{draw.choice(methods)} {''.join(draw.choices(parts, k=draw.randint(1, 6)))} HTTP/1.1"
        lines = [line, f"Authorization: Bearer {token}", *draw.choices(headers, k=draw.randint(0, 6)), "", ""]
        body = draw.choice(["", "abc", "3\r\nabc\r\n0\r\n\r\n", "{}"])
        with connect(server) as one:
            one.sendall(("\r\n".join(lines) + body).encode())
            one.shutdown(socket.SHUT_WR)
            said = b""
            while found := one.recv(65_536):
                said += found
        assert said == b"" or said[9:10] in b"124", (lines, body, said[:500])
    assert server.ask("GET", "/health")[0] == 200
