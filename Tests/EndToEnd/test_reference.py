"""Holds the reference to the program: keys, defaults, commands, options, variables, errors and faults are those of the
sources and of what the program prints."""
from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

from documents import (  # noqa: F401 (fixtures are imported to be found)
    BINARY, PAGES, REFERENCE, ROOT, Desk, name, provider, quoted, rows, schema, section)

READER = ROOT / "Sources" / "Features" / "Experiments" / "File"


# Which part of the schema and of the page a list of keys in the reader's sources belongs to, told by a key that no other
# list has; a minus names a key that the list must not have.
PARTS: list[tuple[str, str, str]] = [
    ("goal", "", "## Top level"), ("draft -text", "rubric.draft", "## rubric"), ("gate", "$criterion", "## rubric"),
    ("labels", "$criterion.scale", "## rubric"), ("system_file", "prompt", "## prompt"),
    ("role", "prompt.messages", "## prompt"), ("assistant", "prompt.few_shots", "## prompt"),
    ("prompt parameters -goal", "$variant", "## variants"), ("generate", "$dataset", "## datasets"),
    ("alternatives -thinking", "$model", "## models"), ("thinking -mode -system_prompt", "$refiner", "## refiner"),
    ("thinking system_prompt -mode", "$scanner", "## safety"),
    ("thinking mode", "$judge", "## judges"), ("model price -parameters", "$alternative", "## models"),
    ("cached_input", "$price", "## price"), ("base_url", "$provider", "## providers"),
    ("max_iterations", "$stop", "## stop"), ("by", "selector", "## selector"), ("evidence_cases", "$loop", "## loop"),
    ("first_look", "$race", "## race"), ("top_p", "$parameters", "## parameters"),
]


def belongs(keys: list[str], signs: str) -> bool:
    return all((sign[1:] not in keys) if sign.startswith("-") else (sign in keys) for sign in signs.split())


def key_lists(path: Path) -> list[list[str]]:
    """The lists of known keys in a source, in their order."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^\s*//.*$", "", text)
    found: list[list[str]] = []
    named: dict[str, list[str]] = {}
    list_pattern = r'(?:known:|(\w*[kK]eys|known) =)\s*(?:(\w+)(?:\.filter \{ \$0 != "(\w+)" \})? \+ )?\[((?:\s*"\w+",?)+)\s*\]'
    for match in re.finditer(list_pattern, text):
        base = [key for key in named.get(match.group(2) or "", []) if key != match.group(3)]
        keys = base + re.findall(r'"(\w+)"', match.group(4))
        if match.group(1):
            named[match.group(1)] = keys
        found.append(keys)
    return found


def reader_keys() -> list[tuple[str, str, list[str]]]:
    """Every list of keys that the reader knows, with its part of the schema and its heading of the page."""
    found: list[tuple[str, str, list[str]]] = []
    for path in sorted(READER.glob("*.swift")):
        for keys in key_lists(path):
            parts = [(part, heading) for signs, part, heading in PARTS if belongs(keys, signs)]
            assert len(parts) == 1, f"{path.name}: which part of the file has the keys {keys}? {parts}"
            found.append((*parts[0], keys))
    missing = {part for _, part, _ in PARTS} - {part for part, _, _ in found}
    assert not missing, f"no list of keys was found for {missing}"
    return found


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
        if part in ("$judge", "$refiner", "$scanner"):
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
    loop, race = printed["loop"], printed["race"]
    top = {key: printed[key] for key in ("mode", "replicates", "review", "seed", "concurrency")}
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
    assert by_part["$race"] <= printed["race"].keys()


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


def help_of(*command: str) -> str:
    return subprocess.run([BINARY, *command, "--help"], check=True, capture_output=True, text=True).stdout


def all_help_of(command: str) -> str:
    """Of a command and all its subcommands, from their options on."""
    own = help_of(command)
    below = re.findall(r"(?m)^  ([a-z]+)(?: \(default\))? {2,}\S", (own.split("SUBCOMMANDS:") + [""])[1])
    return "\n".join(text.split("OPTIONS:")[1] for text in [own, *(help_of(command, name) for name in below)])


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
        known = options_in(all_help_of(command)) - {"--version", "--help"}
        assert told == known, f"edison {command}: reference {sorted(told - known)}, help {sorted(known - told)}"


def test_options_named_in_the_documents_exist() -> None:
    known = {"--version", "--help"} | {option for command in re.findall(
        r"(?m)^  ([a-z]+) {2,}\S", help_of().split("SUBCOMMANDS:")[1]) for option in options_in(all_help_of(command))}
    # Of other programs, or of the scripts in bin/.
    others = {"--depth", "--filter", "--write", "--check", "--pwprompt", "--owner", "--now", "--data-binary", "--fail-with-body"}
    for page in PAGES:
        unknown = options_in(page.read_text(encoding="utf-8")) - known - others
        assert not unknown, f"{name(page)} names {sorted(unknown)}"


def test_every_variable_stands_in_the_reference() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "Sources").rglob("*.swift"))
    read = set(re.findall(r'environment\["([A-Z_]+)"\]', sources))
    read |= set(re.findall(r'(?:keyVariable|urlVariable): "([A-Z_]+)"', sources))
    assert read >= {"OPENAI_API_KEY", "NO_COLOR", "OLLAMA_HOST"}
    told = {word for row in rows((REFERENCE / "environment.md").read_text(encoding="utf-8")) for word in quoted(row[0])}
    told |= {quoted(row[1])[0] for row in rows((REFERENCE / "settings.md").read_text(encoding="utf-8"))}
    assert not read - told


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
    source = (ROOT / "Sources/ProviderSimulator/Server/Fault.swift").read_text(encoding="utf-8")
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
