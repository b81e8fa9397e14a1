"""Sealing and finding: what opens, what does not, and a ring that changes."""

import json
import os
import stat
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daihou.kit import keyring, secret

AT = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def ring(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ring of this test's own, and no database to ask about earlier ones."""
    monkeypatch.setattr(keyring, "_sealed_before", lambda: False)
    settings.KEY_RING = str(tmp_path / "secrets" / "keyring.json")
    return Path(settings.KEY_RING)


@pytest.mark.parametrize("text", ["", "13800000007", "身份证 11010519491231002X"])
def test_what_is_sealed_opens_again(text: str) -> None:
    assert secret.open(secret.seal(text, about="id_no"), about="id_no") == text


def test_nothing_of_the_text_shows_and_no_two_seals_are_alike() -> None:
    one, other = secret.seal_many(["13800000007"] * 2, about="phone")
    assert one != other
    assert "0007" not in one
    assert secret.is_sealed(one)
    assert not secret.is_sealed("13800000007")
    assert secret.key_of(one) == keyring.ring().newest


def test_many_keep_their_order_and_their_gaps() -> None:
    sealed = secret.seal_many(["a", None, "", "b"], about="x")
    assert [secret.open(each, about="x") for each in sealed] == ["a", "", "", "b"]
    assert sealed[1:3] == ["", ""]


def test_a_value_in_the_place_of_another_does_not_open() -> None:
    sealed = secret.seal("13800000007", about="phone")
    with pytest.raises(secret.CannotOpen) as refused:
        secret.open(sealed, about="id_no")
    assert refused.value.why == "changed"


def test_one_letter_changed_anywhere_does_not_open() -> None:
    sealed = secret.seal("13800000007", about="phone")
    start = sealed.rindex(".") + 1
    for place in range(start, len(sealed) - 1):
        other = "A" if sealed[place] != "A" else "B"
        with pytest.raises(secret.CannotOpen):
            secret.open(sealed[:place] + other + sealed[place + 1 :], about="phone")


@pytest.mark.parametrize("text", ["13800000007", "s1.", "s1.k1", "s2.k1.AAAA"])
def test_what_was_never_sealed_is_said_to_be_so(text: str) -> None:
    with pytest.raises(secret.CannotOpen) as refused:
        secret.open(text)
    assert refused.value.why == "form"


def test_an_empty_content_of_a_known_key_does_not_open() -> None:
    with pytest.raises(secret.CannotOpen):
        secret.open(f"s1.{keyring.ring().newest}.", about="phone")


def test_the_ring_is_for_its_owner_alone(ring: Path) -> None:
    secret.seal("x")
    assert stat.S_IMODE(ring.stat().st_mode) == 0o600
    assert not keyring.open_to_others()
    ring.chmod(0o640)
    assert keyring.open_to_others()


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    old = secret.seal("13800000007", about="phone")
    key = keyring.add_key(at=AT)
    new = secret.seal("13800000007", about="phone")
    assert secret.key_of(new) == key.id != secret.key_of(old)
    assert secret.open(old, about="phone") == "13800000007"
    again = secret.reseal(old, about="phone")
    assert secret.key_of(again) == key.id
    assert secret.open(again, about="phone") == "13800000007"
    assert secret.reseal(again, about="phone") == again
    assert secret.reseal("", about="phone") == ""


def test_a_key_that_is_gone_is_named() -> None:
    old = secret.seal("13800000007", about="phone")
    gone = secret.key_of(old)
    keyring.add_key(at=AT)
    keyring.drop_key(gone)
    with pytest.raises(secret.CannotOpen, match=gone) as refused:
        secret.open(old, about="phone")
    assert refused.value.why == "key"


def test_another_process_that_changed_the_ring_is_seen(ring: Path) -> None:
    secret.seal("x")
    kept = json.loads(ring.read_text())
    kept["keys"].append(
        {"id": "k2", "secret": b64encode(os.urandom(32)).decode(), "made_at": ""}
    )
    draft = ring.with_name("draft")
    draft.write_text(json.dumps(kept))
    draft.replace(ring)
    assert secret.key_of(secret.seal("x")) == "k2"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '{"keys": [], "index": "' + b64encode(b"0" * 32).decode() + '"}',
        '{"keys": [{"id": "k1", "secret": "AAAA", "made_at": ""}], "index": "AAAA"}',
    ],
)
def test_a_broken_ring_is_refused_and_not_made_anew(ring: Path, text: str) -> None:
    ring.parent.mkdir(parents=True)
    ring.write_text(text)
    with pytest.raises(secret.KeyRingError, match=str(ring)):
        secret.seal("x")
    assert ring.read_text() == text


def test_a_lost_ring_is_not_replaced_where_values_were_sealed(
    ring: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring, "_sealed_before", lambda: True)
    with pytest.raises(secret.KeyRingError, match=str(ring)):
        secret.seal("x")
    assert not ring.exists()


def test_no_secret_is_printed() -> None:
    held = keyring.ring()
    told = f"{held!r} {held.keys!r} {held.keys[0]}"
    assert repr(held.keys[0].secret) not in told
    assert repr(held.index_key) not in told


def test_an_index_finds_equal_texts_of_one_kind_alone() -> None:
    assert secret.digest("13800000007", "phone") == secret.digest(
        "13800000007", "phone"
    )
    assert secret.digest("13800000007", "phone") != secret.digest(
        "13800000007", "id_no"
    )
    assert secret.digest("", "phone") == ""
    keyring.add_key(at=AT)  # sealing anew leaves what finds it alone
    assert secret.digester("phone")("1") == secret.digest("1", "phone")


def test_an_index_of_another_ring_finds_nothing(settings: Any) -> None:
    ours = secret.digest("13800000007", "phone")
    settings.KEY_RING = settings.KEY_RING + ".other"
    assert secret.digest("13800000007", "phone") != ours


@pytest.mark.parametrize(
    ("text", "kind", "plain"),
    [
        ("+86 138-0000-0007", "phone", "13800000007"),
        ("008613800000007", "phone", "13800000007"),
        ("86 138 0000 0007", "phone", "13800000007"),
        ("(010) 6666 8888", "phone", "01066668888"),
        ("+852 6666 8888", "phone", "85266668888"),
        (" 11010519491231002x ", "id_no", "11010519491231002X"),
        ("86 990000", "id_no", "86990000"),
    ],
)
def test_a_number_is_found_however_it_is_written(
    text: str, kind: str, plain: str
) -> None:
    assert secret.normal(text, kind) == plain


@given(st.text("0123456789", min_size=4, max_size=18))
def test_a_tail_is_found_by_its_last_four(number: str) -> None:
    assert secret.tail(number, "id_no") == secret.tail(number[-4:], "id_no") != ""


def test_a_shorter_tail_finds_nothing() -> None:
    assert secret.tail("123", "phone") == ""
    assert secret.tail("13800000007", "phone") != secret.digest("0007", "phone")
