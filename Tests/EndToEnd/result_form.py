"""The contract of the result file: every key that the documentation names, with its type."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

NUMBER = (int, float)
MONEY = (Decimal, type(None))
TEXT, WHOLE, LIST, TABLE, FLAG, NOTHING = str, int, list, dict, bool, type(None)

RESULT = {
    "experiment": TABLE,
    "seed": WHOLE,
    "status": TEXT,
    "stop_reason": (TEXT, NOTHING),
    "verdict": (TEXT, NOTHING),
    "versions": LIST,
    "first_version_id": TEXT,
    "best_version_id": TEXT,
    "iterations": LIST,
    "holdout": (TABLE, NOTHING),
    "outputs": LIST,
    "judgments": LIST,
    "judge_weights": TABLE,
    "agreement": TABLE,
    "cases": LIST,
    "calls": TABLE,
    "cost_usd": MONEY,
    "unknown_prices": LIST,
    "tokens": TABLE,
    "duration_ms": WHOLE,
    "cached_calls": WHOLE,
}
EXPERIMENT = {
    "name": TEXT,
    "goal": TEXT,
    "rubric": LIST,
    "models": LIST,
    "judges": LIST,
    "refiner": (TABLE, NOTHING),
    "stop": TABLE,
    "review": TEXT,
    "holdout": (*NUMBER, NOTHING),
}
VERSION = {
    "id": TEXT,
    "number": WHOLE,
    "parent_id": (TEXT, NOTHING),
    "status": TEXT,
    "text": TEXT,
    "system_text": (TEXT, NOTHING),
    "diff": TEXT,
    "note": TEXT,
    "claims": LIST,
    "decision": (TABLE, NOTHING),
    "created_at": TEXT,
}
DECISION = {"by": TEXT, "reason": TEXT, "delta": (*NUMBER, NOTHING), "interval": (LIST, NOTHING), "cases": WHOLE}
ITERATION = {
    "number": WHOLE,
    "status": TEXT,
    "version_id": TEXT,
    "metrics": (TABLE, NOTHING),
    "summary": (TABLE, NOTHING),
    "cost_usd": MONEY,
}
HOLDOUT = {
    "version_id": TEXT,
    "baseline_version_id": TEXT,
    "first": NUMBER,
    "best": NUMBER,
    "difference": NUMBER,
    "interval": LIST,
    "level": NUMBER,
    "cases": WHOLE,
    "method": TEXT,
    "corrected": (TABLE, *NUMBER, NOTHING),
}
OUTPUT = {
    "id": TEXT,
    "version_id": TEXT,
    "case_id": TEXT,
    "model": TEXT,
    "replicate": WHOLE,
    "split": TEXT,
    "text": (TEXT, NOTHING),
    "error": (TEXT, NOTHING),
    "cached": FLAG,
    "input_tokens": WHOLE,
    "output_tokens": WHOLE,
    "cost_usd": MONEY,
    "latency_ms": WHOLE,
}
JUDGMENT = {
    "output_id": TEXT,
    "other_output_id": (TEXT, NOTHING),
    "judge": TEXT,
    "mode": TEXT,
    "order": WHOLE,
    "scores": TABLE,
    "rationales": TABLE,
    "winner": (TEXT, NOTHING),
    "flags": TABLE,
    "valid": FLAG,
    "cost_usd": MONEY,
}
CASE = {"id": TEXT, "split": TEXT, "cluster": TEXT, "tags": LIST}


def faults(result: dict[str, Any]) -> list[str]:
    found = _faults(result, RESULT, "result")
    found += _faults(result["experiment"], EXPERIMENT, "experiment")
    found += _faults(result["calls"], {"execute": WHOLE, "judge": WHOLE, "refine": WHOLE}, "calls")
    found += _faults(result["tokens"], {"input": WHOLE, "output": WHOLE}, "tokens")
    if result["holdout"]:
        found += _faults(result["holdout"], HOLDOUT, "holdout")
    rows = [
        ("versions", VERSION),
        ("iterations", ITERATION),
        ("outputs", OUTPUT),
        ("judgments", JUDGMENT),
        ("cases", CASE),
    ]
    for key, form in rows:
        for index, row in enumerate(result[key]):
            found += _faults(row, form, f"{key}[{index}]")
    found += [
        f"iteration {row['number']} is completed and has no metrics"
        for row in result["iterations"]
        if row["status"] == "completed" and row["metrics"] is None
    ]
    for version in result["versions"]:
        if version["decision"]:
            found += _faults(version["decision"], DECISION, f"decision of version {version['number']}")
    words = {
        "status": {"completed", "paused", "failed", "cancelled"},
        "stop_reason": {
            None,
            "max_iterations",
            "target",
            "converged",
            "stalled",
            "budget",
            "tokens",
            "calls",
            "time",
            "cancelled",
            "ceiling",
            "errors",
        },
        "verdict": {None, "better", "worse", "equivalent", "no_difference", "insufficient_data"},
    }
    found += [f"{key} is {result[key]!r}" for key, allowed in words.items() if result[key] not in allowed]
    return found


def _faults(row: dict[str, Any], form: dict[str, Any], path: str) -> list[str]:
    found = []
    for key, kind in form.items():
        if key not in row:
            found.append(f"{path} has no {key}")
        elif not isinstance(row[key], kind) or isinstance(row[key], bool) and kind is not FLAG:
            found.append(f"{path}.{key} is {row[key]!r:.60}")
    return found
