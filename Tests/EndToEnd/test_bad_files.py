"""Faults in the experiment file and its data: exit 2, one clear message with the place, and no call made."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

import labels
from labels import CASES, GOOD, refused
from program import Program
from simulator import Simulator


@pytest.fixture
def server(simulator: Callable[..., Simulator]) -> Simulator:
    return simulator()


def test_the_good_file_is_good(program: Program, server: Simulator) -> None:
    labels.write(program, server)
    assert len(program.result("eval", "labels.yaml")["outputs"]) == 8


def test_one_entry_may_have_a_file_and_cases(program: Program, server: Simulator) -> None:
    both = "{ file: cases.jsonl, cases: [{ input: { notes: a ninth }, note: keys of one's own are allowed }] }"
    labels.write(program, server, GOOD.replace("{ file: cases.jsonl }", both))
    assert len(program.result("eval", "labels.yaml")["outputs"]) == 9


def place(text: str, part: str) -> str:
    """line:column of a part of the file, as editors count."""
    before = text[: text.index(part)]
    return f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


FAULTS: dict[str, tuple[str, str, str, list[str]]] = {
    # name: (what stands in the good file, what stands there instead, the part whose place is named, words said)
    "weights that do not sum to 1": ("weight: 0.6", "weight: 0.9", "- { name: Facts", ["Weights must sum to 1.0"]),
    "an unknown variable": ("{{notes}}", "{{note}}", 'text: "Write', ["note", "notes"]),
    "a prompt without a variable": ("{{notes}}", "none", 'text: "Write', ["no variable", "{{notes}}"]),
    "an open brace": ("{{notes}}", "{{notes", 'text: "Write', ["{{"]),
    "a misspelt key": ("datasets:", "datasest:", "datasest", ["datasest", 'did you mean "datasets"']),
    "a misspelt key inside": ("weight: 0.6", "wieght: 0.6", "wieght", ["wieght", 'did you mean "weight"']),
    "an unknown key": ("seed: 3", "frobnicate: 3", "frobnicate", ["frobnicate"]),
    "a key that stands twice": ("seed: 3", "seed: 3\nseed: 4", "seed: ", ["seed", "twice"]),
    "a tab": ("  text:", "\ttext:", "\ttext", ["tab"]),
    "an open bracket": ("weight: 0.6 }", "weight: 0.6", "  - { name: Story", []),
    "an unknown provider": (
        "provider: main, model: judge-a",
        "provider: mian, model: judge-a",
        "mian",
        ["mian", "main"],
    ),
    "an unknown kind of provider": (
        "openai-compatible",
        "openai-compatable",
        "openai-compatable",
        ["openai-compatible"],
    ),
    "a missing variable of the environment": (
        '"URL/v1"',
        '"${NO_SUCH_PLACE}"',
        '"${NO_SUCH',
        ["NO_SUCH_PLACE", ".env"],
    ),
    "a file that is not there": ("cases.jsonl", "csaes.jsonl", "csaes", ["csaes.jsonl"]),
    "a number that is text": ("weight: 0.6", "weight: much", "much", ["number"]),
    "a number out of its range": ("seed: 3", "holdout: 1.5", "1.5", ["0", "0.9"]),
    "a seed that is no number": ("seed: 3", "seed: lucky", "lucky", ["number"]),
    "a scale the wrong way round": (
        "weight: 0.6 }",
        "weight: 0.6, scale: { min: 5, max: 1 } }",
        "- { name: Facts",
        ["min"],
    ),
    "a criterion twice": ("name: Story", "name: Facts", '- { name: Facts, description: "There', ["twice"]),
    "an unknown check": (
        "weight: 0.6 }",
        "weight: 0.6, check: { contians: x } }",
        "{ contians",
        ["contians", "contains"],
    ),
    "a broken pattern": ("weight: 0.6 }", 'weight: 0.6, check: { regex: "(" } }', "{ regex", ["regular expression"]),
    "an unknown review": ("seed: 3", "review: sometimes", "sometimes", ["sometimes", "automatic"]),
    "a short goal": ("Write the label beside an object.", "short", "short", ["10 characters"]),
    "no judge": (
        "judges:\n  - { provider: main, model: judge-a, price: { input: 0.15, output: 0.60 } }\n",
        "",
        "",
        ["judge"],
    ),
    "no model": (
        "models:\n  - { provider: main, model: apprentice, price: { input: 0.15, output: 0.60 } }\n",
        "",
        "",
        ["model"],
    ),
    "an empty dataset list": ("  - { file: cases.jsonl }", "  []", "[]", ["case"]),
    "a misspelt key of a case": (
        "{ file: cases.jsonl }",
        "{ cases: [{ input: { notes: a }, expectd: b }] }",
        "expectd",
        ["expectd", 'did you mean "expected"'],
    ),
    "a race shorter than its first look": (
        "seed: 3",
        "race: { first_look: 9, max_cases: 5 }",
        "race:",
        ["first look", "9", "5"],
    ),
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
        if name == "a missing variable of the environment":
            assert len(named) == 1, f"one fault, one message: {ended.err}"
        if name in ("a misspelt key", "a misspelt key inside", "an unknown key", "an unknown provider"):
            assert (line, column) in named, f"{line}:{column} is not named: {ended.err}"


def test_all_faults_are_named_at_once_in_their_order(program: Program, server: Simulator) -> None:
    text = GOOD.replace("weight: 0.6", "wieght: 0.6").replace("seed: 3", "review: sometimes").replace("mian", "main")
    ended = refused(program, server, text)
    assert ended.err.index("wieght") < ended.err.index("sometimes")
    assert re.search(r"labels\.yaml has \d+ faults", ended.err)


def test_a_budget_in_usd_with_an_unknown_price_names_the_line_to_add(program: Program, server: Simulator) -> None:
    text = GOOD.replace("apprentice, price: { input: 0.15, output: 0.60 } }", "apprentice }").replace(
        "seed: 3", "stop: { max_budget_usd: 1 }"
    )
    ended = refused(program, server, text)
    assert "price: { input:" in ended.err and "apprentice" in ended.err and "max_calls" in ended.err
    program.run("eval", "labels.yaml", "--max-budget", "1", status=2)


@pytest.mark.parametrize("text", ["", "# only a comment\n", "just text\n", "- a\n- list\n", "null\n", "\ufeff"])
def test_a_file_that_is_no_experiment(program: Program, server: Simulator, text: str) -> None:
    assert "labels.yaml" in refused(program, server, text).err


def test_a_file_that_is_not_there_or_a_folder(program: Program) -> None:
    for words in (["nowhere.yaml"], ["."]):
        ended = program.run("eval", *words, status=2)
        ended.assert_readable()
        assert words[0] in ended.err


def test_a_file_that_is_not_utf_8(program: Program, server: Simulator) -> None:
    (program.folder / "labels.yaml").write_bytes(GOOD.replace("Labels", "Étiquettes").encode("latin-1"))
    (program.folder / "cases.jsonl").write_text(CASES)
    ended = program.run("eval", "labels.yaml", status=2)
    assert "UTF-8" in ended.err and "iconv" in ended.err
    ended.assert_readable()
    (program.folder / "cases.jsonl").write_bytes('{"input": {"notes": "pièce"}}\n'.encode("latin-1"))
    ended = refused(program, server, GOOD)
    assert "cases.jsonl" in ended.err and "UTF-8" in ended.err and re.search(r"\d+:\d+: ", ended.err)
