"""The worked tables are worked: another sum, another name, another figure is seen."""

from datetime import date
from fractions import Fraction

import pytest

from tools.worked import accruals, pages, plans, tables
from tools.worked.cases import Worked, find

LATE = "A business loan two instalments late, to the cent and the day"


def test_every_page_is_printed_from_cases_that_exist() -> None:
    made = {name: make() for name, make in pages.algorithm_pages().items()}
    assert {"algorithms/penalty.md", "algorithms/schedule.md"} <= made.keys()
    for name, text in made.items():
        assert text.count("<!-- made:") == text.count("<!-- end -->"), name
        assert "| --- |" in text or name.endswith("README.md"), name


@pytest.mark.parametrize("kind", ["case", "plan", "money", "life"])
def test_a_page_that_names_no_case_is_told_the_names_there_are(kind: str) -> None:
    page = f"<!-- made: {kind} | No such loan -->\n<!-- end -->"
    with pytest.raises(LookupError, match="'No such loan'"):
        pages.filled(page)


def test_the_penalty_table_refuses_to_print_a_sum_that_is_not_the_engines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert accruals.penalty_lines(LATE, "2026-11-20")
    rate = accruals._rate

    def a_little_more(found: Worked, after: date) -> Fraction:
        return rate(found, after) * Fraction(1001, 1000)

    monkeypatch.setattr(accruals, "_rate", a_little_more)
    with pytest.raises(AssertionError):
        accruals.penalty_lines(LATE, "2026-11-20")


def test_the_money_table_tells_every_cent_of_every_payment() -> None:
    found = find(LATE)
    lines = tables.money_lines(LATE)
    together = [line.split("|")[-2].strip().replace(",", "") for line in lines[2:]]
    paid = sum(payment.amount for payment in found.case.loan.payments)
    assert sum(int(each.replace(".", "")) for each in together) == paid


def test_a_long_plan_keeps_its_ends_and_says_that_the_middle_is_left_out() -> None:
    name = "Equal principal (等额本金), the same house loan"
    rows = plans.plan_lines(name)[6:]
    assert [row.split("|")[1].strip() for row in rows] == [
        *("1", "2", "3", "4", "…", "358", "359", "360"),
    ]
    assert rows[-1].split("|")[-2].strip() == "0.00"


def test_a_figure_of_a_case_is_printed_as_the_case_has_it() -> None:
    lines = "\n".join(tables.case_lines(LATE))
    assert "| payoff 结清试算 | 49,625.61 |" in lines
