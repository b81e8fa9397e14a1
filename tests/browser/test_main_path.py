"""The way of a person through the first screens, in a real browser."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

SignIn = Callable[[Page, str], None]
pytestmark = pytest.mark.browser
LATE = ".dh-table tbody tr"


def speak(page: Page, language: str) -> None:
    """Switch the language by the button of the top bar, if it is another."""
    if page.locator("html").get_attribute("lang") != language:
        page.locator(".dh-top button[name=language]").click()
    expect(page.locator("html")).to_have_attribute("lang", language)


def test_signing_in_asks_again_after_a_wrong_password(page: Page) -> None:
    page.goto("/ledger/")
    expect(page).to_have_url(re.compile(r"/sign-in/\?next=/ledger/"))
    expect(page.locator("h1")).to_have_text("登录")
    assert page.evaluate("document.activeElement.id") == "id_username"


@pytest.mark.parametrize("chosen", ["zh-hans", "en"])
def test_first_page_to_ledger_to_loan_and_back(
    page: Page, sign_in: SignIn, chosen: str
) -> None:
    sign_in(page, "risk")
    speak(page, chosen)
    expect(page.locator(".dh-stat")).to_have_count(4)
    expect(page.locator(".home-mid tbody tr")).to_have_count(8)
    page.locator(".dh-nav a[data-key=l]").click()
    first = page.locator(f"{LATE} td:nth-child(2) a").first
    number = first.inner_text()
    first.click()
    expect(page.locator(".dh-head")).to_contain_text(number)
    expect(page.locator(".dh-strip li")).to_have_count(24)
    expect(page.locator(".dh-deriv li.res")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".dh-panel")).to_be_hidden()
    page.keyboard.press("w")
    expect(page.locator(".dh-panel")).to_be_visible()


def test_the_sum_line_is_an_equation(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "risk")
    page.goto("/ledger/")
    page.locator(f"{LATE} td:nth-child(2) a").first.click()
    words = page.locator(".dh-sum dd").all_inner_texts()
    fen = [int(re.sub(r"\D", "", word)) for word in words]
    assert len(fen) == 6 and fen[0] == sum(fen[1:]) > 0


def test_a_filter_narrows_the_list_and_the_address_can_be_sent(
    page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "risk")
    page.goto("/ledger/")
    foot = page.locator("tfoot tr:last-child th")
    whole = foot.inner_text()
    page.select_option("select[name=bucket]", "M1")
    expect(page).to_have_url(re.compile("bucket=M1"))
    expect(foot).not_to_have_text(whole)
    gauges = page.locator(f"{LATE} .bk").all_inner_texts()
    assert set(gauges) == {"M1"}
    narrowed = foot.inner_text()
    page.goto(page.url)
    expect(foot).to_have_text(narrowed)


def test_the_totals_are_the_sum_of_all_pages(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "risk")
    page.goto("/ledger/")
    total = int(
        re.sub(r"\D", "", page.locator("tfoot tr:last-child td.num").first.inner_text())
    )
    seen = 0
    while True:
        cells = page.locator(f"{LATE} td:nth-child(7)").all_inner_texts()
        seen += sum(int(re.sub(r"\D", "", cell)) for cell in cells)
        following = page.locator("[data-page-next]")
        if not following.count():
            break
        following.click()
        page.wait_for_load_state()
    assert seen == total > 0


def test_the_ledger_of_the_last_month_end(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "risk")
    page.goto("/ledger/")
    latest = page.locator("[data-date]").input_value()
    page.locator(".dh-head .seg a").last.click()
    past = page.locator("[data-date]").input_value()
    assert past < latest
    page.locator("[data-date]").fill(latest)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"as_of={latest}"))


def test_export_is_a_workbook(page: Page, sign_in: SignIn, tmp_path: Path) -> None:
    sign_in(page, "risk")
    page.goto("/ledger/")
    with page.expect_download() as started:
        page.keyboard.press("Shift+E")
    content = Path(started.value.path()).read_bytes()
    assert started.value.suggested_filename.endswith(".xlsx")
    assert "xl/workbook.xml" in ZipFile(io.BytesIO(content)).namelist()


def test_keys(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "risk")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("l")
    expect(page).to_have_url(re.compile("/ledger/"))
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("tr.cursor")).to_have_count(1)
    number = page.locator("tr.cursor a").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator(".dh-head")).to_contain_text(number)
    page.keyboard.press("/")
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    expect(page.locator(".dh-head")).to_contain_text(number)


def test_light_and_dark_stay_on_the_next_page(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "risk")
    with page.expect_response("**/preferences/"):
        page.locator("[data-theme-switch]").click()
    html = page.locator("html")
    dark = html.get_attribute("data-bs-theme")
    page.context.clear_cookies(name="daihou_theme")  # as on another device
    page.goto("/ledger/")
    expect(html).to_have_attribute("data-bs-theme", dark or "")
    background = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(background)
    with page.expect_response("**/preferences/"):
        page.locator("[data-theme-switch]").click()
    assert page.evaluate(background) != before


def test_rows_become_wider_for_the_person(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "risk")
    page.goto("/ledger/")
    height = f"document.querySelector('{LATE}').getBoundingClientRect().height"
    before = page.evaluate(height)
    for density in ("roomy", "compact"):
        page.locator(".dh-top .dh-menu summary").click()
        page.locator(f"button[value={density}]").click()
        expect(page.locator("html")).to_have_attribute("data-density", density)
        expect(page).to_have_url(re.compile("/ledger/"))
        if density == "roomy":
            assert page.evaluate(height) > before


def test_the_plan_comes_before_the_day_is_closed(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "risk")
    page.goto("/day-end/")
    speak(page, "zh-hans")
    runs = page.locator(".dh-cols table.edge tbody tr")
    expect(runs.first).to_be_visible()
    count = runs.count()
    page.locator("button[value=plan]").click()
    expect(page.locator("#plan .dh-matrix tbody tr").first).to_be_visible(
        timeout=60_000
    )
    moving = page.locator("#plan .dh-quick dd").first.inner_text()
    assert runs.count() == count
    page.locator("button[value=next]").click()
    expect(page.locator("p#plan")).to_be_visible(timeout=60_000)
    expect(runs).to_have_count(min(count + 1, 40))
    assert re.fullmatch(r"[\d,]+", moving)


def test_the_collector_sees_the_own_branch_and_may_not_export(
    page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "collector")
    page.goto("/ledger/")
    options = page.locator("select[name=branch] option").all_inner_texts()
    assert len(options) <= 2  # "all" and the own branch
    expect(page.locator("[aria-describedby=export-why]")).to_be_disabled()
    expect(page.locator("#export-why")).to_be_visible()


def test_the_day_end_page_shows_steps_and_who_moved(
    page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "risk")
    page.keyboard.press("g")
    page.keyboard.press("d")
    expect(page).to_have_url(re.compile("/day-end/"))
    expect(page.locator("aside section").first.locator("tbody tr")).to_have_count(4)
    page.locator(".dh-cols tbody tr a").nth(2).click()
    expect(page).to_have_url(re.compile(r"/day-end/\d+/"))
    expect(page.locator("tr[aria-selected=true]")).to_have_count(1)


@pytest.mark.parametrize("address", ["/", "/ledger/", "/day-end/", "/intake/"])
def test_a_phone_needs_no_sideways_scrolling(
    page: Page, sign_in: SignIn, address: str
) -> None:
    sign_in(page, "risk")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address)
    wide = "document.documentElement.scrollWidth > window.innerWidth"
    assert not page.evaluate(wide)
    expect(page.locator(".dh-nav a").first).to_be_visible()
