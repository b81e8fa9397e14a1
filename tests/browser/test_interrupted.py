"""What is pressed twice, left half way, gone back to or signed out of, in a browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.processes import Demo

SignIn = Callable[[Page, str], None]
pytestmark = pytest.mark.browser
ROWS = ".dh-table tbody tr"


def sign_out_elsewhere(page: Page) -> None:
    """End the session as another tab would; this page does not know."""
    page.context.clear_cookies(name="sessionid")


def test_signed_out_meanwhile_a_filter_leads_to_the_sign_in_page(
    page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "risk")
    page.goto("/ledger/")
    sign_out_elsewhere(page)
    page.select_option("select[name=bucket]", "M1")
    expect(page).to_have_url(re.compile(r"/sign-in/\?next=/ledger/"))
    expect(page.locator("#id_username")).to_be_visible()


def test_signed_out_meanwhile_the_search_shows_no_sign_in_page_in_its_list(
    page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "risk")
    page.goto("/ledger/")
    sign_out_elsewhere(page)
    page.locator("[data-search]").press_sequentially("JD")
    expect(page).to_have_url(re.compile(r"/sign-in/\?next=/ledger/"))


def test_after_signing_out_the_way_back_shows_nobody(
    page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "risk")
    page.goto("/ledger/")
    number = page.locator(f"{ROWS} td:nth-child(2) a").first.inner_text()
    page.locator(".dh-top .dh-menu summary").click()
    page.locator(".dh-menu form[action='/sign-out/'] button").click()
    expect(page.locator("#id_username")).to_be_visible()
    page.go_back()
    expect(page.locator("#id_username")).to_be_visible()
    assert number not in page.content()


def test_going_back_over_a_filter_leaves_a_page_whose_keys_work(
    page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "risk")
    page.goto("/ledger/")
    rows = page.locator("tfoot th").last.inner_text()
    page.select_option("select[name=bucket]", "M1")
    expect(page).to_have_url(re.compile("bucket=M1"))
    page.go_back()
    expect(page.locator("tfoot th").last).to_have_text(rows)
    page.keyboard.press("j")
    expect(page.locator(f"{ROWS}:first-child")).to_have_class(re.compile("cursor"))
    page.keyboard.press("x")
    expect(page.locator("tr[aria-selected=true]")).to_have_count(1)


def test_typing_into_the_list_loses_no_letter_and_no_focus(
    page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "risk")
    page.goto("/ledger/")
    number = page.locator(f"{ROWS} td:nth-child(2) a").first.inner_text()
    page.locator("#find-text").press_sequentially(number, delay=120)
    expect(page.locator(ROWS)).to_have_count(1)
    expect(page.locator("#find-text")).to_be_focused()
    expect(page.locator("#find-text")).to_have_value(number)


def test_half_a_chinese_word_asks_nothing(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "risk")
    page.goto("/ledger/")
    asked: list[str] = []
    page.on(
        "request",
        lambda request: asked.append(request.url) if "text=" in request.url else None,
    )
    page.locator("#find-text").focus()
    writer = page.context.new_cdp_session(page)
    writer.send(
        "Input.imeSetComposition",
        {"text": "wang", "selectionStart": 4, "selectionEnd": 4},
    )
    page.wait_for_timeout(900)
    assert not asked
    writer.send("Input.insertText", {"text": "王"})
    expect(page).to_have_url(re.compile("text=%E7%8E%8B"))
    expect(page.locator("#find-text")).to_be_focused()


def test_a_form_pressed_twice_is_sent_once(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "risk")
    page.goto("/ledger/")
    sent: list[str] = []
    page.on(
        "request",
        lambda request: sent.append(request.url) if request.method == "POST" else None,
    )
    page.keyboard.press("s")
    page.fill("#view-name", "pressed twice")
    page.evaluate(
        "() => { const it = document.querySelector('.dh-viewbar .btn-primary');"
        " it.click(); it.click(); }"
    )
    expect(page.locator(".dh-views a[aria-current]")).to_contain_text("pressed twice")
    assert len(sent) == 1, sent
    page.goto("/views/")
    page.locator("button[value=delete]").first.click()


def test_a_list_that_cannot_be_read_says_so_and_keeps_its_rows(
    browser: Browser, site: Demo, sign_in: SignIn
) -> None:
    page = browser.new_page(base_url=site.address)  # it may complain: it is meant to
    sign_in(page, "risk")
    page.goto("/ledger/")
    count = page.locator(ROWS).count()
    page.route("**/ledger/?*", lambda route: route.fulfill(status=503), times=1)
    page.select_option("select[name=bucket]", "M1")
    expect(page.locator("[data-failed]")).to_be_visible()
    assert page.locator(ROWS).count() == count
    page.route("**/ledger/?*", lambda route: route.abort("failed"), times=1)
    page.select_option("select[name=bucket]", "M3")
    expect(page.locator("[data-failed]")).to_be_visible()
    page.select_option("select[name=bucket]", "M2")
    expect(page.locator("[data-failed]")).to_be_hidden()
    page.close()


def test_enter_in_the_note_decides_nothing(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "risk")
    page.goto("/ledger/")
    page.locator(f"{ROWS} td:nth-child(2) a").nth(3).click()
    page.locator("a[href$='/correct/']").click()
    page.locator("input[name^=new-]").first.fill("another")
    page.fill("#id_reason", "told by the branch")
    page.locator("form .btn-primary").click()
    expect(page).to_have_url(re.compile(r"/approvals/\d+/"))
    address = page.url
    page.context.clear_cookies()
    sign_in(page, "compliance")
    page.goto(address)
    page.fill(".dh-decide input[name=note]", "no")
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)
    expect(page.locator(".dh-decide button[value=refuse]")).to_be_visible()
    assert page.url == address
