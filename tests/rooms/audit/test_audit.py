"""The event log keeps what was written, in the transaction of its change."""

import pytest
from django.db import DatabaseError, connection, transaction

from daihou.rooms.audit import door as audit
from daihou.rooms.audit.models import Event
from tests.rooms.cast import AT, TODAY

pytestmark = pytest.mark.django_db


def write(subject: str = "1", *, happened: str = "thing.done") -> int:
    with transaction.atomic():
        return audit.record(
            type=happened,
            subject_type="thing",
            subject_id=subject,
            by="arun",
            at=AT,
            business_date=TODAY,
            payload={"amount": 12},
            reason="because",
        )


def test_an_event_is_read_back_as_it_was_written() -> None:
    write()
    (entry,) = audit.timeline(subject_type="thing", subject_id=1)
    assert (entry.type, entry.by, entry.at) == ("thing.done", "arun", AT)
    assert (entry.payload, entry.reason) == ({"amount": 12}, "because")


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_event set actor = 'nobody'",
        "update audit_event set payload = '{}'",
        "delete from audit_event",
    ],
)
def test_the_database_refuses_to_alter_the_log(statement: str) -> None:
    write()
    with (
        pytest.raises(DatabaseError, match="append_only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert Event.objects.get().actor == "arun"


def test_the_newest_events_come_first_and_pages_do_not_overlap() -> None:
    ids = [write(str(number)) for number in range(5)]
    first = audit.latest(type="thing.done", limit=3)
    second = audit.latest(type="thing.done", limit=3, before=first[-1].id)
    assert [entry.id for entry in first + second] == ids[::-1]


def test_many_events_are_one_statement(django_assert_num_queries) -> None:
    events = [
        audit.NewEvent(
            type="thing.done",
            subject_type="thing",
            subject_id=number,
            by="arun",
            at=AT,
            business_date=TODAY,
        )
        for number in range(300)
    ]
    with transaction.atomic(), django_assert_num_queries(1):
        assert audit.record_many(events) == 300
    assert Event.objects.count() == 300


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_our_mistake() -> None:
    with pytest.raises(AssertionError, match="inside the transaction"):
        audit.record(
            type="thing.done",
            subject_type="thing",
            subject_id=1,
            by="arun",
            at=AT,
            business_date=TODAY,
        )
