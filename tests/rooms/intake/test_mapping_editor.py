"""The mapping editor: guessed from a sample, tried, saved as a new version."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from daihou.kit.refusal import Conflict
from daihou.rooms.audit import door as audit
from daihou.rooms.intake import mapping_actions
from daihou.rooms.intake.mapping import drafting, files, load
from daihou.rooms.people import actions
from daihou.rooms.people import door as people
from tests.rooms.cast import AT, PASSWORD, TODAY, Cast

SAMPLE = (
    "借据号,姓名,客户号,放款金额,年利率,放款日,备用\n"
    "JD1,王某,C1,1200000,12,20260105,x\n"
    "JD2,李某,C2,2400000,9,20260110,\n"
).encode()


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """This lender's own mappings: none yet; and one that was shipped."""
    own, shipped = tmp_path / "own", tmp_path / "shipped"
    own.mkdir()
    shipped.mkdir()
    (shipped / "other.yaml").write_text(
        "mapping: other\nversion: '7'\nsource: core\nrefers_to: old\ntables:\n"
        "  - table: customers\n    from: k.csv\n    sheet: A*\n"
        "    columns:\n      customer_id: id\n"
        "      kind: {from: k, map: {'1': person}, default: person}\n"
    )
    settings.INTAKE_MAPPINGS = [own, shipped]
    return own


@pytest.fixture
def admin(cast: Cast, folder: Path) -> Client:
    """An administrator, who takes files in and sees every branch."""
    people.create_user(
        username="ada", password=PASSWORD, role="admin", by="test", at=AT
    )
    client = Client()
    assert client.login(username="ada", password=PASSWORD)
    client.cookies["django_language"] = "en"
    return client


def begin(
    admin: Client,
    *,
    name: str = "core_2026",
    file: str = "loans.csv",
    sample: bytes = SAMPLE,
) -> str:
    form = {"name": name, "files": SimpleUploadedFile(file, sample)}
    answer = admin.post("/intake/mappings/", form)
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def fields_of(page: str) -> dict[str, Any]:
    """The form as a browser would send it."""
    form: dict[str, Any] = {}
    for name, value in re.findall(
        r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page
    ):
        form[name] = value.replace("&quot;", '"')
    for name, inner in re.findall(
        r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL
    ):
        chosen = re.search(r'<option value="([^"]*)" selected', inner)
        form[name] = chosen[1] if chosen else ""
    form.pop("drop", None)
    return {k: v for k, v in form.items() if not k.endswith(".distinct")}


def test_a_first_guess_from_the_names_lenders_use(admin: Client) -> None:
    page = admin.get(begin(admin)).content.decode()
    form = fields_of(page)
    assert form["0.table"] == "loans" and form["0.file"] == "loans.csv"
    assert form["0.how.loan_id"] == "借据号"
    assert form["0.how.principal"] == "放款金额"
    assert form["0.how.disbursed_on"] == "放款日"
    assert form["0.how.currency"] == ""
    assert "JD2" in page and "2 rows" in page and "100%" in page


PEOPLE = (
    "customer_id,kind,name,id_no,address,language\n"
    "C1,person,王小明,990000198001010023,北京市朝阳区某路一号,13800000007\n"
    "C2,company,某某商贸有限公司,91110000MA0000000X,,zh\n"
).encode()


def test_the_sample_is_masked_for_who_may_not_see_people_whole(
    admin: Client, cast: Cast
) -> None:
    address = begin(admin, file="customers.csv", sample=PEOPLE)
    page = admin.get(address).content.decode()
    for secret in ("王小明", "990000198001010023", "某路一号", "13800000007"):
        assert secret not in page
    for told in ("王**", "990000********0023", "138****0007", "某某商贸有限公司"):
        assert told in page
    assert "personal values are masked for your role" in page
    # A role that may see them whole sees the sample as it came.
    hand = people.process("test")
    own = [*people.person("ada").permissions, "reveal_personal"]
    actions.change_role(
        code="admin", permissions=own, deed=people.Deed(hand, AT, TODAY)
    )
    page = admin.get(address).content.decode()
    assert "王小明" in page and "990000198001010023" in page
    assert "personal values are masked" not in page


def test_a_file_with_another_name_is_known_by_its_columns(admin: Client) -> None:
    page = admin.get(begin(admin, file="export.csv")).content.decode()
    assert fields_of(page)["0.table"] in {"loans", "customers"}


def test_a_rule_is_tried_and_saved(admin: Client, folder: Path) -> None:
    address = begin(admin)
    form = fields_of(admin.get(address).content.decode())
    form |= {
        "source": "core",
        "0.turn.principal": "0.01",
        "0.turn.disbursed_on": "%Y%m%d",
        "0.how.currency": "=constant",
        "0.what.currency": "CNY",
        "0.how.annual_rate": "=compute",
        "0.what.annual_rate": 'col("年利率") / 100',
        "0.where": 'col("年利率") > 10',
    }
    tried = admin.post(address.split("?")[0], form | {"step": "preview"})
    page = tried.content.decode()
    assert tried.status_code == 200 and not list(folder.iterdir())
    assert "12000" in page and "2026-01-05" in page and "0.12" in page
    assert "1 row<" in page  # the second one pays less than ten in a hundred
    saved = admin.post(address.split("?")[0], form | {"step": "save"})
    assert saved.status_code == 302, saved.content.decode()
    made = load(folder / "core_2026.yaml")
    assert (made.name, made.version, made.source) == ("core_2026", "1", "core")
    columns = made.rules[0].columns
    assert columns["principal"] == {"from": "放款金额", "scale": "0.01"}
    assert columns["currency"] == {"constant": "CNY"}
    assert columns["loan_id"] == {"from": "借据号"}
    told = audit.timeline(subject_type="mapping", subject_id="core_2026")[0]
    assert told.type == "mapping.saved" and told.after["version"] == "1"
    assert "core_2026" in admin.get("/intake/").content.decode()


def test_saving_makes_the_next_version_and_keeps_the_former(
    admin: Client, folder: Path
) -> None:
    page = admin.get("/intake/mappings/other/").content.decode()
    form = fields_of(page)
    assert form["basis"] == "7" and form["0.how.kind"] == "k"
    same = admin.post("/intake/mappings/other/", form | {"step": "save"})
    assert same.status_code == 302 and not (folder / "other.yaml").exists()
    form["0.turn.kind"] = "1=person; 2=organisation"
    admin.post("/intake/mappings/other/", form | {"step": "save"})
    content = yaml.safe_load((folder / "other.yaml").read_text())
    assert content["version"] == "8"
    rule = content["tables"][0]
    assert content["refers_to"] == "old"
    # What the form does not show is kept: the sheet, the value where it is empty.
    assert rule["sheet"] == "A*"
    assert rule["columns"]["kind"] == {
        "from": "k",
        "map": {"1": "person", "2": "organisation"},
        "default": "person",
    }
    form = fields_of(admin.get("/intake/mappings/other/").content.decode())
    form["description"] = "of the old core"
    admin.post("/intake/mappings/other/", form | {"step": "save"})
    assert load(folder / "other.yaml").version == "9"
    assert load(folder / "former" / "other-8.yaml").version == "8"


def test_who_saves_second_is_told(admin: Client, cast: Cast, folder: Path) -> None:
    form = fields_of(admin.get("/intake/mappings/other/").content.decode())
    first = form | {"step": "save", "description": "one"}
    admin.post("/intake/mappings/other/", first)
    second = form | {"step": "save", "description": "two"}
    answer = admin.post("/intake/mappings/other/", second)
    page = answer.content.decode()
    assert answer.status_code == 422 and "saved version 8 of it meanwhile" in page
    assert "two" in page  # what was typed is still there
    doing = mapping_actions.Doing(people.process("test"), AT, TODAY)
    with pytest.raises(Conflict):
        mapping_actions.save_mapping(
            {"mapping": "other", "tables": []}, basis="7", doing=doing
        )


def test_a_mapping_that_cannot_be_is_told(admin: Client, folder: Path) -> None:
    address = begin(admin)
    form = fields_of(admin.get(address).content.decode())
    wrong = form | {"0.how.name": "=compute", "0.where": "import os"}
    page = admin.post(address.split("?")[0], wrong).content.decode()
    assert "k-warn" in page
    none = {name: "" if ".how." in name else value for name, value in form.items()}
    page = admin.post(address.split("?")[0], none | {"step": "save"}).content.decode()
    assert "Not saved" in page and not list(folder.glob("*.yaml"))


def test_tables_are_added_and_left_out(admin: Client) -> None:
    address = begin(admin)
    form = fields_of(admin.get(address).content.decode())
    page = admin.post(address.split("?")[0], form | {"add": "customers"}).content
    both = fields_of(page.decode())
    assert both["1.table"] == "customers" and both["rules"] == "2"
    page = admin.post(address.split("?")[0], both | {"drop": "0"}).content.decode()
    assert fields_of(page)["0.table"] == "customers"


@pytest.mark.parametrize("name", ["../x", "A", "a b", "x" * 61])
def test_a_mapping_has_a_plain_name(admin: Client, name: str) -> None:
    form = {"name": name, "files": SimpleUploadedFile("loans.csv", SAMPLE)}
    assert admin.post("/intake/mappings/", form).status_code == 422
    assert not files.is_name(name)


def test_odd_forms_break_nothing(admin: Client, folder: Path) -> None:
    for form in (
        {"rules": "abc"},
        {"rules": "99", "0.table": "nothing"},
        {"rules": "1", "0.table": "loans", "0.place": "77", "0.file": "\0"},
        {"rules": "1", "0.table": "loans", "step": "save", "basis": "5"},
    ):
        answer = admin.post("/intake/mappings/other/", form | {"name": "other"})
        assert answer.status_code in (200, 302, 422)
    assert admin.get("/intake/mappings/nothing_here/").status_code == 302
    assert admin.get("/intake/mappings/UPPER/").status_code == 404


def test_only_who_takes_files_in_and_sees_all_branches(
    admin: Client, cast: Cast
) -> None:
    for name in ("mei", "arun", "sam"):
        client = Client()
        assert client.login(username=name, password=PASSWORD)
        for address in ("/intake/mappings/", "/intake/mappings/other/"):
            assert client.get(address).status_code == 403
        assert client.post("/intake/mappings/other/", {}).status_code == 403


def test_every_shipped_mapping_goes_through_the_form_unchanged(
    folder: Path,
) -> None:
    for path in (Path(__file__).parents[3] / "mappings").glob("*.yaml"):
        content = yaml.safe_load(path.read_text("utf-8"))
        for place, rule in enumerate(content["tables"]):
            form = drafting.rule_form(rule, place=place)
            again = drafting.content_of(form)
            one = {"mapping": "a", "version": "1", "tables": [rule]}
            two = {"mapping": "a", "version": "1", "tables": [again]}
            left, right = (files.check(each, folder=folder) for each in (one, two))
            assert left.rules == right.rules, rule["table"]


def test_version_numbers() -> None:
    after = [
        files.next_version(each) for each in ("1", "9", "2026-11", "core", "core-2")
    ]
    assert after == ["2", "10", "2026-12", "core-2", "core-3"]


def test_pairs_are_read_as_people_write_them() -> None:
    text = "1=person；2 = organisation\n x ; =y; 3=a=b"
    assert drafting.pairs(text) == {"1": "person", "2": "organisation", "3": "a=b"}
