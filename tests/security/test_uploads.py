"""A file that is sent lies where we put it and is unpacked with care."""

import io
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from daihou.rooms.ledger.models import Customer
from tests.rooms.test_pages import CUSTOMERS

NAMES = [
    "../../../../etc/cron.d/customers.csv",
    "..\\..\\..\\windows\\customers.csv",
    "/etc/customers.csv",
    "C:\\customers.csv",
    "customers.csv/../../x.csv",
    "....//....//customers.csv",
    "%2e%2e%2fcustomers.csv",
    "cust\x00omers.csv",
    "customers" + "x" * 3000 + ".csv",
    "~/.ssh/customers.csv",
    "customers.csv;rm -rf .csv",
    "CON.csv",
]


def send(client: Client, name: str, content: bytes, *, step: str = "plan") -> object:
    file = SimpleUploadedFile("x.csv", content)
    file._name = name  # as a browser of an attacker would send it
    client.raise_request_exception = False
    form = {"files": file, "source": "core", "step": step}
    return client.post("/intake/", form)


def everything_under(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_leads_nowhere(ada: Client, name: str) -> None:
    home = Path(settings.DAIHOU_HOME)
    before = everything_under(home.parent)
    answer = send(ada, name, CUSTOMERS)
    assert answer.status_code in (200, 302, 400, 422)
    new = everything_under(home.parent) - before
    inbox = home / "intake"
    strays = [path for path in new if inbox not in path.parents]
    assert not [p for p in strays if "customers" in p.name or p.suffix == ".csv"]


@pytest.mark.parametrize(
    "address",
    [
        "/intake/planned/../../secrets/0/",
        "/intake/1/errors/..%2f..%2fsecrets/",
        "/static/../settings.py",
        "/static/..%2f..%2fsettings.py",
        "/static/%2e%2e/%2e%2e/config/settings.py",
        "/static//etc/passwd",
    ],
)
def test_an_address_reads_no_other_file(ada: Client, address: str) -> None:
    answer = ada.get(address)
    assert answer.status_code in (400, 403, 404)
    assert b"SECRET_KEY" not in answer.content and b"root:" not in answer.content


@pytest.mark.parametrize(
    "mapping", ["../../../etc/passwd", "/etc/passwd", "..", "a\x00b"]
)
def test_a_mapping_is_one_of_ours(ada: Client, mapping: str) -> None:
    file = SimpleUploadedFile("customers.csv", CUSTOMERS)
    form = {"files": file, "source": "core", "step": "plan", "mapping": mapping}
    answer = ada.post("/intake/", form)
    assert answer.status_code == 422
    assert b"root:" not in answer.content


def workbook(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


BOMBS = {
    "one huge sheet": lambda: workbook(
        **{"xl__worksheets__sheet1.xml": b"<row/>" * (30 * 2**20 // 6)}
    ),
    "too many parts": lambda: workbook(**{f"xl__x{n}.xml": b"" for n in range(5_001)}),
    "entities": lambda: workbook(
        **{
            "xl__workbook.xml": b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
            b"<x>&b;</x>"
        }
    ),
    "another file's content": lambda: workbook(
        **{
            "xl__workbook.xml": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
            b"<x>&a;</x>"
        }
    ),
    "names that climb": lambda: workbook(**{"..__..__..__etc__evil": b"x"}),
    "no workbook at all": lambda: b"PK\x03\x04" + b"\x00" * 60,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_workbook_is_unpacked_with_care(ada: Client, name: str) -> None:
    answer = send(ada, "customers.xlsx", BOMBS[name](), step="apply")
    page = answer.content.decode()
    assert answer.status_code in (200, 422), name
    assert "root:" not in page and not Customer.objects.filter(source="up").exists()
    assert "Refused" in page or "Not taken in" in page, name
