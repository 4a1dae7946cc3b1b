"""Holds the documents to the program: every ```sh block of the README, the tutorial and the how-to pages is run, and
every experiment file in any page is read by the program and by the JSON Schema."""
from __future__ import annotations

import json
import re
import shutil
import time
from pathlib import Path

import jsonschema
import pytest
import yaml

from documents import (  # noqa: F401 (fixtures are imported to be found)
    PAGES, REFERENCE, ROOT, RUNNABLE, Block, Desk, blocks, desk, experiment, name, own_schema, provider, quoted, schema,
    without_blocks)


@pytest.mark.parametrize("desk", RUNNABLE, ids=name, indirect=True)
def test_commands_of_a_page_run(desk: Desk) -> None:
    ran = 0
    for block in blocks(desk.page):
        desk.write_file(block)
        if block.language == "sh" and "needs" not in block.attributes:
            desk.run(block.text, status=int(block.attributes.get("exit", "0")))
            ran += 1
    needy = [block for block in blocks(desk.page) if "needs" in block.attributes]
    # What stands in the page of accounts runs in test_accounts.py, on a server.
    assert ran or needy or desk.page.name in ("ci.md", "accounts.md"), f"{name(desk.page)} has no command to run"


@pytest.mark.parametrize("desk", [ROOT / "docs/how-to/postgres.md"], ids=name, indirect=True)
def test_commands_that_need_postgres_run(desk: Desk, own_schema: str) -> None:
    needy = [block for block in blocks(desk.page) if block.attributes.get("needs") == "postgres"]
    assert needy
    desk.write_files()
    for block in needy:
        desk.run(block.text, DATABASE_URL=own_schema)


def test_every_block_says_what_it_is() -> None:
    known = {"sh", "console", "text", "yaml", "json", "python", "toml"}
    for page in PAGES:
        for block in blocks(page):
            assert block.language in known, f"{name(page)}:{block.line}: a block of \"{block.language}\""


@pytest.mark.parametrize("desk", [ROOT / "docs/how-to/ci.md"], ids=name, indirect=True)
def test_the_workflow_runs_and_is_short(desk: Desk) -> None:
    workflow = next(block for block in blocks(desk.page) if "file" not in block.attributes and block.language == "yaml")
    assert len(workflow.text.splitlines()) < 20
    jobs = yaml.safe_load(workflow.text)["jobs"]
    commands = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    assert any("--fail-under" in command and "--junit" in command and "--max-budget" in command for command in commands)
    desk.write_files()
    summary = desk.write("summary.md", "")
    for command in commands:
        desk.run(command, GITHUB_STEP_SUMMARY=str(summary))
    assert "| composite |" in summary.read_text(encoding="utf-8")
    assert "<testsuites" in (desk.folder / "eval.xml").read_text(encoding="utf-8")
    assert (desk.folder / ".edison/edison.db").exists()
    # The cached database is what makes the second run free.
    began = time.monotonic()
    words = "".join(desk.run(command, GITHUB_STEP_SUMMARY=str(summary)) for command in commands)
    assert "finished" in words and time.monotonic() - began < 20
    # A bar that is not reached fails the job.
    evaluation = next(command for command in commands if "--fail-under" in command)
    desk.run(re.sub(r"--fail-under \S+", "--fail-under 1", evaluation), status=1, GITHUB_STEP_SUMMARY=str(summary))


EXPERIMENTS = [(page, block) for page in PAGES for block in blocks(page) if experiment(block) is not None]
EXPERIMENT_IDS = [f"{name(page)}:{block.line}" for page, block in EXPERIMENTS]


@pytest.mark.parametrize(("page", "block"), EXPERIMENTS, ids=EXPERIMENT_IDS)
def test_the_program_reads_an_experiment_file(page: Path, block: Block, tmp_path: Path, provider: str) -> None:
    desk = Desk(page, tmp_path, provider)
    kinds = {entry.get("provider") for entry in (experiment(block).get("providers") or {}).values()}
    if "http" in kinds:
        pytest.skip("its page starts the application that it needs, and runs it")
    desk.write_files()
    place = block.attributes.get("file", "experiment.yaml")
    desk.write(place, desk.own(block.text))
    words = desk.run(f"edison eval {place} --yes --json result.json")
    result = json.loads((desk.folder / "result.json").read_text(encoding="utf-8"))
    assert result["status"] == "completed", words
    assert len(result["outputs"]) >= 1 and all(output["error"] is None for output in result["outputs"]), words


@pytest.mark.parametrize(("page", "block"), EXPERIMENTS, ids=EXPERIMENT_IDS)
def test_the_schema_allows_an_experiment_file(page: Path, block: Block) -> None:
    faults = list(jsonschema.Draft202012Validator(schema()).iter_errors(experiment(block)))
    assert not faults, [fault.message for fault in faults]


def test_the_schema_allows_what_the_program_writes(tmp_path: Path, provider: str) -> None:
    desk = Desk(ROOT / "README.md", tmp_path, provider)
    desk.run("edison init --template customer-support")
    validator = jsonschema.Draft202012Validator(schema())
    for path in (desk.folder / "experiment.yaml", ROOT / "Sources/Features/Experiments/Templates/demo.yaml"):
        assert not list(validator.iter_errors(yaml.safe_load(path.read_text(encoding="utf-8")))), path


def test_the_schema_refuses_what_the_reader_refuses(tmp_path: Path, provider: str) -> None:
    page = REFERENCE / "experiment-file.md"
    desk = Desk(page, tmp_path, provider)
    whole = next(block for block in blocks(page) if experiment(block))
    validator = jsonschema.Draft202012Validator(schema())
    spoilt = {
        "an unknown key": lambda file: file.update(rubrik=[]), "no goal": lambda file: file.pop("goal"),
        "a short goal": lambda file: file.update(goal="short"),
        "no prompt": lambda file: file.pop("prompt"), "an unknown mode": lambda file: file.update(mode="fast"),
        "a share above its range": lambda file: file.update(holdout=0.95),
        "an unknown stop rule": lambda file: file.update(stop={"max_iteration": 3}),
        "too many iterations": lambda file: file.update(stop={"max_iterations": 101}),
        "a half number": lambda file: file.update(replicates=1.5),
        "an unknown parameter": lambda file: file["models"][0].update(parameters={"temprature": 0}),
        "a price without output": lambda file: file["models"][0].update(price={"input": 1}),
        "an unknown check": lambda file: file["rubric"][2].update(check={"contain": "a"}),
        "a criterion without weight": lambda file: file["rubric"][0].pop("weight"),
        "one variant": lambda file: file.update(variants=[{"name": "a"}]),
    }
    for fault, spoil in spoilt.items():
        file = experiment(whole)
        spoil(file)
        assert list(validator.iter_errors(file)), f"the schema allows {fault}"
        desk.write("spoilt.yaml", yaml.safe_dump(file, allow_unicode=True))
        desk.run("edison eval spoilt.yaml", status=2)


def test_files_named_in_the_pages_for_contributors_exist() -> None:
    names = {path.name for folder in ("Sources", "Tests", "Support") for path in (ROOT / folder).rglob("*")}
    names |= {path.name for path in ROOT.iterdir()}
    # Files that a contributor is to make.
    examples = ("NNNN_VerbObject.swift", "NameProvider.swift")
    for page in ("ARCHITECTURE.md", "CONTRIBUTING.md", "AGENTS.md", *(
        name(page) for page in sorted((ROOT / "docs" / "design").glob("*.md"))
    )):
        for word in quoted((ROOT / page).read_text(encoding="utf-8")):
            if word.endswith(examples):
                continue
            if re.fullmatch(r"(Sources|Tests|Support|docs|bin)/[\w./+-]+", word):
                assert (ROOT / word).exists(), f"{page}: {word}"
            elif re.fullmatch(r"[\w+-]+\.swift", word):
                assert word in names, f"{page}: {word}"


def test_the_walk_names_files_that_exist() -> None:
    steps = re.findall(r"(?m)^\d+\. (.+)$", (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"))
    assert 0 < len(steps) <= 10
    for step in steps:
        files = [word for word in quoted(step) if "/" in word]
        assert len(files) == 1, step
        assert (ROOT / files[0]).is_file(), files[0]


def test_pages_have_their_sizes() -> None:
    for page, most in (("README.md", 120), ("ARCHITECTURE.md", 200), ("AGENTS.md", 80)):
        assert len((ROOT / page).read_text(encoding="utf-8").splitlines()) <= most, page


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs/README.md").read_text(encoding="utf-8")
    for page in sorted((ROOT / "docs").rglob("*.md")):
        place = page.relative_to(ROOT / "docs").as_posix()
        assert place == "README.md" or f"({place})" in index or place.startswith("demo/"), place


def test_links_lead_somewhere() -> None:
    def anchors(page: Path) -> set[str]:
        text = without_blocks(page.read_text(encoding="utf-8"))
        return {
            re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).strip().replace(" ", "-")
            for heading in re.findall(r"(?m)^#{1,6} (.+)$", text)}

    for page in PAGES:
        text = without_blocks(page.read_text(encoding="utf-8"))
        for link in re.findall(r"\]\(([^)\s]+)\)", text):
            if link.startswith(("http", "mailto:")):
                continue
            place, _, anchor = link.partition("#")
            target = page if not place else (page.parent / place).resolve()
            assert target.exists(), f"{name(page)}: {link} leads nowhere"
            if anchor and target.suffix == ".md":
                assert anchor in anchors(target), f"{name(page)}: there is no heading {link}"


def test_an_unchanged_prompt_comes_back_as_it_was(tmp_path: Path, provider: str) -> None:
    """The round trip of how-to/prompt-in-code.md: out of the code, not refined, and back."""
    desk = Desk(ROOT / "docs/how-to/prompt-in-code.md", tmp_path, provider)
    for block in blocks(desk.page):
        if block.language == "python":
            desk.write_file(block)
    desk.run("edison import python-prompt support.py --name PROMPT --output support.yaml")
    text = yaml.safe_load((desk.folder / "support.yaml").read_text(encoding="utf-8"))["prompt"]["text"]
    desk.write("unchanged.txt", text)
    desk.run("python3 put_back.py unchanged.txt > new_prompt.py")
    check = "import new_prompt, support; assert new_prompt.PROMPT == support.PROMPT, new_prompt.PROMPT"
    desk.run(f"{shutil.which('python3')} -B -c '{check}'")
