"""Search while typing, saved views, columns, selection and print, in a real browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_main_path import speak

SignIn = Callable[[Page, str], None]
pytestmark = pytest.mark.browser
FIRST = ".dh-table tbody tr:first-child"


def fen(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def test_search_finds_while_one_types_and_arrows_choose(
    page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "risk")
    page.goto("/ledger/")
    number = page.locator(f"{FIRST} a").inner_text()
    page.keyboard.press("/")
    page.keyboard.type(number[:-1])
    expect(page.locator("#found [role=option]").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    chosen = page.locator("#found [aria-selected=true]")
    expect(chosen).to_have_count(1)
    told = chosen.locator("b").inner_text()
    assert page.locator("[data-search]").get_attribute("aria-expanded") == "true"
    page.keyboard.press("Enter")
    expect(page.locator(".dh-head")).to_contain_text(told)
    page.keyboard.press("/")
    page.keyboard.type("zzzz")
    expect(page.locator("#found p")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#found")).to_be_hidden()


def test_a_view_is_saved_sent_and_deleted(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "risk")
    page.goto("/ledger/?bucket=M1&cols=overdue,status")
    speak(page, "zh-hans")
    page.keyboard.press("s")
    page.fill("#view-name", "M1 状态")
    page.locator(".dh-viewbar .btn-primary").click()
    current = page.locator(".dh-views a[aria-current]")
    expect(current).to_contain_text("M1 状态")
    heads = page.locator(".dh-table thead th").all_inner_texts()
    assert [head.strip(" ↓") for head in heads[1:]] == [
        "借据号",
        "逾期合计",
        "状态",
    ] or (len(heads) == 4)
    address = page.url
    page.goto("/")
    page.goto(address)
    expect(current).to_contain_text("M1 状态")
    page.goto("/views/")
    page.locator("button[value=delete]").first.click()
    expect(page.locator(".dh-note")).to_be_visible()


def test_columns_are_ticked(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "risk")
    page.goto("/ledger/")
    page.locator(".dh-cols-menu summary").click()
    page.locator("input[name=col][value=worst]").check()
    page.locator("input[name=col][value=officer]").uncheck()
    page.locator(".dh-cols-menu .btn-primary").click()
    expect(page).to_have_url(re.compile(r"cols=[\w%,]*worst"))
    assert "officer" not in page.url.split("cols=")[1]
    expect(page.locator("thead th")).to_have_count(14)


def test_what_is_selected_is_summed_to_the_cent(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "risk")
    page.goto("/ledger/")
    rows = page.locator(".dh-table tbody tr")
    for _ in range(2):
        page.keyboard.press("j")
        page.keyboard.press("x")
    expect(page.locator("tr[aria-selected=true]")).to_have_count(2)
    cells = rows.locator("td[data-minor=overdue_total]").all_inner_texts()[:2]
    total = page.locator("[data-sum=overdue_total]").inner_text()
    assert fen(total) == sum(map(fen, cells)) > 0
    page.keyboard.press("x")
    expect(page.locator("tr[aria-selected=true]")).to_have_count(1)


def test_a_label_is_previewed_put_on_and_taken_off(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "risk")
    page.goto("/ledger/")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("t")
    expect(page.locator("h1")).to_be_visible()
    page.fill("input[name=word]", "重点")
    page.locator(".dh-filter .btn").click()
    expect(page.locator(".dh-yes .btn-primary")).to_contain_text("重点")
    page.locator(".dh-yes .btn-primary").click()
    expect(page.locator(".dh-note")).to_be_visible()
    page.goto("/ledger/?label=重点&cols=labels")
    expect(page.locator(".dh-table tbody tr")).to_have_count(1)
    page.locator("[data-pick-all]").check()
    page.locator("button[value=unlabel]").click()
    page.fill("input[name=word]", "重点")
    page.locator(".dh-filter .btn").click()
    page.locator(".dh-yes .btn-primary").click()
    expect(page.locator(".dh-empty")).to_be_visible()


def test_the_keys_are_those_of_the_page(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "risk")
    page.goto("/ledger/")
    page.keyboard.press("?")
    on_list = page.locator("#keys section").nth(1).inner_text()
    assert "X" in on_list and "[" in on_list
    page.keyboard.press("Escape")
    page.locator(f"{FIRST} a").click()
    page.keyboard.press("?")
    on_loan = page.locator("#keys section").nth(1).inner_text()
    assert "W" in on_loan and "[" not in on_loan
    letters = page.locator("#keys section").first.inner_text()
    for key in page.locator(".dh-nav a").all():
        assert (key.get_attribute("data-key") or "").upper() in letters


@pytest.mark.parametrize("address", ["/ledger/", "loan"])
def test_paper_shows_everything_and_no_buttons(
    page: Page, sign_in: SignIn, address: str
) -> None:
    sign_in(page, "risk")
    page.goto("/ledger/")
    if address == "loan":
        page.locator(f"{FIRST} a").click()
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator(".dh-top")).to_be_hidden()
    expect(page.locator(".dh-nav")).to_be_hidden()
    expect(page.locator(".dh-paper")).to_be_visible()
    assert not page.locator(".dh-main button:visible").count()
    white = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(white) in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
    assert len(page.pdf(format="A4")) > 10_000
    page.emulate_media(media="screen")
