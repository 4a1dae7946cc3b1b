#!/usr/bin/env python3
"""Renews docs/demo: what a person sees of `edison demo`, before anything is built.

    python3 bin/lib/demo.py           write docs/demo/terminal.svg, report.html and best-prompt.txt
    python3 bin/lib/demo.py --check   say whether they are what the program shows today

The program is $EDISON_TEST_BINARY, else .build/debug/edison. It runs in a folder of its own, in a terminal of 100
columns, with a fixed seed. What no two runs share, the time that they took, is replaced by "… s".
"""
from __future__ import annotations

import argparse
import difflib
import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from html import unescape
from pathlib import Path

from terminal_picture import Screen, picture

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs/demo"
COLUMNS = 100
SEED = 1
SECONDS = 300
# A person's own settings must not reach the pictures.
PRIVATE = ("EDISON_", "OPENAI", "ANTHROPIC", "OLLAMA", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES")


def run(program: Path, folder: Path) -> str:
    """Everything that the demo writes to its terminal."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, COLUMNS, 0, 0))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PRIVATE)}
    environment = kept | {"HOME": str(folder), "TMPDIR": str(folder), "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    command = [str(program), "demo", "--seed", str(SEED), "--output", str(folder / "out")]
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
    os.close(slave)
    try:
        text = read(master, time.monotonic() + SECONDS)
        status = process.wait(timeout=10)
    except (TimeoutError, subprocess.TimeoutExpired):
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        sys.exit(f"The demo did not end within {SECONDS} s.")
    finally:
        os.close(master)
    if status != 0:
        sys.exit(f"The demo ended with status {status}:\n{text}")
    return text


def read(master: int, deadline: float) -> str:
    parts: list[bytes] = []
    while True:
        if not select.select([master], [], [], max(0, deadline - time.monotonic()))[0]:
            raise TimeoutError
        try:
            part = os.read(master, 65536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            part = b""
        if not part:
            return b"".join(parts).decode("utf-8")
        parts.append(part)


def files(program: Path) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        written = run(program, folder)
        report = (folder / "out/report.html").read_text(encoding="utf-8")
        prompt = (folder / "out/best-prompt.txt").read_text(encoding="utf-8")
    took = r"(\d+ min \d+ s|\d+(\.\d+)? s)"
    written, terminal_times = re.subn(rf"(\(execute [^\n]* · ){took}", r"\1… s", written)
    report, report_times = re.subn(rf"(<dt>Time</dt><dd>){took}(</dd>)", r"\1… s\4", report)
    if (terminal_times, report_times) != (1, 1):
        sys.exit("The time that the run took was not found where it used to be: see bin/lib/demo.py.")
    screen = Screen(COLUMNS)
    screen.write(written)
    return {"terminal.svg": picture(screen, "bin/edison demo"), "report.html": report, "best-prompt.txt": prompt}


def words(text: str) -> list[str]:
    """The lines of a picture as they are read; one more row moves all places below it."""
    lines = [unescape(re.sub(r"<[^>]*>", "", line)) for line in text.splitlines()]
    return [line for line in lines if line.strip()]


def differences(fresh: dict[str, str]) -> list[str]:
    lines: list[str] = []
    for name, text in fresh.items():
        path = FOLDER / name
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        if old == text:
            continue
        sides = (words(old), words(text))
        if sides[0] == sides[1]:
            sides = (old.splitlines(), text.splitlines())
        found = difflib.unified_diff(
            *sides, f"docs/demo/{name}", "what the demo shows today", n=0, lineterm="")
        found = [line if len(line) <= 200 else f"{line[:199]}…" for line in found]
        lines += found[:20] + ([f"… and {len(found) - 20} lines more"] if len(found) > 20 else [])
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare with docs/demo instead of writing it")
    options = parser.parse_args()
    program = Path(os.environ.get("EDISON_TEST_BINARY") or ROOT / ".build/debug/edison").resolve()
    if not program.exists():
        sys.exit(f"There is no program at {program}; build it with: swift build --product edison")
    fresh = files(program)
    if options.check:
        lines = differences(fresh)
        if lines:
            print("\n".join(lines))
            sys.exit("docs/demo is stale; look at the difference and renew it with: python3 bin/lib/demo.py")
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in fresh.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
