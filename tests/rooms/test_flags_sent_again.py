"""A flag that was lifted in the office and comes again by file stops no intake."""

from pathlib import Path
from typing import Any

import pytest

from daihou.rooms.audit.models import Event
from daihou.rooms.contact import door
from daihou.rooms.contact.models import PersonFlag
from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger.models import SideFact
from daihou.rooms.people import door as people
from tests.rooms.cast import AT, PASSWORD, TODAY, Cast, make_loan
from tests.rooms.test_contact import MINUTE, NOON, deed
from tests.rooms.test_refused import take

FILE = "customer_id,flag,from_on,until_on\nC-L1,dispute,2026-03-01,{}\n"


@pytest.fixture
def flag(cast: Cast, tmp_path: Path, settings: Any) -> PersonFlag:
    """A flag of a file."""
    settings.DAIHOU_HOME = tmp_path
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    make_loan("L1")
    assert take(tmp_path, "person_flags", FILE.format("")).state == "applied"
    found: PersonFlag = PersonFlag.objects.get()
    return found


def test_it_stays_lifted_and_an_event_tells_of_it(
    cast: Cast, flag: PersonFlag, tmp_path: Path
) -> None:
    cora = people.create_user(
        username="cora",
        password=PASSWORD,
        role="compliance",
        branch="north",
        by="test",
        at=AT,
    )
    door.lift_flag(flag.pk, evidence="letter", deed=deed(cora, NOON + MINUTE))
    again = take(tmp_path, "person_flags", FILE.format("2026-05-01"))
    assert again.state == "applied", again.faults
    assert again.tables["person_flags"].changed == 1
    assert SideFact.objects.get().content["until_on"] == "2026-05-01"
    flag.refresh_from_db()
    assert (flag.lifted_by, flag.lifted_at) == ("cora", NOON + MINUTE)
    assert flag.until_at is None  # as it was lifted
    event = Event.objects.get(type="contact.flag.sent_again")
    assert event.subject_id == str(flag.customer_id)
    assert event.payload["flag"] == flag.pk
    assert event.payload["batch"] == again.batch_id


def test_one_that_stands_follows_its_file(
    cast: Cast, flag: PersonFlag, tmp_path: Path
) -> None:
    take(tmp_path, "person_flags", FILE.format("2026-05-01"))
    flag.refresh_from_db()
    assert flag.until_at is not None
    assert not Event.objects.filter(type="contact.flag.sent_again").exists()
