"""Computes the figures of a result file again from what the file holds: independent of the program, by NumPy and SciPy.

The rules are those of the documentation: scores are normalised to 0–1; a judge's word on an output is Σ weight × score
over the criteria without a check; over judges, offsets are subtracted and the weighted mean is taken; checks stand in
for the judges on their criteria; what is missing is left out; replicates are averaged inside a model, then the models.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from figures import Interval, estimate

Score = float | None


class Recomputation:
    def __init__(self, result: dict[str, Any]):
        self.result = result
        self.rubric = result["experiment"]["rubric"]
        self.models = [model["name"] for model in result["experiment"]["models"]]
        self.replicates = range(result["experiment"]["loop"]["replicates"])
        self.cases = {case["id"]: case for case in result["cases"]}
        self.outputs = {
            (output["version_id"], output["case_id"], output["model"], output["replicate"]): output
            for output in result["outputs"]
        }
        self.by_id = {output["id"]: output for output in result["outputs"]}
        self.judgments: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for judgment in result["judgments"]:
            if judgment["mode"] == "pointwise" and judgment["valid"]:
                self.judgments[judgment["output_id"]].append(judgment)

    # One output

    def judged_part(self, judgment: dict[str, Any]) -> Score:
        criteria = [criterion for criterion in self.rubric if not criterion.get("check")]
        parts = [
            (criterion["weight"], self.normal(criterion, judgment["scores"].get(criterion["name"])))
            for criterion in criteria
        ]
        if not parts or any(score is None for _, score in parts):
            return None
        return sum(weight * score for weight, score in parts) / sum(weight for weight, _ in parts)

    @staticmethod
    def normal(criterion: dict[str, Any], raw: float | None) -> Score:
        low, high = criterion["scale"]["min"], criterion["scale"]["max"]
        return None if raw is None or not low <= raw <= high else (raw - low) / (high - low)

    def checks(self, output: dict[str, Any]) -> dict[str, bool]:
        expected = self.cases[output["case_id"]]["expected"]
        found = {
            criterion["name"]: passes(criterion["check"], output["text"], expected)
            for criterion in self.rubric
            if criterion.get("check")
        }
        return {name: passed for name, passed in found.items() if passed is not None}

    def score(
        self,
        output: dict[str, Any],
        weights: dict[str, float],
        offsets: dict[str, float],
        judges: Iterable[str] | None = None,
    ) -> Score:
        if output["text"] is None:
            return None
        if any(
            passes(check, output["text"], self.cases[output["case_id"]]["expected"]) is False
            for check in self.cases[output["case_id"]].get("checks", [])
        ):
            return 0.0
        checks = self.checks(output)
        checked = [
            (criterion["weight"], checks[criterion["name"]]) for criterion in self.rubric if criterion["name"] in checks
        ]
        if any(criterion.get("gate") and checks.get(criterion["name"]) is False for criterion in self.rubric):
            return 0.0
        check_weight = sum(weight for weight, _ in checked)
        check_sum = sum(weight for weight, passed in checked if passed)
        judged_weight = sum(criterion["weight"] for criterion in self.rubric if not criterion.get("check"))
        if judged_weight == 0:
            return check_sum / check_weight if checked else None
        words = [
            (judgment["judge"], self.judged_part(judgment))
            for judgment in self.judgments[output["id"]]
            if judges is None or judgment["judge"] in judges
        ]
        words = [(judge, part) for judge, part in words if part is not None]
        total = sum(weights.get(judge, 0) for judge, _ in words)
        if total <= 0:
            return None
        judged = sum(weights[judge] * (part - offsets.get(judge, 0)) for judge, part in words) / total
        return (min(1, max(0, judged)) * judged_weight + check_sum) / (judged_weight + check_weight)

    def criterion_score(self, output: dict[str, Any], criterion: dict[str, Any], weights: dict[str, float]) -> Score:
        if criterion.get("check"):
            passed = self.checks(output).get(criterion["name"])
            return None if passed is None else float(passed)
        words = [
            (weights.get(judgment["judge"], 0), self.normal(criterion, judgment["scores"].get(criterion["name"])))
            for judgment in self.judgments[output["id"]]
        ]
        words = [(weight, score) for weight, score in words if score is not None]
        total = sum(weight for weight, _ in words)
        return sum(weight * score for weight, score in words) / total if total > 0 else None

    # One version on one case

    def case_score(
        self,
        version: str,
        case: str,
        weights: dict[str, float],
        offsets: dict[str, float],
        judges: Iterable[str] | None = None,
        models: list[str] | None = None,
        replicates: Iterable[int] | None = None,
    ) -> Score:
        return mean(
            mean(
                self.score(output, weights, offsets, judges)
                for replicate in (self.replicates if replicates is None else replicates)
                if (output := self.outputs.get((version, case, model, replicate)))
            )
            for model in models or self.models
        )

    def criterion_case_score(
        self, version: str, case: str, criterion: dict[str, Any], weights: dict[str, float]
    ) -> Score:
        return mean(
            self.criterion_score(output, criterion, weights)
            for model in self.models
            for replicate in self.replicates
            if (output := self.outputs.get((version, case, model, replicate))) and output["text"] is not None
        )

    # Many cases

    def estimate(
        self, cases: Iterable[str], value: Callable[[str], Score], weights: dict[str, float] | None = None
    ) -> Interval:
        cases = list(cases)
        shares = self.clusters(cases, lambda case: self.case_weight(case, weights) if value(case) is not None else None)
        return estimate(self.clusters(cases, value), shares)

    def case_weight(self, case: str, weights: dict[str, float] | None) -> float:
        return (weights or {}).get(min(self.cases[case]["tags"], default="", key=str.encode), 1.0)

    def clusters(self, cases: Iterable[str], value: Callable[[str], Score]) -> list[list[float]]:
        groups: dict[str, list[float]] = defaultdict(list)
        for case in cases:
            score = value(case)
            if score is not None:
                groups[self.cases[case]["cluster"]].append(score)
        return list(groups.values())


def mean(values: Iterable[Score]) -> Score:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def passes(check: dict[str, Any], text: str, expected: Any) -> bool | None:
    """One deterministic check; None where it needs an expected value that the case lacks."""
    ((kind, operand),) = check.items()
    if kind == "max_words":
        return len(text.split()) <= operand
    if kind == "numeric_tolerance":
        number = re.search(r"-?\d[\d,]*(\.\d+)?([eE][-+]?\d+)?", text)
        tolerance = operand["tolerance"] if isinstance(operand, dict) else operand
        wanted = operand.get("value", expected) if isinstance(operand, dict) else expected
        return (
            None
            if wanted is None
            else bool(number) and abs(float(number[0].replace(",", "")) - float(wanted)) <= tolerance
        )
    if operand == "{expected}" or operand is True:
        operand = expected
    if operand is None:
        return None
    parts = [str(part) for part in (operand if isinstance(operand, list) else [operand])]
    if kind == "equals":
        return text.strip() == parts[0].strip()
    if kind == "contains":
        return all(part.lower() in text.lower() for part in parts)
    if kind == "not_contains":
        return not any(part.lower() in text.lower() for part in parts)
    if kind == "regex":
        return re.search(parts[0], text) is not None
    raise NotImplementedError(kind)
