"""What a run leaves for people and for other programs: JSON, JUnit, Markdown, and a folder with the report."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

import museum
from program import Program, read_result
from simulator import Simulator, task_file


@pytest.fixture
def experiment(program: Program, simulator: Callable[..., Simulator]) -> Path:
    server = simulator("--task", task_file("museum"))
    tricky = {"input": {"notes": 'A <mask> & "bell" from the harbour\u0007, 日本 \U0001f514'}, "tags": ["mask"]}
    parts = museum.experiment(
        server.url, name='Labels & <more> "quoted"', datasets=[{"cases": [*museum.cases(23), tricky]}]
    )
    return museum.write(program.folder, parts)


def test_json_on_standard_output_is_alone_there(program: Program, experiment: Path) -> None:
    ended = program.run("eval", experiment, "--json", "-")
    assert json.loads(ended.out)["status"] == "completed"
    assert ended.out.endswith("}\n")


def test_junit_is_valid_and_counts(program: Program, experiment: Path) -> None:
    result = program.result("eval", experiment)
    scores = {row["output_id"]: row["score"] for row in result["scores"]}
    bar = sorted(scores.values())[8] + 1e-6
    program.run("eval", experiment, "--junit", "reports/junit.xml", "--fail-under", bar, status=None)
    root = ElementTree.parse(program.folder / "reports/junit.xml").getroot()
    suites = [root] if root.tag == "testsuite" else list(root.iter("testsuite"))
    tests, failures = list(root.iter("testcase")), list(root.iter("failure"))
    assert suites and sum(int(suite.get("tests", -1)) for suite in suites) == len(tests) == 24 + 1
    assert int(suites[0].get("failures", -1)) == len(failures)
    # The bar is for the mean, so it alone fails; each answer says how it stands to it.
    assert len(failures) == (result["composite"]["score"] < bar)
    notes = [out.text or "" for out in root.iter("system-out")]
    low = sum(score < bar for score in scores.values())
    assert sum("below" in note for note in notes) == low == 9 and len(notes) == 24
    assert suites[0].get("name") == 'Labels & <more> "quoted"'
    assert any("<mask>" in test.get("name", "") and "日本" in test.get("name", "") for test in tests)
    assert all(test.get("name") and test.get("classname") for test in tests)


def test_markdown_holds_the_figures(program: Program, experiment: Path) -> None:
    result = program.result("eval", experiment)
    program.run("eval", experiment, "--markdown", "summary.md")
    text = (program.folder / "summary.md").read_text(encoding="utf-8")
    composite = result["composite"]
    assert f"{composite['score']:.3f}" in text and f"{composite['interval'][0]:.3f}" in text
    assert text.startswith("## ") and "| --- |" in text
    assert not re.search(r"<more>", text) or r"\<more" in text, "a name must not become HTML"


class Resources(HTMLParser):
    """Every place from which a page would load or run something."""

    def __init__(self, text: str):
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.tags: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attributes:
            if name in ("src", "href", "action", "data", "poster", "srcset", "xlink:href") and not (
                value or ""
            ).startswith("#"):
                self.found.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_output_folder_holds_best_prompt_diffs_and_a_report_of_its_own(program: Program, experiment: Path) -> None:
    program.run("refine", experiment, "--output", "out", "--json", "result.json")
    result, out = read_result(program.folder / "result.json"), program.folder / "out"
    best = next(version for version in result["versions"] if version["id"] == result["best_version_id"])
    assert (out / "best-prompt.txt").read_text(encoding="utf-8") == best["text"]
    assert (out / "best-system.txt").read_text(encoding="utf-8") == best["system_text"]
    edited = [version for version in result["versions"] if version["diff"]]
    diffs = sorted((out / "diffs").iterdir())
    assert [path.read_text(encoding="utf-8") for path in diffs] == [version["diff"] for version in edited] and diffs
    assert read_result(out / "result.json")["versions"] == result["versions"]

    html = (out / "report.html").read_text(encoding="utf-8")
    page = Resources(html)
    assert page.found == [], "the report loads something"
    assert not re.search(r"url\(\s*['\"]?(?!data:|#)|@import|https?://(?!www\.w3\.org/)", html), "an external reference"
    assert "script" not in page.tags and "svg" in page.tags and html.lstrip().lower().startswith("<!doctype html>")
    words = " ".join(page.words)
    assert 'Labels & <more> "quoted"' in words and "more" not in page.tags
    assert result["holdout"] is None or f"{result['holdout']['difference']:+.3f}" in words
    for line in best["text"].splitlines():
        assert line in words


def test_each_diff_applies_to_its_parent(program: Program, experiment: Path) -> None:
    """By git, which knows nothing of ours."""
    result = program.result("refine", experiment)
    versions = {version["id"]: version for version in result["versions"]}
    edited = [version for version in result["versions"] if version["diff"]]
    assert edited
    for version in edited:
        folder = program.folder / f"patch-{version['number']}"
        folder.mkdir()
        parent = versions[version["parent_id"]]
        for one, name in ((parent, "a"), (version, "b")):
            (folder / name).mkdir()
            (folder / name / "prompt.txt").write_text(one["text"], encoding="utf-8")
            (folder / name / "system.txt").write_text(one["system_text"] or "", encoding="utf-8")
        done = subprocess.run(
            ["git", "apply", "-p1", "-"], cwd=folder / "a", input=version["diff"], text=True, capture_output=True
        )
        assert done.returncode == 0, done.stderr + version["diff"]
        for name in ("prompt.txt", "system.txt"):
            assert (folder / "a" / name).read_text() == (folder / "b" / name).read_text(), version["diff"]
