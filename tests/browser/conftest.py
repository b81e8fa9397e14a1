"""A real site, a real Chromium, and pages that may not complain.

Where no Chromium starts, every browser test is skipped by name.
"""

import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.processes import Demo, start_demo
from tools import chromium

LOANS, MONTHS = 200, 3
START_PATIENCE = 240.0  # seconds; the first run makes the town
VIEW = {"width": 1366, "height": 768}

SignIn = Callable[[Page, str], None]


@functools.cache
def found_chromium() -> chromium.Chromium | None:
    return chromium.find()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium there is; the test is skipped where none starts."""
    found = found_chromium()
    if found is None:
        pytest.skip("NO CHROMIUM STARTS HERE; install one to run the browser tests")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found.program, args=list(found.arguments)
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(browser: Browser) -> Iterator[Demo]:
    """The demonstration of a small town, with a login per role."""
    with TemporaryDirectory(prefix="daihou-site-") as folder:
        demo = start_demo(Path(folder), loans=LOANS, months=MONTHS)
        try:
            demo.wait_until_ready(within=START_PATIENCE)
            yield demo
        finally:
            if demo.process.poll() is None:
                demo.end()


@pytest.fixture
def language() -> str:
    """The browser's language; a test may override it by parametrizing."""
    return "zh-CN"


@pytest.fixture
def page(browser: Browser, site: Demo, language: str) -> Iterator[Page]:
    """A page at 1366x768; anything it complains of fails the test."""
    context = browser.new_context(
        base_url=site.address,
        viewport=VIEW,
        locale=language,
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",  # colours on their way are no finding
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
    page.on(
        "console",
        lambda told: (
            complaints.append(f"console: {told.text}")
            if told.type in {"error", "warning"}
            else None
        ),
    )
    page.on(
        "requestfailed",
        lambda request: (
            complaints.append(f"request: {request.url} {request.failure}")
            if request.failure != "net::ERR_ABORTED"  # a download, or the next page
            else None
        ),
    )
    yield page
    context.close()
    assert not complaints, complaints


@pytest.fixture
def sign_in(site: Demo) -> SignIn:
    """Sign in as one of the demonstration's roles; logins are named as their role."""

    def sign(page: Page, role: str) -> None:
        username, password = site.logins[role]
        page.goto("/")
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", password)
        page.click("form button[type=submit]")
        page.wait_for_url("**/")

    return sign
