"""Runs the real program as its users do: as a process, with a folder of its own and a bare environment."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
import time
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

BINARY = os.environ.get("EDISON_TEST_BINARY", str(Path(__file__).parents[2] / ".build/debug/edison"))
# A person's own keys and addresses must not reach a test, nor a test a provider.
PRIVATE = ("EDISON_LLM", "OPENAI", "ANTHROPIC", "OLLAMA", "NO_COLOR", "FORCE_COLOR", "VISUAL", "EDITOR", "EDISON_DEMO")


def bare_environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PRIVATE)}
    return kept | {"HOME": str(home), "LANG": "C.UTF-8"} | more


TECHNICAL = re.compile(r"Fatal error|Stack dump|\.swift\b|EdisonError|Optional\(|Error Domain|NSCocoa|YamlError|NIO")
# The command or the file is wrong, or nothing could be evaluated.
NOT_POSSIBLE = (2, 3)


@dataclass
class Ended:
    status: int
    out: str
    err: str
    seconds: float

    @property
    def said(self) -> str:
        return self.err + self.out

    def assert_readable(self) -> None:
        """A message for people: short, without stack traces and without the names of our types."""
        assert 0 < len(self.err.strip().splitlines()) <= 8, self
        assert not TECHNICAL.search(self.err), self

    def __str__(self) -> str:
        return f"exit {self.status} after {self.seconds:.1f} s\n--- out\n{self.out}\n--- err\n{self.err}"


class Program:
    """`edison` in one folder."""

    def __init__(self, folder: Path, binary: str = BINARY):
        self.folder = folder
        self.binary = binary

    def open_to_others(self) -> None:
        """Lets users other than root pass to the folder, and read it."""
        for folder in [self.folder, *self.folder.parents]:
            if folder == Path(tempfile.gettempdir()) or folder.owner() != self.folder.owner():
                return
            folder.chmod(0o755)

    def command(self, *words: Any) -> list[str]:
        return [self.binary, *(str(word) for word in words)]

    def run(
        self,
        *words: Any,
        status: int | None = 0,
        timeout: float = 90,
        env: dict[str, str] | None = None,
        stdin: str | None = None,
        prefix: list[str] | None = None,
        cwd: Path | None = None,
    ) -> Ended:
        """Ends with the expected status, within its time; None takes any status."""
        began = time.monotonic()
        done = subprocess.run(
            [*(prefix or []), *self.command(*words)],
            cwd=cwd or self.folder,
            input=stdin,
            text=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            timeout=timeout,
            env=bare_environment(self.folder, **(env or {})),
        )
        ended = Ended(done.returncode, done.stdout, done.stderr, time.monotonic() - began)
        assert status is None or ended.status == status, f"expected exit {status} of {words}: {ended}"
        return ended

    def fails(self, *words: Any, **options: Any) -> Ended:
        """Ends with an error of the person's side, whichever of the two statuses fits."""
        ended = self.run(*words, status=None, **options)
        assert ended.status in NOT_POSSIBLE, ended
        return ended

    def start(self, *words: Any, env: dict[str, str] | None = None) -> subprocess.Popen[str]:
        """Starts it and leaves it running; its words go to files beside it, so that no pipe fills up."""
        out = open(self.folder / "started.out", "w", encoding="utf-8")
        err = open(self.folder / "started.err", "w", encoding="utf-8")
        with out, err:
            return subprocess.Popen(
                self.command(*words),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                text=True,
                env=bare_environment(self.folder, **(env or {})),
            )

    def result(self, *words: Any, **options: Any) -> dict[str, Any]:
        """Runs it with `--json FILE` and reads the file."""
        path = self.folder / f"result-{time.monotonic_ns()}.json"
        self.run(*words, "--json", path, **options)
        return read_result(path)


def read_result(path: Path | str) -> dict[str, Any]:
    """A result file, money exactly as it is written: `Decimal` under every key that ends in `_usd`."""
    text = Path(path).read_text(encoding="utf-8")
    plain, exact = json.loads(text), json.loads(text, parse_float=Decimal, parse_int=Decimal)
    return _with_money(plain, exact)


def _with_money(plain: Any, exact: Any, key: str = "", inside_costs: bool = False) -> Any:
    if isinstance(plain, dict):
        return {name: _with_money(plain[name], exact[name], name, key == "costs") for name in plain}
    if isinstance(plain, list):
        return [_with_money(one, other) for one, other in zip(plain, exact)]
    return exact if key.endswith("_usd") or inside_costs else plain
