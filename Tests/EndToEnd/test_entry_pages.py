"""Coming in by a browser: the first owner's link, sign-in, the own account, an invitation; also without scripts."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from hosted import PASSWORD, Client, Hosted
from pages import chromium, page, violations
from program import Program


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture
def server(program: Program) -> Iterator[Hosted]:
    one = Hosted(program, "edison.db")
    yield one
    one.kill()


def heading(one: Page) -> str:
    return one.get_by_role("heading", level=1).inner_text()


def fill(one: Page, **values: str) -> None:
    for name, value in values.items():
        one.locator(f"[name={name}]").fill(value)


def press(one: Page, name: str) -> None:
    one.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_first_owner_comes_by_the_link_and_comes_back_by_password(
    browser: Browser, program: Program, theme: str
) -> None:
    server = Hosted(program, "edison.db")
    link = server.link
    try:
        with page(browser, theme, width=390, axe=True, expected="status of 4") as one:
            one.goto(link)
            assert heading(one) == "You own this installation" and one.url == f"{server.url}/account"
            assert violations(one) == [] and one.evaluate("document.documentElement.scrollWidth") <= 390
            fill(one, email="ada@example.org", password="short")
            press(one, "Save")
            assert "Must have 10 to 1000 characters" in one.locator(".fault").inner_text()
            assert one.locator("[name=email]").input_value() == "ada@example.org", "what was typed is kept"
            assert one.locator("[name=password]").input_value() == "", "but no password"
            assert violations(one) == []
            fill(one, password=PASSWORD, name="Ada")
            press(one, "Save")
            assert one.get_by_role("status").inner_text() == "Your account is saved." and heading(one) == "Your account"
            press(one, "Sign out")
            assert one.url == f"{server.url}/login"
            assert violations(one) == []
            fill(one, email="ada@example.org", password="a wrong password")
            press(one, "Sign in")
            assert one.get_by_role("alert").is_visible() and one.url == f"{server.url}/login"
            assert violations(one) == []
            fill(one, password=PASSWORD)
            press(one, "Sign in")
            assert heading(one) == "Your account" and one.locator("[name=name]").input_value() == "Ada"
    finally:
        server.kill()


def test_an_invitation_is_taken_by_its_link(browser: Browser, server: Hosted) -> None:
    owner = Client.registered(server.url)
    organization = owner.get("/me")["organizations"][0]["id"]
    invited = owner.expect(
        201, "POST", f"/organizations/{organization}/invitations", {"email": "grace@example.org", "role": "editor"})
    link = invited["link"] if invited["link"].startswith("http") else server.url + invited["link"]
    with page(browser, axe=True, expected="410") as one:
        one.goto(link)
        assert heading(one).startswith("Join ") and "editor" in one.locator("main").inner_text()
        assert violations(one) == []
        fill(one, name="Grace", password=PASSWORD)
        press(one, "Make an account and join")
        assert heading(one) == "Your account" and one.locator("[name=email]").input_value() == "grace@example.org"
        roles = {member["email"]: member["role"] for member in owner.get(f"/organizations/{organization}/members")["items"]}
        assert roles["grace@example.org"] == "editor"
        answer = one.goto(link)
        assert answer and answer.status == 410 and "used" in heading(one)


def test_forms_work_without_scripts(browser: Browser, server: Hosted) -> None:
    Client.registered(server.url)
    context = browser.new_context(java_script_enabled=False)
    one = context.new_page()
    one.goto(f"{server.url}/account")
    assert one.url == f"{server.url}/login"
    fill(one, email="ada@example.org", password=PASSWORD)
    press(one, "Sign in")
    assert one.url == f"{server.url}/account"
    context.close()


def test_a_form_of_another_site_is_refused(server: Hosted) -> None:
    Client.registered(server.url)

    def post(path: str, fields: dict[str, str], **headers: str) -> tuple[int, str]:
        call = urllib.request.Request(
            server.url + path, data=urllib.parse.urlencode(fields).encode(), method="POST", headers=headers)
        opener = urllib.request.build_opener(NoRedirect)
        try:
            with opener.open(call, timeout=30) as answer:
                return answer.status, answer.headers.get("Set-Cookie") or ""
        except urllib.error.HTTPError as error:
            return error.code, error.headers.get("Set-Cookie") or ""

    login = {"email": "ada@example.org", "password": PASSWORD}
    status, cookie = post("/login", login, **{"Sec-Fetch-Site": "same-origin"})
    assert status == 303 and "HttpOnly" in cookie and "SameSite=Lax" in cookie
    session = cookie.split(";")[0]
    for site in ("cross-site", "same-site", "none"):
        assert post("/login", login, **{"Sec-Fetch-Site": site})[0] == 403
        assert post("/account", {"email": "eve@example.org"}, Cookie=session, **{"Sec-Fetch-Site": site})[0] == 403
    assert post("/account", {"email": "eve@example.org"}, Cookie=session)[0] == 403, "and one that says nothing"


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:  # type: ignore[override]
        return None
