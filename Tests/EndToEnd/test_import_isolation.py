"""An archive that somebody has changed takes nothing of others, adds nothing to what is theirs, and breaks nothing."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from typing import Any

from hosted import Client, Hosted, credential, request
from program import Program
from simulator import Simulator, task_file

Files = dict[str, bytes]


def unpacked(archive: bytes) -> Files:
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar.getmembers()}  # type: ignore[union-attr]


def packed(files: Files) -> bytes:
    """With a manifest that fits."""
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = [
        {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in files.items() if name != "manifest.json"
    ]
    whole = {"manifest.json": json.dumps(manifest).encode()} | {
        name: content for name, content in files.items() if name != "manifest.json"}
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, content in whole.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def rows(files: Files, table: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files[f"{table}.jsonl"].decode().splitlines()]


def changed(files: Files, table: str, change: Callable[[list[dict[str, Any]]], None]) -> Files:
    lines = rows(files, table)
    change(lines)
    return files | {f"{table}.jsonl": "".join(json.dumps(line) + "\n" for line in lines).encode()}


def test_a_changed_archive_reaches_nothing_of_others(
    program: Program, database: str, simulator: Callable[..., Simulator]
) -> None:
    provider = simulator("--task", task_file("museum"))
    server = Hosted(program, database)
    try:
        ada, bob = Client.registered(server.url), Client.registered(server.url, "bob@example.org")
        ids: dict[str, str] = {}
        for client in (ada, bob):
            key = credential(client, provider.url)
            body = request(key, stop_rules={"max_iterations": 1, "max_budget_usd": 1})
            id = client.expect(201, "POST", f"/projects/{client.project}/experiments", body)["id"]
            client.expect(202, "POST", f"/experiments/{id}/run", {})
            client.wait(id, "completed")
            ids[client.project] = id
        hers = unpacked(ada.ask("GET", f"/experiments/{ids[ada.project]}/export").body)
        his = unpacked(bob.ask("GET", f"/experiments/{ids[bob.project]}/export").body)
        before = ada.get(f"/experiments/{ids[ada.project]}/iterations")

        def take(files: Files) -> Any:
            return bob.ask(
                "POST", f"/projects/{bob.project}/experiments/import", raw=packed(files),
                headers={"Content-Type": "application/x-tar"})

        assert take(his).status == 201, "as it is, it is taken"
        foreign = {table: rows(hers, table)[0]["id"] for table in (
            "prompt", "dataset", "experiment", "prompt_version", "test_case", "iteration", "output")}
        references = {
            "prompt_version": {"prompt_id": "prompt", "parent_id": "prompt_version"}, "test_case": {"dataset_id": "dataset"},
            "experiment": {"prompt_id": "prompt", "dataset_id": "dataset"},
            "iteration": {"experiment_id": "experiment", "version_id": "prompt_version"},
            "output": {"scope": "experiment", "version_id": "prompt_version", "case_id": "test_case"},
            "judgment": {"scope": "experiment", "output_id": "output", "other_output_id": "output"},
        }
        tried = 0
        for table, columns in references.items():
            for column, other in columns.items():
                def point(lines: list[dict[str, Any]], column: str = column, other: str = other) -> None:
                    lines[0][column] = foreign[other]

                answer = take(changed(his, table, point))
                assert answer.status == 422, (table, column, answer)
                assert answer.json["issues"][0]["path"] == f"{table}.jsonl[0].{column}"
                tried += 1
        assert tried == 13

        def nameless(lines: list[dict[str, Any]]) -> None:
            lines[0]["id"] = None

        def huge(lines: list[dict[str, Any]]) -> None:
            lines[0]["difficulty"] = 9223372036854775807

        def homeless(lines: list[dict[str, Any]]) -> None:
            del lines[0]["project_id"]

        assert take(changed(his, "output", nameless)).status == 422
        assert take(changed(his, "test_case", huge)).status == 422
        assert take(changed(his, "experiment", homeless)).status == 201, "it belongs to where it is taken"
        assert take(his | {"experiment.jsonl": his["experiment.jsonl"] * 2}).status == 422
        assert ada.get(f"/experiments/{ids[ada.project]}/iterations") == before
        assert unpacked(ada.ask("GET", f"/experiments/{ids[ada.project]}/export").body)["test_case.jsonl"] == hers[
            "test_case.jsonl"]
    finally:
        server.kill()
