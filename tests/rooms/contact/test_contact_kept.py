"""What is written of contact stays, and nothing gets past the gate."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

import daihou
from daihou.rooms.contact import door
from daihou.rooms.contact.models import Consent, PersonFlag
from daihou.rooms.ledger.models import Loan
from tests.rooms.cast import Cast, make_loan
from tests.rooms.contact.test_contact import MINUTE, NOON, deed


@pytest.fixture
def loan(cast: Cast) -> Loan:
    """A loan of the north."""
    return make_loan("L1")


def test_nothing_else_writes_contacts_than_what_rests_on_an_answer() -> None:
    """Whoever makes contacts goes by the door: no other code writes the table."""
    root = Path(str(daihou.__path__[0]))
    writers = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        for text in [path.read_text("utf-8")]
        if "insert into contact_attempt" in text
        or ("rooms.contact.models" in text and "Attempt.objects.create" in text)
    }
    assert writers == {
        "rooms/contact/actions/attempts.py",
        "rooms/contact/actions/taking_in.py",
        "rooms/contact/migrations/0002_told_before.py",
    }


def test_flags_and_consents_stay_as_they_were_written(cast: Cast, loan: Loan) -> None:
    flag = door.raise_flag(
        loan.customer_id, kind="dispute", evidence="letter", deed=deed(cast.mei)
    )
    consent = door.give_consent(
        loan.customer_id,
        kind="night_contact",
        channel="",
        evidence="form",
        deed=deed(cast.mei),
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        PersonFlag.objects.filter(pk=flag).update(kind="hardship")
    with pytest.raises(DatabaseError), transaction.atomic():
        Consent.objects.filter(pk=consent).update(given_at=NOON - timedelta(days=9))
    door.withdraw_consent(consent, deed=deed(cast.mei, NOON + MINUTE))
    with pytest.raises(DatabaseError), transaction.atomic():
        Consent.objects.filter(pk=consent).update(withdrawn_at=None)
