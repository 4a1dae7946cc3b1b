"""Where the result goes: full disks, folders where files should be, links and pipes. An error costs no money."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

import museum
from disk import SmallDisk
from program import Program
from simulator import Simulator


@pytest.fixture
def experiment(program: Program, server: Simulator) -> Path:
    return museum.write(program.folder, museum.experiment(server.url, datasets=[{"cases": museum.cases(12)}]))


@pytest.mark.parametrize(
    "words",
    [
        ["--json", "folder"],
        ["--junit", "folder"],
        ["--markdown", "folder"],
        ["--output", "file"],
        ["--json", "file/inside.json"],
        ["--output", "file/inside"],
        ["--json", "/proc/none/result.json"],
    ],
)
def test_a_place_that_cannot_be_written_is_refused_before_the_first_call(
    program: Program, server: Simulator, experiment: Path, words: list[str]
) -> None:
    (program.folder / "folder").mkdir()
    (program.folder / "file").write_text("mine")
    ended = program.run("eval", experiment, *words, status=2)
    assert server.log() == [] and words[1] in ended.err
    assert (program.folder / "file").read_text() == "mine"
    ended.assert_readable()


def test_a_link_is_followed_and_a_pipe_is_written_to(program: Program, experiment: Path) -> None:
    """What stands at the place is kept: a rename over it would destroy /dev/null as easily."""
    (program.folder / "real.json").write_text("old")
    (program.folder / "link.json").symlink_to("real.json")
    program.run("eval", experiment, "--json", "link.json")
    assert (program.folder / "link.json").is_symlink()
    assert json.loads((program.folder / "real.json").read_text())["status"] == "completed"
    os.mkfifo(program.folder / "pipe")
    reader = subprocess.Popen(["cat", "pipe"], cwd=program.folder, stdout=subprocess.PIPE, text=True)
    try:
        program.run("eval", experiment, "--json", "pipe")
        assert (program.folder / "pipe").is_fifo()
        out, _ = reader.communicate(timeout=10)
    finally:
        reader.kill()
    assert json.loads(out)["status"] == "completed"


def test_the_file_is_whole_or_not_there(program: Program, experiment: Path) -> None:
    """A file that grows while somebody reads would be seen half: so it appears at once, with nothing beside it."""
    (program.folder / "out").mkdir()
    program.run("eval", experiment, "--json", "out/result.json", "--junit", "out/junit.xml")
    assert sorted(path.name for path in (program.folder / "out").iterdir()) == ["junit.xml", "result.json"]
    mode = (program.folder / "out/result.json").stat().st_mode & 0o777
    assert mode == 0o666 & ~current_umask(), f"others may not read it: {mode:o}"


def current_umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_a_full_disk_under_the_result(program: Program, server: Simulator, experiment: Path) -> None:
    """The run is in the database; only the copy is missing, and the program says so and fails."""
    disk = SmallDisk(program, 16)
    ended = disk.fails(f"eval {experiment.name} --json disk/result.json")
    assert "disk/result.json" in ended.err and "space" in ended.err
    assert not (disk.kept / "result.json").exists(), "no half of a file"
    calls = len(server.log())
    assert len(program.result("eval", experiment)["outputs"]) == 12 and len(server.log()) == calls, "nothing is lost"


def test_a_full_device_is_an_error(program: Program, experiment: Path) -> None:
    (program.folder / "full").symlink_to("/dev/full")
    ended = program.run("eval", experiment, "--json", "full", status=3)
    assert "space" in ended.err and (program.folder / "full").is_symlink() and Path("/dev/full").is_char_device()
    ended = program.run("eval", experiment, "--json", "-", prefix=["sh", "-c", '"$@" > /dev/full', "sh"], status=None)
    assert ended.status != 0 and "Fatal" not in ended.err, "a result that could not be printed is no success"
