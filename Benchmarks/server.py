"""Measures `edison serve`, optimised, beside a server that only answers, and prints the tables of docs/performance.md.

    Benchmarks/server.py PROGRAM PLAIN [--postgres URL] [--seconds N] [PART …]

PROGRAM is `edison`, PLAIN the program of Benchmarks/PlainServer, both optimised; `wrk` is the load generator and runs on
the same cores. Parts: requests, start, memory, size. Without one, all are measured.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

# The limits of rate are not what is measured.
os.environ["EDISON_ORGANIZATION_REQUESTS_PER_MINUTE"] = "0"
sys.path.insert(0, str(Path(__file__).parents[1] / "Tests/EndToEnd"))

from conftest import Postgres
from hosted import Client, Hosted
from program import Program
from speed import Table, duration

MANY = 100_000
NO_LIMITS = ["--requests-per-minute", 0, "--anonymous-requests-per-minute", 0]
CONNECTIONS = 16


@dataclass
class Load:
    """What wrk found."""

    rate: float
    median: float
    p99: float
    failed: int

    @staticmethod
    def on(url: str, seconds: int, token: str = "", script: str = "") -> Load:
        words = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"]
        words += ["-H", f"Authorization: Bearer {token}"] if token else []
        words += ["-s", script] if script else []
        done = subprocess.run([*words, url], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
        rate = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
        assert rate, done.stdout
        failed = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
        broken = re.search(r"Socket errors: (.*)", done.stdout)
        assert not broken, done.stdout
        return Load(
            float(rate[1]), Load.time(done.stdout, "50%"), Load.time(done.stdout, "99%"),
            int(failed[1]) if failed else 0)

    @staticmethod
    def time(text: str, name: str) -> float:
        found = re.search(rf"{name}\s+([\d.]+)(us|ms|s)", text)
        assert found, text
        return float(found[1]) * {"us": 1e-6, "ms": 1e-3, "s": 1}[found[2]]


class Filled:
    """A server with a person, and a list of 100,000 prompts."""

    def __init__(self, program: str, folder: Path, database: str):
        folder.mkdir(parents=True)
        self.server = Hosted(Program(folder, program), database, "server", *NO_LIMITS)
        self.url = self.server.url
        self.client = Client.registered(self.url)
        project = f"/projects/{self.client.project}"
        prompt = self.client.expect(201, "POST", f"{project}/prompts", {"name": "greeting", "text": "Hello {{name}}"})
        version = prompt["versions"][0]["id"]
        self.client.expect(200, "POST", f"/prompt-versions/{version}/publish")
        fill(str(folder / database) if "://" not in database else database, self.client.project)
        self.list = f"{project}/prompts?limit=50"
        self.deep = self.list + f"&cursor={self.cursor_in_the_middle()}"
        self.writing = folder / "write.lua"
        self.writing.write_text(
            f"""
            local number = 0
            wrk.method = "POST"
            wrk.headers["Content-Type"] = "application/json"
            request = function()
                number = number + 1
                return wrk.format(nil, nil, nil,
                    '{{"name": "prompt ' .. number .. '", "text": "Hello {{{{name}}}}"}}')
            end
            """)

    def cursor_in_the_middle(self) -> str:
        cursor = ""
        for _ in range(100):
            page = self.client.get(self.list.replace("limit=50", "limit=500") + (f"&cursor={cursor}" if cursor else ""))
            cursor = page["next_cursor"]
        return cursor

    def load(self, path: str, seconds: int, script: Path | None = None) -> Load:
        found = Load.on(
            self.url + ("" if path == "/health" else "/api/v1") + path, seconds, self.client.token or "",
            str(script or ""))
        assert found.failed == 0, f"{path}: {found.failed} answers were refusals"
        return found


def fill(database: str, project: str) -> None:
    """So many prompts with a version each, straight into the tables."""
    statements = f"""
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY})
        INSERT INTO prompt (id, project_id, name, created_at, updated_at, origin, description)
        SELECT '01a00000-0000-7000-8000-' || substr('00000000000' || i, -12), '{project}', 'many ' || i, 1, 1, 'library', ''
        FROM n;
        INSERT INTO prompt_version (id, prompt_id, number, version_hash, content, message, created_at)
        SELECT 'v' || id, id, 1, id, '{{}}', '', 1 FROM prompt WHERE name LIKE 'many %';
        """
    if "://" in database:
        padded = "lpad(i::text, 12, '0')"
        words = statements.replace("substr('00000000000' || i, -12)", padded) + "ANALYZE;"
        subprocess.run(["psql", "-XqAtd", database, "-c", words], check=True, capture_output=True)
        return
    with sqlite3.connect(database, timeout=30) as db:
        db.executescript(statements)
    db.close()


def memory(process: int) -> dict[str, int]:
    text = Path(f"/proc/{process}/status").read_text()
    return {name: int(kilobytes) * 1024 for name, kilobytes in re.findall(r"^(\w+):\s+(\d+) kB", text, re.MULTILINE)}


def megabytes(count: float) -> str:
    return f"{count / 1e6:.0f} MB"


def requests(program: str, plain: str, postgres: Postgres | None, folder: Path, seconds: int) -> list[Table]:
    table = Table(
        "Requests", "request", "each second", "median", "99 %", "share of the limit",
        note=f"By `wrk` on the same two cores, {CONNECTIONS} connections, {seconds} s each. The limit is a server of SwiftNIO "
        "alone that answers with the bytes of the first row, in the same run.")
    peaks = Table("Memory under these requests", "database", "peak", "after them")
    limit: Load | None = None
    for name, place in (("SQLite", "run.db"), ("PostgreSQL", postgres and postgres.database())):
        if not place:
            continue
        filled = Filled(program, folder / name, place)
        try:
            if limit is None:
                answer = folder / "answer.json"
                answer.write_bytes(filled.client.ask("GET", "/me").body)
                limit = only_answering(plain, answer, seconds)
                table.rows.append(row("the limit", limit, limit))
                table.rows.append(row("`GET /health`, no database", filled.load("/health", seconds), limit))
            project = f"/projects/{filled.client.project}"
            for what, path, script in (
                ("`GET /me`: who asks", "/me", None),
                ("a prompt as applications fetch it", f"{project}/prompts/greeting", None),
                (f"the first 50 of {MANY:,} prompts", filled.list, None),
                (f"50 from the middle of {MANY:,} prompts", filled.deep, None),
                ("a write: `POST …/prompts`", f"{project}/prompts", filled.writing),
            ):
                table.rows.append(row(f"{name}: {what}", filled.load(path, seconds, script), limit))
            after = memory(filled.server.process.pid)
            peaks.rows.append((name, megabytes(after["VmHWM"]), megabytes(after["VmRSS"])))
        finally:
            filled.server.stop()
    return [table, peaks]


def row(name: str, found: Load, limit: Load) -> tuple[str, ...]:
    return (name, f"{found.rate:,.0f}", duration(found.median), duration(found.p99), f"{found.rate / limit.rate:.2f}")


def only_answering(plain: str, answer: Path, seconds: int) -> Load:
    with subprocess.Popen([plain, str(answer)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url = process.stdout.readline().strip()
        found = Load.on(url + "/", seconds)
        process.terminate()
    return found


def start(program: str, folder: Path) -> Table:
    table = Table("Start of the server", "to the first answer of `/ready`", "median", "fastest", "with the database")
    folder.mkdir()
    table.rows.append(starts("in an empty folder", program, folder, fresh=True))
    table.rows.append(starts("again, with what is there", program, folder, fresh=False))
    grow(folder / "run.db", 1_000_000_000)
    size = (folder / "run.db").stat().st_size
    table.rows.append(starts("with 1 GB of data", program, folder, fresh=False, size=f"{size / 1e9:.2f} GB"))
    return table


def starts(name: str, program: str, folder: Path, fresh: bool, size: str = "small") -> tuple[str, ...]:
    times = []
    for _ in range(15):
        if fresh:
            for path in folder.iterdir():
                path.unlink()
        began = time.perf_counter()
        server = Hosted(Program(folder, program), "run.db", "server", "--secret-key-file", "secret.key")
        with urllib.request.urlopen(server.url + "/ready") as answer:
            assert answer.status == 200
        times.append(time.perf_counter() - began)
        server.stop()
    return (name, duration(statistics.median(times)), duration(min(times)), size)


def grow(database: Path, size: int) -> None:
    """Answers of calls, as a long run leaves them."""
    answer = "x" * 8_000
    with sqlite3.connect(database) as db:
        db.executemany(
            "INSERT INTO model_call (id, call_key, scope, purpose, status, provider, credential, model, request_hash, "
            "answer, price_known, created_at) VALUES (?, ?, 'old', 'execute', 'answered', 'p', 'c', 'm', 'h', ?, 0, 1)",
            ((f"call {number}", f"call {number}", answer) for number in range(size // 8_000)))
    db.close()


def idle(program: str, folder: Path) -> Table:
    table = Table("Memory of a server that waits", "resident", "its own", "of files (program, libraries, database)")
    folder.mkdir()
    server = Hosted(Program(folder, program), "run.db", "server")
    time.sleep(10)
    found = memory(server.process.pid)
    table.rows.append((megabytes(found["VmRSS"]), megabytes(found["RssAnon"]), megabytes(found["RssFile"])))
    server.stop()
    return table


def size(program: str, folder: Path) -> Table:
    table = Table("Size of the program", "stripped", "compressed by gzip", "libraries it needs of the machine")
    stripped = folder / "edison"
    subprocess.run(["strip", "-o", stripped, program], check=True)
    compressed = subprocess.run(["gzip", "-9", "-c", stripped], capture_output=True, check=True).stdout
    needed = subprocess.run(["ldd", stripped], capture_output=True, text=True, check=True).stdout
    names = [line.split()[0] for line in needed.splitlines() if "=>" in line]
    table.rows.append(
        (megabytes(stripped.stat().st_size), megabytes(len(compressed)), ", ".join(names) if len(names) < 12 else f"{len(names)}"))
    return table


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("plain")
    parser.add_argument("parts", nargs="*")
    parser.add_argument("--postgres", default="")
    parser.add_argument("--seconds", type=int, default=8)
    given = parser.parse_args()
    postgres = Postgres(given.postgres) if given.postgres else None
    program = str(Path(given.program).resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tables: dict[str, Any] = {
            "requests": lambda: requests(program, given.plain, postgres, folder / "requests", given.seconds),
            "start": lambda: [start(program, folder / "start")],
            "memory": lambda: [idle(program, folder / "idle")],
            "size": lambda: [size(program, folder)],
        }
        chosen = given.parts or list(tables)
        print(f"<!-- {platform.processor() or platform.machine()}, {datetime.now():%Y-%m-%d} -->\n")
        for part in chosen:
            for table in tables[part]():
                print(f"{table}\n", flush=True)
    if postgres:
        postgres.drop_all()


main()
