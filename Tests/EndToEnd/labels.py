"""A small experiment file, written by hand as a person would, to put faults into."""

from __future__ import annotations

import json

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


def refused(program: Program, server: Simulator, text: str, command: str = "eval", **options: object) -> Ended:
    """Runs the file, which must end with status 2, a readable message, and without a call or a result."""
    write(program, server, text)
    ended = program.run(command, "labels.yaml", "--json", "result.json", status=2, **options)  # type: ignore[arg-type]
    assert server.log() == [], "a call was made"
    assert ended.out == "" and not (program.folder / "result.json").exists()
    ended.assert_readable()
    return ended


def write(program: Program, server: Simulator, text: str = GOOD) -> None:
    """Writes labels.yaml, and the cases where there are none."""
    (program.folder / "labels.yaml").write_text(text.replace("URL", server.url), encoding="utf-8")
    if not (program.folder / "cases.jsonl").exists():
        (program.folder / "cases.jsonl").write_text(CASES, encoding="utf-8")
