"""Refused acts: tried by form, API, file and mapping, in each pack and role; and kept."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from daihou.engine.gate.refused import Refusal
from daihou.kit import wording
from daihou.packs import law
from daihou.rooms.audit.models import Event
from daihou.rooms.contact.models import Attempt, ComplianceItem, Template
from daihou.rooms.dayend import door as dayend
from daihou.rooms.intake import door as intake
from daihou.rooms.ledger.models import Loan, SideFact
from daihou.rooms.lists.models import SavedView
from daihou.rooms.people import door as people
from daihou.rooms.people.models import User
from tests.api.calls import api_of, refused
from tests.engine.refused_words import LAWFUL, UNLAWFUL
from tests.rooms.cast import AT, PASSWORD, TODAY, Cast, make_loan

# One sentence of each act, in Chinese and in English.
EACH = [
    (code, next(t for c, t in UNLAWFUL if c == code and t.isascii() is latin))
    for code in sorted(Refusal)
    for latin in (False, True)
]
PACKS = sorted(name for name, pack in law.known().packs.items() if pack.open)


@pytest.fixture
def loan(cast: Cast) -> Loan:
    """A loan of the north on an open day."""
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    return make_loan("L1")


def client_of(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    client.cookies["django_language"] = "en"
    return client


def one_of(role: str) -> str:
    """Somebody of a role."""
    people.create_user(
        username=f"r_{role}",
        password=PASSWORD,
        role=role,
        branch="north",
        by="test",
        at=AT,
    )
    return f"r_{role}"


def logged(code: str, way: str) -> ComplianceItem:
    """The item and the event of an attempt, which must be there."""
    item: ComplianceItem = ComplianceItem.objects.get(code=code, way=way)
    event = Event.objects.filter(subject_type="compliance", subject_id=str(item.pk))
    assert event.filter(payload__act=code, payload__way=way).exists()
    assert item.words.startswith("s1.")
    return item


def test_by_form(cast: Cast, loan: Loan) -> None:
    """A tag, a note and the name of a saved view: all of them are forms."""
    mei = client_of("mei")
    for code, text in EACH:
        forms: list[tuple[str, dict[str, Any]]] = [
            (f"/customers/{loan.customer_id}/notes/", {"text": text}),
            ("/ledger/bulk/", {"action": "label", "loan": [loan.pk], "word": text}),
            ("/views/save/", {"list": "overdue", "name": text, "query": "bucket=M1"}),
        ]
        for address, form in forms:
            answer = mei.post(address, form)
            assert answer.status_code == 422, (code, address)
            assert code in answer.content.decode()
        items = ComplianceItem.objects.filter(code=code, way="form", by="mei")
        assert items.count() in (3, 6), code
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("role", sorted(each.value for each in people.Role))
def test_no_role_may(cast: Cast, loan: Loan, role: str) -> None:
    client = client_of(one_of(role))
    for code, text in EACH[::2]:
        form = {"list": "overdue", "name": text, "query": "bucket=M1"}
        assert client.post("/views/save/", form).status_code == 422, (role, code)
    assert ComplianceItem.objects.filter(by=f"r_{role}").count() == len(Refusal)


@pytest.mark.parametrize("pack", PACKS)
def test_no_pack_allows_it(cast: Cast, loan: Loan, pack: str, settings: Any) -> None:
    settings.JURISDICTION = pack
    settings.LICENCE = law.known().packs[pack].example_licence
    mei = client_of("mei")
    for code, text in EACH[::2]:
        answer = mei.post(f"/customers/{loan.customer_id}/notes/", {"text": text})
        assert answer.status_code == 422, (pack, code)


def test_no_setting_switches_it_off(settings: Any) -> None:
    """There is nothing to set: the scanner takes a text and no more."""
    import inspect

    from daihou.packs import refused as registry

    assert list(inspect.signature(registry.find).parameters) == ["text"]
    assert not [name for name in dir(settings) if "REFUS" in name.upper()]


def test_by_api(cast: Cast, loan: Loan) -> None:
    api = api_of("arun")
    for code, text in EACH[::2]:
        charge = {
            "source": "bank",
            "number": "F1",
            "kind": "legal",
            "due_on": "2026-03-20",
            "amount": "1.00",
            "currency": "CNY",
            "reason": text,
        }
        for dry in ("false", "true"):
            answer = api.post(f"/loans/{loan.pk}:charge", charge, dry_run=dry)
            refused(answer, 422, "refused_act")
        item = logged(code, "api")
        assert (item.by, item.times) == ("arun", 2), code


FILES = {
    "customers": "customer_id,kind,name,means\nC9,person,乙,{}\n",
}


def take(tmp_path: Path, name: str, text: str, **more: Any) -> intake.Outcome:
    """Take one file in."""
    path = tmp_path / f"{name}.csv"
    path.write_text(text, "utf-8")
    order = intake.Order(files=[(path, path.name)], source="core", **more)
    deed = intake.Deed(by="finn", at=AT, business_date=TODAY, language="en")
    return intake.take_files(order, deed)


def test_by_file_the_row_stays_out(
    cast: Cast, loan: Loan, tmp_path: Path, settings: Any
) -> None:
    settings.DAIHOU_HOME = tmp_path
    for code, text in EACH[::2]:
        outcome = take(tmp_path, "customers", FILES["customers"].format(text))
        assert outcome.state == "refused"
        assert outcome.codes["refused_act"] == 1, code
        assert logged(code, "import").by == "finn"


def test_an_outcome_of_former_times_becomes_refused_legacy(
    cast: Cast, loan: Loan, tmp_path: Path, settings: Any
) -> None:
    settings.DAIHOU_HOME = tmp_path
    lines = [
        f"C-L1,2026-03-01T10:{place:02}:00+08:00,call,{text}"
        for place, (_code, text) in enumerate(EACH)
    ]
    text = "\n".join(["customer_id,at,channel,result", *lines, ""])
    outcome = take(tmp_path, "contact_history", text)
    assert outcome.state == "applied", outcome.faults
    kept = {row.content["result"] for row in SideFact.objects.all()}
    assert kept == {"REFUSED_LEGACY"}
    attempts = Attempt.objects.values_list("result", "connected", "channel")
    assert set(attempts) == {("REFUSED_LEGACY", True, "call")}
    assert len(attempts) == len(EACH)
    for code in Refusal:
        item = logged(code, "import")
        assert item.let_in and item.state == "open"


def test_a_column_named_after_one_is_refused(
    cast: Cast, loan: Loan, tmp_path: Path, settings: Any
) -> None:
    settings.DAIHOU_HOME = tmp_path
    text = "customer_id,kind,name,大字报\nC9,person,乙,1\n"
    outcome = take(tmp_path, "customers", text)
    assert outcome.state == "refused"
    assert "refused_column" in outcome.codes


def test_a_file_with_many_values_is_looked_at_all_the_same(
    cast: Cast, loan: Loan, tmp_path: Path, settings: Any
) -> None:
    settings.DAIHOU_HOME = tmp_path
    rows = [f"C{n},person,乙{n},承诺第{n}日还款" for n in range(6_000)]
    rows[4_321] = "C4321,person,乙,張 貼 大-字-報"
    rows[4_322] = "C4322,person,乙,大\u3164字报"
    rows[4_323] = "C4323,person,乙,<大字报>"
    text = "customer_id,kind,name,remark_of_ours\n" + "\n".join(rows) + "\n"
    outcome = take(tmp_path, "customers", text)
    assert outcome.codes.get("refused_act") == 3, outcome.codes


MAPPING = """
mapping: legacy
version: "1"
source: legacy
tables:
  - table: contact_history
    columns:
      customer_id: who
      at: at
      channel: {{constant: call}}
      result: {{from: outcome, map: {{"{text}": PTP}}}}
"""


def test_by_mapping_file_it_cannot_be_called_something_else(
    cast: Cast, tmp_path: Path
) -> None:
    path = tmp_path / "legacy.yaml"
    for code, text in EACH[::2]:
        path.write_text(MAPPING.format(text=text), "utf-8")
        with pytest.raises(intake.MappingError) as error:
            intake.load(path)
        assert error.value.code == "refused_act"
        assert error.value.params["act"] == code
        deed = intake.Deed(by="finn", at=AT, business_date=TODAY)
        intake.in_mapping(error.value, deed=deed)
        assert logged(code, "mapping").place == "legacy.yaml"


def test_a_mapping_tried_on_the_intake_page_is_kept_as_an_attempt(
    cast: Cast, loan: Loan, tmp_path: Path, settings: Any
) -> None:
    from daihou.rooms.intake import upload

    settings.INTAKE_MAPPINGS = [tmp_path]
    (tmp_path / "legacy.yaml").write_text(MAPPING.format(text="爆通讯录"), "utf-8")
    kept = upload.Kept("0" * 32, tmp_path, [])
    deed = intake.Deed(by="finn", at=AT, business_date=TODAY)
    with pytest.raises(intake.MappingError):
        upload.take(
            kept, source="legacy", mapping="legacy", accept_good=False, deed=deed
        )
    assert logged("X_THIRD_PARTY_PRESSURE", "mapping").by == "finn"


def test_the_mapping_editor_refuses_the_form(cast: Cast, loan: Loan) -> None:
    risk = client_of(one_of("admin"))
    answer = risk.post(
        "/intake/mappings/legacy/", {"step": "save", "map": "张贴大字报"}
    )
    assert answer.status_code == 422
    assert ComplianceItem.objects.get().way == "mapping"


def test_by_template(cast: Cast, loan: Loan) -> None:
    writer = client_of(one_of("compliance"))
    for code, text in EACH[::2]:
        form = {"code": "first", "channel": "sms", "language": "zh-hans", "body": text}
        assert writer.post("/contact/templates/", form).status_code == 422, code
        assert logged(code, "template").by == "r_compliance"
    form = {
        "code": "first",
        "channel": "sms",
        "language": "zh-hans",
        "body": "您的借款已逾期，请致电我行。我们不会联系您的家人。",
    }
    assert writer.post("/contact/templates/", form).status_code == 302
    assert writer.post("/contact/templates/", form).status_code == 302
    assert [row.version for row in Template.objects.all()] == [1]
    assert client_of("mei").post("/contact/templates/", form).status_code == 403
    assert (
        "您的借款已逾期" in client_of("mei").get("/contact/templates/").content.decode()
    )


def test_half_characters_do_no_harm(cast: Cast, loan: Loan) -> None:
    body = '{"customer": "1", "kind": "dispute", "evidence": "恐吓客户\\ud800家属"}'
    api = api_of("arun")
    answer = api.client.post(
        "/api/v1/contact/flags",
        body,
        content_type="application/json",
        headers=api.headers | {"idempotency-key": "half"},
    )
    assert answer.status_code == 422
    assert logged("X_INTIMIDATE", "api").times == 1


def test_a_report_is_kept_and_compliance_is_told(cast: Cast, loan: Loan) -> None:
    text = "客户投诉委外公司爆通讯录，要求停止"
    answer = client_of("mei").post(
        f"/customers/{loan.customer_id}/notes/", {"text": text}
    )
    assert answer.status_code == 302
    item = ComplianceItem.objects.get()
    assert item.let_in
    assert Event.objects.filter(type="act.reported").count() == 1
    # But no tag says so: a tag reports nothing.
    form = {"action": "label", "loan": [loan.pk], "word": text[:20]}
    assert client_of("mei").post("/ledger/bulk/", form).status_code == 422


def test_lawful_notes_are_kept(cast: Cast, loan: Loan) -> None:
    mei = client_of("mei")
    for text in filter(None, LAWFUL):
        answer = mei.post(f"/customers/{loan.customer_id}/notes/", {"text": text})
        assert answer.status_code == 302, text
    assert not ComplianceItem.objects.exists()


def test_words_of_payers_are_theirs(cast: Cast, loan: Loan) -> None:
    payment = {
        "source": "bank",
        "number": "P1",
        "loan": str(loan.pk),
        "paid_on": "2026-03-20",
        "amount": "1.00",
        "currency": "CNY",
        "payer": "别再爆通讯录",
    }
    assert api_of("arun").post("/payments", payment).status_code == 200


def test_what_an_action_is_given_directly_is_refused_too(
    cast: Cast, loan: Loan
) -> None:
    from daihou.kit.wording import RefusedWords
    from daihou.rooms.contact import door
    from tests.rooms.contact.test_contact import NOON, asked, deed, with_phone

    kept = asked(cast.mei, loan, with_phone(loan), NOON)
    with wording.collecting(), pytest.raises(RefusedWords):
        door.record_attempt(
            kept.id, result="NEGO", note="已恐吓客户", deed=deed(cast.mei)
        )
    assert logged("X_INTIMIDATE", "action").customer_id == loan.customer_id
    assert not Attempt.objects.exists()


def test_the_same_again_counts_on_the_open_item(cast: Cast, loan: Loan) -> None:
    for _ in range(3):
        client_of("mei").post(
            f"/customers/{loan.customer_id}/notes/", {"text": "恐吓客户家属"}
        )
    item = ComplianceItem.objects.get()
    assert item.times == 3
    assert item.last_at - item.first_at < timedelta(days=1)
