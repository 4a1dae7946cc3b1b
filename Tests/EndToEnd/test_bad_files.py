"""Faults in the experiment file and its data: exit 2, one clear message with the place, and no call made."""
from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from program import Ended, Program
from simulator import Simulator

GOOD = """\
name: Labels
goal: Write the label beside an object.
rubric:
  - { name: Facts, description: "Facts are there", weight: 0.6 }
  - { name: Story, description: "There is a story", weight: 0.4 }
prompt:
  text: "Write a label. Notes: {{notes}}"
providers:
  main: { provider: openai-compatible, base_url: "URL/v1" }
models:
  - { provider: main, model: apprentice, price: { input: 0.15, output: 0.60 } }
judges:
  - { provider: main, model: judge-a, price: { input: 0.15, output: 0.60 } }
refiner: { provider: main, model: refiner, price: { input: 2.5, output: 10 } }
datasets:
  - { file: cases.jsonl }
seed: 3
"""
CASES = "".join(json.dumps({"input": {"notes": f"object {number}"}}) + "\n" for number in range(8))


@pytest.fixture
def server(simulator: Callable[..., Simulator]) -> Simulator:
    return simulator()


def refused(program: Program, server: Simulator, text: str, command: str = "eval", **options: object) -> Ended:
    path = program.folder / "labels.yaml"
    path.write_text(text.replace("URL", server.url), encoding="utf-8")
    if not (program.folder / "cases.jsonl").exists():
        (program.folder / "cases.jsonl").write_text(CASES, encoding="utf-8")
    ended = program.run(command, "labels.yaml", "--json", "result.json", status=2, **options)  # type: ignore[arg-type]
    assert server.log() == [], "a call was made"
    assert ended.out == "" and not (program.folder / "result.json").exists()
    assert_readable(ended)
    return ended


def assert_readable(ended: Ended) -> None:
    """A message for people: short, no stack trace, no type names of ours."""
    assert 0 < len(ended.err.splitlines()) <= 6, ended
    assert not re.search(r"Fatal error|Stack dump|\.swift|EdisonError|Optional\(|Error Domain|NSCocoa|YamlError", ended.err), ended


def test_the_good_file_is_good(program: Program, server: Simulator) -> None:
    (program.folder / "labels.yaml").write_text(GOOD.replace("URL", server.url))
    (program.folder / "cases.jsonl").write_text(CASES)
    assert len(program.result("eval", "labels.yaml")["outputs"]) == 8


def place(text: str, part: str) -> str:
    """line:column of a part of the file, as editors count."""
    before = text[:text.index(part)]
    return f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


FAULTS: dict[str, tuple[str, str, str, list[str]]] = {
    # name: (what stands in the good file, what stands there instead, the part whose place is named, words of the message)
    "weights that do not sum to 1": ("weight: 0.6", "weight: 0.9", "- { name: Facts", ["sum to 1", "1.3"]),
    "an unknown variable": ("{{notes}}", "{{note}}", 'text: "Write', ["note", "notes"]),
    "a prompt without a variable": ("{{notes}}", "none", 'text: "Write', ["no variable", "{{notes}}"]),
    "an open brace": ("{{notes}}", "{{notes", 'text: "Write', ["{{"]),
    "a misspelt key": ("datasets:", "datasest:", "datasest", ["datasest", 'did you mean "datasets"']),
    "a misspelt key inside": ("weight: 0.6", "wieght: 0.6", "wieght", ["wieght", 'did you mean "weight"']),
    "an unknown key": ("seed: 3", "frobnicate: 3", "frobnicate", ["frobnicate"]),
    "a key that stands twice": ("seed: 3", "seed: 3\nseed: 4", "seed: 4", ["seed", "twice"]),
    "a tab": ("  text:", "\ttext:", "\ttext", ["tab"]),
    "an open bracket": ("weight: 0.6 }", "weight: 0.6", "  - { name: Story", []),
    "an unknown provider": ("provider: main, model: judge-a", "provider: mian, model: judge-a", "mian", ["mian", "main"]),
    "an unknown kind of provider": ("openai-compatible", "openai-compatable", "openai-compatable", ["openai-compatible"]),
    "a missing variable of the environment": ('"URL/v1"', '"${NO_SUCH_URL}"', '"${NO_SUCH', ["NO_SUCH_URL", ".env"]),
    "a file that is not there": ("cases.jsonl", "csaes.jsonl", "csaes", ["csaes.jsonl"]),
    "a number that is text": ("weight: 0.6", "weight: much", "much", ["number"]),
    "a number out of its range": ("seed: 3", "holdout: 1.5", "1.5", ["0", "0.9"]),
    "a seed that is no number": ("seed: 3", "seed: lucky", "lucky", ["number"]),
    "a negative seed": ("seed: 3", "seed: -3", "-3", ["seed"]),
    "a scale the wrong way round": ("weight: 0.6 }", "weight: 0.6, scale: { min: 5, max: 1 } }", "- { name: Facts", ["min"]),
    "a criterion twice": ("name: Story", "name: Facts", '- { name: Facts, description: "There', ["twice"]),
    "an unknown check": ("weight: 0.6 }", "weight: 0.6, check: { contians: x } }", "{ contians", ["contians", "contains"]),
    "a broken pattern": ("weight: 0.6 }", 'weight: 0.6, check: { regex: "(" } }', '{ regex', ["regular expression"]),
    "an unknown review": ("seed: 3", "review: sometimes", "sometimes", ["sometimes", "automatic"]),
    "a short goal": ("Write the label beside an object.", "short", "short", ["10 characters"]),
    "no judge": ("judges:\n  - { provider: main, model: judge-a, price: { input: 0.15, output: 0.60 } }\n", "", "", ["judge"]),
    "no model": ("models:\n  - { provider: main, model: apprentice, price: { input: 0.15, output: 0.60 } }\n", "", "", ["model"]),
    "an empty dataset list": ("  - { file: cases.jsonl }", "  []", "[]", ["case"]),
    "a negative budget": ("seed: 3", "stop: { max_budget_usd: -1 }", "-1", ["0 or more"]),
    "an infinite number": ("seed: 3", "stop: { min_delta: .inf }", ".inf", []),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_the_file_is_named_with_its_place(program: Program, server: Simulator, name: str) -> None:
    old, new, part, words = FAULTS[name]
    assert GOOD.count(old) == 1 or name == "a misspelt key inside"
    text = GOOD.replace(old, new, 1)
    ended = refused(program, server, text)
    for word in words:
        assert word in ended.err, f"{word!r} is not in: {ended.err}"
    if part:
        line, column = place(text.replace("URL", server.url), part).split(":")
        named = re.findall(r"^\s*(\d+):(\d+): ", ended.err, re.MULTILINE)
        assert named, f"no line and column: {ended.err}"
        assert line in [found for found, _ in named], f"line {line} is not named: {ended.err}"
        if name in ("a misspelt key", "a misspelt key inside", "an unknown key", "an unknown provider", "a key that stands twice"):
            assert (line, column) in named, f"{line}:{column} is not named: {ended.err}"


def test_all_faults_are_named_at_once_in_their_order(program: Program, server: Simulator) -> None:
    text = GOOD.replace("weight: 0.6", "wieght: 0.6").replace("seed: 3", "review: sometimes").replace("mian", "main")
    ended = refused(program, server, text)
    assert ended.err.index("wieght") < ended.err.index("sometimes")
    assert re.search(r"labels\.yaml has \d+ faults", ended.err)


def test_a_budget_in_usd_with_an_unknown_price_names_the_line_to_add(program: Program, server: Simulator) -> None:
    text = GOOD.replace("apprentice, price: { input: 0.15, output: 0.60 } }", "apprentice }").replace(
        "seed: 3", "stop: { max_budget_usd: 1 }")
    ended = refused(program, server, text)
    assert "price: { input:" in ended.err and "apprentice" in ended.err and "max_calls" in ended.err
    program.run("eval", "labels.yaml", "--max-budget", "1", status=2)


@pytest.mark.parametrize("text", ["", "# only a comment\n", "just text\n", "- a\n- list\n", "null\n", "\ufeff"])
def test_a_file_that_is_no_experiment(program: Program, server: Simulator, text: str) -> None:
    assert "labels.yaml" in refused(program, server, text).err


def test_a_file_that_is_not_there_or_a_folder(program: Program) -> None:
    for words in (["nowhere.yaml"], ["."]):
        ended = program.run("eval", *words, status=2)
        assert_readable(ended)
        assert words[0] in ended.err


def test_a_file_that_is_not_utf_8(program: Program, server: Simulator) -> None:
    (program.folder / "labels.yaml").write_bytes(GOOD.replace("Labels", "Étiquettes").encode("latin-1"))
    (program.folder / "cases.jsonl").write_text(CASES)
    ended = program.run("eval", "labels.yaml", status=2)
    assert "UTF-8" in ended.err and "iconv" in ended.err
    assert_readable(ended)
    (program.folder / "cases.jsonl").write_bytes('{"input": {"notes": "pièce"}}\n'.encode("latin-1"))
    ended = refused(program, server, GOOD)
    assert "cases.jsonl" in ended.err and "UTF-8" in ended.err and re.search(r"\d+:\d+: ", ended.err)


@pytest.mark.parametrize("content", ["", "\n\n", "[]"])
def test_an_empty_dataset(program: Program, server: Simulator, content: str) -> None:
    name = "cases.json" if content == "[]" else "cases.jsonl"
    (program.folder / name).write_text(content)
    ended = refused(program, server, GOOD.replace("cases.jsonl", name))
    assert "case" in ended.err and re.search(r"\d+:\d+: ", ended.err)


def test_one_case(program: Program, server: Simulator) -> None:
    """It can be scored, without an interval; there is nothing to refine on, which is said before anything is spent."""
    path = program.folder / "labels.yaml"
    path.write_text(GOOD.replace("URL", server.url))
    (program.folder / "cases.jsonl").write_text('{"input": {"notes": "the only object"}}\n')
    result = program.result("eval", path)
    assert result["composite"]["cases"] == 1 and result["composite"]["interval"] is None
    result = program.result("refine", path)
    assert result["verdict"] == "insufficient_data" and result["holdout"] is None and result["verdict_reason"]
    ended = program.run("refine", path)
    assert "not enough data" in ended.out


def test_a_case_that_is_too_large_is_left_out_and_named(program: Program, server: Simulator) -> None:
    large = json.dumps({"input": {"notes": "long " * 420_000}})
    (program.folder / "cases.jsonl").write_text(CASES + large + "\n")
    (program.folder / "labels.yaml").write_text(GOOD.replace("URL", server.url))
    ended = program.run("eval", "labels.yaml", "--json", "result.json")
    assert "row 9" in ended.err and "1024 KiB" in ended.err and len(ended.err) < 2_000
    assert len(json.loads((program.folder / "result.json").read_text())["outputs"]) == 8


def test_bad_rows_are_left_out_and_each_is_named(program: Program, server: Simulator) -> None:
    rows = CASES.splitlines()
    rows[2] = '{"input": {"notes": "cut'
    rows[4] = '{"inputs": {"notes": "misspelt"}}'
    rows[6] = '{"input": {"notes": "x"}, "difficulty": 9}'
    (program.folder / "cases.jsonl").write_text("\n".join(rows))
    (program.folder / "labels.yaml").write_text(GOOD.replace("URL", server.url))
    ended = program.run("eval", "labels.yaml", "--json", "result.json")
    for row in ("row 3", "row 5", "row 7"):
        assert row in ended.err
    assert len(json.loads((program.folder / "result.json").read_text())["outputs"]) == 5


def test_csv_with_broken_quotes(program: Program, server: Simulator) -> None:
    (program.folder / "cases.csv").write_text(
        'notes,tags\n"a ""quoted"" bell",x\n"never closed,y\nplain bell,z\nstray " quote,z\n"ends, badly"x,z\nlast bell,z\n')
    (program.folder / "labels.yaml").write_text(GOOD.replace("URL", server.url).replace("cases.jsonl", "cases.csv"))
    ended = program.run("eval", "labels.yaml", "--json", "result.json")
    for row in ("row 3", "row 5", "row 6"):
        assert row in ended.err, ended.err
    result = json.loads((program.folder / "result.json").read_text())
    assert sorted(case["input"]["notes"] for case in result["cases"]) == ['a "quoted" bell', "last bell", "plain bell"]

    (program.folder / "cases.csv").write_text('notes,"tags\nbell,x\n')
    calls = len(server.log())
    ended = program.run("eval", "labels.yaml", status=2)
    assert "header" in ended.err and "quote" in ended.err and len(server.log()) == calls


def test_unused_fields_are_a_note_and_no_error(program: Program, server: Simulator) -> None:
    (program.folder / "cases.jsonl").write_text('{"input": {"notes": "a", "unread": "b"}}\n{"input": {"notes": "c"}}\n')
    (program.folder / "labels.yaml").write_text(GOOD.replace("URL", server.url))
    assert "unread" in program.run("eval", "labels.yaml").err


@pytest.mark.parametrize("words", [
    ["--seed", "-1"], ["--seed", "x"], ["--seed", "99999999999999999999999"], ["--concurrency", "0"],
    ["--concurrency", "many"], ["--concurrency", "100000"], ["--fail-under", "2"], ["--fail-under", "nan"],
    ["--max-budget", "-1"], ["--max-budget", "nan"], ["--max-budget", "inf"], ["--nonsense"], ["--json"],
])
def test_bad_options(program: Program, server: Simulator, words: list[str]) -> None:
    path: Path = program.folder / "labels.yaml"
    path.write_text(GOOD.replace("URL", server.url))
    (program.folder / "cases.jsonl").write_text(CASES)
    ended = program.run("eval", path, *words, status=2)
    assert words[0] in ended.err or "Usage" in ended.err
    assert server.log() == [] and ended.out == ""
    assert not (program.folder / ".edison").exists(), "nothing is made"


def test_no_file_and_an_unknown_command(program: Program) -> None:
    assert "<file>" in program.run("refine", status=2).err
    ended = program.run("refien", "x.yaml", status=2)
    assert "refien" in ended.err
