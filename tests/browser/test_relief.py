"""A waiver in a browser: calculated, asked for, decided by others, never by who asked."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

SignIn = Callable[[Page, str], None]
pytestmark = pytest.mark.browser


def sign_out(page: Page) -> None:
    page.context.clear_cookies()


def test_a_waiver_is_asked_for_and_decided_by_two_others(
    page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "collector")
    page.goto("/ledger/?sort=-dpd")
    page.locator(".dh-table tbody tr td:nth-child(2) a").first.click()
    page.locator("#relief a[href$='/waiver/']").click()
    page.fill("#id_part_interest", "1.00")
    page.select_option("#id_difficulty", "overdue")
    page.fill("#id_reason", "失业，三个月内还清")
    page.locator("button[value=weigh]").click()
    expect(page.locator("aside")).to_contain_text(
        re.compile("由他人审批|others decide")
    )
    page.locator("button[value=send]").click()
    expect(page).to_have_url(re.compile(r"/relief/\d+/$"))
    asked = page.url
    proposal = page.locator(".dh-note a").first.get_attribute("href")
    assert proposal is not None
    page.goto(proposal)
    expect(page.locator("button[value=approve]")).to_have_count(0)
    for role in ("supervisor", "branch_manager"):
        sign_out(page)
        sign_in(page, role)
        page.goto(proposal)
        page.locator("button[value=approve]").first.click()
    page.goto(asked)
    expect(page.locator(".dh-head")).to_contain_text(
        re.compile("已入账|posted", re.IGNORECASE)
    )
