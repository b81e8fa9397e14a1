"""The lab: what a question shows, to whom, and what it refuses."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from daihou.engine.metrics.dictionary import METRICS
from daihou.engine.metrics.matrix import RollMatrix, from_cells
from daihou.kit import portfolio, ports
from daihou.kit.portfolio import Asked, Cut, Month, Sight
from daihou.kit.portfolio_cuts import cuts_of
from daihou.nightly.errors import NotCounted
from daihou.rooms.dayend import door as dayend
from daihou.rooms.people import door as people
from daihou.rooms.reporting import question as questions
from daihou.rooms.reporting.question import Question, View
from tests.rooms.approving import login
from tests.rooms.book import Book, position, positions
from tests.rooms.cast import AT, TODAY, Cast, make_loan
from tests.rooms.portfolio import ENDS, Nothing, Row, Small
from tests.rooms.test_pages import signed_in


@pytest.fixture
def months(cast: Cast) -> Iterator[Small]:
    """Two loans of the north, one of them late, and a late one of the south."""
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    login("nora", "branch_manager", "north")
    fine = make_loan("N1", name="北甲甲")
    late = make_loan("N2", name="北乙乙")
    south = make_loan("S1", name="南丙丙", branch="south")
    made = Small(
        [
            Row(fine.pk, "north", balance=300_00),
            Row(late.pk, "north", balance=100_00, dpd=(0, 20, 100)),
            Row(south.pk, "south", product="B", balance=400_00, dpd=(0, 0, 31)),
        ]
    )
    portfolio.bind_portfolio(made)
    days = {
        end: positions(
            *(
                position(row.loan_id, dpd=row.dpd[n], outstanding_principal=row.balance)
                for row in made.rows
            )
        )
        for n, end in enumerate(ENDS)
    }
    ports.bind_book(Book(days))
    yield made
    ports.unbind_book()


def ask(client: Client, **fields: Any) -> Any:
    return client.get("/lab/ask/", fields)


def test_a_figure_is_made_of_the_loans_one_may_see(months: Small) -> None:
    whole = ask(signed_in("arun"), metric="overdue_30_amount")
    part = ask(signed_in("nora"), metric="overdue_30_amount")
    last = [page.context["page"].table.rows[0].cells[-1] for page in (whole, part)]
    assert [cell.text for cell in last] == ["62.50%", "25.00%"]
    assert last[0].made_of == "¥500.00 of ¥800.00"
    assert months.asked[-1].sight == (Sight(branches=frozenset({"north"})),)


def test_the_page_says_the_definition_and_its_convention(months: Small) -> None:
    text = ask(signed_in("arun"), metric="overdue_30_amount").content.decode()
    metric = METRICS["overdue_30_amount"]
    assert metric.formula in text
    assert "at the time of observation" in text
    assert "/lab/metrics/overdue_30_amount/" in text
    assert "2026-03 still runs" in text
    chinese = ask(
        signed_in("arun", language="zh-hans"), metric="overdue_30_amount"
    ).content.decode()
    assert metric.formula_zh in chinese


def test_a_figure_by_a_cut_has_a_line_for_each_value(months: Small) -> None:
    page = ask(signed_in("arun"), metric="overdue_30_count", by="branch").context[
        "page"
    ]
    assert [row.word for row in page.table.rows] == ["North", "South"]
    assert [line.word for line in page.chart.lines] == ["North", "South"]
    markers = {line.marker for line in page.chart.lines}
    assert len(markers) == 2, "told apart by more than colour"
    assert "North: 0.00% at 2026-01, 50.00% at 2026-03" in page.chart.told


def test_figures_of_one_convention_share_an_axis(months: Small) -> None:
    fields = {"metric": "overdue_30_amount", "with": "overdue_90_amount"}
    page = ask(signed_in("arun"), **fields).context["page"]
    assert len(page.chart.lines) == 2
    assert not page.refused
    assert [one.id for one in page.definitions] == list(fields.values())


def test_figures_of_different_conventions_are_refused_one_axis(months: Small) -> None:
    answer = ask(
        signed_in("arun"), **{"metric": "overdue_30_amount", "with": "overdue_30_count"}
    )
    page = answer.context["page"]
    assert len(page.chart.lines) == 1
    assert "cannot be compared" in page.refused
    assert "Basis is amount against number" in page.refused
    assert "overdue_30" not in page.refused, "names, not codes"
    assert page.refused in answer.content.decode().replace("&#x27;", "'")
    assert page.title.startswith("Overdue rate 30+ by amount, "), "what is drawn"
    assert "overdue_30_count" not in [each.code for each in page.others]


def test_what_cannot_be_known_yet_is_blank(months: Small) -> None:
    answer = ask(signed_in("arun"), metric="vintage_ever_30_amount")
    page = answer.context["page"]
    assert [row.word for row in page.table.rows] == ["2026-01", "2026-02"]
    assert [cell.text for cell in page.table.rows[1].cells] == ["1.00%", "15.00%", ""]
    assert page.table.rows[0].cells[2].shade == 5
    assert "A blank cell cannot be known yet" in answer.content.decode()
    assert len(page.chart.lines[1].spots) == 2


def test_a_figure_nobody_counted_is_said_so(months: Small) -> None:
    page = ask(signed_in("arun"), metric="npl_ratio").context["page"]
    assert page.chart is None
    assert page.why == "This figure is not known for this book. nobody counted it"


def test_the_matrix_says_where_everybody_went(months: Small) -> None:
    plain = ask(signed_in("arun"), metric="roll_amount").context["page"]
    assert plain.roll.month == "2026-02", "the last whole month"
    assert plain.title == "Roll rate by amount, matrix, 2026-02"
    answer = ask(signed_in("arun"), metric="roll_amount", month="2026-03")
    roll = answer.context["page"].roll
    assert roll.month == "2026-03"
    rows = {row.word: [cell.text for cell in row.cells] for row in roll.rows}
    assert roll.heads == ["M0", "M4"]
    assert rows == {"M0": ["42.86%", "57.14%"], "M1": ["–", "100.00%"]}
    assert [row.size for row in roll.rows] == ["¥700.00", "¥100.00"]
    assert len(roll.drawing.bands) == 2
    by_number = ask(signed_in("arun"), metric="roll_count", month="2026-02")
    cells = by_number.context["page"].roll.rows[0].cells
    assert [cell.text for cell in cells] == ["66.67%", "33.33%"]


def test_a_figure_of_the_work_stands_in_its_funnel(months: Small) -> None:
    answer = ask(signed_in("arun"), metric="contact_coverage")
    funnel = answer.context["page"].funnel
    assert funnel.month == "2026-03"
    assert [(step.id, step.text, step.made_of) for step in funnel.steps] == [
        ("contact_coverage", "75.00%", "3 of 4"),
        ("promise_kept", "75.00%", "3 of 4"),
    ]
    assert "The funnel in 2026-03" in answer.content.decode()
    assert ask(signed_in("arun"), metric="promise_kept").context["page"].funnel is None


def test_a_forecast_wants_enough_months(months: Small) -> None:
    page = ask(signed_in("arun"), metric="roll_count", view="forecast").context["page"]
    assert page.forecast is None
    assert "too few counted months" in page.why


def test_a_cell_opens_its_loans_with_masked_names(months: Small) -> None:
    page = ask(signed_in("arun"), metric="overdue_30_count").context["page"]
    answer = signed_in("arun").get(page.table.rows[0].cells[-1].link)
    shown = [(each.line.number, each.name) for each in answer.context["page"].lines]
    assert shown == [("S1", "南**"), ("N2", "北**")]
    text = answer.content.decode()
    assert "北**" in text
    assert "北乙乙" not in text
    found = answer.context["page"]
    owed = [(each.dpd, each.bucket, each.balance) for each in found.lines]
    assert owed == [(31, "M2", 400_00), (100, "M4", 100_00)]
    assert (found.as_of, found.balance) == (ENDS[-1], 500_00)
    plain = re.sub(r"<[^>]+>", "", text)
    assert "500.00" in plain, "a sum to hold against the cell"


def test_the_loans_behind_a_cell_are_those_one_may_see(months: Small) -> None:
    page = ask(signed_in("arun"), metric="overdue_30_count").context["page"]
    answer = signed_in("nora").get(page.table.rows[0].cells[-1].link)
    assert [each.line.number for each in answer.context["page"].lines] == ["N2"]


@pytest.mark.parametrize("address", ["", "ask/?metric=npl_ratio", "metrics/", "given/"])
def test_who_may_not_see_the_portfolio_gets_nothing(
    months: Small, address: str
) -> None:
    login("outside", "agency", "north")
    for name in ("mei", "outside"):
        assert signed_in(name).get(f"/lab/{address}").status_code == 403


def test_an_agency_sees_nothing_whatever_its_role_holds(months: Small) -> None:
    login("outside", "agency", "north")
    allowed = people.Permission.VIEW_PORTFOLIO
    from daihou.rooms.people.models import RoleGrant

    role = RoleGrant.objects.get(code="agency")
    role.permissions = [allowed, people.Permission.VIEW_LOANS]
    role.save()
    assert people.person("outside").may(allowed)
    assert signed_in("outside").get("/lab/").status_code == 403


def test_the_front_shows_a_few_figures_and_their_change(months: Small) -> None:
    page = signed_in("arun").get("/lab/").context["page"]
    tiles = {tile.id: tile for tile in page.tiles}
    assert set(tiles) == {
        "overdue_1_amount",
        "overdue_30_amount",
        "overdue_90_amount",
        "overdue_90_over_npl",
        "promise_kept",
    }
    tile = tiles["overdue_30_amount"]
    assert (tile.value, tile.at, tile.change) == ("62.50", "2026-03", "+62.50 pt")
    assert tile.rising
    assert not tile.good


def test_without_months_every_page_says_so(cast: Cast) -> None:
    portfolio.bind_portfolio(Nothing())
    client = signed_in("arun")
    assert "No month has been counted yet" in client.get("/lab/").content.decode()
    page = ask(client, metric="npl_ratio").context["page"]
    assert page.why == "No month has been counted yet."


def test_an_unknown_figure_is_not_there(months: Small) -> None:
    assert ask(signed_in("arun"), metric="nonsense").status_code == 404
    assert signed_in("arun").get("/lab/metrics/nonsense/").status_code == 404
    assert ask(signed_in("arun")).status_code == 302


def test_a_question_is_saved_as_a_view_and_shared(months: Small) -> None:
    client = signed_in("arun")
    client.post(
        "/views/save/",
        {
            "list": "lab",
            "query": "metric=overdue_30_amount&by=branch",
            "name": "Late by branch",
            "shared": "1",
        },
    )
    other = ask(signed_in("nora"), metric="overdue_1_amount").context["page"]
    assert [tab.view.name for tab in other.bar.tabs] == ["Late by branch"]
    shown = signed_in("nora").get(other.bar.tabs[0].address).context["page"]
    assert shown.question.by is Cut.BRANCH
    assert shown.bar.shown is not None


MONTHS = st.sampled_from(["", "2025-12", "2026-02"])


@given(
    metric_and_cut=st.sampled_from(
        [(each, cut) for each in sorted(METRICS) for cut in (None, *cuts_of(each))]
    ),
    other=st.none() | st.sampled_from(sorted(METRICS)),
    of=st.sampled_from(questions.STATES),
    since=MONTHS,
    month=MONTHS,
    only=st.dictionaries(
        st.sampled_from(Cut),
        st.frozensets(st.sampled_from(["A", "b c", "区&=", "M1"]), min_size=1),
        max_size=3,
    ),
)
def test_the_address_holds_the_whole_question(**drawn: Any) -> None:
    other = drawn.pop("other")
    named, by = drawn.pop("metric_and_cut")
    metric = METRICS[named]
    beside = METRICS[other] if other and other != metric.id else None
    views = [View.MATRIX, View.CHART] if questions.rolls(metric) else [View.CHART]
    for view in views:
        period = {} if view is View.CHART else {"since": "", "until": ""}
        told = {"metric": metric, "other": beside, "by": by, "view": view}
        asked = Question(**(told | drawn | period))
        assert questions.read(QueryDict(asked.address())) == asked


@pytest.mark.parametrize("view", ["matrix", "forecast"])
def test_a_period_is_for_lines_alone(view: str) -> None:
    lines = questions.read(QueryDict("metric=roll_count&view=chart&since=2025-01"))
    assert lines.since == "2025-01"
    link = QueryDict(lines.address(view=View(view)))
    assert "since" not in link
    kept = questions.read(
        QueryDict(f"metric=roll_count&view={view}&since=2025-01&until=2025-03")
    )
    assert (kept.since, kept.until) == ("", "")


def test_a_cell_that_is_none_has_no_loans(months: Small) -> None:
    class Odd(Nothing):
        def loans(self, asked: Asked, **more: Any) -> Sequence[int]:
            raise NotCounted("point", at=more["at"])

    portfolio.bind_portfolio(Odd())
    page = signed_in("arun").get(
        "/lab/loans/", {"metric": "vintage_ever_30_amount", "at": "x"}
    )
    assert page.status_code == 200 and not page.context["page"].lines


class Rolling(Nothing):
    """Sixty-four loans on time and as many very late, in each month anew."""

    names = tuple(f"2025-{month:02}" for month in range(1, 10))

    def months(self) -> Sequence[Month]:
        """Nine whole months."""
        return [Month(n, date(2025, 9, 30), 8, n, complete=True) for n in self.names]

    def matrix(self, asked: Asked, *, of: Cut, month: str, amount: bool) -> RollMatrix:
        """Half of those on time stay, half become very late; what is late stays so."""
        first = asked.since or self.names[self.names.index(month) - 1]
        ahead = self.names.index(month) - self.names.index(first)
        stay = 64 // 2**ahead
        moves = {("M0", "M0"): stay, ("M0", "M4"): 64 - stay, ("M4", "M4"): 64}
        return from_cells(("M0", "M4", "paid"), moves | {("paid", "paid"): 99})


def test_a_forecast_that_always_came_true_has_a_narrow_range(cast: Cast) -> None:
    portfolio.bind_portfolio(Rolling())
    asked = {"metric": "roll_amount", "view": "forecast", "since": "2025-03"}
    made = ask(signed_in("arun"), **asked).context["page"].forecast
    # 32 on time and 96 very late: half of the quarter follows in each month.
    assert [line.bad for line in made.lines[:2]] == ["87.50%", "93.75%"]
    one = [each for each in made.tried if each.ahead == 1]
    assert {(each.expected, each.actual) for each in one} == {("75.00%", "75.00%")}
    three = [each for each in made.tried if each.ahead == 3]
    assert {(each.expected, each.actual) for each in three} == {("93.75%", "93.75%")}
    assert made.month == "2025-09"
    assert made.among == "M4"
