"""The official clients from PyPI talk to the simulator, which proves its wire formats."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from program import bare_environment
from simulator import Simulator

SCRIPTS = Path(__file__).parents[1] / "SDK"


@pytest.mark.parametrize("name, least", [("openai", 14), ("anthropic", 12)])
def test_the_official_client_understands_the_simulator(
    simulator: Callable[..., Simulator], tmp_path: Path, name: str, least: int
) -> None:
    server = simulator("--api-key", "sk-test")
    done = subprocess.run(
        [sys.executable, str(SCRIPTS / f"{name}_sdk.py"), server.url, "sk-test"],
        capture_output=True,
        text=True,
        timeout=120,
        env=bare_environment(tmp_path),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    passed = int(done.stdout.splitlines()[-1].split()[0])
    assert passed >= least and "0 failed" in done.stdout
