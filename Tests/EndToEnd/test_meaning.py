"""`compare: semantic` measures how near outputs are in meaning to what is expected."""

from __future__ import annotations

import json
import math
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

import museum
from figures import estimate
from program import Program
from simulator import Simulator, task_file

EXPECTED = "A bowl of fired clay by the potter Anna Vell, made for the harbour in 1846."


def experiment(server: Simulator, **changes: Any) -> dict[str, Any]:
    cases = [case | {"expected": EXPECTED} for case in museum.cases(8)]
    del cases[7]["expected"]
    embedding = {"provider": "main", "model": "embedding", "price": {"input": 0.02, "output": 0}}
    return museum.experiment(
        server.url, compare="semantic", embedding=embedding, datasets=[{"cases": cases}], **changes)


def nearness(server: Simulator, left: str, right: str) -> float:
    """The cosine of the vectors that the provider gives, between 0 and 1."""
    request = urllib.request.Request(
        f"{server.url}/v1/embeddings",
        json.dumps({"model": "embedding", "input": [left, right]}).encode(),
        {"content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        one, other = (row["embedding"] for row in json.load(answer)["data"])
    product = sum(a * b for a, b in zip(one, other, strict=True))
    return min(1.0, max(0.0, product / math.sqrt(sum(a * a for a in one) * sum(b * b for b in other))))


def embeddings(server: Simulator) -> int:
    return sum(entry["path"].endswith("/embeddings") for entry in server.log())


def test_it_is_the_cosine_of_the_vectors_and_stands_beside_the_score(
    program: Program, simulator: Callable[..., Simulator]
) -> None:
    server = simulator("--task", task_file("museum"))
    path = museum.write(program.folder, experiment(server))
    result = program.result("eval", path)
    asked = embeddings(server)
    texts = {output["id"]: output["text"] for output in result["outputs"]}
    matches = {row["output_id"]: row["expected_match"] for row in result["scores"]}
    known = {output: match for output, match in matches.items() if match is not None}
    assert len(matches) == 8 and len(known) == 7, "one case expects nothing"
    for output, match in known.items():
        assert match == pytest.approx(nearness(server, texts[output], EXPECTED), abs=1e-6)
    found = result["iterations"][0]["metrics"]["expected_match"]
    assert found["score"] == pytest.approx(estimate([[match] for match in known.values()]).mean, abs=1e-9)
    assert asked == 7, "one call for each output, with both texts"
    assert result["costs"]["embed"] > 0
    plain = museum.experiment(server.url, datasets=experiment(server)["datasets"])
    without = program.result("eval", museum.write(program.folder, plain, "plain.yaml"))
    score = without["iterations"][0]["metrics"]["composite"]
    assert result["iterations"][0]["metrics"]["composite"] == score, "it is no part of the score"


def test_a_provider_that_gives_no_vectors_leaves_the_match_unknown(
    program: Program, simulator: Callable[..., Simulator]
) -> None:
    server = simulator("--task", task_file("museum"))
    parts = experiment(server)
    locked = simulator("--api-key", "another", name="locked")
    parts["providers"]["locked"] = {"provider": "openai-compatible", "base_url": f"{locked.url}/v1", "api_key": "k"}
    parts["embedding"]["provider"] = "locked"
    result = program.result("eval", museum.write(program.folder, parts))
    assert [row["expected_match"] for row in result["scores"]] == [None] * 8
    assert result["iterations"][0]["metrics"]["expected_match"] is None
    assert result["composite"]["score"] > 0
