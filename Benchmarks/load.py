"""Puts a crowd on `edison serve`: 500 readers of events, 1,000 queued experiments of ten owners, one of whom floods the
queue, and people who read and write meanwhile. Prints a table for docs/performance.md, and fails when anybody missed an
event or waited for the flood.

    Benchmarks/load.py PROGRAM [--postgres URL] [--readers N] [--experiments N]

PROGRAM is `edison`, optimised. The simulated provider runs on the same cores.
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

# The limits of rate are not what is measured.
os.environ["EDISON_ORGANIZATION_REQUESTS_PER_MINUTE"] = "0"
sys.path.insert(0, str(Path(__file__).parents[1] / "Tests/EndToEnd"))

from conftest import Postgres
from crowd import Callers, Owner, Reader, Readers, claims, crowd, longest_wait
from hosted import Hosted
from program import Program
from simulator import Simulator, task_file
from speed import Table, duration

OWNERS = 10
WORKERS = 4
CALLERS = 4
PAUSE = 0.02
LIMITS = ["--requests-per-minute", 0, "--anonymous-requests-per-minute", 0, "--workers", WORKERS]


def resident(process: int, name: str = "VmRSS") -> int:
    text = Path(f"/proc/{process}/status").read_text()
    return next(int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith(name + ":"))


def megabytes(count: float) -> str:
    return f"{count / 1e6:.0f} MB"


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


class Crowd:
    """One run on one database."""

    def __init__(self, program: str, folder: Path, database: str, readers: int, experiments: int):
        folder.mkdir()
        self.database = str(folder / database) if "://" not in database else database
        self.simulator = Simulator(Program(folder, program), "--task", task_file("museum"), bodies=False)
        self.server = Hosted(Program(folder, program), self.database, "server", *LIMITS)
        few = max(1, experiments // 100)
        self.owners = crowd(self.server.url, self.simulator.url, OWNERS, few, experiments - few * (OWNERS - 1))
        every = [(owner, id) for owner in self.owners for id in owner.experiments]
        self.count = len(every)
        step = max(1, len(every) // readers)
        followed = list(itertools.islice(itertools.cycle(every[::step]), readers))
        self.readers = Readers(self.server.url, [Reader(id, owner.client.token or "") for owner, id in followed])

    @property
    def pid(self) -> int:
        return self.server.process.pid

    def run(self) -> tuple[str, ...]:
        before = resident(self.pid)
        self.readers.connect()
        self.readers.start()
        time.sleep(2)
        listening = resident(self.pid)
        began = time.monotonic()
        # The flood is there first; the others come to a full queue.
        self.owners[0].start()
        queued = time.monotonic() - began
        callers = [self.caller(owner) for owner in self.owners[1 : CALLERS + 1]]
        for owner in self.owners[1:]:
            owner.start()
        self.readers.join(3_000)
        took = time.monotonic() - began
        for caller in callers:
            caller.is_over = True
            caller.join(30)
        self.check(callers)
        times = [second for caller in callers for kind in caller.seconds.values() for second in kind]
        events = sum(len(reader.ids) for reader in self.readers.readers)
        return (
            f"{len(self.readers.readers)} · {self.count}", f"{len(times):,} in {took:.0f} s ({queued:.0f} s to queue)",
            *(duration(percentile(times, share)) for share in (0.5, 0.95, 0.99)),
            f"{events:,}", str(longest_wait(claims(self.database))),
            " · ".join(megabytes(count) for count in (before, listening, resident(self.pid, "VmHWM"), resident(self.pid))))

    def caller(self, owner: Owner) -> Callers:
        made = Callers(self.server.url, owner.client, owner.experiments, PAUSE)
        made.start()
        return made

    def check(self, callers: list[Callers]) -> None:
        assert not self.readers.is_alive(), f"{self.readers.open} readers still wait"
        for reader in self.readers.readers:
            assert not reader.trouble and reader.ending == "experiment:completed", (reader.trouble, reader.ending)
            assert reader.ids == list(range(1, len(reader.ids) + 1)) and reader.ids
        assert not [words for caller in callers for words in caller.refused]
        order = claims(self.database)
        assert len(order) == self.count
        assert longest_wait(order) <= OWNERS + 2 * WORKERS, "an owner waited for the flood of another"

    def end(self) -> None:
        self.server.stop()
        self.simulator.stop()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--postgres", default="")
    parser.add_argument("--readers", type=int, default=500)
    parser.add_argument("--experiments", type=int, default=1_000)
    given = parser.parse_args()
    postgres = Postgres(given.postgres) if given.postgres else None
    table = Table(
        "A crowd", "database", "readers · experiments", "requests meanwhile", "median", "95 %", "99 %", "events read",
        "longest wait for a turn", "memory: before · readers there · peak · after",
        note=f"{CALLERS} callers with {PAUSE * 1_000:.0f} ms between two requests (half reads of one thing, a quarter lists, "
        f"a quarter writes), {WORKERS} workers in the server, {OWNERS} owners. The wait is counted in turns of others; "
        f"{OWNERS + 2 * WORKERS} are promised.")
    with tempfile.TemporaryDirectory() as name:
        for title, place in (("SQLite", "run.db"), ("PostgreSQL", postgres and postgres.database())):
            if place:
                one = Crowd(
                    str(Path(given.program).resolve()), Path(name, title), place, given.readers, given.experiments)
                try:
                    table.rows.append((title, *one.run()))
                finally:
                    one.end()
    print(table)
    if postgres:
        postgres.drop_all()


main()
