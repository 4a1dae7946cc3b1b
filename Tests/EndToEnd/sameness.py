"""What makes two results the same: versions, decisions, metrics, hold-out and best version, by content.

Ids are replaced by what they stand for; times, latencies, attempts and cached flags are left out. Which of two equal
judgments was paid for and which came from the cache depends on arrival, so single costs are left out and the sums kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

_DROPPED = {
    "id",
    "created_at",
    "latency_ms",
    "latency_ms_median",
    "cached",
    "duration_ms",
    "attempts",
    "cached_calls",
    # The history of the database, and of a run that went on after its test, not what it found.
    "earlier_tests",
    "repeats",
}


def content(result: dict[str, Any], with_costs: bool = True) -> dict[str, Any]:
    names = _names(result)
    parts = {key: _plain(value, names) for key, value in result.items() if key not in _DROPPED}
    for key in ("outputs", "judgments", "scores", "cases"):
        rows = [_without_costs(row) for row in parts[key]]
        parts[key] = sorted(rows, key=lambda row: json.dumps(row, sort_keys=True, default=str))
    if not with_costs:
        for key in ("cost_usd", "unconfirmed_usd", "calls", "costs", "tokens"):
            parts.pop(key, None)
        parts["iterations"] = [_without_costs(row) for row in parts["iterations"]]
    # The folder of a run and its limits in money are no part of what it found.
    return json.loads(json.dumps(parts, sort_keys=True, default=str))


def _names(result: dict[str, Any]) -> dict[str, str]:
    names = {version["id"]: f"version {version['number']}" for version in result["versions"]}
    occurrences: dict[str, int] = {}
    for case in result["cases"]:
        text = json.dumps([case["input"], case["expected"], case["tags"], case["split"]], sort_keys=True)
        occurrences[text] = occurrences.get(text, 0) + 1
        names[case["id"]] = f"case {text} #{occurrences[text]}"
    for output in result["outputs"]:
        version, case = names[output["version_id"]], names[output["case_id"]]
        names[output["id"]] = f"output of {version} by {output['model']} #{output['replicate']} for {case}"
    return names


def _plain(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {names.get(key, key): _plain(item, names) for key, item in value.items() if key not in _DROPPED}
    if isinstance(value, list):
        return [_plain(item, names) for item in value]
    return names.get(value, value) if isinstance(value, str) else value


def _without_costs(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in ("cost_usd", "input_tokens", "output_tokens")}


def differences(one: Any, other: Any, path: str = "") -> list[str]:
    """Where two contents differ, for a message that a person can read."""
    if type(one) is not type(other):
        return [f"{path}: {one!r:.80} against {other!r:.80}"]
    if isinstance(one, dict):
        keys = sorted(one.keys() | other.keys())
        return [line for key in keys for line in differences(one.get(key), other.get(key), f"{path}.{key}")]
    if isinstance(one, list):
        if len(one) != len(other):
            return [f"{path}: {len(one)} against {len(other)} entries"]
        return [line for index, pair in enumerate(zip(one, other)) for line in differences(*pair, f"{path}[{index}]")]
    return [] if one == other else [f"{path}: {one!r:.120} against {other!r:.120}"]


def assert_same(one: dict[str, Any], other: dict[str, Any], with_costs: bool = True, but: Iterable[str] = ()) -> None:
    contents = [content(result, with_costs) for result in (one, other)]
    for key in but:
        for each in contents:
            each.pop(key, None)
    found = differences(*contents)
    assert not found, "\n".join(found[:20])
