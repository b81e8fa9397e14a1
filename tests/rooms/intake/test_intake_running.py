"""Sending files on the page: how far they are, sent twice, corrected and sent again."""

import re
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from daihou.rooms.audit import door as audit
from daihou.rooms.intake import running, upload
from daihou.rooms.intake.models import Batch
from daihou.rooms.ledger.models import Customer
from daihou.rooms.people import door as people
from tests.rooms.cast import AT, PASSWORD, make_cast

GOOD = b"customer_id,kind,name\nC1,person,Wang\n"
BROKEN = b"customer_id,kind,name\nC1,person,Wang\nC2,nobody,Li\n"
HTMX = {"HTTP_HX_REQUEST": "true"}
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin(transactional_db: None) -> Iterator[Client]:
    """An administrator, who may take files in; afterwards no intake runs any more."""
    make_cast()
    people.create_user(
        username="ada", password=PASSWORD, role="admin", by="test", at=AT
    )
    yield signed_in("ada")
    for thread in threading.enumerate():
        if getattr(thread, "_target", None) is running._run:
            thread.join()


def signed_in(username: str) -> Client:
    client = Client()
    assert client.login(username=username, password=PASSWORD)
    client.cookies["django_language"] = "en"
    return client


def send(client: Client, content: bytes, **wish: object) -> str:
    name = str(wish.pop("name", "customers.csv"))
    form = {
        "files": SimpleUploadedFile(name, content),
        "source": "core",
        "step": "apply",
    }
    return client.post("/intake/", form | wish, **HTMX).content.decode()


def followed(client: Client, page: str) -> str:
    """Ask how far it is until it is done, as the page does."""
    while address := re.search(r'hx-get="(/intake/sent/\w+/)"', page):
        time.sleep(0.05)
        page = client.get(address[1], **HTMX).content.decode()
    return page


def test_a_file_is_taken_in_while_the_page_asks_how_far_it_is(admin: Client) -> None:
    page = send(admin, GOOD)
    assert "It is being taken in" in page and "<progress" in page
    done = followed(admin, page)
    assert "Taken in" in done and "Open the intake" in done
    assert Customer.objects.count() == 1
    assert 'name="kept"' not in done  # nothing is left to send


def test_the_end_tells_the_list_to_look_again(admin: Client) -> None:
    page = send(admin, GOOD)
    followed(admin, page)
    token = re.search(r"/intake/sent/(\w+)/", page)
    assert token is not None
    answer = admin.get(f"/intake/sent/{token[1]}/", **HTMX)
    assert answer.headers["HX-Trigger"] == "intake-done"
    assert "no-store" in answer.headers["Cache-Control"]


def test_only_who_sent_files_sees_how_far_they_are(admin: Client) -> None:
    people.create_user(
        username="eve", password=PASSWORD, role="admin", by="test", at=AT
    )
    page = send(admin, GOOD)
    token = re.search(r"/intake/sent/(\w+)/", page)
    assert token is not None
    assert signed_in("eve").get(f"/intake/sent/{token[1]}/").status_code == 404
    assert signed_in("mei").get(f"/intake/sent/{token[1]}/").status_code == 403
    for odd in ("x", "0" * 32):
        assert admin.get(f"/intake/sent/{odd}/").status_code == 404
    followed(admin, page)


def test_a_file_sent_twice_says_when_it_came_first(admin: Client) -> None:
    followed(admin, send(admin, GOOD))
    again = followed(admin, send(admin, GOOD))
    assert "customers.csv was taken in before, by ada on" in again
    assert f"/intake/{Batch.objects.get().pk}/" in again
    assert Batch.objects.count() == 1


def test_corrected_rows_go_with_the_file_that_is_still_here(admin: Client) -> None:
    refused = followed(admin, send(admin, BROKEN))
    assert "Refused" in refused and "Rows to correct: customers.errors.csv" in refused
    kept = re.search(r'name="kept" value="(\w{32})"', refused)
    batch = Batch.objects.get()
    assert kept is not None and "customers.csv" in refused
    address = f"/intake/{batch.pk}/errors/{batch.files.get().digest}/"
    rows = b"".join(admin.get(address).streaming_content)
    right = rows.replace(b"nobody", b"person")
    done = followed(
        admin, send(admin, right, name="customers.errors.csv", kept=kept[1])
    )
    assert "Taken in" in done, done
    assert set(Customer.objects.values_list("external_id", flat=True)) == {"C1", "C2"}


def test_other_files_begin_anew(admin: Client) -> None:
    planned = followed(admin, send(admin, BROKEN, step="plan"))
    kept = re.search(r'name="kept" value="(\w{32})"', planned)
    assert kept is not None and "Only" not in planned
    followed(admin, send(admin, GOOD, kept=kept[1]))
    assert set(Customer.objects.values_list("external_id", flat=True)) == {"C1"}


def test_what_is_wrong_with_the_form_is_told_in_place(admin: Client) -> None:
    page = send(admin, GOOD, source="")
    assert "Not taken in" in page and "Source: Name the system" in page
    assert not Batch.objects.exists()


def test_a_mapping_that_is_gone_is_told(
    admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload, "mapping_names", lambda: ["gone"])
    page = followed(admin, send(admin, GOOD, mapping="gone"))
    assert "No mapping gone" in page and not Customer.objects.exists()


def test_our_own_mistake_takes_nothing_in_and_names_a_number(
    admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_anything: object, **_wish: object) -> None:
        raise RuntimeError("on purpose")

    monkeypatch.setattr(upload, "take", fail)
    page = followed(admin, send(admin, GOOD))
    assert "nothing was taken in" in page and 'class="mono">' in page
    assert "on purpose" not in page


def test_an_intake_whose_process_is_gone_is_told_as_broken_off(admin: Client) -> None:
    kept = upload.keep([SimpleUploadedFile("customers.csv", GOOD)], at=AT)
    gone = running.Progress(
        token=kept.token,
        by="ada",
        state="running",
        began_at=AT.isoformat(),
        plan=False,
        process=2**22 + 1,
    )
    running._write(gone, at=AT)
    found = running.find(kept.token, at=AT, by="ada")
    assert found is not None and found.state == "failed"
    assert running.find(kept.token, at=AT, by="eve") is None
    assert running.find(kept.token, at=AT + timedelta(days=2), by="ada") is None
    upload.day_folders.expire(running._root(), at=AT + timedelta(days=1))
    assert running.find(kept.token, at=AT + timedelta(days=1), by="ada") is not None
    upload.day_folders.expire(running._root(), at=AT + timedelta(days=2))
    assert not (Path(settings.DAIHOU_HOME) / "intake/progress/2026-03-20").exists()


def test_the_share_only_grows(admin: Client) -> None:
    begun = running.Progress("0" * 32, "ada", "running", AT.isoformat(), plan=False)
    shares = [0]
    for step in (
        "read",
        "check",
        "check customers",
        "check loans",
        "write",
        "write customers",
        "write payments",
        "something else",
    ):
        begun = running._at(begun, step)
        shares.append(begun.share)
    assert shares == sorted(shares) and shares[-1] < 100
    assert (begun.stage, begun.table) == ("write", "payments")


def test_an_intake_has_a_page(admin: Client) -> None:
    followed(admin, send(admin, BROKEN))
    batch = Batch.objects.get()
    page = admin.get(f"/intake/{batch.pk}/").content.decode()
    assert "Intake no." in page and "customers.csv" in page
    assert "is not one of" in page or "nobody" not in page
    assert f"/intake/{batch.pk}/errors/" in page
    # Files are of every branch, and Mei sees one.
    assert signed_in("mei").get(f"/intake/{batch.pk}/").status_code == 403
    assert signed_in("mei").get("/intake/").status_code == 403
    assert 'href="/intake/"' not in signed_in("mei").get("/account/").content.decode()
    assert admin.get("/intake/999999/").status_code == 404
    assert audit.timeline(subject_type="intake", subject_id=batch.pk) == ()


def test_the_history_is_filtered_and_paged(admin: Client) -> None:
    Batch.objects.bulk_create(
        Batch(source=source, state=state, by="ada", started_at=AT)
        for source, state in [("core", "applied")] * 60 + [("other", "refused")]
    )
    page = admin.get("/intake/?source=core").content.decode()
    assert "1–50 / 60" in page
    page = admin.get("/intake/?state=refused").content.decode()
    assert '<option value="refused" selected>' in page and "/ 60" not in page
    none = admin.get("/intake/?source=%00rubbish").content.decode()
    assert "No intake matches" in none
