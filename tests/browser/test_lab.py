"""The lab and the reports as their users meet them, in a real browser."""

import csv
import io
import re
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import docx
import openpyxl
import pyarrow.parquet as pq
import pytest
from PIL import Image
from playwright.sync_api import Download, Locator, Page, expect

from tests.browser import axe
from tests.browser.conftest import SignIn
from tests.browser.test_accessible import barriers
from tests.browser.test_main_path import speak
from tests.browser.test_work import by_keyboard
from tests.processes import Demo

pytestmark = pytest.mark.browser
RATE = "/lab/ask/?metric=overdue_30_amount"
QUESTIONS = (
    "/lab/",
    f"{RATE}&by=branch",
    "/lab/ask/?metric=vintage_ever_30_amount",
    "/lab/ask/?metric=roll_amount",
    "/lab/ask/?metric=roll_count&view=forecast",
    "/lab/metrics/npl_ratio/",
    "/reports/",
    "/reports/ladder/",
    "/reports/classes/",
    "/reports/class-moves/",
)
MOST_TABS = 120  # presses until something is reached


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until this has the focus, as somebody without a mouse does."""
    for _press in range(MOST_TABS):
        if target.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {target}")


def choose(page: Page, name: str, word: str) -> None:
    """Choose by typing the beginning of a word in a field of choices."""
    field = page.locator(f".dh-filter select[name={name}]")
    tab_to(page, field)
    page.keyboard.type(word)


def show(page: Page) -> None:
    """Press the button of the question."""
    tab_to(page, page.locator(".dh-filter button"))
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def take(page: Page, name: str) -> bytes:
    """What lies behind one line of the menu of files, opened and pressed by keys."""
    menu = page.locator(".dh-head details.dh-menu summary")
    tab_to(page, menu)
    if page.locator(".dh-head details.dh-menu").get_attribute("open") != "":
        page.keyboard.press("Enter")
    line = page.locator(".dh-head details.dh-menu :is(a, button)", has_text=name)
    tab_to(page, line)
    with page.expect_download() as began:
        page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    return content_of(began.value)


def content_of(download: Download) -> bytes:
    return Path(download.path()).read_bytes()


def sheet(content: bytes, name: str) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return list(book[name].iter_rows(values_only=True))


def test_a_question_is_asked_by_keyboard_alone(page: Page, site: Demo) -> None:
    by_keyboard(page, site, "risk")
    page.keyboard.press("g")
    page.keyboard.press("n")
    page.wait_for_url("**/lab/")
    choose(page, "metric", "Overdue rate 30+ by a")
    show(page)
    expect(page).to_have_url(re.compile("metric=overdue_30_amount"))
    months = page.locator("select[name=since] option").all_inner_texts()
    choose(page, "by", "Product")
    choose(page, "since", months[-1])
    show(page)
    expect(page.locator("h1")).to_contain_text("by product")
    expect(page.locator("svg.lab-chart g.line").first).to_be_visible()
    words = page.locator(".lab-table tbody th").all_inner_texts()
    assert len(words) > 1
    ends = page.locator("svg.lab-chart text.name").all_text_contents()
    for end in ends:  # a name, cut where it is long, and the last value
        name = end.rsplit(" ", 1)[0].removesuffix("…").strip()
        assert any(word.startswith(name) for word in words), end
    expect(page.locator(".lab-definition")).to_contain_text("overdue_30_amount")
    product = page.locator("select[name=product] option").nth(1).inner_text()
    choose(page, "product", product)
    show(page)
    expect(page.locator("h1")).to_contain_text(product)


def test_a_cell_leads_to_its_loans_and_a_figure_to_its_definition(
    page: Page, site: Demo
) -> None:
    by_keyboard(page, site, "risk")
    page.goto("/lab/ask/?metric=overdue_1_count")
    cell = page.locator(".lab-table td a").last
    told = cell.locator("xpath=..").get_attribute("title") or ""
    tab_to(page, cell)
    page.keyboard.press("Enter")
    page.wait_for_url("**/lab/loans/**")
    part = int(told.split(" of ")[0])
    expect(page.locator(".dh-table tbody tr")).to_have_count(part)
    tab_to(page, page.locator(".dh-table tbody a").first)
    page.keyboard.press("Enter")
    page.wait_for_url("**/loans/**")
    page.goto("/lab/ask/?metric=overdue_1_count")
    tab_to(page, page.locator(".lab-definition a"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/lab/metrics/overdue_1_count/")
    expect(page.locator("main, .dh-main").first).to_contain_text("Formula")


def test_every_file_of_a_question_opens(page: Page, site: Demo) -> None:
    by_keyboard(page, site, "risk")
    page.goto(f"{RATE}&by=branch")
    shown = page.locator(".lab-table tbody tr").first.locator("td").last.inner_text()
    fingerprint = page.locator(".dh-head [title]").last.get_attribute("title") or ""
    figures = sheet(take(page, "XLSX"), "Figures")
    assert f"{figures[1][-1] * 100:.2f}%" == shown
    table = pq.read_table(io.BytesIO(take(page, "Parquet")))
    last = [row for row in table.to_pylist() if row["key"] == table["key"][0].as_py()]
    assert f"{last[-1]['part'] / last[-1]['whole'] * 100:.2f}%" == shown
    told = (table.schema.metadata or {})[b"daihou.fingerprint"].decode()
    assert told
    assert not fingerprint or told in fingerprint or fingerprint in told
    drawing = ET.fromstring(take(page, "SVG"))
    assert drawing.tag.endswith("svg")
    picture = Image.open(io.BytesIO(take(page, "PNG")))
    assert picture.format == "PNG"
    assert picture.width >= 2 * 960
    dark = picture.convert("L").histogram()[:100]
    assert sum(dark), "something is drawn on it"


def test_a_question_is_saved_given_and_put_on_a_schedule(
    page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "risk")
    speak(page, "en")
    page.goto(f"{RATE}&by=branch")
    page.keyboard.press("s")
    page.fill("#view-name", "Late by branch")
    page.locator(".dh-viewbar .btn-primary").click()
    expect(page.locator(".dh-views a[aria-current]")).to_contain_text("Late by branch")
    page.locator("a[href^='/lab/given/new/']").click()
    page.fill("#name", "Late by branch, weekly")
    page.get_by_label("Branch manager").check()
    page.select_option("#every", "week")
    page.locator(".btn-primary").click()
    page.wait_for_url(re.compile(r"/lab/given/\d+/$"))
    expect(page.locator("aside")).to_contain_text("every Monday")
    page.context.clear_cookies()
    sign_in(page, "branch_manager")
    speak(page, "en")
    page.goto("/lab/")
    page.get_by_role("link", name="Late by branch, weekly").click()
    expect(page.locator("h1")).to_contain_text("by branch")


def test_two_figures_of_different_convention_share_no_axis(
    page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "risk")
    speak(page, "en")
    page.goto(f"{RATE}&with=overdue_30_count")
    expect(page.locator(".lab-body [role=alert]")).to_contain_text("cannot be compared")
    expect(page.locator(".lab-body [role=alert]")).to_contain_text(
        "Basis is amount against number"
    )
    expect(page.locator("svg.lab-chart g.line")).to_have_count(1)
    page.goto(f"{RATE}&with=overdue_90_amount")
    expect(page.locator(".lab-body [role=alert]")).to_have_count(0)
    expect(page.locator("svg.lab-chart g.line")).to_have_count(2)
    expect(page.locator(".lab-definition")).to_have_count(2)


@pytest.mark.parametrize("code", ["ladder", "overdue"])
def test_a_report_of_a_past_day_is_the_same_twice(
    page: Page, sign_in: SignIn, code: str
) -> None:
    sign_in(page, "risk")
    speak(page, "en")
    page.goto(f"/reports/{code}/")
    last = page.locator("input[name=as_of]").first.input_value()
    past = (date.fromisoformat(last) - timedelta(days=30)).isoformat()
    prints, files = [], []
    for _time in range(2):
        page.goto(f"/reports/{code}/?as_of={past}")
        line = page.locator(".dh-print [title]")
        prints.append([each.get_attribute("title") for each in line.all()])
        with page.expect_download() as began:
            page.get_by_role("link", name="CSV").click()
        text = content_of(began.value).decode("utf-8-sig")
        files.append(list(csv.reader(io.StringIO(text)))[:5])
    assert prints[0] == prints[1]
    assert all(prints[0])
    assert files[0] == files[1]
    page.goto(f"/reports/{code}/")
    assert [
        each.get_attribute("title") for each in page.locator(".dh-print [title]").all()
    ] != prints[0], "another day is another report"


def test_the_report_of_a_customer_is_paper_and_word(
    page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "risk")
    speak(page, "en")
    page.goto("/ledger/?sort=-dpd")
    page.locator(".dh-table tbody tr td:nth-child(2) a").first.click()
    page.locator("a[href*='/customers/']").first.click()
    page.locator("a[href*='kind=risk']").first.click()
    title = page.locator("h1").inner_text()
    with page.expect_download() as began:
        page.get_by_role("link", name="PDF").click()
    assert content_of(began.value).startswith(b"%PDF-")
    with page.expect_download() as began:
        page.get_by_role("link", name="Word").click()
    content = content_of(began.value)
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    said = [each.text for each in docx.Document(io.BytesIO(content)).paragraphs]
    assert title in said


@pytest.mark.parametrize("chosen", ["zh-hans", "en"])
def test_the_pages_of_the_portfolio_have_no_barrier(
    page: Page, sign_in: SignIn, chosen: str
) -> None:
    sign_in(page, "risk")
    speak(page, chosen)
    found = []
    for address in QUESTIONS:
        answer = page.goto(address)
        assert answer is not None and answer.status == 200, address
        found += barriers(page, f"{chosen} {address}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("chosen", ["zh-hans", "en"])
def test_a_phone_shows_the_last_months_and_nothing_hangs_over(
    page: Page, sign_in: SignIn, chosen: str
) -> None:
    sign_in(page, "risk")
    speak(page, chosen)
    page.set_viewport_size({"width": 390, "height": 844})
    for address in QUESTIONS:
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, f"{address} is {wide} wide"
    page.goto(f"{RATE}&by=branch")
    names = page.locator("svg.lab-chart text.name")
    for name in names.all():
        box = name.bounding_box()
        assert box is not None
        assert 0 <= box["x"] and box["x"] + box["width"] <= 390, name.text_content()
        assert box["height"] >= 11
    assert not axe.grave(page)


def drawn_styles(page: Page) -> list[tuple[str, str]]:
    """Dash and marker of every line that is drawn."""
    return [
        tuple(each)
        for each in page.locator("svg.lab-chart g.line").evaluate_all(
            """lines => lines.map(line => [
              getComputedStyle(line.querySelector('.run')).strokeDasharray,
              document.querySelector(line.querySelector('use').getAttribute('href'))
                .getAttribute('d')])"""
        )
    ]


def test_lines_are_told_apart_on_grey_paper(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "risk")
    speak(page, "en")
    page.goto(f"{RATE}&by=branch")
    page.emulate_media(media="print")
    styles = drawn_styles(page)
    assert len(styles) > 2
    assert len({dash for dash, _marker in styles}) == len(styles)
    assert len({marker for _dash, marker in styles}) == len(styles)
    expect(page.locator("svg.lab-chart text.name")).to_have_count(len(styles))
    page.goto("/lab/ask/?metric=roll_amount")
    page.emulate_media(media="print")
    hatched = page.locator(".lab-flow .band.worse").first
    fill = hatched.evaluate("each => getComputedStyle(each).fill")
    assert "url" in fill, "what got worse is hatched, and not only darker"
    shaded = page.locator(".dh-matrix td[class*=heat]")
    assert all(text.strip() for text in shaded.all_inner_texts())
