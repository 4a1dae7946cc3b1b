"""Reads the blocks and tables of the documents, and runs a page's commands with a simulator in place of all providers.

A block may carry attributes behind its language:

    ```yaml file=support.yaml     is written to this file, where the page has come so far
    ```sh exit=4                  must end with this status
    ```sh needs=postgres          is run only when EDISON_TEST_POSTGRES names a server

Blocks of another language (console, text, json, …) are not run.
"""
from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
BINARY = os.environ.get("EDISON_TEST_BINARY", str(ROOT / ".build/debug/edison"))
POSTGRES = os.environ.get("EDISON_TEST_POSTGRES", "")
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")], key=lambda page: page.relative_to(ROOT).as_posix())
# Its blocks are one sitting; test_server_tutorial.py runs them as such.
SERVER_TUTORIAL = ROOT / "docs/tutorial/server.md"
RUNNABLE = [
    page for page in PAGES
    if page.name == "README.md" and page.parent == ROOT or page.parent.name in ("tutorial", "how-to")
    if page != SERVER_TUTORIAL]
REFERENCE = ROOT / "docs" / "reference"
# The port of the example application of how-to/own-application.md.
EXAMPLE_PORT = "8091"


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@dataclass
class Block:
    language: str
    text: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)


def blocks(page: Path) -> list[Block]:
    found: list[Block] = []
    current: Block | None = None
    lines: list[str] = []
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("```"):
            if current is None:
                words = line[3:].split()
                pairs = dict(word.split("=", 1) for word in words[1:])
                current = Block(words[0] if words else "", "", number, pairs)
                lines = []
            else:
                current.text = "\n".join(lines) + "\n"
                found.append(current)
                current = None
        elif current is not None:
            lines.append(line)
    assert current is None, f"{name(page)}: a block is opened and never closed"
    return found


def experiment(block: Block) -> dict[str, Any] | None:
    """The experiment file that a block holds; None for other YAML and for parts of a file."""
    if block.language != "yaml":
        return None
    content = yaml.safe_load(block.text)
    isWhole = isinstance(content, dict) and {"goal", "rubric", "datasets"} <= content.keys()
    return content if isWhole else None


def section(page: Path, heading: str) -> str:
    """The text below a heading, up to the next one of the same level or above."""
    level = len(heading) - len(heading.lstrip("#"))
    parts = re.split(rf"(?m)^{re.escape(heading)}\s*$", page.read_text(encoding="utf-8"))
    assert len(parts) == 2, f"{name(page)} has {len(parts) - 1} headings \"{heading}\""
    return re.split(rf"(?m)^#{{1,{level}}} ", parts[1])[0]


def rows(text: str) -> list[list[str]]:
    """The rows of all tables, without heads; a bar inside a cell is written \\|."""
    found: list[list[str]] = []
    lines = text.splitlines()
    for index, line in enumerate(lines):
        isHead = index + 1 < len(lines) and lines[index + 1].startswith("| ---")
        if line.startswith("|") and not line.startswith("| ---") and not isHead:
            found.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return found


def without_blocks(text: str) -> str:
    return re.sub(r"(?ms)^```.*?^```$", "", text)


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", without_blocks(text))


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of a simulator that stands in for every provider."""
    process = subprocess.Popen(
        [BINARY, "simulator", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        address = re.search(r"http://[^/\s]+", process.stdout.readline())
        assert address, "the simulator did not start"
        yield address.group()
    finally:
        process.terminate()
        process.wait(timeout=10)


class Desk:
    """A folder in which a page's files lie and its commands run."""

    def __init__(self, page: Path, folder: Path, provider: str):
        self.page, self.folder = page, folder
        self.port = str(free_port())
        for place in ("bin/edison", "edison/bin/edison"):
            self.write(place, f'#!/bin/sh\nexec "{BINARY}" "$@"\n').chmod(0o755)
        private = ("EDISON_LLM", "OPENAI", "ANTHROPIC", "OLLAMA", "VISUAL", "EDITOR", "PG", "DATABASE_URL")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(private)}
        self.environment = kept | {
            "HOME": str(folder), "NO_COLOR": "1", "LANG": "C.UTF-8",
            "PATH": os.pathsep.join([str(folder / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]]),
            "OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": f"{provider}/v1",
            "ANTHROPIC_API_KEY": "sk-test", "ANTHROPIC_BASE_URL": provider,
            "EDISON_LLM_URL": f"{provider}/v1", "OLLAMA_HOST": provider,
        }

    def own(self, text: str) -> str:
        return text.replace(EXAMPLE_PORT, self.port)

    def write_files(self) -> None:
        for block in blocks(self.page):
            self.write_file(block)

    def write_file(self, block: Block) -> None:
        if "file" in block.attributes:
            self.write(block.attributes["file"], self.own(block.text))

    def write(self, place: str, text: str) -> Path:
        path = self.folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, command: str, status: int = 0, timeout: float = 120, **more: str) -> str:
        """Runs a piece of shell; whatever it leaves in the background is ended with it."""
        with open(self.folder / "said.txt", "w+", encoding="utf-8") as said:
            process = subprocess.Popen(
                ["bash", "-e", "-c", self.own(command)], cwd=self.folder, env=self.environment | more,
                stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True)
            try:
                process.wait(timeout=timeout)
            finally:
                try:
                    os.killpg(process.pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
                process.wait()
            said.seek(0)
            words = said.read()
        assert process.returncode == status, f"{name(self.page)}: status {process.returncode} of\n{command}\n{words}"
        return words


@pytest.fixture
def desk(request: pytest.FixtureRequest, tmp_path: Path, provider: str) -> Desk:
    return Desk(request.param, tmp_path, provider)


@pytest.fixture
def own_schema() -> Iterator[str]:
    """The URL of a schema of its own on the server of the tests."""
    if not POSTGRES:
        pytest.skip("EDISON_TEST_POSTGRES is not set; bin/test starts a server and sets it")
    schema = f"edison_documents_{uuid.uuid4().hex[:12]}"

    def sql(statement: str) -> None:
        subprocess.run(
            ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", POSTGRES, "-c", statement], check=True, timeout=30,
            capture_output=True)

    sql(f"CREATE SCHEMA {schema}")
    yield f"{POSTGRES}{'&' if '?' in POSTGRES else '?'}options=-csearch_path%3D{schema}"
    sql(f"DROP SCHEMA {schema} CASCADE")


def schema() -> dict[str, Any]:
    content = json.loads((REFERENCE / "experiment-file.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(content)
    return content
