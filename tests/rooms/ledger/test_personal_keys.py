"""Keys turn: everything sealed follows, whatever it stands in, and old keys go last."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from daihou.kit import keyring, secret, secret_places
from daihou.kit.refusal import NotFound, Refused
from daihou.kit.scope import EVERYTHING
from daihou.kit.secret_places import Place
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger import sealing
from daihou.rooms.ledger.actions import keys
from daihou.rooms.ledger.models import Customer, RowHistory, SideFact
from tests.rooms.cast import AT, HAND, TODAY, make_customer

pytestmark = pytest.mark.django_db
ID, PHONE = "11010519491231002X", "13800000007"
DOING = ledger.personal.Doing(by=HAND, at=AT, business_date=TODAY)


@pytest.fixture(autouse=True)
def ring(tmp_path: Path, settings: Any) -> None:
    """A ring of this test's own."""
    settings.KEY_RING = str(tmp_path / "keyring.json")


@pytest.fixture
def customer() -> Customer:
    """Sealed values in columns, in attributes, in facts and in former contents."""
    made = make_customer("C1", id_no=ID, address="北京市朝阳区1号", phones=(PHONE,))
    made.attributes = {
        "value": secret.seal("13900000001", about=sealing.ATTRIBUTE),
        "vip_level": 5,
    }
    made.save(update_fields=["attributes"])
    sealed = secret.seal(PHONE, about=sealing.CONTACT)
    SideFact.objects.create(
        table="contact_history",
        source="core",
        external_id="H1",
        digest=b"",
        customer=made,
        on_date=TODAY,
        content={"contact_point": sealed, "actor": "mei", "connected": True},
    )
    RowHistory.objects.create(
        table="customer",
        row_id=made.pk,
        version=1,
        content={
            "id_no": secret.seal(ID, about=sealing.ID_NO),
            "attributes": made.attributes,
        },
        replaced_at=AT,
    )
    return made


def old_values(key: str) -> int:
    return {line.id: line.values for line in keys.listed()}[key]


def test_everything_is_sealed_anew_and_reads_the_same(customer: Customer) -> None:
    old = keyring.ring().newest
    assert old_values(old) == 7
    new = ledger.personal.add_key(doing=DOING)
    assert ledger.personal.reseal_all(doing=DOING) == 7
    assert (old_values(old), old_values(new)) == (0, 7)
    page = ledger.reading.customer_page(customer.pk, scope=EVERYTHING)
    assert page.id_no == "110105********002X"
    assert page.contacts[0].value == "138****0007"
    customer.refresh_from_db()
    assert secret.open(customer.attributes["value"], about=sealing.ATTRIBUTE)
    content = RowHistory.objects.get().content
    assert secret.open(content["id_no"], about=sealing.ID_NO) == ID
    told = [
        event.type for event in audit.timeline(subject_type="keys", subject_id="ring")
    ]
    assert told == ["keys.resealed", "keys.added"]
    assert ledger.personal.reseal_all(doing=DOING) == 0


def test_what_is_found_stays_found_when_keys_turn(customer: Customer) -> None:
    ledger.personal.add_key(doing=DOING)
    ledger.personal.reseal_all(doing=DOING)
    found = ledger.personal.customers_by_tail("0007", kind="phone")
    assert [row["pk"] for row in found] == [customer.pk]


def test_broken_off_it_goes_on_where_it_was(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        make_customer(f"D{number}", id_no=ID)
    monkeypatch.setattr(secret_places, "BATCH", 2)
    old = keyring.ring().newest
    ledger.personal.add_key(doing=DOING)

    def stop(place: str, done: int) -> None:
        if place == "ledger_customer.id_no" and done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        keys.reseal_all(doing=DOING, say=stop)
    assert old_values(old) == 12  # the test's own transaction undid the batches
    done: list[tuple[str, int]] = []
    total = keys.reseal_all(doing=DOING, say=lambda place, n: done.append((place, n)))
    assert total == 12 and old_values(old) == 0
    assert ("ledger_customer.id_no", 2) in done and ("ledger_customer.id_no", 6) in done


def test_a_key_in_use_or_that_seals_is_not_dropped(customer: Customer) -> None:
    old = keyring.ring().newest
    with pytest.raises(Refused) as refused:
        ledger.personal.drop_key(old, doing=DOING)
    assert refused.value.code == "key_seals"
    ledger.personal.add_key(doing=DOING)
    with pytest.raises(Refused) as refused:
        ledger.personal.drop_key(old, doing=DOING)
    assert refused.value.code == "key_in_use"
    ledger.personal.reseal_all(doing=DOING)
    ledger.personal.drop_key(old, doing=DOING)
    assert old not in {line.id for line in keys.listed()}
    with pytest.raises(NotFound):
        ledger.personal.drop_key(old, doing=DOING)


def test_a_ring_that_lost_a_key_is_seen(customer: Customer) -> None:
    assert ledger.personal.missing_keys() == ()
    gone = keyring.ring().newest
    keyring.add_key(at=AT)
    keyring.drop_key(gone)
    assert ledger.personal.missing_keys() == (gone,)


def test_a_place_is_a_column_that_exists() -> None:
    with connection.cursor() as cursor:
        for place in secret_places.all_places():
            cursor.execute(
                f"select {place.key}, {place.column} from {place.table} limit 0"
            )


def test_the_name_a_value_stands_under_says_as_what_it_was_sealed() -> None:
    place = Place(table="t", column="c", about={"id_no": "x", "*": "y"}, kind="json")
    assert [place.about_of(name) for name in ("id_no", "other")] == ["x", "y"]
    assert Place(table="t", column="c", about="x").about_of("other") == "x"


def test_a_ring_that_went_missing_is_not_made_anew(
    customer: Customer, tmp_path: Path
) -> None:
    """Else new rows would be sealed and indexed where the real ring cannot follow."""
    file = tmp_path / "keyring.json"
    away = file.rename(tmp_path / "elsewhere.json")
    assert secret_places.anything_sealed()
    with pytest.raises(secret.KeyRingError, match="keyring.json"):
        secret.digest(PHONE, "phone")
    assert not file.exists()
    away.rename(file)
    assert sealing.masked(customer.address, about=sealing.ADDRESS)


def test_an_empty_book_gets_its_first_ring(tmp_path: Path) -> None:
    assert not secret_places.anything_sealed()
    assert keyring.ring().keys
    assert (tmp_path / "keyring.json").exists()
