"""A task that the simulator does not know by itself: labels for the objects of a museum.

The provider reads it from `tasks/museum.json`; here are the file's parts, the cases and the prompts.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

GOAL = "Write the label that visitors read beside an object of our museum."
RUBRIC = [
    {
        "name": "Facts",
        "description": "Maker, material and date are there",
        "weight": 0.45,
        "scale": {"min": 0, "max": 5},
    },
    {
        "name": "Story",
        "description": "The label tells a story and involves the visitor",
        "weight": 0.35,
        "scale": {"min": 1, "max": 5},
    },
    {"name": "Short enough", "weight": 0.2, "check": {"max_words": 70}},
]
PROMPT = {"system": "You write the labels of our museum.", "text": "Write a label.\n\nObject notes: {{notes}}"}
# States two of the requirements of tasks/museum.json.
BETTER_PROMPT = {
    "system": "You write the labels of our museum.",
    "text": "Write a label. Name the maker of the object. Say what material the object is made of.\n\n"
    "Object notes: {{notes}}",
}
PRICE = {"input": 0.15, "output": 0.60}

_KINDS = ["bowl", "mask", "lantern", "loom", "compass", "saddle"]
_PLACES = [
    "the harbour",
    "a hill farm",
    "the old mint",
    "a river barge",
    "the weavers' lane",
    "a mill",
    "the ferry house",
]


def cases(count: int = 44, clusters: int | None = None) -> list[dict[str, Any]]:
    """Notes about objects; with `clusters`, so many groups of related objects."""
    made = []
    for number in range(count):
        kind, place = _KINDS[number % len(_KINDS)], _PLACES[number % len(_PLACES)]
        case = {
            "input": {"notes": f"Inventory no. {number + 101}: a {kind} found near {place}, shelf {number % 9 + 1}."},
            "tags": [kind],
            "difficulty": number % 5 + 1,
        }
        if clusters:
            case["cluster"] = f"group {number % clusters}"
        made.append(case)
    return made


def experiment(url: str, second_url: str | None = None, **changes: Any) -> dict[str, Any]:
    """One model and one judge on one provider, or two models, two pointwise judges (one of them bad) and a pairwise
    judge on two providers with different wire formats."""
    providers = {"main": {"provider": "openai-compatible", "base_url": f"{url}/v1"}}
    models = [{"provider": "main", "model": "apprentice", "price": PRICE}]
    judges = [{"provider": "main", "model": "judge-a", "price": PRICE}]
    if second_url:
        providers["other"] = {"provider": "anthropic", "base_url": second_url, "api_key": "k"}
        models.append({"provider": "other", "model": "apprentice-large", "price": {"input": 1, "output": 5}})
        judges.append({"provider": "other", "model": "judge-bad", "price": PRICE})
        judges.append({"provider": "main", "model": "judge-b", "mode": "pairwise", "price": PRICE})
    parts = {
        "name": "Museum labels",
        "goal": GOAL,
        "rubric": RUBRIC,
        "prompt": PROMPT,
        "providers": providers,
        "models": models,
        "judges": judges,
        "refiner": {"provider": "main", "model": "refiner", "price": {"input": 2.5, "output": 10}},
        "datasets": [{"cases": cases()}],
        "stop": {"max_iterations": 4, "max_budget_usd": 5},
        "seed": 11,
    }
    parts.update(changes)
    return {name: value for name, value in parts.items() if value is not None}


def write(folder: Path, parts: dict[str, Any], name: str = "experiment.yaml") -> Path:
    """JSON is YAML, so this is an experiment file."""
    path = folder / name
    path.write_text(json.dumps(parts, indent=2, ensure_ascii=False), encoding="utf-8")
    return path
