"""What the database says of attempts and budgets, beside what the provider's log says of the same."""

from __future__ import annotations

import sqlite3
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from conftest import Postgres

# Nano-dollars a token, in and out, as the experiment file has them in USD for a million.
PRICES = {"apprentice": (150, 600), "judge-a": (150, 600), "refiner": (2_500, 10_000)}
# Where the caller cannot know what the request cost.
UNKNOWN = {"cut_stream", "dropped", "malformed_body", "time_out", "slow_answer"}


class Ledger:
    """What the database says of attempts and budgets."""

    def __init__(self, database: str, postgres: Postgres | None):
        self.database, self.postgres = database, postgres

    def rows(self, query: str) -> list[list[str]]:
        if self.postgres:
            text = self.postgres.sql(query, self.database)
            return [line.split("|") for line in text.splitlines()]
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=10) as db:
            return [["" if cell is None else str(cell) for cell in row] for row in db.execute(query)]

    @property
    def attempts(self) -> dict[str, tuple[str, str, int]]:
        rows = self.rows("SELECT id, status, cost_nano, reserved_nano FROM model_attempt")
        return {row[0]: (row[1], row[2], int(row[3])) for row in rows}


    def assert_agrees_with(self, log: list[dict[str, Any]], result: dict[str, Any], unheard: int = 0) -> None:
        """No request is missing or counted twice, and each costs what the provider counted, to the nano-dollar.

        `unheard`: how many requests without a fault may be lost, because the provider was killed or our clock ran out.
        """
        attempts = self.attempts
        assert {status for status, _, _ in attempts.values()} <= {"settled", "lost"}, "nothing stays open"
        names = [entry["attempt"] for entry in log]
        assert len(set(names)) == len(names), "each request carries an attempt of its own"
        assert set(names) <= attempts.keys(), "whatever reached the provider is in the ledger"
        # What is in the ledger alone found no connection and cost nothing, or was under way when the provider died.
        unsent = [attempts[name] for name in attempts.keys() - set(names)]
        died = [reserved for status, _, reserved in unsent if status == "lost"]
        assert all(int(cost) == 0 for status, cost, _ in unsent if status == "settled")
        settled, held = 0, sum(died)
        for entry in log:
            status, cost, reserved = attempts[entry["attempt"]]
            if status == "lost":
                if entry["fault"] not in UNKNOWN:
                    died.append(reserved)
                held += reserved
            else:
                expected = price(entry) if entry["status"] == 200 else 0
                assert int(cost) == expected, entry
                settled += expected
        assert len(died) <= unheard
        assert result["cost_usd"] == Decimal(settled) / 10**9
        assert result["unconfirmed_usd"] == Decimal(held) / 10**9
        rows = self.rows("SELECT reserved_nano, reserved_tokens, spent_nano, unconfirmed_nano FROM budget")
        assert [[int(cell) for cell in row] for row in rows] == [[0, 0, settled, held]]


def price(entry: dict[str, Any]) -> int:
    """Rounded once for the whole attempt, half up."""
    dear, cheap = PRICES[entry["model"]]
    exact = Decimal(entry["input_tokens"] * dear + entry["output_tokens"] * cheap)
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
