"""The API keeps to its own description: what schemathesis makes up from it is answered as it says."""

from __future__ import annotations

import html
import json
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import jsonschema
import pytest
import schemathesis
from schemathesis.specs.openapi import checks as openapi_checks

from api_server import ApiServer
from program import Program, bare_environment

EXAMPLES = 12
CHECKS = [
    schemathesis.checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
    openapi_checks.response_headers_conformance,
    openapi_checks.negative_data_rejection,
]
# Ends with the test, not with an answer.
STREAM = "text/event-stream"
ARCHIVE = "application/x-tar"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    server = ApiServer(tmp_path_factory.mktemp("api"))
    yield server
    server.stop()
    assert "failed" not in server.err.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def document(api: ApiServer) -> dict[str, Any]:
    """Without the answers that stand for all others: each status must be declared."""
    status, document, _ = api.ask("GET", "/api/v1/openapi.json")
    assert status == 200
    for operations in document["paths"].values():
        for operation in operations.values():
            del operation["responses"]["default"]
    return document


def test_what_the_server_says_is_what_the_command_prints(api: ApiServer, program: Program) -> None:
    printed = json.loads(program.run("openapi").out)
    assert printed == api.ask("GET", "/api/v1/openapi.json")[1]
    assert not list(program.folder.iterdir()), "it leaves nothing behind"


def test_every_example_of_a_body_fits_its_schema(document: dict[str, Any]) -> None:
    found = 0
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                if "example" in content:
                    jsonschema.Draft202012Validator(content["schema"]).validate(content["example"])
                    found += 1
    assert found


@pytest.mark.parametrize("mode", [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE])
def test_made_up_requests_are_answered_as_the_document_says(
    api: ApiServer, document: dict[str, Any], mode: schemathesis.GenerationMode
) -> None:
    schema = schemathesis.openapi.from_dict(document)
    token = {"text": api.register()["access_token"]}
    statuses: dict[str, set[int]] = {}
    for found in schema.get_all_operations():
        operation = found.ok()
        responses = operation.definition.raw["responses"]
        if any(STREAM in response.get("content", {}) for response in responses.values()):
            continue
        # An archive cannot be made up; test_hosted_experiments.py sends true and spoilt ones.
        if ARCHIVE in operation.definition.raw.get("requestBody", {}).get("content", {}):
            continue

        @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
        @hypothesis.settings(
            max_examples=EXAMPLES, derandomize=True, deadline=None, database=None,
            suppress_health_check=list(hypothesis.HealthCheck))
        def check(case: Any) -> None:
            answer = call(case)
            if answer.status_code == 401 and api.ask("GET", "/api/v1/me", token=token["text"])[0] == 401:
                # Among the operations is one that ends the session.
                token["text"] = api.register()["access_token"]
                answer = call(case)
            statuses.setdefault(operation.label, set()).add(answer.status_code)
            # A head that is too large and a link that is none are refused, though schemathesis does not count them so.
            refused = {openapi_checks.negative_data_rejection} if answer.status_code in (410, 431) else set()
            case.validate_response(answer, checks=[one for one in CHECKS if one not in refused])

        def call(case: Any) -> Any:
            while True:
                answer = case.call(base_url=api.url, headers={"Authorization": f"Bearer {token['text']}"}, timeout=30)
                wait = int(answer.headers["retry-after"][0]) if answer.status_code == 429 else None
                if wait is None or wait > 5:
                    return answer
                time.sleep(wait)

        try:
            check()
        except hypothesis.errors.Unsatisfiable:
            assert mode.is_negative, "nothing of it can be wrong"
    seen = {status for found in statuses.values() for status in found}
    assert len(statuses) > 3, statuses
    assert (422 in seen) if mode.is_negative else (200 in seen), statuses


def test_the_page_of_the_reference_can_be_followed(api: ApiServer, tmp_path: Path) -> None:
    """Every example runs as it stands, and is answered by what it calls."""
    status, page, headers = api.ask("GET", "/docs/api")
    assert status == 200 and "script" not in headers["Content-Security-Policy"]
    anchors = set(re.findall(r'id="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= anchors
    examples = [html.unescape(text) for text in re.findall(r"<code>(curl .*?)</code>", page, re.DOTALL)]
    assert len(examples) > 5
    person = api.register()
    (tmp_path / "file").write_text("{}", encoding="utf-8")
    names = {name for text in examples for name in re.findall(r"\$([A-Z_]+)", text)}
    known = {
        "EDISON_URL": api.url, "EDISON_KEY": person["access_token"], "EDISON_TOKEN": person["access_token"],
        "ORGANIZATION": person["organization"]["id"], "PROJECT": person["project"]["id"],
    }
    for text in examples:
        if "/events" in text or "logout" in text:
            continue
        done = subprocess.run(
            ["bash", "-c", text.replace("curl", "curl -s -w '\\n%{http_code}'", 1)], cwd=tmp_path, text=True,
            capture_output=True, timeout=30,
            env=bare_environment(tmp_path, **{name: known.get(name, "none") for name in names}))
        code = int(done.stdout.rsplit("\n", 1)[1])
        assert done.returncode == 0 and 200 <= code < 500 and code not in (400, 405, 415), f"{text}\n{done.stdout}"
