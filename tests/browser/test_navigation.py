"""The way about: groups that fold, keys that reach every page, a sheet on a phone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.test_main_path import speak

pytestmark = pytest.mark.browser


def test_a_folded_group_stays_folded_but_shows_where_one_is(
    page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "supervisor")
    book = page.locator(".dh-nav [data-group=book]")
    ledger = book.locator("a[href='/ledger/']")
    expect(ledger).to_be_visible()
    book.locator("[data-fold]").press("Enter")
    expect(ledger).to_be_hidden()
    page.goto("/cases/")
    expect(book.locator("[data-fold]")).to_have_attribute("aria-expanded", "false")
    expect(ledger).to_be_hidden()
    page.keyboard.press("g")  # a key goes there all the same
    page.keyboard.press("l")
    page.wait_for_url("**/ledger/**")
    expect(ledger).to_be_visible()
    expect(book.locator("a:visible")).to_have_count(1)
    book.locator("[data-fold]").press("Enter")
    expect(book.locator("a[href='/payments/']")).to_be_visible()


def test_on_a_phone_the_rest_comes_up_as_a_sheet(page: Page, sign_in: SignIn) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, "supervisor")
    speak(page, "en")
    bar = page.locator(".dh-nav > .group a")
    assert 2 <= bar.count() <= 4
    more = page.locator("[data-nav-more]")
    cases = page.locator(".dh-nav a[href='/cases/']")
    expect(cases).to_be_hidden()
    more.click()
    expect(cases).to_be_visible()
    expect(more).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(cases).to_be_hidden()
    more.click()
    cases.click()
    page.wait_for_url("**/cases/")
    expect(page.locator("h1")).to_be_visible()
    expect(cases).to_be_hidden()


def test_every_line_is_reached_by_its_key(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "supervisor")
    lines = [
        (line.get_attribute("data-key"), line.get_attribute("href"))
        for line in page.locator(".dh-nav a").all()
    ]
    assert len(lines) > 10
    for key, address in lines[::4]:
        assert key and address
        page.keyboard.press("g")
        page.keyboard.press(key)
        page.wait_for_url(f"**{address}**")
        expect(page.locator(".dh-nav [aria-current=page]")).to_have_count(1)
