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
from tests.rooms.contact.test_contact import MINUTE, NOON, asked, deed, with_phone
from tests.rooms.contact.test_refused import take

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


@pytest.mark.parametrize("kind", ["deceased", "unreachable", "minor"])
def test_what_a_file_says_opens_no_way_before_the_office_confirms_it(
    cast: Cast, tmp_path: Path, settings: Any, kind: str
) -> None:
    """It holds the debtor at once; the contact person waits for a second person."""
    settings.DAIHOU_HOME = tmp_path
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    loan = make_loan("L1")
    other = with_phone(loan, "13800010002", owner="contact_person")
    text = f"customer_id,flag,from_on,until_on\nC-L1,{kind},2026-03-01,\n"
    assert take(tmp_path, "person_flags", text).state == "applied"
    assert asked(cast.mei, loan, other, NOON).answer.verdict == "deny"
    cora = people.create_user(
        username="cora", password=PASSWORD, role="compliance", by="test", at=AT
    )
    made = PersonFlag.objects.get()
    door.confirm_flag(made.pk, deed=deed(cora, NOON + MINUTE))
    assert asked(cast.mei, loan, other, NOON + 2 * MINUTE).answer.verdict == "allow"
    # The file cannot make another word of what was confirmed.
    again = text.replace(kind, "dispute")
    assert take(tmp_path, "person_flags", again).state == "applied"
    assert kind in set(PersonFlag.objects.values_list("kind", flat=True))
