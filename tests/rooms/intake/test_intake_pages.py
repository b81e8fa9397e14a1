"""Files sent by hand: long names, error files of plans and of long ago."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from daihou.rooms.intake.models import Batch
from daihou.rooms.ledger.models import Customer
from daihou.rooms.people import door as people
from tests.rooms.cast import AT, PASSWORD, Cast

GOOD = b"customer_id,kind,name\nC1,person,Wang\n"
BROKEN = b"customer_id,kind,name\nC1,person,Wang\nC2,nobody,Li\n"


@pytest.fixture
def admin(cast: Cast) -> Client:
    """An administrator, who may take files in."""
    people.create_user(
        username="ada", password=PASSWORD, role="admin", by="test", at=AT
    )
    client = Client()
    assert client.login(username="ada", password=PASSWORD)
    return client


def send(client: Client, content: bytes, **wish: object) -> str:
    name = wish.pop("name", "customers.csv")
    form = {
        "files": SimpleUploadedFile(str(name), content),
        "source": "core",
        "step": "apply",
    }
    return client.post("/intake/", form | wish).content.decode()


def rows_at(client: Client, page: str, pattern: str) -> bytes:
    address = re.search(f'href="({pattern})"', page)
    assert address is not None, page
    return b"".join(client.get(address[1]).streaming_content)


def test_a_name_too_long_for_a_file_system(admin: Client) -> None:
    name = f"customers_{'贷后客户资料' * 30}.csv"
    send(admin, GOOD, name=name)
    assert Customer.objects.count() == 1
    batch = Batch.objects.get()
    assert batch.files.get().name == name
    page = send(admin, BROKEN, name=name)
    assert b"C2" in rows_at(admin, page, r"/intake/\d+/errors/\w+/")


def test_the_error_file_of_a_plan_can_be_fetched_by_whom_may_send(
    admin: Client,
) -> None:
    page = send(admin, BROKEN, step="plan")
    pattern = r"/intake/plan/\w+/\d+/"
    assert b"C2" in rows_at(admin, page, pattern)
    address = re.search(pattern, page)
    assert address is not None
    mei = Client()
    assert mei.login(username="mei", password=PASSWORD)
    assert mei.get(address[0]).status_code == 403
    assert admin.get(address[0].replace("/0/", "/7/")).status_code == 404


def test_the_error_file_of_a_batch_of_long_ago(admin: Client) -> None:
    page = send(admin, BROKEN)
    Batch.objects.bulk_create(
        Batch(
            source="core",
            state="refused",
            by="ada",
            started_at=AT + timedelta(minutes=number),
        )
        for number in range(60)
    )
    assert b"C2" in rows_at(admin, page, r"/intake/\d+/errors/\w+/")


def test_a_source_with_a_slash_is_refused(admin: Client) -> None:
    assert "斜杠" in send(admin, GOOD, source="core/a")
    assert not Customer.objects.exists()


def test_what_was_planned_is_taken_in_without_choosing_again(admin: Client) -> None:
    page = send(admin, GOOD, step="plan")
    assert not Customer.objects.exists()
    token = re.search(r'name="kept" value="(\w{32})"', page)
    assert token is not None and "customers.csv" in page
    form = {"source": "core", "step": "apply", "kept": token[1]}
    admin.post("/intake/", form)
    assert Customer.objects.count() == 1
    assert Batch.objects.get().files.get().name == "customers.csv"
    again = admin.post("/intake/", form)
    assert again.status_code == 422 and "至少选择一个文件" in again.content.decode()


@pytest.mark.parametrize("token", ["", "../../x", "0" * 32])
def test_without_a_file_the_form_says_which_field(admin: Client, token: str) -> None:
    answer = admin.post("/intake/", {"source": "", "step": "apply", "kept": token})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "文件: " in page and "来源: " in page


def test_a_file_refused_as_a_whole_offers_no_rows(admin: Client) -> None:
    unreadable = b"customer_id,kind,name\nC1,person,\xff\xfe\xfa\n"
    page = send(admin, unreadable, step="plan")
    assert "另存为 UTF-8" in page and "/intake/plan/" not in page
    page = send(admin, unreadable)
    assert "另存为 UTF-8" in page and "/errors/" not in page
    assert "/errors/" in send(admin, b"customer_id,kind,name\nC1,person\n")


def test_a_source_nobody_knows_is_pointed_out(admin: Client) -> None:
    assert "known" not in send(admin, GOOD, source="core")
    page = send(admin, GOOD, source="cor", step="plan")
    assert "“cor”" in page and '<option value="core">' in page
    assert "“core”" not in send(admin, GOOD, source="core", step="plan")
