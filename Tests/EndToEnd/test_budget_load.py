"""A budget under load: 64 calls at once, 20 % faults, two processes on one database. Not overspent by a single call.

A sixteenth of the calls is part of every run of the tests; `bin/test torture` makes 10,000.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import museum
from conftest import Postgres
from ledger import UNKNOWN, Ledger
from program import Program, read_result
from simulator import Simulator
from test_hostile_answers import JUDGMENT

IS_LONG = int(os.environ.get("EDISON_TORTURE_MOMENTS", "10")) >= 100
# Each is executed and judged once.
CASES = 5_000 if IS_LONG else 300
# USD for a million tokens: all calls together would cost about a third more than the budget.
PRICE = {"input": 0.1, "output": 0.4} if IS_LONG else {"input": 1.65, "output": 6.6}
LIMIT = Decimal("0.5")
MIX = {
    "rate_limited": 4,
    "server_error": 3,
    "unavailable": 2,
    "cut_stream": 2,
    "dropped": 2,
    "malformed_body": 2,
    "slow_answer": 1,
    "time_out": 1,
}
OVER = "NEW.spent_nano + NEW.unconfirmed_nano + NEW.reserved_nano"


def parts(url: str, cases: int, **changes: Any) -> dict[str, Any]:
    who = {"provider": "main", "price": PRICE, "parameters": {"max_tokens": 60}}
    made = museum.experiment(
        url,
        models=[who | {"model": "apprentice"} | changes.pop("model", {})],
        judges=[who | {"model": "judge-a", "parameters": {"max_tokens": 200}}],
        datasets=[{"cases": museum.cases(cases)}],
        stop={"max_budget_usd": float(LIMIT)},
        concurrency=32,
        **changes,
    )
    made["providers"]["main"]["timeout"] = 2
    return made


def price(entry: dict[str, Any]) -> int:
    """Nano-dollars."""
    rates = [Decimal(str(PRICE[name])) * 1_000 for name in ("input", "output")]
    exact = rates[0] * (entry["input_tokens"] or 0) + rates[1] * (entry["output_tokens"] or 0)
    return int(exact.quantize(Decimal(1), rounding="ROUND_HALF_UP"))


def watch(database: str, postgres: Postgres | None) -> None:
    """Has the database write down every moment at which more is spent and set aside than the limit allows."""
    table = "CREATE TABLE over_budget (amount BIGINT)"
    if postgres:
        postgres.sql(
            f"{table}; CREATE FUNCTION over_budget() RETURNS trigger LANGUAGE plpgsql AS "
            f"'BEGIN INSERT INTO over_budget VALUES ({OVER}); RETURN NEW; END'; "
            f"CREATE TRIGGER over_budget AFTER UPDATE ON budget FOR EACH ROW WHEN ({OVER} > NEW.limit_nano) "
            "EXECUTE FUNCTION over_budget()",
            database,
        )
        return
    with sqlite3.connect(database, timeout=10) as db:
        db.execute(table)
        db.execute(
            f"CREATE TRIGGER over_budget AFTER UPDATE ON budget WHEN {OVER} > NEW.limit_nano "
            f"BEGIN INSERT INTO over_budget VALUES ({OVER}); END"
        )


def test_a_budget_is_not_overspent_by_a_single_call(
    database: str, tmp_path: Path, simulator: Callable[..., Simulator], postgres: Postgres
) -> None:
    server_kind = postgres if database.startswith("postgres") else None
    ledger = Ledger(database, server_kind)
    script, faults = tmp_path / "script.json", tmp_path / "faults.json"
    script.write_text(json.dumps([{"schema": "judgment", "answer": JUDGMENT}, {"answer": "A label of a few words."}]))
    faults.write_text(json.dumps({"rules": [{"mix": MIX, "share": 0.2, "retry_after": 0.05, "seconds": 3}]}))
    behaviour = ["--behaviour", "script", "--script", script]
    programs = [Program(tmp_path / name) for name in ("leader", "other")]
    for program in programs:
        program.folder.mkdir()

    # The database gets its tables, and a watch on them that is seen to work.
    quiet = simulator(*behaviour, name="quiet")
    programs[0].run("eval", museum.write(programs[0].folder, parts(quiet.url, 1)), "--database", database)
    watch(database, server_kind)
    change = f"UPDATE budget SET spent_nano = spent_nano + {2 * 10**9}"
    if server_kind:
        postgres.sql(change, database)
    else:
        with sqlite3.connect(database, timeout=10) as db:
            db.execute(change)
    assert ledger.rows("SELECT COUNT(*) FROM over_budget") == [["1"]]

    server = simulator(*behaviour, "--faults", faults, "--latency", 10, bodies=False)
    runs = []
    for program in programs:
        path = museum.write(program.folder, parts(server.url, CASES))
        runs.append(program.start("eval", path, "--database", database, "--json", "result.json"))
        server.wait_for(20, runs[0])
    statuses = [run.wait(900) for run in runs]
    said = [(program.folder / "started.out").read_text() for program in programs]
    assert statuses == [0, 0], (said, [(program.folder / "started.err").read_text() for program in programs])
    result, log = read_result(programs[0].folder / "result.json"), server.log()

    # It stopped for this reason, and says so with what it has.
    assert result["stop_reason"] == "budget" and result["status"] == "completed"
    assert all("Stopped because the budget is used up" in text and "raise max_budget_usd" in text for text in said), said
    assert "takes part" in (programs[1].folder / "started.err").read_text()
    assert 0.4 * CASES < len(result["outputs"]) <= CASES

    # At no moment was more spent and set aside than allowed.
    assert ledger.rows("SELECT COUNT(*) FROM over_budget") == [["1"]]
    run = f"(SELECT id FROM model_call WHERE scope = '{scope(ledger)}')"
    rows = ledger.rows(f"SELECT id, status, cost_nano, reserved_nano FROM model_attempt WHERE call_id IN {run}")
    attempts = {name: (status, cost, int(reserved)) for name, status, cost, reserved in rows}
    assert len({entry["attempt"] for entry in log}) == len(log) and {entry["attempt"] for entry in log} == attempts.keys()
    settled, held = 0, 0
    for entry in log:
        status, cost, reserved = attempts[entry["attempt"]]
        if status == "lost":
            # Or it came later than the time-out of the file.
            assert entry["fault"] in UNKNOWN or entry["status"] == 200
            held += reserved
        else:
            assert status == "settled" and int(cost) == (price(entry) if entry["status"] == 200 else 0), entry
            settled += int(cost)
    assert result["cost_usd"] == Decimal(settled) / 10**9
    assert result["unconfirmed_usd"] == Decimal(held) / 10**9 > 0
    assert Decimal(settled + held) / 10**9 <= LIMIT
    # What was left could not pay for another call with certainty: less than the dearest reservation.
    dearest = max(reserved for _, _, reserved in attempts.values())
    assert int(LIMIT * 10**9) - settled - held < dearest
    struck = sum(entry["fault"] is not None for entry in log) / len(log)
    print(f"{len(log)} requests, {struck:.1%} faults, ${settled / 1e9:.6f} settled, ${held / 1e9:.6f} unconfirmed")
    assert 0.15 < struck < 0.25


def scope(ledger: Ledger) -> str:
    """The newest run."""
    return ledger.rows("SELECT scope FROM budget ORDER BY created_at DESC LIMIT 1")[0][0]


def test_cached_answers_cost_nothing(database: str, program: Program, simulator: Callable[..., Simulator]) -> None:
    script = program.folder / "script.json"
    script.write_text(json.dumps([{"schema": "judgment", "answer": JUDGMENT}, {"answer": "A label."}]))
    server = simulator("--behaviour", "script", "--script", script)
    path = museum.write(program.folder, parts(server.url, 40, model={"cache": True}))
    first = program.result("eval", path, "--database", database)
    asked = len(server.log())
    assert first["cost_usd"] > 0 and asked == 80
    words = ["eval", path, "--database", database, "--new", "--max-budget", "0.0005"]
    again = program.result(*words)
    assert len(server.log()) == asked, "nothing is asked again"
    assert again["cost_usd"] == 0 and again["cached_calls"] == 80 and again["unconfirmed_usd"] == 0
    assert again["stop_reason"] is None and len(again["outputs"]) == 40, "a budget is not used by what costs nothing"
