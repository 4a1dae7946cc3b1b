"""One's own program or service, evaluated like a model: `provider: command` and `provider: http`."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

import museum
from program import Program
from simulator import Simulator, task_file

LABELS = "Its maker was a master of the town guild. It dates from the early nineteenth century."


def application(provider: dict[str, Any], judge: str, **changes: Any) -> dict[str, Any]:
    parts = museum.experiment(judge, datasets=[{"cases": museum.cases(8)}], **changes)
    parts["providers"]["app"] = provider
    parts["models"] = [{"provider": "app", "model": "my-app"}]
    return parts


def test_a_program_beside_the_file_is_run_for_each_case(program: Program, simulator: Callable[..., Simulator]) -> None:
    server = simulator("--task", task_file("museum"))
    folder = program.folder / "experiments"
    folder.mkdir()
    (folder / "app.py").write_text(
        "import json, sys\nasked = json.load(sys.stdin)\n"
        "print(json.dumps({'text': '" + LABELS + " ' + asked['input']['notes'] + '|' + asked['prompt'][:5]}))\n"
    )
    path = museum.write(folder, application({"provider": "command", "command": ["python3", "app.py"]}, server.url))
    result = program.result("eval", path)
    notes = {case["id"]: case["input"]["notes"] for case in result["cases"]}
    for output in result["outputs"]:
        assert output["text"] == f"{LABELS} {notes[output['case_id']]}|Write"
    assert result["composite"]["score"] > 0.3 and result["unknown_prices"] == []
    assert len(server.log()) == 8, "only the judge is asked over the network"


@pytest.mark.parametrize(
    "code, words",
    [
        ("import sys; sys.exit('no database today')", ["no database today"]),
        ("import time; time.sleep(60)", ["0.5 s"]),
        ("raise SystemExit(3)", ["3"]),
    ],
)
def test_a_program_that_fails_is_named_and_is_no_score(
    program: Program, simulator: Callable[..., Simulator], code: str, words: list[str]
) -> None:
    server = simulator()
    (program.folder / "app.py").write_text(code + "\n")
    provider = {"provider": "command", "command": ["python3", "app.py"], "timeout": 0.5}
    ended = program.run(
        "eval",
        museum.write(program.folder, application(provider, server.url)),
        "--json",
        "result.json",
        status=3,
        timeout=60,
    )
    for word in words:
        assert word in ended.said, ended
    result = json.loads((program.folder / "result.json").read_text())
    assert all(output["error"] and output["text"] is None for output in result["outputs"]) and server.log() == []


def test_a_program_that_does_not_exist(program: Program, simulator: Callable[..., Simulator]) -> None:
    provider = {"provider": "command", "command": ["no-such-program-here"]}
    ended = program.run(
        "eval", museum.write(program.folder, application(provider, simulator().url)), status=3, timeout=60
    )
    assert "no-such-program-here" in ended.said and ended.seconds < 30


class Service(BaseHTTPRequestHandler):
    asked: list[dict[str, Any]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        Service.asked.append({"body": body, "path": self.path, "headers": dict(self.headers)})
        answer = json.dumps({"text": f"{LABELS} {body['input']['notes']}"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def service() -> Iterator[str]:
    Service.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/answer"
    server.shutdown()
    thread.join(5)
    server.server_close()


def test_a_service_gets_the_case_and_the_prompt(
    program: Program, simulator: Callable[..., Simulator], service: str
) -> None:
    server = simulator("--task", task_file("museum"))
    provider = {"provider": "http", "url": service, "api_key": "${APP_KEY}", "headers": {"x-tenant": "museum"}}
    path = museum.write(program.folder, application(provider, server.url))
    result = program.result("eval", path, env={"APP_KEY": "hush"})
    assert len(Service.asked) == 8 and {one["path"] for one in Service.asked} == {"/answer"}
    one = Service.asked[0]
    assert one["body"]["input"]["notes"] in one["body"]["prompt"]
    headers = {name.lower(): value for name, value in one["headers"].items()}
    assert headers["authorization"] == "Bearer hush" and headers["x-tenant"] == "museum"
    assert headers["edison-attempt"] and "hush" not in json.dumps(result, default=str)
    assert result["composite"]["cases"] == 8


def test_an_application_can_be_refined(program: Program, simulator: Callable[..., Simulator], tmp_path: Path) -> None:
    """The application renders nothing of ours but the prompt, and obeys it: so its prompt can get better."""
    server = simulator("--task", task_file("museum"))
    (program.folder / "app.py").write_text(
        "import json, sys, urllib.request\nasked = json.load(sys.stdin)\n"
        f"body = {{'model': 'apprentice', 'messages': asked['messages'], 'seed': asked['seed']}}\n"
        f"request = urllib.request.Request('{server.url}/v1/chat/completions', json.dumps(body).encode(),"
        " {'Content-Type': 'application/json'})\n"
        "print(json.load(urllib.request.urlopen(request))['choices'][0]['message']['content'])\n"
    )
    provider = {"provider": "command", "command": ["python3", "app.py"]}
    parts = application(provider, server.url, stop={"max_iterations": 3, "max_budget_usd": 5})
    parts["datasets"] = [{"cases": museum.cases(30)}]
    result = program.result("refine", museum.write(program.folder, parts))
    assert any(version["status"] in ("accepted", "promoted") for version in result["versions"])
