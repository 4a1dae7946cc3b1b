"""What the tests share: a program in a folder of its own, simulators that are ended, and fresh databases.

Each test stands alone, so `-n 2` of pytest-xdist is possible; nothing needs it.
"""

from __future__ import annotations

import os
import subprocess
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pexpect
import pytest

from program import Program
from simulator import Simulator, task_file
from terminal import start as in_terminal

POSTGRES = os.environ.get("EDISON_TEST_POSTGRES", "")


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path)


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[Callable[..., Simulator]]:
    """Starts simulators that end with the test."""
    running: list[Simulator] = []

    def start(*options: Any, **more: Any) -> Simulator:
        running.append(Simulator(Program(tmp_path), *options, **more))
        return running[-1]

    yield start
    for one in running:
        one.stop()


@pytest.fixture
def server(simulator: Callable[..., Simulator]) -> Simulator:
    """A provider that knows the task of `museum.py`."""
    return simulator("--task", task_file("museum"))


@pytest.fixture
def terminal(program: Program) -> Iterator[Callable[..., pexpect.spawn]]:
    """Starts the program in pseudo-terminals that end with the test."""
    running: list[pexpect.spawn] = []

    def start(*words: Any, **variables: str) -> pexpect.spawn:
        running.append(in_terminal(program, *words, **variables))
        return running[-1]

    yield start
    for child in running:
        child.close(force=True)


class Postgres:
    """Databases of their own on the server that EDISON_TEST_POSTGRES names."""

    def __init__(self, url: str):
        assert url, "EDISON_TEST_POSTGRES must name a PostgreSQL server; bin/test starts one"
        self.url = url
        self.made: list[str] = []

    def sql(self, statement: str, url: str | None = None) -> str:
        done = subprocess.run(
            ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url or self.url, "-c", statement],
            capture_output=True,
            text=True,
            timeout=30,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def database(self) -> str:
        name = f"edison_e2e_{uuid.uuid4().hex[:12]}"
        self.sql(f'CREATE DATABASE "{name}"')
        self.made.append(name)
        return urlsplit(self.url)._replace(path=f"/{name}").geturl()

    def drop_all(self) -> None:
        for name in self.made:
            self.sql(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    server = Postgres(POSTGRES)
    yield server
    server.drop_all()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh database of each kind."""
    if request.param == "sqlite":
        return str(tmp_path / "run.db")
    return request.getfixturevalue("postgres").database()


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shared")


@pytest.fixture(scope="session")
def demo(shared_folder: Path) -> dict[str, Any]:
    """One run of the demo, for every test that only reads its result."""
    return Program(shared_folder).result("demo", "--database", shared_folder / "demo.db")
