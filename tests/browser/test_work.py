"""A day's work in a real browser: ten cases by keys, a promise, waivers, strategies.

It has a town of its own, with late loans enough for ten cases of one collector.
"""

import io
import re
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import START_PATIENCE, SignIn
from tests.browser.test_main_path import speak
from tests.browser.test_strategy_grid import CELL, kept, len_of
from tests.processes import Demo, start_demo

pytestmark = pytest.mark.browser
LOANS, MONTHS = 1200, 6
CASES = 10
PATIENCE = 30_000.0  # ms for what the worker does
OWN = "Nobody decides their own proposal."
SAYS_PAID, NEGOTIATES, CALL_BACK = "2", "3", "8"


@pytest.fixture(scope="module")
def site(browser: Browser) -> Iterator[Demo]:
    """A town in which one collector has more than ten cases."""
    with TemporaryDirectory(prefix="daihou-work-") as folder:
        demo = start_demo(Path(folder), loans=LOANS, months=MONTHS)
        try:
            demo.wait_until_ready(within=START_PATIENCE)
            yield demo
        finally:
            if demo.process.poll() is None:
                demo.end()


class Keys:
    """The keyboard, and how often it was pressed."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def press(self, *keys: str) -> None:
        """Press one after the other."""
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1


def by_keyboard(page: Page, site: Demo, role: str) -> None:
    """Sign in without a mouse."""
    username, password = site.logins[role]
    page.goto("/sign-in/")
    expect(page.locator("input[name=username]")).to_be_focused()
    page.keyboard.type(username)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    expect(page.locator(".dh-nav")).to_be_visible()
    if page.locator("html").get_attribute("lang") != "en":
        page.locator(".dh-top button[name=language]").press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def to_the_desk(page: Page) -> Locator:
    """Go to the desk by keys."""
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/desk/**")
    desk = page.locator("#desk")
    expect(desk).to_have_attribute("data-case", re.compile("^A"))
    return desk


def another(page: Page, sign_in: SignIn, role: str) -> None:
    """Somebody else sits down at this device."""
    page.context.clear_cookies()
    sign_in(page, role)
    speak(page, "en")


def done_today(page: Page) -> int:
    """How many cases the day says are done."""
    said = page.locator(".dh-head p, .desk-list header .dim").first.inner_text()
    found = re.search(r"(\d+) done", said)
    assert found, said
    return int(found[1])


def they_came(page: Page, keys: Keys) -> None:
    """Press that they came by themselves, if a draft does not say so already."""
    came = page.locator("input[name=came]")
    if not came.is_checked():
        keys.press("i")
    expect(came).to_be_checked()


def written(page: Page) -> None:
    """Wait until what was saved can be undone no more: it is written then."""
    with page.expect_response("**/desk/keep/", timeout=PATIENCE):
        pass
    expect(page.locator(".desk-toast [data-shortcut=z]")).to_have_count(0)


def test_ten_cases_are_worked_by_keyboard_alone(page: Page, site: Demo) -> None:
    by_keyboard(page, site, "collector")
    desk = to_the_desk(page)
    before = done_today(page)
    keys, worked = Keys(page), []
    for _turn, result in zip(
        range(CASES), cycle((SAYS_PAID, NEGOTIATES, CALL_BACK)), strict=False
    ):
        number = desk.get_attribute("data-case")
        assert number
        they_came(page, keys)
        keys.press(result)
        pressed = page.locator(".keys [aria-pressed=true]")
        expect(pressed).to_have_attribute("data-digit", result)
        keys.press("Enter")
        expect(page.locator(".desk-toast [data-shortcut=z]")).to_be_visible()
        expect(page.locator(".desk-toast").first).to_contain_text(number)
        expect(desk).not_to_have_attribute("data-case", number)
        worked.append(number)
    assert len(set(worked)) == CASES
    assert keys.count <= 3 * CASES
    written(page)
    page.reload()
    assert done_today(page) == before + CASES


def test_a_promise_takes_few_keys_and_stands_in_the_case(
    page: Page, site: Demo
) -> None:
    by_keyboard(page, site, "collector")
    desk = to_the_desk(page)
    number = desk.get_attribute("data-case")
    assert number
    keys, began = Keys(page), time.perf_counter()
    they_came(page, keys)
    keys.press("1")
    amount = page.locator("[data-out] input[name=amount]")
    expect(amount).to_be_visible()
    promised = amount.input_value()
    expect(page.locator("input[name=due_on]")).not_to_have_value("")
    keys.press("Enter")
    expect(page.locator(".desk-toast").first).to_contain_text(number)
    print(f"a promise: {keys.count} keys, {time.perf_counter() - began:.2f} s")
    assert keys.count <= 6
    written(page)
    page.goto(f"/cases/{number}/")
    whole = f"{float(promised):,.2f}"
    expect(page.locator("aside")).to_contain_text(whole)
    expect(page.locator("#timeline")).to_contain_text("Live")


def ask_for_a_waiver(page: Page) -> str:
    """Ask for one yuan of interest of the latest loan; the address of the proposal."""
    page.goto("/ledger/?sort=-dpd")
    page.locator(".dh-table tbody tr td:nth-child(2) a").first.click()
    page.locator("#relief a[href$='/waiver/']").click()
    page.fill("#id_part_interest", "1.00")
    page.select_option("#id_difficulty", "overdue")
    page.fill("#id_reason", "失业，三个月内还清")
    page.locator("button[value=send]").click()
    expect(page).to_have_url(re.compile(r"/relief/\d+/$"))
    proposal = page.locator(".dh-note a").first.get_attribute("href")
    assert proposal is not None
    return proposal


def test_nobody_decides_on_their_own_waiver(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "supervisor")
    speak(page, "en")
    proposal = ask_for_a_waiver(page)
    asked = page.url
    page.goto(proposal)
    expect(page.locator("button[value=approve]")).to_have_count(0)
    expect(page.locator(".dh-decide")).to_contain_text(OWN)
    # a form made by hand is refused as well, in the same words
    token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    form: dict[str, str | float | bool]
    form = {"csrfmiddlewaretoken": token, "verdict": "approve", "level": "1"}
    answer = page.request.post(
        f"{proposal}decide/", form=form, headers={"Referer": page.url}
    )
    assert answer.status == 403
    assert OWN in answer.text()
    page.goto(asked)
    expect(page.locator(".dh-head")).not_to_contain_text("Posted")


def test_a_waiver_is_decided_by_other_persons(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "collector")
    speak(page, "en")
    proposal = ask_for_a_waiver(page)
    asked = page.url
    for role in ("supervisor", "branch_manager"):
        another(page, sign_in, role)
        page.goto(proposal)
        page.locator("button[value=approve]").first.press("Enter")
        page.wait_for_load_state()
    page.goto(asked)
    expect(page.locator(".dh-head")).to_contain_text("Posted")


def move_one(page: Page, *, source: str, target: str) -> None:
    """Move one case by the form, without a mouse."""
    page.select_option("select[name=source]", source)
    page.select_option("select[name=target]", target)
    page.fill("input[name=count]", "1")
    page.locator("input[name=count]").press("Enter")
    expect(page.locator("h1")).to_have_text("Moves 1 case")
    page.keyboard.press("n")
    page.wait_for_url("**/floor/")


def test_a_queue_is_balanced_by_dragging_with_preview_and_undo(
    page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "supervisor")
    speak(page, "en")
    page.goto("/floor/")
    rows = page.locator("tr[data-login]")
    expect(rows.first).to_be_visible()
    if page.locator("tr[data-login=supervisor]").count() == 0:
        move_one(page, source="collector", target="supervisor")
    giver = page.locator("tr[data-login=collector]")
    taker = page.locator("tr[data-login=supervisor]")
    had = int(giver.get_attribute("data-due") or 0)
    assert had > 1
    giver.drag_to(taker)
    expect(page.locator("h1")).to_contain_text("Moves")
    half = had // 2
    expect(page.locator("h1")).to_contain_text(str(half))  # the preview; nothing moved
    page.keyboard.press("n")
    page.wait_for_url("**/floor/")
    expect(giver).to_have_attribute("data-due", str(had - half))
    undo = page.locator("form.floor-undo", has_text=f"{half} case").first
    expect(undo).to_contain_text("催收主管")
    undo.locator("button").press("Enter")
    expect(page.locator(".dh-notes")).to_contain_text("back where they were")
    expect(page.locator("tr[data-login=collector]")).to_have_attribute(
        "data-due", str(had)
    )


def new_draft(page: Page) -> str:
    """A new draft of the first strategy; its address."""
    page.goto("/strategy/")
    page.locator("tbody td a").first.click()
    page.locator("form[action$='/begin/'] button").first.click()
    page.wait_for_url("**/drafts/*/")
    expect(page.locator("#grid tbody tr").first).to_be_visible()
    return page.url


def name_of(draft: str) -> str:
    """The number in the address of a draft."""
    return draft.rstrip("/").rsplit("/", 1)[-1]


def rehearse(page: Page) -> None:
    """Rehearse the draft that is open, and wait for what it would do."""
    page.locator("form[action$='/rehearse/'] button").click()
    page.wait_for_url("**/rehearsals/*/")
    expect(page.locator(".dh-stats")).to_be_visible(timeout=2 * PATIENCE)


def propose(page: Page, draft: str, reason: str) -> str:
    """Propose a draft to hold from today; the address of the proposal."""
    page.goto(draft)
    page.locator("form[action$='/propose/'] input[name=reason]").fill(reason)
    page.locator("form[action$='/propose/'] button").click()
    expect(page.locator(".dh-note.k-good")).to_be_visible()
    proposal = page.locator(".dh-note.k-info a").first.get_attribute("href")
    assert proposal is not None
    page.goto(proposal)
    expect(page.locator("button[value=approve]:enabled")).to_have_count(0)
    return proposal


def approve(page: Page, proposal: str, draft: str) -> None:
    """Approve it, and see that the version is in force."""
    page.goto(proposal)
    page.locator("button[value=approve]").click()
    page.wait_for_load_state()
    page.goto(draft.replace("drafts", "versions"))
    state = page.locator(".dh-head .chip")
    expect(state).to_be_visible()
    for _second in range(30):  # the worker lets it begin
        if state.inner_text() == "In force":
            break
        page.wait_for_timeout(1000)
        page.reload()
    expect(state).to_have_text("In force")


def test_a_strategy_is_changed_rehearsed_and_released_by_another(
    page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "risk")
    speak(page, "en")
    draft = new_draft(page)
    note = page.locator(CELL.format(0, len_of(page) - 1))
    note.fill(f"fewer calls, said in draft {name_of(draft)}")
    kept(page)
    rehearse(page)
    proposal = propose(page, draft, "fewer calls")
    another(page, sign_in, "compliance")
    approve(page, proposal, draft)
    page.goto("/strategy/")
    live = page.locator(f"tbody a[href$='/versions/{name_of(draft)}/']")
    expect(live.first).to_be_visible()  # it is the one in force in the list


Sheets = dict[str, list[list[Any]]]


def workbook_of(page: Page) -> bytes:
    """The workbook behind the link of the draft that is open."""
    page.locator("details:has(#file) > summary").click()
    with page.expect_download() as began:
        page.locator("a[href$='as=xlsx']").first.click()
    return Path(began.value.path()).read_bytes()


def sheets_of(data: bytes) -> Sheets:
    """What every cell of a workbook says, sheet by sheet."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {
        sheet.title: [
            [cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)
        ]
        for sheet in book.worksheets
        if sheet.title != "Watermark"  # who took it out, and when
    }


def changed(data: bytes, column: str) -> tuple[bytes, str]:
    """The workbook with one more in this column of its first row, and that number."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    rules = book["rules"]
    heads = [cell.value for cell in rules[1]]
    cell = rules.cell(row=3, column=heads.index(column) + 1)
    cell.value = str(int(str(cell.value)) + 1)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), cell.value


def read_in(page: Page, draft: str, data: bytes) -> None:
    """Read a workbook into a draft."""
    page.goto(draft)
    page.locator("details:has(#file) > summary").click()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.set_input_files(
        "#file", {"name": "table.xlsx", "mimeType": kind, "buffer": data}
    )
    page.locator("form[action$='/read/'] button").click()
    expect(page.locator(".dh-note.k-good")).to_be_visible()


def test_a_table_changed_in_a_spreadsheet_comes_back_as_the_same_object(
    page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "risk")
    speak(page, "en")
    draft = new_draft(page)
    first = workbook_of(page)
    book, becomes = changed(first, "then:priority")
    read_in(page, draft, book)
    page.locator(".dh-head a[href*='/compare/']").click()
    expect(page.locator(".dh-differ ins").first).to_have_text(becomes)
    expect(page.locator(".dh-faults li")).to_have_count(1)  # nothing else is different
    page.goto(draft)
    rehearse(page)
    proposal = propose(page, draft, "as drawn in the workbook")
    another(page, sign_in, "compliance")
    approve(page, proposal, draft)
    with page.expect_download() as began:
        page.locator("a[href$='as=xlsx']").first.click()
    released = sheets_of(Path(began.value.path()).read_bytes())
    assert released == sheets_of(book)
    assert released != sheets_of(first)
