"""The desk in a real browser: cases worked by keys alone, drafts, the floor."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.test_main_path import speak

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize("language", ["en-GB", "zh-CN"])


def left(page: Page) -> int:
    """How many cases stand in the list."""
    return page.locator(".wi").count()


def at_the_desk(page: Page, sign_in: SignIn, *, language: str = "en-GB") -> str:
    """Sign in, open the desk by keys; the number of the case that is open."""
    sign_in(page, "collector")
    speak(page, "zh-hans" if language == "zh-CN" else "en")
    page.goto("/")
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/desk/**")
    found = page.locator("#desk").get_attribute("data-case")
    assert found, "the town has late loans in every branch"
    leave(page)
    return found


def leave(page: Page) -> None:
    """Nobody came: what an earlier way through the desk typed is put aside."""
    came = page.locator("input[name=came]")
    if came.count() and came.is_checked():
        page.keyboard.press("i")
        expect(came).not_to_be_checked()


def opened(page: Page, number: str) -> None:
    """The desk has this case open."""
    expect(page.locator("#desk")).to_have_attribute("data-case", number)


@BOTH
def test_a_case_is_worked_by_keys_alone_and_taken_back(
    page: Page, sign_in: SignIn, language: str
) -> None:
    number = at_the_desk(page, sign_in, language=language)
    before = left(page)
    page.keyboard.press("i")  # they called
    page.keyboard.press("2")  # says it is paid
    expect(page.locator("textarea[name=note]")).not_to_have_value("")
    page.keyboard.press("Enter")
    expect(page.locator(".desk-toast")).to_contain_text(number)
    assert left(page) == before - 1
    page.keyboard.press("z")
    opened(page, number)
    assert left(page) == before
    expect(page.locator(".keys [aria-pressed=true]")).to_have_attribute(
        "data-code", "PAID_CLAIM"
    )


def test_a_promise_takes_three_keys(page: Page, sign_in: SignIn) -> None:
    number = at_the_desk(page, sign_in)
    page.keyboard.press("i")
    page.keyboard.press("1")
    amount = page.locator("[data-out] input[name=amount]")
    expect(amount).to_be_visible()
    assert float(amount.input_value()) > 0
    expect(page.locator("input[name=due_on]")).not_to_have_value("")
    page.keyboard.press("Enter")
    expect(page.locator(".desk-toast")).to_contain_text(number)
    page.keyboard.press("z")
    opened(page, number)


def test_what_was_typed_survives_a_crash(page: Page, sign_in: SignIn) -> None:
    number = at_the_desk(page, sign_in)
    note = page.locator("textarea[name=note]")
    page.keyboard.press("3")
    note.fill("She is paid on the fifth.")
    page.goto(f"/desk/?case={number}")  # nothing was saved
    expect(note).to_have_value("She is paid on the fifth.")
    page.evaluate("localStorage.clear()")


def test_panels_open_beside_one_at_a_time(page: Page, sign_in: SignIn) -> None:
    at_the_desk(page, sign_in)
    for key, panel in (("l", "terms"), ("h", "pause"), ("e", "up")):
        page.keyboard.press("Escape")
        page.keyboard.press(key)
        expect(page.locator(f"[data-sheet={panel}]")).to_be_visible()
        assert page.locator("[data-sheet]:not([hidden])").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("[data-sheet]:not([hidden])").count() == 0
    page.keyboard.press("l")
    page.locator("input[name=months]").press("ArrowRight")
    expect(page.locator("[data-terms-shown] tbody tr")).to_have_count(4)


def test_saving_without_leave_of_the_gate_says_what_to_do(
    page: Page, sign_in: SignIn
) -> None:
    number = at_the_desk(page, sign_in)
    page.keyboard.press("6")
    page.keyboard.press("Enter")
    expect(page.locator("#save-why")).to_contain_text("asks the gate")
    opened(page, number)
    page.evaluate("localStorage.clear()")


def test_cases_move_with_preview_and_undo_without_a_mouse(
    page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "supervisor")
    speak(page, "en")
    page.goto("/floor/")
    expect(page.locator("#live")).to_contain_text("To work today")
    page.select_option("select[name=source]", "collector")
    page.select_option("select[name=target]", "supervisor")
    page.fill("input[name=count]", "1")
    page.locator("input[name=count]").press("Enter")
    shown = page.locator("h1")
    expect(shown).to_have_text("Moves 1 case")
    page.keyboard.press("n")  # do what was shown
    page.locator(".dh-note form button, form.dh-note button").first.press("Enter")
    expect(page.locator(".dh-notes")).to_contain_text("back where they were")
    page.goto("/floor/agenda/")
    expect(shown).to_contain_text("Agenda")
    page.goto("/floor/bulletin/")
    expect(page.locator("#said [data-line]")).to_have_count(6)
