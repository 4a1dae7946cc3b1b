"""Holds the documents to the program.

Every ```sh block of the README, the tutorial and the how-to pages is run, with a simulator in place of all providers;
every experiment file in any page is read by the program and by the JSON Schema; and the reference is compared with
what the program prints and what its reader knows.

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
import shutil
import signal
import socket
import subprocess
import sys
import time
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
RUNNABLE = [
    page for page in PAGES
    if page.name == "README.md" and page.parent == ROOT or page.parent.name in ("tutorial", "how-to")]
REFERENCE = ROOT / "docs" / "reference"
READER = ROOT / "Sources" / "Features" / "Experiments" / "File"
# The port of the example application of how-to/own-application.md.
EXAMPLE_PORT = "8091"


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


# ---------------------------------------------------------------------------------------------------------- blocks


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


# ---------------------------------------------------------------------------------------------------------- running


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
        address = re.search(r"http://\S+", process.stdout.readline())
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
def postgres() -> Iterator[str]:
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


@pytest.mark.parametrize("desk", RUNNABLE, ids=name, indirect=True)
def test_commands_of_a_page_run(desk: Desk) -> None:
    ran = 0
    for block in blocks(desk.page):
        desk.write_file(block)
        if block.language == "sh" and "needs" not in block.attributes:
            desk.run(block.text, status=int(block.attributes.get("exit", "0")))
            ran += 1
    needy = [block for block in blocks(desk.page) if "needs" in block.attributes]
    assert ran or needy or desk.page.name == "ci.md", f"{name(desk.page)} has no command to run"


@pytest.mark.parametrize("desk", [ROOT / "docs/how-to/postgres.md"], ids=name, indirect=True)
def test_commands_that_need_postgres_run(desk: Desk, postgres: str) -> None:
    needy = [block for block in blocks(desk.page) if block.attributes.get("needs") == "postgres"]
    assert needy
    desk.write_files()
    for block in needy:
        desk.run(block.text, DATABASE_URL=postgres)


def test_every_block_says_what_it_is() -> None:
    known = {"sh", "console", "text", "yaml", "json", "python", "toml"}
    for page in PAGES:
        for block in blocks(page):
            assert block.language in known, f"{name(page)}:{block.line}: a block of \"{block.language}\""


# ---------------------------------------------------------------------------------------------------------- CI


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


# ---------------------------------------------------------------------------------------------------------- files


EXPERIMENTS = [(page, block) for page in PAGES for block in blocks(page) if experiment(block) is not None]
EXPERIMENT_IDS = [f"{name(page)}:{block.line}" for page, block in EXPERIMENTS]


def schema() -> dict[str, Any]:
    content = json.loads((REFERENCE / "experiment-file.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(content)
    return content


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


# ---------------------------------------------------------------------------------------------------------- keys


# Which list of keys in the reader's sources belongs to which part of the schema and of the page, in the order in which
# they stand in the sources.
LISTS: dict[str, list[tuple[str, str]]] = {
    "ExperimentFileReader.swift": [
        ("", "## Top level"), ("rubric.draft", "## rubric"), ("$criterion", "## rubric"), ("$criterion.scale", "## rubric"),
        ("prompt", "## prompt"), ("prompt.messages", "## prompt"), ("prompt.few_shots", "## prompt"),
        ("$variant", "## variants")],
    "DatasetReader.swift": [("$dataset", "## datasets")],
    "ModelReader.swift": [("$model", "## models"), ("$refiner", "## refiner"), ("$judge", "## judges"), ("$alternative", "## models"), ("$price", "## price")],
    "ProviderReader.swift": [("$provider", "## providers")],
    "SettingsReader.swift": [
        ("$stop", "## stop"), ("selector", "## selector"), ("$loop", "## loop"), ("$race", "## race"), ("$parameters", "## parameters")],
}


def key_lists(path: Path) -> list[list[str]]:
    """The lists of known keys in a source, in their order."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^\s*//.*$", "", text)
    found: list[list[str]] = []
    named: dict[str, list[str]] = {}
    list_pattern = r'(?:known:|(\w*[kK]eys|known) =)\s*(?:(\w+) \+ )?\[((?:\s*"\w+",?)+)\s*\]'
    for match in re.finditer(list_pattern, text):
        keys = named.get(match.group(2) or "", []) + re.findall(r'"(\w+)"', match.group(3))
        if match.group(1):
            named[match.group(1)] = keys
        found.append(keys)
    return found


def reader_keys() -> Iterator[tuple[str, str, list[str]]]:
    for file, parts in LISTS.items():
        lists = key_lists(READER / file)
        assert len(lists) == len(parts), f"{file} has {len(lists)} lists of keys, this test knows {len(parts)}: {lists}"
        for (part, heading), keys in zip(parts, lists, strict=True):
            yield part, heading, keys


def test_every_source_with_keys_is_known_here() -> None:
    sources = {path.name for path in READER.glob("*.swift") if key_lists(path)}
    assert sources == LISTS.keys()


def schema_part(content: dict[str, Any], part: str) -> dict[str, Any]:
    """A part by its path: `$name` is a definition, a name the property of it; lists and alternatives are looked into."""
    def inside(node: dict[str, Any], key: str | None) -> dict[str, Any]:
        candidates = [node, *node.get("anyOf", [])]
        candidates += [candidate["items"] for candidate in candidates if isinstance(candidate.get("items"), dict)]
        for candidate in candidates:
            candidate = content["$defs"][candidate["$ref"].split("/")[-1]] if "$ref" in candidate else candidate
            if "properties" in candidate and (key is None or key in candidate["properties"]):
                return candidate if key is None else candidate["properties"][key]
        raise AssertionError(f"the schema has no {part}")

    words = part.split(".") if part else []
    node = content
    if words and words[0].startswith("$"):
        node = content["$defs"][words.pop(0)[1:]]
    if words == ["rubric", "draft"]:
        return content["properties"]["rubric"]["anyOf"][1]
    for word in words:
        node = inside(node, word)
    return inside(node, None)


def test_the_schema_knows_exactly_the_keys_of_the_reader() -> None:
    content = schema()
    for part, _, keys in reader_keys():
        node = schema_part(content, part)
        assert set(node["properties"]) == set(keys), part or "top level"
        assert node["additionalProperties"] is False, part
        for key in keys:
            described = node["properties"][key]
            assert "description" in described or "$ref" in described, f"{part}.{key} has no description"
    case = set(re.findall(r'"(\w+)"', re.search(
        r"known = \[([^\]]+)\]", (ROOT / "Sources/Features/Datasets/Import/CaseImport.swift").read_text()).group(1)))
    assert set(content["$defs"]["case"]["properties"]) == case
    kinds = re.search(r"enum Kind[^{]*\{(.*?)\n    \}", (
        ROOT / "Sources/Features/Evaluation/Domain/Check.swift").read_text(encoding="utf-8"), re.DOTALL).group(1)
    checks = set(re.findall(r'= "(\w+)"', kinds)) | {
        word for line in kinds.splitlines() for word in re.findall(r"\b(\w+)\b", line) if "=" not in line} - {"case"}
    assert set(content["$defs"]["check"]["properties"]) == checks


def documented(heading: str) -> dict[str, list[list[str]]]:
    """The rows below a heading of the page by their keys; a name may stand in two tables."""
    found: dict[str, list[list[str]]] = {}
    for row in rows(section(REFERENCE / "experiment-file.md", heading)):
        for key in quoted(row[0]):
            found.setdefault(key, []).append(row)
    return found


def test_every_key_stands_in_the_reference() -> None:
    known: dict[str, set[str]] = {}
    for part, heading, keys in reader_keys():
        rest = set(keys) - documented(heading).keys()
        if part in ("$judge", "$refiner"):
            rest -= documented("## models").keys()
        assert not rest, f"experiment-file.md, {heading}: {sorted(rest)} are missing"
        known.setdefault(heading, set()).update(keys)
    for heading in (
        "## Top level", "## providers", "## parameters", "## stop", "## loop", "## race", "## variants", "## selector"
    ):
        assert documented(heading).keys() == known[heading], f"{heading} holds keys that the reader does not know"


def defaults() -> dict[str, Any]:
    return json.loads(subprocess.run([BINARY, "defaults"], check=True, capture_output=True, text=True).stdout)


def test_defaults_of_the_reference_are_those_of_the_program() -> None:
    printed = defaults()
    loop, race = dict(printed["loop"]), printed["loop"]["race"]
    top = {key: loop.pop(key) for key in ("mode", "replicates")}
    top |= {key: printed[key] for key in ("review", "seed", "concurrency")}
    loop.pop("race")
    content = schema()
    for heading, part, values in (
        ("## Top level", "", top), ("## stop", "$stop", printed["stop"]), ("## loop", "$loop", loop),
        ("## race", "$race", race), ("## judges", "$judge", printed["judge"]),
    ):
        properties = schema_part(content, part)["properties"]
        for key, value in values.items():
            cell = documented(heading)[key][0][2]
            if value is None:
                assert cell == "–" or not cell.startswith("`") or key == "mode", f"{heading}: {key} is {cell}"
                assert "default" not in properties[key], key
            else:
                expected = value if isinstance(value, str) else json.dumps(value)
                assert cell == f"`{expected}`", f"{heading}: {key} is {cell}, the program says {expected}"
                assert properties[key]["default"] == value, f"{key} in the schema"


def test_the_program_prints_every_default() -> None:
    printed = defaults()
    by_part = {part: set(keys) for part, _, keys in reader_keys()}
    assert by_part["$stop"] <= printed["stop"].keys()
    assert by_part["$loop"] <= printed["loop"].keys()
    assert by_part["$race"] <= printed["loop"]["race"].keys()


def test_every_key_of_a_result_stands_in_the_reference(tmp_path: Path, provider: str) -> None:
    page = REFERENCE / "experiment-file.md"
    desk = Desk(page, tmp_path, provider)
    desk.write_files()
    desk.run("edison refine support.yaml --yes --json result.json")
    result = json.loads((desk.folder / "result.json").read_text(encoding="utf-8"))
    words = set(quoted((REFERENCE / "result-file.md").read_text(encoding="utf-8")))
    open_keys = {"scores", "rationales", "checks", "per_criterion", "per_model", "facets", "judge_weights",
                 "judge_offsets", "input", "content", "experiment"}

    def walk(value: Any, place: str) -> None:
        if isinstance(value, list):
            for item in value[:3]:
                walk(item, place)
        elif isinstance(value, dict):
            for key, member in value.items():
                # The names of judges and criteria are the person's own.
                if place.endswith((".agreement.judges", ".pairwise.judges", ".agreement.per_criterion", ".calls")):
                    if place.endswith(".judges"):
                        walk(member, f"{place}.*")
                    continue
                assert key in words, f"result-file.md lacks {key} of {place}"
                if key not in open_keys or place == "" and key == "scores":
                    walk(member, f"{place}.{key}")

    walk(result, "")


# ---------------------------------------------------------------------------------------------------------- commands


def help_of(*command: str) -> str:
    return subprocess.run([BINARY, *command, "--help"], check=True, capture_output=True, text=True).stdout


def options_in(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text))


def test_every_command_and_option_stands_in_the_reference() -> None:
    page = REFERENCE / "command-line.md"
    overview = help_of()
    commands = re.findall(r"(?m)^  ([a-z]+) {2,}\S", overview.split("SUBCOMMANDS:")[1])
    assert commands
    headings = re.findall(r"(?m)^## edison ([a-z]+)$", page.read_text(encoding="utf-8"))
    assert sorted(headings) == sorted(commands)
    assert set(quoted(" ".join(row[0] for row in rows(page.read_text(encoding="utf-8").split("## Exit")[0])))) == set(commands)
    shared_heading = next(
        line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("## Options of "))
    shared = {row[0].strip("`").split()[0] for row in rows(section(page, shared_heading)) if row[0].startswith("`--")}
    for command in commands:
        text = section(page, f"## edison {command}")
        own = {row[0].strip("`").split()[0] for row in rows(text) if row[0].startswith("`--")}
        isShared = re.search(rf"\b{command}\b", shared_heading) is not None
        told = own | (shared if isShared else set())
        known = options_in(help_of(command).split("OPTIONS:")[1]) - {"--version", "--help"}
        assert told == known, f"edison {command}: reference {sorted(told - known)}, help {sorted(known - told)}"


def test_options_named_in_the_documents_exist() -> None:
    known = {"--version", "--help"} | {option for command in re.findall(
        r"(?m)^  ([a-z]+) {2,}\S", help_of().split("SUBCOMMANDS:")[1]) for option in options_in(help_of(command))}
    # Of other programs, or of the scripts in bin/.
    others = {"--depth", "--filter", "--write", "--check", "--pwprompt", "--owner"}
    for page in PAGES:
        unknown = options_in(page.read_text(encoding="utf-8")) - known - others
        assert not unknown, f"{name(page)} names {sorted(unknown)}"


def test_every_variable_stands_in_the_reference() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "Sources").rglob("*.swift"))
    read = set(re.findall(r'environment\["([A-Z_]+)"\]', sources))
    read |= set(re.findall(r'(?:keyVariable|urlVariable): "([A-Z_]+)"', sources))
    assert read >= {"OPENAI_API_KEY", "NO_COLOR", "OLLAMA_HOST"}
    missing = read - set(quoted((REFERENCE / "environment.md").read_text(encoding="utf-8")))
    assert not missing


def test_every_error_code_stands_in_the_reference() -> None:
    source = (ROOT / "Sources/Kernel/EdisonCore/EdisonError.swift").read_text(encoding="utf-8")
    body = re.search(r"enum Code[^{]*\{(.*?)\n    \}", source, re.DOTALL).group(1)
    codes = {word.strip(" `") for line in re.findall(r"case (.+)", body) for word in line.split(",")}
    told = {quoted(row[0])[0] for row in rows((REFERENCE / "errors.md").read_text(encoding="utf-8").split("## Faults")[0])}
    assert told == codes
    kinds = (ROOT / "Sources/Platform/EdisonLLM/Model/ProviderFailure.swift").read_text(encoding="utf-8")
    body = re.search(r"enum Kind[^{]*\{(.*?)\n    \}", kinds, re.DOTALL).group(1)
    words = {
        re.search(r'"(\w+)"', line).group(1) if '"' in line else line.split()[1] for line in body.splitlines()
        if line.strip().startswith("case ")}
    told = {quoted(row[0])[0] for row in rows(section(REFERENCE / "errors.md", "## Failures of calls"))}
    assert told == words


def test_every_fault_of_the_simulator_stands_in_the_reference() -> None:
    source = (ROOT / "Sources/ProviderSimulator/Server/FaultPlan.swift").read_text(encoding="utf-8")
    body = re.search(r"enum Fault:[^{]*\{(.*?)\n\}", source, re.DOTALL).group(1)
    faults = {
        re.search(r'"(\w+)"', line).group(1) if '"' in line else line.split()[1] for line in body.splitlines()
        if line.strip().startswith("case ")}
    assert faults <= set(quoted(section(REFERENCE / "simulator.md", "## Faults file")))


def test_example_files_of_the_simulator_are_read(tmp_path: Path, provider: str) -> None:
    """Each JSON example is given to a simulator, which must start with it."""
    page = REFERENCE / "simulator.md"
    desk = Desk(page, tmp_path, provider)
    for heading, options in (("## Script file", "--behaviour script --script"), ("## Faults file", "--faults")):
        text = re.search(r"```json\n(.*?)```", section(page, heading), re.DOTALL).group(1)
        desk.write("example.json", text)
        words = desk.run(
            f"edison simulator --port 0 {options} example.json & process=$!\n"
            "for i in $(seq 50); do kill -0 $process || break; sleep 0.1; grep -q simulated said.txt && break; done\n"
            "kill $process")
        assert "simulated provider on http://" in words


# ---------------------------------------------------------------------------------------------------------- the rest


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
