"""The design system in a real browser."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from hosted import Hosted
from pages import chromium, page, violations
from program import Program


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    one = Hosted(Program(tmp_path_factory.mktemp("pages")), "edison.db")
    yield one
    one.kill()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_gallery_has_no_fault_that_axe_finds(browser: Browser, server: Hosted, theme: str) -> None:
    with page(browser, theme, axe=True) as one:
        one.goto(f"{server.url}/design")
        assert one.title() == "Design · Edison"
        assert violations(one) == []


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_the_gallery_fits_the_screen_and_loads_what_is_ours_alone(browser: Browser, server: Hosted, width: int) -> None:
    with page(browser, width=width) as one:
        asked: list[str] = []
        one.on("request", lambda request: asked.append(request.url))
        one.goto(f"{server.url}/design")
        assert one.evaluate("document.documentElement.scrollWidth") <= width
        assert len(asked) >= 5 and all(url.startswith(server.url) for url in asked)
        # Both columns hold every component, and the dark one is dark whatever the page is.
        names = [column.locator("h3").all_inner_texts() for column in one.locator(".theme").all()]
        assert len(names) == 2 and names[0] == names[1] and len(names[0]) >= 18
        colours = [column.evaluate("e => getComputedStyle(e).backgroundColor") for column in one.locator(".theme").all()]
        assert colours[0] != colours[1]


def test_a_chosen_theme_stays_and_the_system_decides_without_one(browser: Browser, server: Hosted) -> None:
    with page(browser, "light") as one:
        one.goto(f"{server.url}/design")

        def ground() -> str:
            return one.evaluate("getComputedStyle(document.documentElement).backgroundColor")

        light = ground()
        one.get_by_role("button", name="Dark", exact=True).click()
        dark = ground()
        assert dark != light
        one.reload()
        assert ground() == dark
        assert one.get_by_role("button", name="Dark", exact=True).get_attribute("aria-pressed") == "true"
        one.get_by_role("button", name="System", exact=True).click()
        assert ground() == light


def test_assets_are_kept_for_good_and_only_under_their_own_version(server: Hosted) -> None:
    path = _read(server, "/design")[1].split('rel="stylesheet" href="')[1].split('"')[0]
    headers, style = _read(server, path)
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable" and "@layer components" in style
    version = path.split("/")[2]
    old, same = _read(server, path.replace(version, "0" * 12))
    assert old["Cache-Control"] == "no-cache" and same == style


def _read(server: Hosted, path: str) -> tuple[dict[str, str], str]:
    with urllib.request.urlopen(server.url + path, timeout=30) as answer:
        return dict(answer.headers), answer.read().decode()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_not_there_is_told_to_people_on_a_page_and_to_programs_as_a_problem(
    browser: Browser, server: Hosted, theme: str
) -> None:
    with page(browser, theme, width=390, axe=True, expected="404") as one:
        answer = one.goto(f"{server.url}/nowhere/at/all")
        assert answer and answer.status == 404
        assert one.get_by_role("heading", level=1).inner_text() == "There is nothing at this address."
        assert one.title() == "Not found · Edison"
        number = one.locator("main .mono").inner_text()
        assert number == answer.headers["x-request-id"]
        assert violations(one) == []
        assert one.evaluate("document.documentElement.scrollWidth") <= 390
        one.get_by_role("link", name="To the first page").click()
        assert one.url != f"{server.url}/nowhere/at/all"
    for path, accept in [("/nowhere", "*/*"), ("/nowhere", "application/json"), ("/api/v1/nowhere", "text/html")]:
        request = urllib.request.Request(server.url + path, headers={"Accept": accept})
        with pytest.raises(urllib.error.HTTPError) as error:
            urllib.request.urlopen(request, timeout=30)
        assert error.value.headers["Content-Type"] == "application/problem+json", (path, accept)
