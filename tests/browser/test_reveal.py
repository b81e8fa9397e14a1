"""One personal value shown whole: asked why, for a minute, then masked again."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_main_path import speak

SignIn = Callable[[Page, str], None]
pytestmark = pytest.mark.browser
WHOLE, MASKED = re.compile(r"1\d{10}"), re.compile(r"1\d{2}\*{4}\d{4}")


def a_telephone(page: Page) -> Locator:
    """Open the customer of the first loan of the ledger; the line of a telephone."""
    page.goto("/ledger/")
    speak(page, "en")
    page.locator(".dh-table tbody tr:first-child a").first.click()
    page.locator('.dh-main a[href^="/customers/"]').first.click()
    lines = page.locator(".dh-reach li")
    expect(lines.first).to_be_visible()
    masked = [bool(MASKED.search(text)) for text in lines.all_inner_texts()]
    return lines.nth(masked.index(True))  # by its place: its text is to change


@pytest.mark.parametrize("language", ["en-US"])
def test_a_value_is_shown_for_a_reason_and_hidden_after_a_minute(
    page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "collector")
    page.clock.install()
    line = a_telephone(page)
    value = line.locator("[data-personal]")
    expect(value).to_have_text(MASKED)
    value.get_by_role("button", name="Show whole").click()
    ask = line.locator("form")
    expect(ask).to_contain_text("It is recorded that you looked, and why.")
    # Without a reason the browser itself does not send it.
    ask.get_by_role("button", name="Show for a minute").click()
    expect(line).not_to_have_text(WHOLE)
    ask.locator("select[name=why]").select_option(index=1)
    ask.get_by_role("button", name="Show for a minute").click()
    expect(line.locator("[role=status]")).to_have_text(WHOLE)
    expect(line).to_contain_text("hidden again after 60 seconds")
    # Its minute begins once the page has taken it in.
    expect(line.locator(".htmx-added")).to_have_count(0)
    page.clock.fast_forward(58_000)
    expect(line.locator("[role=status]")).to_have_text(WHOLE)
    page.clock.fast_forward(3_000)
    expect(line.locator("[role=status]")).to_have_count(0)
    expect(value).to_have_text(MASKED)


@pytest.mark.parametrize("language", ["en-US"])
def test_it_is_hidden_at_once_or_left_and_nothing_of_it_is_kept(
    page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "collector")
    line = a_telephone(page)
    address = page.url
    value = line.locator("[data-personal]")
    value.get_by_role("button", name="Show whole").click()
    line.get_by_role("button", name="Leave it").click()
    expect(value).to_have_text(MASKED)
    value.get_by_role("button", name="Show whole").click()
    line.locator("select[name=why]").select_option(index=1)
    line.get_by_role("button", name="Show for a minute").click()
    expect(line.locator("[role=status]")).to_have_text(WHOLE)
    line.get_by_role("button", name="Hide").click()
    expect(value).to_have_text(MASKED)
    # Neither another page nor the way back brings it up again.
    page.goto("/ledger/")
    page.go_back()
    expect(page).to_have_url(address)
    expect(value).to_have_text(MASKED)
    assert not any(map(WHOLE.search, page.locator(".dh-reach").all_inner_texts()))
