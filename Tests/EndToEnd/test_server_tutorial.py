"""Runs docs/tutorial/server.md as one sitting in one terminal, and holds what the page shows to what is printed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conftest import Postgres
from documents import SERVER_TUTORIAL, Block, Desk, blocks, free_port


@pytest.fixture(params=["sqlite", "postgres"])
def own_databases(request: pytest.FixtureRequest) -> Callable[[str], str]:
    """Adds a fresh database to a command that starts a server; the default is a SQLite file where it is started."""
    if request.param == "sqlite":
        return lambda command: command
    server: Postgres = request.getfixturevalue("postgres")
    return lambda command: f"{command} --migrate --database '{server.database()}'"


def sitting(page: Path, with_database: Callable[[str], str]) -> str:
    """All commands of the page in order, with free ports in the place of its own."""
    script = "set -o pipefail\n" + "".join(block.text for block in blocks(page) if block.language == "sh")
    assert script.count("edison serve") == 2 and script.count("edison simulator") == 1
    server, other, provider = (str(free_port()) for _ in range(3))
    for own, port in (("8080", server), ("8081", other), ("11500", provider)):
        script = re.sub(rf"\b{own}\b", port, script)
    script = script.replace("edison simulator >", f"edison simulator --port {provider} >")
    script = script.replace("edison serve >", f"edison serve --port {server} >")
    return re.sub(r"edison serve --port \d+", lambda found: with_database(found.group()), script)


def objects(words: str) -> list[dict[str, Any]]:
    found = []
    for line in words.splitlines():
        if line.startswith("{"):
            found.append(json.loads(line))
    return found


def test_the_page_runs_from_its_first_block_to_its_last(
    tmp_path: Path, own_databases: Callable[[str], str]
) -> None:
    # The page starts its own provider.
    desk = Desk(SERVER_TUTORIAL, tmp_path, "http://127.0.0.1:9")
    words = desk.run(sitting(SERVER_TUTORIAL, own_databases), timeout=240)
    folder = desk.folder / "edison-tutorial"
    result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    assert result["status"] == "completed" and result["verdict"] == "better"
    decided = [one["decision"]["by"] for one in result["versions"] if one["decision"]]
    assert "person" in decided, "the review counted"
    here = (folder / "here.txt").read_text(encoding="utf-8")
    assert here.count("composite") == len(result["iterations"]) >= 2
    assert here == (folder / "there.txt").read_text(encoding="utf-8")
    served = json.loads((folder / "served.json").read_text(encoding="utf-8"))
    best = next(one for one in result["versions"] if one["id"] == result["best_version_id"])
    assert served["text"] == best["text"] and served["version"] == 2

    shown = [block for block in blocks(SERVER_TUTORIAL) if block.language in ("json", "text")]
    assert len(shown) > 10
    printed = {re.sub(r"\s+", " ", line).strip() for line in words.splitlines()}
    answers = objects(words)
    for block in shown:
        hold_to(block, printed, answers)


def hold_to(block: Block, printed: set[str], answers: list[dict[str, Any]]) -> None:
    """Of JSON the keys, of text every line in which nothing was left out."""
    if block.language == "json":
        keys = json.loads(block.text).keys()
        assert any(keys <= answer.keys() for answer in answers), f"line {block.line}: nothing answers with {keys}"
        return
    for line in block.text.splitlines():
        if line and "…" not in line:
            assert re.sub(r"\s+", " ", line).strip() in printed, f"line {block.line}: \"{line}\" is not printed"
