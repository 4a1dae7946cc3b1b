"""Pages in a real browser: Chromium of the system, with what it complains about, and axe."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def page(
    browser: Browser, theme: str = "light", width: int = 1440, height: int = 900, axe: bool = False, expected: str = ""
) -> Iterator[Page]:
    """A fresh one. Whatever the browser complains about fails the test, the policy for content included, but for
    complaints that hold the expected words.

    axe sets styles of its own while it measures, so for it the policy is off."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, reduced_motion="reduce", bypass_csp=axe)
    one = context.new_page()
    complaints: list[str] = []
    one.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    one.on("pageerror", lambda error: complaints.append(str(error)))
    one.on("requestfailed", lambda request: complaints.append(f"{request.url}: {request.failure}"))
    yield one
    context.close()
    unexpected = [one for one in complaints if not expected or expected not in one]
    assert not unexpected, unexpected


def violations(one: Page) -> list[str]:
    """What axe finds, each with the first place."""
    return [f"{found['id']}: {found['nodes'][0]['html'][:200]}" for found in Axe().run(one).response["violations"]]
