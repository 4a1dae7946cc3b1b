"""Money, tokens and calls: what the program says is what the provider counted."""

from __future__ import annotations

import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

import museum
from program import Program, read_result
from simulator import Simulator, task_file

PRICES = {"apprentice": ("0.15", "0.60"), "judge-a": ("0.35", "1.13"), "refiner": ("2.5", "10")}


# What a request is for, by the schema of its answer.
PURPOSES = {None: "execute", "judgment": "judge", "comparison": "judge", "refinement": "refine", "summary": "summary"}


def price(name: str) -> dict[str, float]:
    return {"input": float(PRICES[name][0]), "output": float(PRICES[name][1])}


def priced(url: str, **changes: Any) -> dict[str, Any]:
    parts = {
        "models": [{"provider": "main", "model": "apprentice", "price": price("apprentice")}],
        "judges": [{"provider": "main", "model": "judge-a", "price": price("judge-a")}],
        "refiner": {"provider": "main", "model": "refiner", "price": price("refiner")},
    }
    return museum.experiment(url, **(parts | changes))


def cost(entry: dict[str, Any]) -> Decimal:
    """Exact, rounded once per attempt, half up, to the nano-dollar."""
    per_token = [Decimal(rate) / 1_000_000 for rate in PRICES[entry["model"]]]
    exact = per_token[0] * (entry["input_tokens"] or 0) + per_token[1] * (entry["output_tokens"] or 0)
    return exact.quantize(Decimal("1e-9"), rounding="ROUND_HALF_UP")


def assert_equal_books(result: dict[str, Any], log: list[dict[str, Any]]) -> None:
    answered = [entry for entry in log if entry["status"] == 200]
    assert result["cost_usd"] == sum(map(cost, answered))
    assert result["tokens"] == {
        "input": sum(entry["input_tokens"] for entry in answered),
        "output": sum(entry["output_tokens"] for entry in answered),
    }
    assert result["calls"] == Counter(PURPOSES[entry["schema"]] for entry in answered)
    attempts = [entry["attempt"] for entry in log]
    assert None not in attempts and len(set(attempts)) == len(attempts), "each request carries an attempt of its own"


def test_the_providers_own_log_counts_the_same(program: Program, simulator: Callable[..., Simulator]) -> None:
    server = simulator("--task", task_file("museum"))
    result = program.result("refine", museum.write(program.folder, priced(server.url)))
    assert_equal_books(result, server.log())
    assert result["unconfirmed_usd"] == 0 and result["unknown_prices"] == []


def test_refused_and_repeated_requests_cost_what_the_provider_counted(
    program: Program, simulator: Callable[..., Simulator]
) -> None:
    faults = program.folder / "faults.json"
    faults.write_text(
        '{"rules": [{"fault": "rate_limited", "share": 0.08, "retry_after": 0.02},'
        ' {"fault": "server_error", "share": 0.08}, {"fault": "malformed_json", "share": 0.04, "purpose": "judge"}]}'
    )
    server = simulator("--task", task_file("museum"), "--faults", faults)
    result = program.result("refine", museum.write(program.folder, priced(server.url)))
    log = server.log()
    statuses = Counter(entry["status"] for entry in log)
    assert statuses[429] > 5 and statuses[500] > 5 and any(entry["fault"] == "malformed_json" for entry in log)
    assert_equal_books(result, log)
    assert all(output["error"] is None for output in result["outputs"]), "faults that pass are survived"


def test_the_limit_of_calls_and_the_budget_are_never_exceeded(
    program: Program, simulator: Callable[..., Simulator]
) -> None:
    server = simulator("--task", task_file("museum"))
    stop = {"max_iterations": 4, "max_calls": 60}
    result = program.result("refine", museum.write(program.folder, priced(server.url, stop=stop)))
    assert result["stop_reason"] == "calls" and result["status"] == "completed"
    assert len(server.log()) == 60 == sum(result["calls"].values())

    server = simulator("--task", task_file("museum"), name="second")
    stop = {"max_iterations": 4, "max_budget_usd": 0.15}
    result = program.result("refine", museum.write(program.folder, priced(server.url, stop=stop, seed=12)))
    assert result["stop_reason"] == "budget"
    assert Decimal("0.02") < result["cost_usd"] <= Decimal("0.15")
    assert result["cost_usd"] == sum(map(cost, server.answered()))


class Wordy(BaseHTTPRequestHandler):
    """Is told how long an answer may be, and counts a hundred times as much."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        message = {"role": "assistant", "content": "An answer."}
        answer = json.dumps({
            "id": "1", "object": "chat.completion", "created": 1, "model": "apprentice",
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 100, "completion_tokens": 10_000, "total_tokens": 10_100},
        }).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def wordy() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Wordy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("stop, reason", [({"max_budget_usd": 0.01}, "budget"), ({"max_tokens": 12_000}, "tokens")])
def test_what_a_provider_counts_beyond_its_limit_is_told(
    stop: dict[str, Any], reason: str, program: Program, wordy: str
) -> None:
    """Paid for, but not in silence: on the screen, in the result, and in each report."""
    model = {"provider": "main", "model": "apprentice", "price": price("apprentice"), "parameters": {"max_tokens": 100}}
    parts = museum.experiment(
        wordy, models=[model], stop=stop, rubric=[{"name": "Answers", "weight": 1, "check": {"contains": "answer"}}],
        judges=[],
    )
    path = museum.write(program.folder, parts)
    places = ["--json", "over.json", "--markdown", "over.md", "--output", "out"]
    ended = program.run("eval", path, "--yes", *places, status=None)
    result = json.loads((program.folder / "over.json").read_text(), parse_float=Decimal)
    assert result["stop_reason"] == reason
    if reason == "budget":
        assert result["cost_usd"] % Decimal("0.006015") == 0
        assert result["over_budget_usd"] == result["cost_usd"] - Decimal("0.01") > 0
        assert "over_budget_tokens" not in result
    else:
        assert result["over_budget_tokens"] == sum(result["tokens"].values()) - 12_000 > 0
        assert "over_budget_usd" not in result
    told = re.search(r"^  (\S+( tokens)? more than the limit)\.$", ended.out, re.M)
    assert told, ended.out
    assert told[1] in (program.folder / "over.md").read_text()
    assert told[1] in (program.folder / "out/report.html").read_text()


def test_a_search_for_harder_cases_tells_it_too(program: Program, wordy: str) -> None:
    model = {"provider": "main", "model": "apprentice", "price": price("apprentice"), "parameters": {"max_tokens": 100}}
    parts = museum.experiment(
        wordy, models=[model], stop={"max_tokens": 12_000}, judges=[],
        rubric=[{"name": "Answers", "weight": 1, "check": {"contains": "answer"}}],
    )
    ended = program.run("generate", museum.write(program.folder, parts), "--yes", "--json", "found.json", status=None)
    over = read_result(program.folder / "found.json")["over_budget_tokens"]
    assert over > 0 and f"  {over:,} tokens more than the limit.\n" in ended.out, ended


def test_the_limit_of_time_ends_a_run(program: Program, simulator: Callable[..., Simulator]) -> None:
    server = simulator("--task", task_file("museum"), "--latency", 60)
    stop = {"max_iterations": 20, "max_seconds": 2, "max_budget_usd": 5, "patience": 20}
    result = program.result("refine", museum.write(program.folder, priced(server.url, stop=stop)), timeout=40)
    assert result["stop_reason"] == "time" and result["status"] == "completed"
    # It ends before its time is up only to make its test in the rest of it.
    assert result["duration_ms"] >= 2_000 or result["holdout"] is not None
    assert 500 < result["duration_ms"] < 15_000


def test_the_time_of_a_sitting_that_was_killed_counts(program: Program, simulator: Callable[..., Simulator]) -> None:
    server = simulator("--task", task_file("museum"), "--latency", 700)
    stop = {"max_iterations": 20, "max_seconds": 6, "max_budget_usd": 5, "patience": 20}
    path = museum.write(program.folder, priced(server.url, stop=stop))
    for _ in range(2):
        process = program.start("refine", path, "--yes")
        server.wait_for(1 + len(server.log()), process)
        time.sleep(1.6)
        assert process.poll() is None
        process.kill()
        process.communicate()
    began = time.monotonic()
    result = program.result("refine", path, timeout=40)
    took = (time.monotonic() - began) * 1000
    assert result["stop_reason"] == "time"
    # Two whole seconds of each that was killed.
    assert result["duration_ms"] >= max(6_000, took + 4_000 - 500)


def test_an_unknown_price_is_unknown_and_never_zero(program: Program, simulator: Callable[..., Simulator]) -> None:
    server = simulator("--task", task_file("museum"))
    parts = priced(server.url, models=[{"provider": "main", "model": "apprentice"}], stop={"max_iterations": 1})
    ended = program.run("eval", museum.write(program.folder, parts))
    assert "unknown" in ended.out and "apprentice" in ended.out and "$0.00" not in ended.out
    result = program.result("eval", museum.write(program.folder, parts))
    assert result["cost_usd"] is None and result["unknown_prices"] == ["openai-compatible/apprentice"]
    assert {output["cost_usd"] for output in result["outputs"]} == {None}


def test_without_a_terminal_an_expensive_run_needs_a_yes(program: Program, simulator: Callable[..., Simulator]) -> None:
    server = simulator("--task", task_file("museum"))
    dear = [{"provider": "main", "model": "apprentice", "price": {"input": 50, "output": 200}}]
    parts = priced(server.url, models=dear, stop={"max_iterations": 4})
    ended = program.run("refine", museum.write(program.folder, parts), status=2)
    assert "--yes" in ended.err and "max_budget_usd" in ended.err and server.log() == []


@pytest.mark.parametrize("words", [["--max-budget", "0.0000001"], ["--max-budget", "0"]])
def test_a_budget_below_one_call_is_named_as_such(
    program: Program, simulator: Callable[..., Simulator], words: list[str]
) -> None:
    server = simulator("--task", task_file("museum"))
    ended = program.run("eval", museum.write(program.folder, priced(server.url, stop=None)), *words, status=None)
    assert ended.status in (2, 3) and server.log() == []
    assert re.search(r"budget", ended.said) and re.search(r"one call|a single call|first call", ended.said), ended
