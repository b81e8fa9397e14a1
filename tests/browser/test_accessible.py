"""No page holds a serious barrier: every role, both languages, light and dark.

axe-core looks at each page; in the second light only its colours are looked at anew.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.browser.roles import EVERYBODY, OWN, offered
from tests.browser.test_main_path import speak

SignIn = Callable[[Page, str], None]
pytestmark = pytest.mark.browser
COLOURS = ("color-contrast",)
EVERYDAY = ("admin", "risk")  # whose every panel is looked at in English each time


def barriers(page: Page, where: str) -> list[str]:
    """What axe finds on the page that is open, in the light it is in and the other."""
    found = axe.grave(page)
    html = page.locator("html")
    light = html.get_attribute("data-bs-theme")
    other = "light" if light == "dark" else "dark"
    page.evaluate(f"document.documentElement.dataset.bsTheme = '{other}'")
    found += [f"{other} {line}" for line in axe.grave(page, COLOURS)]
    page.evaluate(f"document.documentElement.dataset.bsTheme = '{light}'")
    return [f"{where}: {line}" for line in found]


@pytest.mark.parametrize("role", sorted(OWN))
def test_no_serious_barrier(page: Page, sign_in: SignIn, role: str) -> None:
    sign_in(page, role)
    speak(page, "zh-hans")
    found = []
    for address in dict.fromkeys([*offered(page), *OWN[role]]):
        page.goto(address)
        found += barriers(page, f"{role} {address}")
    assert not found, "\n".join(found)


@pytest.mark.deep
@pytest.mark.parametrize("chosen", ["zh-hans", "en"])
@pytest.mark.parametrize("role", sorted(OWN))
def test_no_serious_barrier_on_any_page_in_any_language(
    page: Page, sign_in: SignIn, role: str, chosen: str
) -> None:
    sign_in(page, role)
    speak(page, chosen)
    found = []
    for address in dict.fromkeys([*EVERYBODY, *offered(page), *OWN[role]]):
        page.goto(address)
        found += barriers(page, f"{role} {address}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("role", sorted(set(OWN) - set(EVERYDAY)))
def test_no_serious_barrier_in_english(page: Page, sign_in: SignIn, role: str) -> None:
    sign_in(page, role)
    speak(page, "en")
    found = []
    for address in ("/", *OWN[role]):
        page.goto(address)
        found += barriers(page, f"{role} {address}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "role",
    [
        role if role in EVERYDAY else pytest.param(role, marks=pytest.mark.deep)
        for role in sorted(OWN)
    ],
)
def test_no_serious_barrier_in_english_whatever_is_open(
    page: Page, sign_in: SignIn, role: str
) -> None:
    sign_in(page, role)
    speak(page, "en")
    found = []
    for address in dict.fromkeys([*EVERYBODY, *offered(page), *OWN[role]]):
        page.goto(address)
        found += barriers(page, f"{role} {address}")
    page.goto("/ledger/")
    first = page.locator(".dh-table tbody tr td:nth-child(2) a").first
    asked = {"no such name": "[role=status]"}
    if first.count():
        asked["JD"] = "[role=option]"  # who sees no loan finds none
        page.locator("[data-pick]").first.check()
        found += barriers(page, "a row picked")
        page.locator(".dh-cols-menu summary").click()
        found += barriers(page, "columns open")
        page.keyboard.press("Escape")
        first.click()
        page.wait_for_url("**/loans/**")
        found += barriers(page, "a loan")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    found += barriers(page, "the keys")
    page.keyboard.press("Escape")
    for text, shown in asked.items():
        page.keyboard.press("/")
        page.locator("[data-search]").fill(text)
        expect(page.locator(f"#found {shown}").first).to_be_visible()
        found += barriers(page, f"suggestions for {text}")
        page.keyboard.press("Escape")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_the_sign_in_page_has_no_serious_barrier(page: Page) -> None:
    page.goto("/sign-in/")
    assert not barriers(page, "sign in")


def test_a_barrier_would_be_seen(page: Page) -> None:
    page.goto("/sign-in/")
    page.evaluate("document.querySelector('label').remove()")
    assert any("label" in line for line in axe.grave(page))
