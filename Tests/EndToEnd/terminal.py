"""The program in a pseudo-terminal, as a person sits before it."""

from __future__ import annotations

from typing import Any

import pexpect

import museum
from program import Program, bare_environment

QUESTION = r"\[a\]pprove"


def start(program: Program, *words: Any, **variables: str) -> pexpect.spawn:
    command, *arguments = program.command(*words)
    environment = bare_environment(program.folder, TERM="xterm-256color", **variables)
    return pexpect.spawn(
        command, arguments, cwd=str(program.folder), dimensions=(50, 160), encoding="utf-8", timeout=30, env=environment
    )


def ended(child: pexpect.spawn) -> int | None:
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus


def reviewed(url: str, review: str = "suggestions", iterations: int = 2) -> dict[str, Any]:
    # One proposal, so that an iteration asks about one candidate.
    return museum.experiment(
        url, review=review, loop={"proposals": 1}, stop={"max_iterations": iterations, "max_budget_usd": 5}
    )
