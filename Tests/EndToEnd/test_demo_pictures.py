"""`docs/demo` shows what the program shows: its pictures are made again and compared."""
from __future__ import annotations

import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from program import BINARY

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs/demo"
SVG = "{http://www.w3.org/2000/svg}"


def check(env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "bin/lib/demo.py", "--check"], cwd=ROOT, env=os.environ | env, capture_output=True, text=True,
        timeout=400)


def test_the_pictures_are_what_the_demo_shows_today() -> None:
    done = check({"EDISON_TEST_BINARY": BINARY})
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_persons_settings_do_not_change_them() -> None:
    done = check({"EDISON_TEST_BINARY": BINARY, "NO_COLOR": "1", "COLUMNS": "40", "OPENAI_API_KEY": "sk-none"})
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_program_that_shows_something_else_is_found(tmp_path: Path) -> None:
    """One that says one word more."""
    other = tmp_path / "edison"
    other.write_text(f"#!/bin/sh\necho More\nexec '{BINARY}' \"$@\"\n")
    other.chmod(0o755)
    done = check({"EDISON_TEST_BINARY": str(other)})
    assert done.returncode == 1
    assert "+++" in done.stdout and "More" in done.stdout and "renew it" in done.stderr


def test_the_terminal_is_a_small_picture_with_text_that_can_be_selected() -> None:
    path = FOLDER / "terminal.svg"
    assert path.stat().st_size < 60_000
    root = ElementTree.parse(path).getroot()
    rows = ["".join(row.itertext()) for row in root.iter(f"{SVG}text")]
    assert root.get("role") == "img" and root.find(f"{SVG}title") is not None and root.find(f"{SVG}desc") is not None
    assert 40 <= len(rows) <= 75 and max(map(len, rows)) <= 100
    assert any("95 % interval" in row for row in rows) and any(row.startswith("Verdict: better") for row in rows)
    best = (FOLDER / "best-prompt.txt").read_text(encoding="utf-8")
    assert "".join(best.split()) in "".join("".join(rows).split()), "the best prompt stands at the end"


class Page(HTMLParser):
    def __init__(self, text: str):
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.values: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.values += [f"{name}={value}" for name, value in attributes]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_report_loads_nothing_and_shows_the_result() -> None:
    page = Page((FOLDER / "report.html").read_text(encoding="utf-8"))
    assert not {"script", "link", "img", "iframe", "object", "embed", "base"} & set(page.tags)
    assert not [value for value in page.values if "://" in value or value.startswith(("src=", "href=", "on", "style="))]
    words = " ".join(" ".join(page.words).split())
    assert "beats the first version by" in words and "What is uncertain" in words
    for line in (FOLDER / "best-prompt.txt").read_text(encoding="utf-8").splitlines():
        assert " ".join(line.split()) in words


@pytest.mark.parametrize("name", ["terminal.svg", "report.html", "best-prompt.txt"])
def test_nothing_of_one_machine_or_one_run_is_in_them(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    for word in ("/tmp", "/home", "/root", "127.0.0.1", "localhost", str(ROOT)):
        assert word not in text
