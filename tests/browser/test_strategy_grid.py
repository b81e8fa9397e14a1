"""A strategy drawn in the grid by keyboard, rehearsed, proposed and approved."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

SignIn = Callable[[Page, str], None]
pytestmark = pytest.mark.browser
KEPT = re.compile("已保存|Kept")
UNREAD = re.compile("无法识别|cannot be read")  # never "kept" beside an error
CELL = '#grid input[data-r="{}"][data-c="{}"]'


def begin(page: Page) -> None:
    """A new draft of the first strategy."""
    page.goto("/strategy/")
    expect(page.locator("tbody td a").first).to_be_visible()
    page.locator("tbody td a").first.click()
    page.locator("form[action$='/begin/'] button").first.click()
    page.wait_for_url("**/drafts/*/")
    expect(page.locator("#grid tbody tr").first).to_be_visible()


def late(page: Page) -> int:
    """Which column asks the days past due."""
    found: int = page.evaluate(
        "JSON.parse(document.getElementById('grid-data').textContent)"
        ".grid.inputs.indexOf('dpd') + 1"
    )
    return found


def kept(page: Page) -> None:
    """Wait until what was typed is kept."""
    expect(page.locator("#grid-state")).to_have_text(KEPT, timeout=20_000)


def sign_out(page: Page) -> None:
    """Leave, so that another may sign in on this device."""
    page.context.clear_cookies()


def test_the_grid_is_a_spreadsheet(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "risk")
    begin(page)
    rows = page.locator("#grid tbody tr")
    many = rows.count()
    days = late(page)
    first = page.locator(CELL.format(0, days))
    first.click()
    was = first.input_value()
    page.keyboard.press("ArrowDown")
    expect(page.locator(CELL.format(1, days))).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Alt+Enter")
    expect(rows).to_have_count(many + 1)
    expect(page.locator(CELL.format(1, days))).to_be_focused()
    page.keyboard.press("Control+z")
    expect(rows).to_have_count(many)
    page.locator(CELL.format(0, days)).fill("1..xyz")
    expect(page.locator(CELL.format(0, days))).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#grid-found li[data-kind=cell]").first).to_be_visible()
    expect(page.locator("#grid-state")).to_have_text(UNREAD)
    page.locator(CELL.format(0, days)).fill(was)
    kept(page)
    # two cells, as a spreadsheet copies them
    first.focus()
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", ">= 901\\n>= 902");
          const input = document.activeElement;
          input.dispatchEvent(new ClipboardEvent("paste",
            { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    expect(page.locator(CELL.format(1, days))).to_have_value(">= 902")
    kept(page)
    page.reload()
    expect(page.locator(CELL.format(0, days))).to_have_value(">= 901")
    expect(page.locator(CELL.format(1, days))).to_have_value(">= 902")


def test_two_at_once_one_wins_and_the_other_keeps_theirs(
    page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "risk")
    begin(page)
    days = late(page)
    other = page.context.new_page()
    other.goto(page.url)
    page.locator(CELL.format(0, days)).fill(">= 11")
    kept(page)
    address = other.url
    other.locator(CELL.format(0, days)).fill(">= 22")
    expect(other.locator("#grid-moved")).to_be_visible(timeout=20_000)
    other.locator("[data-apart]").click()
    other.wait_for_url(lambda url: "/drafts/" in url and url != address)
    expect(other.locator(CELL.format(0, days))).to_have_value(">= 22")
    page.reload()
    expect(page.locator(CELL.format(0, days))).to_have_value(">= 11")
    other.close()


def test_a_strategy_is_released_after_its_rehearsal(
    page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "risk")
    begin(page)
    draft = page.url
    cell = page.locator(CELL.format(0, len_of(page) - 1))
    cell.fill("seen in the browser")
    kept(page)
    page.locator("form[action$='/rehearse/'] button").click()
    page.wait_for_url("**/rehearsals/*/")
    expect(page.locator(".dh-stats")).to_be_visible(timeout=60_000)
    page.goto(draft)
    page.locator("form[action$='/propose/'] input[name=reason]").fill("fewer calls")
    page.locator("form[action$='/propose/'] button").click()
    expect(page.locator(".dh-note.k-good")).to_be_visible()
    proposal = page.locator(".dh-note.k-info a").first.get_attribute("href")
    assert proposal is not None
    page.goto(proposal)  # who proposed it is told why they do not decide
    expect(page.locator("button[value=approve]:enabled")).to_have_count(0)
    sign_out(page)
    sign_in(page, "compliance")
    page.goto(proposal)
    page.locator("button[value=approve]").click()
    page.goto(draft.replace("drafts", "versions"))
    expect(page.locator(".chip.s-dot, .chip.s-dia").first).to_be_visible()


def len_of(page: Page) -> int:
    """How many columns the grid has."""
    return page.locator('#grid input[data-r="0"]').count()
