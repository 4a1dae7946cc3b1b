"""`--server`: the command line works on a server, with the same files, words and results as on its own database."""

from __future__ import annotations

import json
import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest

import museum
from documents import free_port
from hosted import Client, Hosted, credential
from program import Ended, Program, read_result
from sameness import assert_same
from simulator import Simulator, task_file


class Remote:
    """A person with a key of a server, in a folder of their own."""

    def __init__(self, program: Program, url: str, provider: Simulator, email: str = "ada@example.org"):
        self.program, self.url, self.provider = program, url, provider
        self.client = Client.registered(url, email)
        self.organization = self.client.get("/me")["organizations"][0]["id"]
        credential(self.client, provider.url)
        self.key = self.new_key(["*"])

    def new_key(self, scopes: list[str]) -> str:
        made = self.client.expect(
            201, "POST", f"/organizations/{self.organization}/api-keys", {"name": "cli", "scopes": scopes})
        return str(made["key"])

    @property
    def environment(self) -> dict[str, str]:
        return {"EDISON_API_KEY": self.key}

    def run(self, *words: Any, **options: Any) -> Ended:
        ended = self.program.run(*words, "--server", self.url, env=self.environment, **options)
        assert self.key not in ended.said, "a key is never shown"
        return ended

    def experiments(self) -> list[dict[str, Any]]:
        return self.client.get(f"/projects/{self.client.project}/experiments")["items"]


@pytest.fixture
def provider(simulator: Callable[..., Simulator]) -> Simulator:
    return simulator("--task", task_file("museum"))


@pytest.fixture
def server(tmp_path: Path, database: str) -> Iterator[Hosted]:
    folder = tmp_path / "server"
    folder.mkdir()
    running = Hosted(Program(folder), database)
    yield running
    if running.process.poll() is None:
        running.kill()


@pytest.fixture
def remote(program: Program, server: Hosted, provider: Simulator) -> Remote:
    return Remote(program, server.url, provider)


def course(words: str) -> list[str]:
    """The lines about the course of the run, from its cases on."""
    lines = words.splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith("Cases: "))
    return [line for line in lines[start:] if line]


@pytest.mark.parametrize("command", ["refine", "eval"])
def test_the_same_file_gives_the_same_on_a_server(
    remote: Remote, provider: Simulator, tmp_path: Path, command: str
) -> None:
    file = museum.write(remote.program.folder, museum.experiment(provider.url))
    there = remote.run(command, file, "--json", "there.json", "--output", "there")
    own = Program(tmp_path / "own")
    own.folder.mkdir()
    here = own.run(command, museum.write(own.folder, museum.experiment(provider.url)), "--json", "here.json",
                   "--output", "here")
    assert_same(read_result(own.folder / "here.json"), read_result(remote.program.folder / "there.json"))
    assert course(there.err) == course(here.err), "the same progress"
    timeless = [re.sub(r"· [\d.]+ (ms|s|min)$", "", said.out) for said in (there, here)]
    figures = [[line for line in text.splitlines() if " calls" not in line] for text in timeless]
    assert figures[0] == figures[1], "and the same table"
    for folder in (remote.program.folder / "there", own.folder / "here"):
        assert (folder / "report.html").exists() and (folder / "best-prompt.txt").exists()
    assert not (remote.program.folder / ".edison").exists(), "nothing is kept beside the file"


def test_keys_and_addresses_of_the_file_are_not_needed_here(remote: Remote, program: Program) -> None:
    parts = museum.experiment("http://unused", providers={"main": {"provider": "openai", "api_key": "${NOT_SET}"}})
    file = museum.write(program.folder, parts)
    assert "NOT_SET" in program.fails("eval", file).err
    lacking = remote.run("eval", file, "--yes", status=2)
    assert "there is no active openai credential" in lacking.err and remote.experiments() == []
    at = {"config": {"base_url": f"{remote.provider.url}/v1"}}
    credential(remote.client, remote.provider.url, "theirs", provider="openai", **at)
    remote.run("eval", file, "--yes")
    assert [row["status"] for row in remote.experiments()] == ["completed"]


def test_again_it_is_the_same_run_and_new_is_another(remote: Remote, provider: Simulator) -> None:
    parts = museum.experiment(provider.url, stop={"max_iterations": 1, "max_calls": 60})
    file = museum.write(remote.program.folder, parts)
    first = remote.run("refine", file)
    assert "Stopped because the limit of calls is reached" in first.out
    asked = len(provider.log())
    assert "finished" in remote.run("refine", file).out and len(provider.log()) == asked
    parts["stop"]["max_calls"] = 1_000
    museum.write(remote.program.folder, parts)
    assert "limit of calls" not in remote.run("refine", file).out and len(provider.log()) > asked
    assert len(remote.experiments()) == 1
    remote.run("refine", file, "--new")
    assert len(remote.experiments()) == 2
    listed = remote.run("runs").out
    assert listed.count("Museum labels") == 2 and "completed" in listed
    one = remote.experiments()[0]["id"]
    shown = remote.run("runs", "show", one, "--json", "-").out
    assert json.loads(shown)["status"] == "completed"
    assert "no run whose id begins" in remote.run("runs", "show", "nothing", status=2).err


def test_a_person_decides_in_the_terminal(
    remote: Remote, provider: Simulator, terminal: Callable[..., pexpect.spawn]
) -> None:
    parts = museum.experiment(provider.url, review="suggestions", stop={"max_iterations": 1, "max_budget_usd": 5})
    file = museum.write(remote.program.folder, parts)
    waits = remote.run("refine", file, "--json", "waits.json", status=4)
    assert f"edison review --server {remote.url}" in waits.err
    listed = remote.run("review").out
    assert "version 2: " in listed
    assert json.loads(remote.run("review", "--json", "-").out)[0]["kind"] == "suggestion"
    child = terminal("review", "--only", "suggestions", "--server", remote.url, **remote.environment)
    for answer in ("a", "r"):
        child.expect(r"\[a\]ccept, \[r\]eject, \[s\]kip, \[q\]uit: ")
        child.sendline(answer)
    child.expect("That was all")
    child.expect(pexpect.EOF)
    remote.run("refine", file, "--json", "done.json")
    result = read_result(remote.program.folder / "done.json")
    assert result["status"] == "completed"
    decided = {one["number"]: (one["status"], one["decision"]["by"]) for one in result["versions"][1:]}
    # What a person has accepted is tested on the held-out cases at the end.
    assert decided == {2: ("promoted", "promotion"), 3: ("rejected", "person")}


def test_an_interrupted_look_leaves_the_run_going(
    program: Program, server: Hosted, simulator: Callable[..., Simulator]
) -> None:
    slow = simulator("--task", task_file("museum"), "--latency", 30)
    remote = Remote(program, server.url, slow)
    file = museum.write(program.folder, museum.experiment(slow.url, stop={"max_iterations": 2, "max_budget_usd": 5}))
    process = program.start("refine", file, "--server", remote.url, env=remote.environment)
    slow.wait_for(15, process)
    process.send_signal(signal.SIGINT)
    assert process.wait(15) == 130
    said = (program.folder / "started.err").read_text(encoding="utf-8")
    id = remote.experiments()[0]["id"]
    assert "goes on at the server" in said and f"edison runs cancel {id} --server {remote.url}" in said
    joined = remote.run("refine", file, "--json", "joined.json")
    assert "goes on at" in joined.err and "Iteration 1" in joined.err, "what was missed is shown"
    assert len(remote.experiments()) == 1
    assert read_result(program.folder / "joined.json")["stop_reason"] == "max_iterations"

    other = program.start("refine", file, "--new", "--server", remote.url, env=remote.environment)
    slow.wait_for(len(slow.log()) + 10, other)
    newest = remote.experiments()[0]["id"]
    assert "Cancelled" in remote.run("runs", "cancel", newest).out
    assert other.wait(20) == 130
    assert "It was cancelled at the server" in (program.folder / "started.err").read_text(encoding="utf-8")
    assert remote.client.get(f"/experiments/{newest}")["status"] == "cancelled"


def test_a_server_that_comes_back_is_followed_on(
    program: Program, tmp_path: Path, simulator: Callable[..., Simulator]
) -> None:
    slow = simulator("--task", task_file("museum"), "--latency", 30)
    folder = tmp_path / "server"
    folder.mkdir()
    port = free_port()
    server = Hosted(Program(folder), folder / "own.db", "first", port=port)
    remote = Remote(program, server.url, slow)
    file = museum.write(program.folder, museum.experiment(slow.url, stop={"max_iterations": 2, "max_budget_usd": 5}))
    process = program.start("refine", file, "--json", "result.json", "--server", remote.url, env=remote.environment)
    slow.wait_for(15, process)
    server.kill()
    time.sleep(1)
    again = Hosted(Program(folder), folder / "own.db", "second", port=port)
    try:
        assert process.wait(90) == 0, (program.folder / "started.err").read_text(encoding="utf-8")
    finally:
        again.kill()
    said = (program.folder / "started.err").read_text(encoding="utf-8")
    assert "trying again" in said and said.count("Iteration 1 ") == 1 and said.count("Iteration 2 ") == 1, said
    assert read_result(program.folder / "result.json")["status"] == "completed"


def test_what_goes_wrong_says_what_to_do(remote: Remote, provider: Simulator) -> None:
    program = remote.program
    file = museum.write(program.folder, museum.experiment(provider.url))
    wrong = "edk_" + "x" * 43

    def refused(*words: Any, key: str | None = remote.key, status: int = 2) -> str:
        ended = program.run(*words, status=status, env={"EDISON_API_KEY": key} if key else {})
        ended.assert_readable()
        assert not key or key not in ended.said
        return ended.err

    there = ["--server", remote.url]
    assert "EDISON_API_KEY" in refused("refine", file, *there, key=None)
    assert "does not take this key" in refused("refine", file, *there, key=wrong)
    assert "does not take this key" in refused("runs", *there, "--key", wrong, key=None)
    reader = remote.new_key(["experiments:read", "credentials:read"])
    assert "does not let this key" in refused("refine", file, *there, key=reader)
    assert "--project" in refused("refine", file, *there, "--project", "nowhere")
    assert "No server answers" in refused("refine", file, "--server", f"http://127.0.0.1:{free_port()}", status=3)
    assert "no server of Edison" in refused("runs", "--server", provider.url, status=3)
    assert "two places" in refused("refine", file, *there, "--database", "other.db")
    assert "such as https://" in refused("refine", file, "--server", "edison.example.org")
    parts = museum.experiment(provider.url)
    parts["providers"]["main"] = {"provider": "anthropic", "api_key": "k"}
    assert "no active anthropic credential" in refused("refine", museum.write(program.folder, parts, "b.yaml"), *there)
    assert remote.experiments() == [], "nothing is left of any of them"


def test_a_try_that_was_refused_is_made_with_the_prices_and_limits_of_the_next(remote: Remote, provider: Simulator) -> None:
    """It leaves a draft behind, which the next try of the same file finds."""
    unpriced = museum.experiment(provider.url)
    for role in [*unpriced["models"], *unpriced["judges"], unpriced["refiner"]]:
        role.pop("price", None)
    file = museum.write(remote.program.folder, unpriced | {"stop": {"max_iterations": 1, "max_budget_usd": 1}})
    refused = remote.run("refine", file, "--yes", status=2)
    assert "price" in refused.said
    museum.write(remote.program.folder, museum.experiment(provider.url, stop={"max_iterations": 1, "max_budget_usd": 1}))
    ended = remote.run("refine", file, "--yes", "--max-budget", "0.0005", "--json", "result.json", status=None)
    result = read_result(remote.program.folder / "result.json")
    assert len(remote.experiments()) == 1, "the draft was taken up"
    assert result["stop_reason"] == "budget" and result["cost_usd"] <= 0.0005, ended.said
