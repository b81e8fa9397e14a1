"""A report of freely chosen columns: on the page, in its files, and by its print."""

import csv
import io
from typing import Any

import pytest

from daihou.rooms.ledger.models import Loan
from tests.rooms.reporting.test_reports import made
from tests.rooms.test_pages import signed_in

__all__ = ["made"]
Made = dict[str, Loan]


def heads(answer: Any) -> list[str]:
    return [title for title, _numeric in answer.context["page"].tables[0].heads]


def report(**asked: Any) -> Any:
    return signed_in("hana").get("/reports/overdue/", asked)


def keys(answer: Any) -> list[str]:
    table = answer.context["page"].tables[0].table
    return [column.key for column in table.columns]


def test_chosen_columns_are_shown_in_their_order(made: Made) -> None:
    whole = keys(report())
    last, other = whole[-1], whole[3]
    some = report(cols=[last, other])
    assert keys(some)[-2:] == [last, other]
    assert len(keys(some)) < len(whole)
    ticked = [each.key for each in some.context["page"].columns if each.chosen]
    assert ticked == keys(some)
    assert some.context["page"].report.rows == report().context["page"].report.rows


def test_whom_a_row_names_is_always_said(made: Made) -> None:
    some = report(cols=[keys(report())[-1]])
    shown = some.context["page"].report
    assert shown.names_people
    assert shown.loan_ids == report().context["page"].report.loan_ids


def test_other_columns_are_another_report_and_the_same_twice(made: Made) -> None:
    last = keys(report())[-1]
    prints = [
        each.context["page"].report.fingerprint
        for each in (report(), report(cols=[last]), report(cols=[last]))
    ]
    assert prints[0] != prints[1] == prints[2]


def test_the_file_has_the_columns_of_the_page(made: Made) -> None:
    some = report(cols=[keys(report())[-1]])
    page = some.context["page"]
    taken = signed_in("hana").get(f"/reports/overdue/take/?{page.address}&form=csv")
    lines = list(csv.reader(io.StringIO(taken.content.decode("utf-8-sig"))))
    assert heads(some) in lines


@pytest.mark.parametrize("cols", [["nonsense"], [""], ["x"] * 200])
def test_what_is_no_column_is_left_aside(made: Made, cols: list[str]) -> None:
    assert keys(report(cols=cols)) == keys(report())


def test_figures_without_rows_have_no_columns_to_choose(made: Made) -> None:
    page = signed_in("hana").get("/reports/ladder/", {"cols": ["loans"]})
    assert page.status_code == 200
    assert not page.context["page"].columns
