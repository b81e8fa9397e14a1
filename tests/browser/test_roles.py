"""The main path of each role, on a desk and on a phone, without a sideways scroll."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.roles import EVERYBODY, OWN, offered
from tests.browser.test_main_path import speak

SignIn = Callable[[Page, str], None]
pytestmark = pytest.mark.browser
WIDE = "document.documentElement.scrollWidth > window.innerWidth"
SIZES = {"desk": (1366, 768), "phone": (390, 844)}


@pytest.mark.parametrize("chosen", ["zh-hans", "en"])
@pytest.mark.parametrize("role", sorted(OWN))
def test_the_main_path(page: Page, sign_in: SignIn, role: str, chosen: str) -> None:
    sign_in(page, role)
    speak(page, chosen)
    for address in dict.fromkeys([*EVERYBODY, *OWN[role], *offered(page)]):
        page.goto(address)
        expect(page.locator("h1").first).to_be_visible()
        assert page.locator("h1").count() == 1, address
        for name, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            assert not page.evaluate(WIDE), f"{address} on a {name}"


@pytest.mark.parametrize("role", sorted(OWN))
def test_from_the_list_to_a_loan(page: Page, sign_in: SignIn, role: str) -> None:
    sign_in(page, role)
    page.goto("/ledger/")
    first = page.locator(".dh-table tbody tr td:nth-child(2) a").first
    if not first.count():
        expect(page.locator(".dh-empty h3")).to_be_visible()
        return
    number = first.inner_text()
    first.click()
    expect(page.locator(".dh-head")).to_contain_text(number)
    for width, height in SIZES.values():
        page.set_viewport_size({"width": width, "height": height})
        assert not page.evaluate(WIDE)


@pytest.mark.parametrize("chosen", ["zh-hans", "en"])
def test_what_one_may_not_names_the_permission_and_who_grants_it(
    page: Page, sign_in: SignIn, chosen: str
) -> None:
    sign_in(page, "agency")
    speak(page, chosen)
    answer = page.request.get("/ledger/export/")
    assert answer.status == 403
    text = answer.text()
    assert "export_ledger" in text
    assert ("谁能授予" if chosen != "en" else "Who can grant it") in text
    assert re.search(r'class="dh-nav"', text)  # the way on is still there
