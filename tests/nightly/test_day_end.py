"""The day-end against a real database: plan, close, again, late facts, refusals."""

from datetime import timedelta
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from daihou.engine.ledger.fixed.settle import settle
from daihou.nightly import explain, export
from daihou.nightly.errors import NightError
from daihou.nightly.stores import runs
from daihou.nightly.stores.parquet import PositionBook, PositionFiles
from daihou.rooms.dayend.models import BusinessDate, Difference, Run
from daihou.rooms.ledger.door import reading
from daihou.rooms.ledger.models import Change, Loan, Payment, Position
from daihou.tables.positions import POSITIONS, POSITIONS_OUT
from tests.nightly import world
from tests.nightly.world import FIRST, LAST

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


@pytest.fixture
def lender():
    return world.build()


@pytest.fixture
def night(lender, tmp_path):
    made = world.a_night(tmp_path)
    yield made
    made.shut()


def test_a_plan_writes_nothing(night):
    before = world.state()
    plan = night.plan(FIRST)
    assert plan.loans > 0
    assert plan.late > 0
    assert world.state() == before


def test_positions_are_what_the_reference_says_of_each_loan(night, tmp_path):
    results = list(night.close(FIRST, through=LAST))
    assert [result.run.as_of for result in results] == runs.days(FIRST, LAST)
    stored = PositionFiles(tmp_path).read(LAST, results[-1].fingerprint)
    assert stored.schema.names == POSITIONS.names
    for row in stored.to_pylist():
        loan, policy = reading.load_loan(row["loan_id"], as_of=LAST)
        state = settle(loan, policy, as_of=LAST)
        assert (row["dpd"], row["overdue_total"]) == (state.dpd, state.overdue_total)
        assert row["outstanding_total"] == state.outstanding_total
        assert row["worst_dpd"] == state.worst_dpd


def test_the_current_position_of_every_loan_equals_the_stored_day(night, tmp_path):
    *_, last = night.close(FIRST, through=LAST)
    stored = PositionFiles(tmp_path).read(LAST, last.fingerprint).to_pylist()
    rows = {row.loan_id: row for row in Position.objects.all()}
    assert len(rows) == len(stored)
    for row in stored:
        kept = rows[row["loan_id"]]
        assert {name: getattr(kept, name) for name in POSITIONS.names} == row
        assert FIRST <= kept.changed_on <= LAST


def test_a_loan_that_does_not_change_is_not_written_again(night):
    *_, last = night.close(FIRST, through=LAST)
    changed = Position.objects.filter(changed_on=LAST).count()
    assert changed == last.steps[-1].rows < Position.objects.count()


def test_the_business_date_turns_and_is_simulated_past_the_real_one(night, tmp_path):
    list(night.close(FIRST))
    assert BusinessDate.objects.get().on == FIRST + DAY
    assert not BusinessDate.objects.get().simulated
    early = world.a_night(tmp_path, today=FIRST)
    list(early.close())
    early.shut()
    assert BusinessDate.objects.get().simulated


def test_a_date_run_again_gives_the_same_bits(night, tmp_path):
    results = list(night.close(FIRST, through=LAST))
    files = {path: path.read_bytes() for path in tmp_path.rglob("*.parquet")}
    gone = PositionFiles(tmp_path).path(results[1].run.as_of, results[1].fingerprint)
    gone.unlink()
    other = world.a_night(tmp_path)
    (again,) = other.close(results[1].run.as_of)
    other.shut()
    assert again.same
    assert again.differences.num_rows == 0
    assert again.fingerprint == results[1].fingerprint
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.parquet")} == files
    assert Run.objects.filter(as_of=again.run.as_of, current=True).count() == 1


def test_a_late_payment_runs_its_days_again_and_says_what_changed(
    night, lender, tmp_path
):
    first = {each.run.as_of: each for each in night.close(FIRST, through=LAST)}
    loan_id = (
        Position.objects.filter(dpd__gt=5, status="active")
        .exclude(loan__product="mirror_core")[0]
        .loan_id
    )
    since = LAST - 2 * DAY
    before = Position.objects.get(pk=loan_id)
    world.report_payment(loan_id, since, 50_000, name="late")
    results = list(night.close())
    assert [each.run.as_of for each in results] == [
        since,
        since + DAY,
        LAST,
        LAST + DAY,
    ]
    assert [each.run.kind for each in results] == ["again"] * 3 + ["first"]
    for again in results[:3]:
        assert again.differences["loan_id"].to_pylist() == [loan_id]
        old = first[again.run.as_of].fingerprint
        assert PositionFiles(tmp_path).path(again.run.as_of, old).exists()
        assert again.fingerprint != old
    kept = Difference.objects.get(as_of=LAST)
    assert kept.loan_id == loan_id
    assert kept.overdue_before == before.overdue_total > kept.overdue_after
    assert not Change.objects.filter(consumed_by=None).exists()
    said = explain.difference_rows(
        results[0].differences, since, explain.speaker("en"), {loan_id: ("L", "CNY")}
    )
    assert len(list(said)) == 2


def test_facts_of_the_open_day_run_nothing_again(night, lender):
    list(night.close(FIRST))
    loan = Loan.objects.filter(product="consumer_loan", disbursed_on__lt=FIRST)[0]
    world.report_payment(loan.pk, FIRST + DAY, 1_000, name="today")
    (only,) = night.close()
    assert only.run.kind == "first"
    assert Change.objects.get().consumed_by == only.run.id


def test_a_payment_posted_while_the_night_runs_is_not_overwritten(night, lender):
    days = night.close(FIRST, through=FIRST + DAY)
    next(days)
    row = Position.objects.filter(dpd__gt=0)[0]
    written = {}

    def post(connection):
        """What a posting does: a note for the night and the new position."""
        if written:
            return
        world.report_payment(row.loan_id, FIRST + DAY, 5_000, name="meanwhile")
        Position.objects.filter(pk=row.loan_id).update(unapplied_credit=77)
        written["done"] = True

    from daihou.nightly import run as module

    kept = module.stored.lock
    module.stored.lock = lambda connection: (post(connection), kept(connection))
    try:
        assert next(days).run.kind == "first"
    finally:
        module.stored.lock = kept
    assert written
    assert Position.objects.get(pk=row.loan_id).unapplied_credit == 77
    assert [each.run.kind for each in days] == ["again"]
    assert Position.objects.get(pk=row.loan_id).unapplied_credit != 77


def test_facts_changed_by_others_are_seen(night, lender):
    list(night.close(FIRST))
    loan = Loan.objects.filter(product="consumer_loan", disbursed_on__lt=FIRST)[0]
    Payment.objects.filter(loan=loan).delete()
    loan.demand_set.update(due_on=FIRST - 10 * DAY)
    (closed,) = night.close()
    assert Position.objects.get(pk=loan.pk).dpd == 11
    assert closed.plan.changed >= 1


def test_a_reversed_payment_counts_until_its_reversal(night, lender):
    loan = Loan.objects.filter(product="consumer_loan", disbursed_on__lt=FIRST)[0]
    Payment.objects.filter(loan=loan).delete()
    loan.demand_set.update(due_on=FIRST - DAY)
    paid = world.a_payment(loan, FIRST - 2 * DAY, 400_000, "paid")
    paid.save()
    back = world.a_payment(loan, FIRST + DAY, -400_000, "back")
    back.reversal_of, back.kind = paid, "reversal"
    back.save()
    list(night.close(FIRST))
    assert Position.objects.get(pk=loan.pk).dpd == 0
    list(night.close())
    assert Position.objects.get(pk=loan.pk).dpd == 2


def test_days_cannot_be_skipped_nor_run_before_the_first(night):
    with pytest.raises(NightError) as none:
        list(night.close())
    assert none.value.code == "no_business_date"
    list(night.close(FIRST))
    with pytest.raises(NightError, match="--through") as early:
        list(night.close(FIRST + 3 * DAY))
    assert "当前业务日期" in early.value.say("zh-hans")
    with pytest.raises(NightError) as before:
        list(night.close(FIRST - DAY))
    assert before.value.code == "before_first"


def test_one_night_at_a_time(night, tmp_path):
    days = night.close(FIRST, through=LAST)
    next(days)
    other = world.a_night(tmp_path)
    with pytest.raises(NightError) as busy:
        list(other.close())
    other.shut()
    assert busy.value.code == "busy"
    days.close()


def test_the_book_reader_tells_dates_and_reads_what_is_asked(night, tmp_path):
    results = {each.run.as_of: each for each in night.close(FIRST, through=LAST)}
    book = PositionBook(
        tmp_path, lambda: {day: each.fingerprint for day, each in results.items()}
    )
    assert book.dates() == runs.days(FIRST, LAST)
    assert book.fingerprint(FIRST) == results[FIRST].fingerprint
    late = book.read(
        LAST, columns=["loan_id", "dpd"], filters=pa.compute.field("dpd") > 0
    )
    assert late.column_names == ["loan_id", "dpd"]
    assert late.num_rows == results[LAST].plan.late > 0
    with pytest.raises(LookupError):
        book.read(LAST + DAY)


@pytest.mark.parametrize("kind", ["parquet", "csv", "xlsx"])
def test_positions_go_out_with_the_senders_ids_in_major_units(night, tmp_path, kind):
    *_, last = night.close(FIRST, through=LAST)
    Loan.objects.filter(pk=Loan.objects.order_by("pk")[0].pk).update(external_id="=1+1")
    stored = PositionFiles(tmp_path).read(LAST, last.fingerprint)
    table = export.outward(stored, export.read_names(world.url()), as_of=LAST)
    assert table.column_names == list(POSITIONS_OUT)
    assert table["overdue_total"].to_pylist() == [
        Decimal(minor) / 100 for minor in stored["overdue_total"].to_pylist()
    ]
    out = tmp_path / f"positions.{kind}"
    export.write(table, out, kind=kind)
    if kind == "parquet":
        assert pq.read_table(out).equals(table)
    elif kind == "csv":
        assert len(out.read_text().splitlines()) == table.num_rows + 1
    else:
        import python_calamine

        rows = python_calamine.load_workbook(str(out)).get_sheet_by_index(0).to_python()
        assert len(rows) == table.num_rows + 1
        assert rows[1][0] == "=1+1"


def test_a_lost_file_is_named_with_the_way_to_get_it_back(night, tmp_path):
    *_, last = night.close(FIRST, through=FIRST + DAY)
    PositionFiles(tmp_path).path(FIRST + DAY, last.fingerprint).unlink()
    other = world.a_night(tmp_path)
    with pytest.raises(NightError, match=f"--as-of {FIRST + DAY}"):
        list(other.close())
    again, broken_off = other.close(FIRST + DAY)
    other.shut()
    assert again.same
    assert broken_off.run.as_of == FIRST + 2 * DAY
    assert Run.objects.get(pk=broken_off.run.id).state == "done"
