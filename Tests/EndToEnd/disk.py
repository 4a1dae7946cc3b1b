"""A small disk of its own, that can be full or read-only."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

import pytest

from program import NOT_POSSIBLE, Ended, Program

# A name space of one's own to mount in: by right, or as root of a user name space.
WAYS = (("unshare", "--mount"), ("unshare", "--user", "--map-root-user", "--mount"))


@cache
def way_to_mount() -> tuple[str, ...]:
    for way in WAYS:
        done = subprocess.run([*way, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True)
        if done.returncode == 0:
            return way
    pytest.skip("a small disk needs the right to mount one: run as root, or allow user name spaces")


class SmallDisk:
    """A file system in memory, mounted for one process alone at `disk` in the program's folder."""

    def __init__(self, program: Program, kilobytes: int, options: str = ""):
        self.program, self.way = program, way_to_mount()
        self.size, self.options = f"{kilobytes}k", options
        for name in ("disk", "kept"):
            (program.folder / name).mkdir()

    @property
    def kept(self) -> Path:
        """What was on the disk when the process had ended."""
        return self.program.folder / "kept"

    def fails(self, words: str, before: str = "true") -> Ended:
        """Runs the program there, which must end with an error; `before` prepares the disk."""
        remount = f"mount -o remount,{self.options} disk &&" if self.options else ""
        script = (
            f"mount -t tmpfs -o size={self.size} none disk && {before} && {remount} "
            f"{self.program.binary} {words}; code=$?; cp -r disk/. kept/ 2> /dev/null; exit $code"
        )
        done = subprocess.run(
            [*self.way, "sh", "-c", script], cwd=self.program.folder, capture_output=True, text=True, timeout=60
        )
        ended = Ended(done.returncode, done.stdout, done.stderr, 0)
        assert "mount:" not in ended.err and ended.status in NOT_POSSIBLE, ended
        return ended
