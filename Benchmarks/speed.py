"""Measures the optimised program beside its peers, in one run, and prints the tables of docs/performance.md.

    Benchmarks/speed.py PROGRAM SPEED [PART …] [--postgres URL]

PROGRAM is `edison`, SPEED the program of Benchmarks/Speed, both optimised. Without PART all parts are measured.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

TURNS = 5


class Table:
    def __init__(self, title: str, *head: str, note: str = ""):
        self.title, self.head, self.note = title, head, note
        self.rows: list[tuple[str, ...]] = []

    def __str__(self) -> str:
        lines = [f"## {self.title}", ""]
        if self.note:
            lines += [self.note, ""]
        lines.append("| " + " | ".join(self.head) + " |")
        lines.append("| --- |" + " ---: |" * (len(self.head) - 1))
        lines += ["| " + " | ".join(row) + " |" for row in self.rows]
        return "\n".join(lines)


def fastest(work: Callable[[], Any], turns: int = TURNS) -> float:
    best = math.inf
    for _ in range(turns):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return best


def measured(speed: str, *words: Any) -> list[dict[str, Any]]:
    done = subprocess.run([speed, *map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{speed} {' '.join(map(str, words))}: {done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def duration(seconds: float) -> str:
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def timing(name: str, ours: float, peer: str, theirs: float) -> tuple[str, ...]:
    return (f"{name}", duration(ours), peer, duration(theirs), f"{theirs / ours:.1f}×")


# The kernel ----------------------------------------------------------------------------------------------------------


def kernel(speed: str) -> Table:
    import choix
    import numpy as np
    import pystache

    table = Table("Text and statistics", "work", "Edison", "peer", "its time", "peer ÷ Edison")
    for row in measured(speed, "bootstrap"):
        count = row["values"]
        values = np.random.default_rng(1).random(count)

        def resample() -> None:
            source = np.random.default_rng(7)
            means = np.empty(10_000)
            # As many rows at once as fit the cache: faster than one matrix, and faster than one row at a time.
            step = max(1, 1_000_000 // count)
            for start in range(0, 10_000, step):
                rows = min(step, 10_000 - start)
                means[start : start + rows] = values[source.integers(0, count, (rows, count))].mean(axis=1)
            np.percentile(means, [2.5, 97.5])

        theirs = fastest(resample, 3)
        table.rows.append(timing(f"bootstrap, 10,000 resamples of {count:,}", row["seconds"], "NumPy", theirs))
    with tempfile.TemporaryDirectory() as folder:
        old, new = Path(folder, "old.txt"), Path(folder, "new.txt")
        lines = [f"Line {number}: keep the answer short and name step {number % 37}." for number in range(5_000)]
        old.write_text("\n".join(lines) + "\n")
        changed = [line.replace("short", "brief") if number % 20 == 0 else line for number, line in enumerate(lines)]
        new.write_text("\n".join(line for number, line in enumerate(changed) if number % 50) + "\n")
        ours = measured(speed, "diff", old, new)[0]["seconds"]
        command = ["git", "diff", "--no-index", "--diff-algorithm=myers", str(old), str(new)]
        idle = fastest(lambda: subprocess.run(["git", "--version"], capture_output=True), 20)
        theirs = fastest(lambda: subprocess.run(command, capture_output=True), 20) - idle
        table.rows.append(timing("unified diff of 5,000 lines, 7 % changed", ours, "git, without its start", theirs))
    fields = "\n".join(f"Field {number}: {{{{{{field{number}}}}}}}" for number in range(20))
    text = f"Answer kindly.\n{fields}\n{{{{#items}}}}- {{{{{{name}}}}}}: {{{{{{price}}}}}}\n{{{{/items}}}}{{{{^none}}}}Nothing else.{{{{/none}}}}"
    data: dict[str, Any] = {f"field{number}": f"value {number} <of> the field" for number in range(20)}
    data |= {"items": [{"name": f"item {number}", "price": number} for number in range(10)], "none": False}

    def render() -> None:
        for _ in range(200):
            pystache.Renderer().render(pystache.parse(text), data)

    ours = measured(speed, "rendering")[0]["seconds"]
    table.rows.append(timing("a prompt of 20 variables, parsed and rendered", ours, "pystache", fastest(render) / 200))
    wins = np.array([[0 if i == j else 30 + i - j for j in range(20)] for i in range(20)], dtype=float)
    ours = measured(speed, "ranking")[0]["seconds"]
    theirs = fastest(lambda: choix.ilsr_pairwise_dense(wins, alpha=0.01), 10)
    table.rows.append(timing("Bradley-Terry of 20 items, with errors", ours, "choix (strengths alone)", theirs))
    return table


# The start -----------------------------------------------------------------------------------------------------------


def start(program: str) -> Table:
    table = Table("Start", "command", "median", "fastest", "of which in the system")
    for name, command in (
        ("`edison --help`", [program, "--help"]),
        ("`/bin/true`, the limit", ["/bin/true"]),
    ):
        times, inside = [], []
        for _ in range(100):
            before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_stime
            began = time.perf_counter()
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
            times.append(time.perf_counter() - began)
            inside.append(resource.getrusage(resource.RUSAGE_CHILDREN).ru_stime - before)
        table.rows.append((name, duration(statistics.median(times)), duration(min(times)), duration(statistics.median(inside))))
    return table


# Executions ----------------------------------------------------------------------------------------------------------


class Provider:
    """`edison simulator` on loopback."""

    def __init__(self, program: str, folder: Path, *options: Any):
        self.log_file = folder / f"log-{time.monotonic_ns()}.jsonl"
        self.process = subprocess.Popen(
            [program, "simulator", "--port", "0", *map(str, options)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )
        assert self.process.stdout
        self.url = self.process.stdout.readline().split()[-1]

    def __enter__(self) -> Provider:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(10)


def cases_file(folder: Path, count: int) -> Path:
    path = folder / "cases.jsonl"
    with path.open("w") as file:
        for number in range(count):
            message = f"My parcel number {number} did not come. Where is it?"
            file.write(json.dumps({"input": {"message": message}}) + "\n")
    return path


def judge_free(folder: Path, url: str, count: int) -> Path:
    cases_file(folder, count)
    parts = {
        "name": "Speed", "goal": "Answer customers.",
        "rubric": [{"name": "Answers", "weight": 1, "check": {"contains": "parcel"}}],
        "prompt": "Answer the customer kindly.\n\nMessage: {{message}}",
        "providers": {"main": {"provider": "openai-compatible", "base_url": f"{url}/v1"}},
        "models": [{"provider": "main", "model": "fast", "price": {"input": 0.1, "output": 0.4}, "parameters": {"max_tokens": 100}}],
        "datasets": [{"file": "cases.jsonl"}],
    }
    path = folder / "speed.yaml"
    path.write_text(yaml.safe_dump(parts, sort_keys=False))
    return path


def over_http(program: str, database: str, count: int) -> tuple[float, float, float]:
    """Seconds of the whole run, processor seconds of the program alone, and its peak memory in bytes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Provider(program, folder, "--behaviour", "echo") as provider:
            path = judge_free(folder, provider.url, count)
            place = database or str(folder / "speed.db")
            command = [program, "eval", str(path), "--database", place, "--concurrency", "64", "--yes", "--new"]
            command += ["--json", str(folder / "result.json")]
            process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            assert process.stderr
            words = process.stderr.read()
            _, status, usage = os.wait4(process.pid, 0)
            if os.waitstatus_to_exitcode(status) != 0:
                sys.exit(f"{' '.join(command)}: {words.decode()[-2000:]}")
            result = json.loads((folder / "result.json").read_text())
    answered = sum(output["text"] is not None for output in result["outputs"])
    if answered != count:
        sys.exit(f"{answered} of {count} cases were answered")
    return result["duration_ms"] / 1000, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def executions(program: str, speed: str, postgres: str | None) -> Table:
    table = Table(
        "Executions without a judge", "database, provider", "executions", "each second", "processor time of each", "peak memory")

    def add(name: str, count: int, seconds: float, processor: float, memory: float) -> None:
        each = duration(processor / count)
        table.rows.append((name, f"{count:,}", f"{count / seconds:,.0f}", each, f"{memory / 1e6:,.0f} MB"))

    count = 20_000
    for kind, words in (("priced", "a price"), ("free", "price 0")):
        with tempfile.TemporaryDirectory() as folder:
            row = measured(speed, "executions", Path(folder, "speed.db"), count, kind)[0]
            add(f"SQLite, in this process, {words}", count, row["seconds"], row["processor_seconds"], row["peak_bytes"])
    add("SQLite, over HTTP, a price", count, *over_http(program, "", count))
    if postgres:
        row = measured(speed, "executions", postgres, count, "priced")[0]
        add("PostgreSQL, in this process, a price", count, row["seconds"], row["processor_seconds"], row["peak_bytes"])
        add("PostgreSQL, over HTTP, a price", count, *over_http(program, postgres, count))
    return table


def memory(speed: str) -> Table:
    table = Table("Memory", "run", "peak memory", "of each execution beyond the first 10,000")
    peaks = {}
    for count in (10_000, 100_000):
        with tempfile.TemporaryDirectory() as folder:
            peaks[count] = measured(speed, "executions", Path(folder, "speed.db"), count, "free")[0]["peak_bytes"]
        more = "" if count == 10_000 else f"{(peaks[count] - peaks[10_000]) / 90_000 / 1000:.1f} kB"
        table.rows.append((f"{count:,} executions, all kept for the result", f"{peaks[count] / 1e6:,.0f} MB", more))
    return table


# The schedule of the loop --------------------------------------------------------------------------------------------


def schedule(program: str) -> Table:
    """The time of a run against the least time that its own barriers allow: between two moments at which no call is
    under way, calls need at least as long as the longest chain of them, and as 64 at a time need."""
    latency, concurrency = 0.2, 64
    table = Table("The loop's schedule", "run", "calls", "barriers", "measured", "least", "ratio")
    for mode in ("racing", "full"):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            log = folder / "log.jsonl"
            options = ("--behaviour", "apprentice", "--latency", int(latency * 1000), "--log", log)
            with Provider(program, folder, *options) as provider:
                path = loop_file(program, folder, provider.url, mode)
                command = [program, "refine", str(path), "--database", str(folder / "loop.db"), "--yes"]
                command += ["--concurrency", str(concurrency), "--json", str(folder / "result.json")]
                subprocess.run(command, cwd=folder, check=True, capture_output=True)
            result = json.loads((folder / "result.json").read_text())
            entries = [json.loads(line) for line in log.read_text().splitlines()]
        segments = phases(entries, latency)
        least = sum(latency * max(chain(phase), math.ceil(len(phase) / concurrency)) for phase in segments)
        seconds = result["duration_ms"] / 1000
        table.rows.append((mode, str(len(entries)), str(len(segments)), duration(seconds), duration(least), f"{seconds / least:.3f}"))
    return table


def loop_file(program: str, folder: Path, url: str, mode: str) -> Path:
    """The template of `edison init`, with 80 cases, three judges and the simulated apprentice."""
    subprocess.run(
        [program, "init", "Answer our customers politely and solve their problem", "--template",
         "customer-support"], cwd=folder, check=True, capture_output=True,
    )
    path = folder / "experiment.yaml"
    parts = yaml.safe_load(path.read_text())
    parts["providers"] = {"main": {"provider": "openai-compatible", "base_url": f"{url}/v1"}}
    price = {"input": 0.1, "output": 0.4}
    parts["models"] = [{"provider": "main", "model": "writer", "price": price}]
    parts["judges"] = [{"provider": "main", "model": f"judge-{name}", "price": price} for name in "abc"]
    parts["refiner"] = {"provider": "main", "model": "refiner", "price": price}
    parts["stop"] = {"max_iterations": 5, "max_budget_usd": 50}
    parts["mode"] = mode
    path.write_text(yaml.safe_dump(parts, sort_keys=False))
    return path


def moment(text: str) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def phases(entries: list[dict[str, Any]], latency: float) -> list[list[dict[str, Any]]]:
    """The calls between two moments at which none is under way."""
    found: list[list[dict[str, Any]]] = []
    end = -math.inf
    for entry in sorted(entries, key=lambda entry: entry["time"]):
        arrived = moment(entry["time"])
        if arrived >= end:
            found.append([])
        found[-1].append(entry)
        end = max(end, arrived + latency)
    return found


def chain(phase: list[dict[str, Any]]) -> int:
    """An output must be there before it is judged; everything else of a phase goes side by side."""
    purposes = {entry["purpose"] for entry in phase}
    return 2 if "execute" in purposes and "judge" in purposes else 1


# All -----------------------------------------------------------------------------------------------------------------


def machine() -> str:
    names = [line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} × {names[0] if names else platform.machine()}, {memory:.0f} GiB, {platform.system()} {platform.release()}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("speed")
    parser.add_argument("parts", nargs="*")
    parser.add_argument("--postgres")
    given = parser.parse_args()
    program, speed = os.path.abspath(given.program), os.path.abspath(given.speed)
    parts: dict[str, Callable[[], Table]] = {
        "schedule": lambda: schedule(program),
        "executions": lambda: executions(program, speed, given.postgres),
        "kernel": lambda: kernel(speed),
        "start": lambda: start(program),
        "memory": lambda: memory(speed),
    }
    unknown = set(given.parts) - set(parts)
    if unknown:
        sys.exit(f"unknown: {', '.join(sorted(unknown))}; known are {', '.join(parts)}")
    print(f"Measured on {machine()}.")
    for name, measure in parts.items():
        if not given.parts or name in given.parts:
            print(f"\n{measure()}", flush=True)


if __name__ == "__main__":
    main()
