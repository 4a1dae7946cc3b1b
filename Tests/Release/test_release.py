"""The archive of a release, unpacked into a root that holds nothing else than the C library and /proc: no Swift, no SQLite, no
certificates, no shell. It must serve, migrate and run an experiment there."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests" / "EndToEnd"))

import museum  # noqa: E402


def archive() -> Path:
    named = os.environ.get("EDISON_RELEASE_ARCHIVE")
    return Path(named) if named else max((ROOT / ".build/dist").glob("*.tar.gz"), key=lambda one: one.stat().st_mtime)


def libraries(binary: Path) -> list[Path]:
    said = subprocess.run(["ldd", binary], check=True, capture_output=True, text=True).stdout
    assert "not found" not in said, said
    return [Path(place) for place in re.findall(r"(/\S+) \(0x", said)]


def found(program: str) -> str:
    place = shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    assert place, f"{program} is needed to try the archive"
    return place


class Bare:
    """A root with the program, what the loader needs, and a folder to work in."""

    def __init__(self, folder: Path):
        self.folder = folder
        subprocess.run(["tar", "xzf", archive(), "-C", folder, "--strip-components", "1"], check=True)
        self.binary = folder / "edison"
        self.libraries = libraries(self.binary)
        for library in self.libraries:
            place = folder / str(library).lstrip("/")
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(library, place)
        for name in ("tmp", "work", "proc"):
            (folder / name).mkdir()

    def command(self, *words: Any) -> list[str]:
        # Swift reads its arguments from /proc, which every machine and every container has.
        script = 'mount --rbind /proc "$1/proc" && exec chroot "$@"'
        own = [] if os.geteuid() == 0 else ["--map-root-user"]
        enter = [found("unshare"), *own, "--mount", found("sh"), "-c", script, "sh", str(self.folder)]
        return [*enter, "/edison", *(str(word) for word in words)]

    def run(self, *words: Any, status: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            self.command(*words), capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/work"})
        assert done.returncode == status, f"{words}: {done}"
        return done

    def start(self, *words: Any) -> tuple[subprocess.Popen[str], str]:
        process = subprocess.Popen(
            self.command(*words), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
            text=True, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/work"})
        assert process.stdout
        line = process.stdout.readline()
        # On a new database it is the link for the first owner.
        address = re.search(r"http://[\d.]+:\d+", line)
        assert address, f"{words} did not start: {line!r}"
        return process, address[0]


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Bare:
    return Bare(tmp_path_factory.mktemp("root"))


@pytest.fixture(scope="module")
def simulator(bare: Bare) -> Iterator[str]:
    shutil.copy(ROOT / "Tests/EndToEnd/tasks/museum.json", bare.folder / "work/museum.json")
    process, url = bare.start("simulator", "--port", 0, "--task", "/work/museum.json")
    yield url
    process.terminate()
    process.wait(10)


def test_the_archive_is_what_its_checksum_says() -> None:
    told = Path(f"{archive()}.sha256").read_text().split()
    assert told == [hashlib.sha256(archive().read_bytes()).hexdigest(), archive().name]


def test_it_needs_the_c_library_alone(bare: Bare) -> None:
    names = {one.name.split(".so")[0] for one in bare.libraries}
    assert names <= {"libc", "libm", "libgcc_s", "ld-linux-x86-64", "ld-linux-aarch64", "libdl", "libpthread"}, names
    assert b".debug_info" not in bare.binary.read_bytes()[-1_000_000:], "it is not stripped"
    print(f"\nthe program: {bare.binary.stat().st_size:,} bytes; the archive: {archive().stat().st_size:,}")


def test_it_says_its_version(bare: Bare) -> None:
    version = bare.run("--version").stdout.strip()
    assert f"edison-{version}-linux-" in archive().name


def test_it_migrates_and_runs_an_experiment(bare: Bare, simulator: str) -> None:
    assert "done: 1 " in bare.run("migrate", "--database", "/work/edison.db").stdout
    museum.write(bare.folder / "work", museum.experiment(simulator, datasets=[{"cases": museum.cases(24)}]))
    bare.run("refine", "/work/experiment.yaml", "--database", "/work/edison.db", "--json", "/work/result.json")
    result = json.loads((bare.folder / "work/result.json").read_text())
    assert result["status"] == "completed" and len(result["versions"]) > 1
    bare.run("backup", "/work/backup.db", "--database", "/work/edison.db")


def test_it_serves(bare: Bare, simulator: str) -> None:
    times = []
    for _ in range(5):
        began = time.monotonic()
        process, url = bare.start("serve", "--port", 0, "--database", "/work/edison.db", "--secret-key-file", "/work/k")
        with urllib.request.urlopen(f"{url}/ready", timeout=10) as answer:
            assert json.load(answer) == {"status": "ok"}
        times.append(time.monotonic() - began)
        bare.run("serve", "--check", "--port", url.rsplit(":", 1)[1])
        resident = int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text()).group(1))
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
    print(f"\nfrom start to the first answer: {sorted(times)[2] * 1000:.0f} ms; idle: {resident / 1000:.0f} MB resident")


def test_what_is_missing_is_named_in_one_line(bare: Bare, simulator: str) -> None:
    said = bare.run("serve", "--database", "postgres://nobody@127.0.0.1/x", status=3).stderr
    assert "PostgreSQL needs the library libpq" in said
    parts = museum.experiment(simulator, datasets=[{"cases": museum.cases(2)}])
    parts["providers"]["main"]["base_url"] = simulator.replace("http", "https") + "/v1"
    museum.write(bare.folder / "work", parts, "tls.yaml")
    said = bare.run("eval", "/work/tls.yaml", "--database", "/work/tls.db", status=3).stderr
    assert "no CA certificates are installed" in said
