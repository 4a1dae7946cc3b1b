"""The examples of the API reference, as they stand on the page, pasted into a shell."""

from __future__ import annotations

import html
import json
import re
import subprocess
import urllib.request
from collections.abc import Callable
from typing import Any

import museum
from hosted import PASSWORD, Client, Hosted, credential, request
from program import Program, bare_environment
from simulator import Simulator, task_file
from test_safety_scan import CLEAN

# What somebody else does, since the owner has more to do.
LEAVING = ("postAuthLogout", "postMeErase")


APPALLED = {
    "reasoning": "", "scores": {"Facts": 3}, "rationales": {"Facts": "It insults."},
    "safety_flags": {flag: flag == "toxic_content" for flag in CLEAN if flag != "evidence"},
}


def examples(server: Hosted) -> dict[str, str]:
    """By operation."""
    with urllib.request.urlopen(f"{server.url}/docs/api", timeout=10) as answer:
        page = answer.read().decode()
    found = re.findall(r'<article id="(\w+)">(?:(?!</article>).)*?<pre[^>]*><code>(.*?)</code></pre>', page, re.S)
    return {name: html.unescape(text) for name, text in found}


class World:
    """Things of an owner's, one of each kind, whose ids stand in the place of the examples' variables."""

    def __init__(self, program: Program, server: Hosted, provider: Simulator, rude: Simulator):
        self.program, self.server, self.provider, self.rude = program, server, provider, rude
        self.owner = owner = Client.registered(server.url, "owner@example.org", organization="Owners")
        at = f"/projects/{owner.project}"
        self.organization = owner.get("/organizations")["items"][0]["id"]
        self.credential = credential(owner, provider.url)
        self.prompt = owner.expect(201, "POST", f"{at}/prompts", {"name": "reply", "text": "Answer: {{message}}"})
        cases = [{"input": {"message": f"Where is parcel {number}?"}} for number in range(6)]
        self.dataset = owner.expect(201, "POST", f"{at}/datasets", {"name": "Messages", "cases": cases})["id"]
        self.case = owner.get(f"/datasets/{self.dataset}/cases")["items"][0]["id"]
        self.draft = owner.expect(201, "POST", f"{at}/experiments", request(self.credential))["id"]
        self.configuration = owner.expect(
            201, "POST", f"{at}/model-configurations",
            {"name": "Plain", "provider": "openai-compatible", "model": "judge-a"})["id"]
        self.member = Client.registered(server.url, "member@example.org")
        self.join(self.member)

    def join(self, person: Client) -> None:
        invited = self.owner.expect(
            201, "POST", f"/organizations/{self.organization}/invitations", {"email": person.get("/me")["email"]})
        self.invitation = invited["id"]
        person.expect(200, "POST", f"/invitations/{invited['token']}/accept")

    def open_invitation(self) -> str:
        body = {"email": "someone@example.org"}
        return self.owner.expect(201, "POST", f"/organizations/{self.organization}/invitations", body)["id"]

    def suggestion(self) -> str:
        """Of an experiment that waits for a person."""
        body = request(self.credential, review="suggestions")
        id = self.owner.expect(201, "POST", f"/projects/{self.owner.project}/experiments", body)["id"]
        self.owner.expect(202, "POST", f"/experiments/{id}/run", {})
        self.owner.wait(id, "paused")
        return self.owner.get(f"/experiments/{id}/suggestions?decided=false")["items"][0]["id"]

    def flagged_output(self) -> str:
        """Of a provider whose judge is appalled by everything."""
        rude = credential(self.owner, self.rude.url, "rude")
        model = {"credential_id": rude, "model": "writer", "price": museum.PRICE}
        body = request(
            rude, kind="eval", refiner=None, models=[model], judges=[model | {"model": "judge"}],
            rubric=[{"name": "Facts", "weight": 1}])
        id = self.owner.expect(201, "POST", f"/projects/{self.owner.project}/experiments", body)["id"]
        self.owner.expect(202, "POST", f"/experiments/{id}/run", {})
        self.owner.wait(id, "completed")
        return self.owner.get(f"/experiments/{id}/suggestions?kind=flagged")["items"][0]["id"]

    def budget(self) -> str:
        """That of the example before, since a person has one for a month."""
        return self.owner.get(f"/organizations/{self.organization}/budgets")["items"][0]["id"]

    def webhook(self) -> str:
        body = {"kind": "webhook", "name": "Mine", "url": f"{self.provider.url}/hook"}
        return self.owner.expect(201, "POST", f"/projects/{self.owner.project}/webhooks", body)["id"]

    def refresh_token(self) -> str:
        body = {"email": "owner@example.org", "password": PASSWORD}
        return self.owner.expect(200, "POST", "/auth/login", body)["refresh_token"]

    def new_version(self) -> str:
        body = {"text": "Describe {{object}}.", "message": "shorter"}
        return self.owner.expect(201, "POST", f"/prompts/{self.prompt['id']}/versions", body)["id"]

    def variables(self, name: str, path: str) -> dict[str, str]:
        ids: dict[str, Callable[[], str]] = {
            "prompts": lambda: self.prompt["id"], "datasets": lambda: self.dataset, "cases": lambda: self.case,
            "credentials": lambda: self.credential, "model-configurations": lambda: self.configuration,
            "experiments": lambda: self.draft, "suggestions": self.suggestion,
            "outputs": self.flagged_output, "budgets": self.budget, "webhooks": self.webhook,
        }
        first = path.split("/")[3]
        return {
            "EDISON_URL": self.server.url, "EDISON_KEY": self.owner.token or "", "EDISON_TOKEN": self.owner.token or "",
            "ORGANIZATION": self.organization, "PROJECT": self.owner.project, "PROVIDER": "openai-compatible",
            "USER_ID": self.member.get("/me")["id"], "TAG": "production", "MODEL": "judge-a",
            "PROVIDER_KEY": "sk-of-the-reader", "NEW_PROVIDER_KEY": "sk-new-0123456789",
            "PROVIDER_URL": f"{self.provider.url}/v1", "PROMPT": self.prompt["id"], "DATASET": self.dataset,
            "CREDENTIAL": self.credential,
        } | {key: make() for key, make in {
            "INVITATION": self.open_invitation, "REFRESH_TOKEN": self.refresh_token, "VERSION": self.new_version,
            "ID": ids.get(first, str),
        }.items() if f"${key}" in self.texts[name]}

    texts: dict[str, str] = {}


def run(text: str, world: World, variables: dict[str, str]) -> tuple[int, Any]:
    line = text.replace("curl", "curl -sS -w '\\n%{http_code}'", 1)
    ended = subprocess.run(
        ["bash", "-c", line], cwd=world.program.folder, env=bare_environment(world.program.folder) | variables,
        capture_output=True, text=True, timeout=60, check=True)
    body, _, status = ended.stdout.rpartition("\n")
    return int(status), body


def test_every_example_with_a_body_can_be_pasted_into_a_shell(
    program: Program, simulator: Callable[..., Simulator]
) -> None:
    server = Hosted(program, "server.db")
    try:
        script = program.folder / "script.json"
        script.write_text(json.dumps([{"schema": "judgment", "answer": APPALLED}, {"answer": "A rude label."}]))
        rude = simulator("--behaviour", "script", "--script", script)
        world = World(program, server, simulator("--task", task_file("museum")), rude)
        (program.folder / "file").write_text(json.dumps({"cases": [{"input": {"message": "It broke."}}]}))
        world.texts = examples(server)
        described = world.owner.get("/openapi.json")["paths"]
        operations = {
            one["operationId"]: (path, one) for path, methods in described.items() for one in methods.values()
            if "application/json" in one.get("requestBody", {}).get("content", {})
        }
        assert len(operations) >= 35 and set(operations) <= set(world.texts)
        faults = []
        for name, (path, operation) in operations.items():
            variables = world.variables(name, path)
            if name in LEAVING:
                token = Client.registered(server.url, f"{name}@example.org").token or ""
                variables |= {"EDISON_KEY": token, "EDISON_TOKEN": token}
            missing = set(re.findall(r"\$([A-Z_]+)", world.texts[name])) - set(variables)
            status, body = run(world.texts[name], world, variables)
            good = {int(code) for code in operation["responses"] if code.startswith("2")}
            if missing or status not in good:
                faults.append(f"{name}: {status} {missing or ''} {body}\n{world.texts[name]}")
        assert not faults, "\n\n".join(faults)
    finally:
        server.stop()
