"""Every refused act at every door under every pack: refused, an event, an item."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from daihou.engine.gate.refused import Refusal
from daihou.kit import wording
from daihou.packs import law
from daihou.rooms.audit.models import Event
from daihou.rooms.contact import door as contact
from daihou.rooms.contact.models import Attempt, ComplianceItem, Template
from daihou.rooms.intake import door as intake
from daihou.rooms.ledger.models import Loan
from daihou.rooms.lists.models import SavedView
from daihou.rooms.people import door as people
from tests.api.calls import api_of, refused
from tests.rooms.cast import AT, TODAY, Cast
from tests.rooms.contact.test_contact import NOON, deed
from tests.rooms.contact.test_refused import (
    EACH,
    FILES,
    MAPPING,
    PACKS,
    client_of,
    loan,
    one_of,
    take,
)

__all__ = ["loan"]  # a fixture
ROLES = sorted(each.value for each in people.Role)


class World:
    """Where it is tried: the loan, a folder, who may write templates."""

    def __init__(self, cast: Cast, loan: Loan, folder: Path) -> None:
        self.cast, self.loan, self.folder = cast, loan, folder
        self.writer = one_of("compliance")


def by_note(world: World, text: str) -> None:
    address = f"/customers/{world.loan.customer_id}/notes/"
    assert client_of("mei").post(address, {"text": text}).status_code == 422


def by_tag(world: World, text: str) -> None:
    form = {"action": "label", "loan": [world.loan.pk], "word": text}
    assert client_of("mei").post("/ledger/bulk/", form).status_code == 422


def by_view(world: World, text: str) -> None:
    form = {"list": "overdue", "name": text, "query": "bucket=M1"}
    assert client_of("mei").post("/views/save/", form).status_code == 422


def by_fact(world: World, text: str) -> None:
    form = {"kind": "evasion", "begins_on": "2026-03-01", "evidence": text}
    address = f"/grading/loans/{world.loan.pk}/facts/"
    assert client_of("arun").post(address, form).status_code == 422


def by_api(world: World, text: str) -> None:
    body = {"customer": str(world.loan.customer_id), "kind": "dispute"}
    answer = api_of("arun").post("/contact/flags", body | {"evidence": text})
    refused(answer, 422, "refused_act")


def by_import(world: World, text: str) -> None:
    outcome = take(world.folder, "customers", FILES["customers"].format(text))
    assert outcome.state == "refused" and outcome.codes["refused_act"] == 1


def by_template(world: World, text: str) -> None:
    form = {"code": "first", "channel": "sms", "language": "zh-hans", "body": text}
    answer = client_of(world.writer).post("/contact/templates/", form)
    assert answer.status_code == 422


def by_mapping(world: World, text: str) -> None:
    path = world.folder / "legacy.yaml"
    path.write_text(MAPPING.format(text=text), "utf-8")
    with pytest.raises(intake.MappingError) as error:
        intake.load(path)
    assert error.value.code == "refused_act"
    intake.in_mapping(
        error.value, deed=intake.Deed(by="finn", at=AT, business_date=TODAY)
    )


def by_action(world: World, text: str) -> None:
    """What another room hands over itself, past every form."""
    with wording.collecting(), pytest.raises(wording.RefusedWords):
        contact.raise_flag(
            world.loan.customer_id,
            kind="dispute",
            evidence=text,
            deed=deed(world.cast.arun, NOON),
        )


DOORS: Mapping[str, tuple[str, Callable[[World, str], None]]] = {
    "note": ("form", by_note),
    "tag": ("form", by_tag),
    "view": ("form", by_view),
    "fact": ("form", by_fact),
    "api": ("api", by_api),
    "import": ("import", by_import),
    "template": ("template", by_template),
    "mapping": ("mapping", by_mapping),
    "action": ("action", by_action),
}


def of_pack(pack: str, settings: Any) -> None:
    """The lender lives under another law."""
    settings.JURISDICTION = pack
    settings.LICENCE = law.known().packs[pack].example_licence


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("door", sorted(DOORS))
def test_each_act_is_refused_told_and_looked_into(
    cast: Cast, loan: Loan, tmp_path: Path, settings: Any, door: str, pack: str
) -> None:
    """Each act by one door under one pack; in China in both languages."""
    settings.DAIHOU_HOME = tmp_path
    of_pack(pack, settings)
    world, (way, attempt) = World(cast, loan, tmp_path), DOORS[door]
    for code, text in EACH if pack == "cn" else EACH[1::2]:
        attempt(world, text)
        found = Event.objects.filter(
            subject_type="compliance", payload__act=code, payload__way=way
        )
        assert found.exists(), (code, text)
    items = ComplianceItem.objects.filter(way=way)
    assert {each.code for each in items} == {each.value for each in Refusal}
    assert all(each.state == "open" and not each.let_in for each in items)
    for table in (Attempt, SavedView, Template):
        assert not table.objects.exists()


@pytest.mark.parametrize("pack", PACKS)
def test_no_role_may_under_any_pack(
    cast: Cast, loan: Loan, settings: Any, pack: str
) -> None:
    of_pack(pack, settings)
    for role in ROLES:
        client = client_of(one_of(role))
        for code, text in EACH[::2]:
            form = {"list": "overdue", "name": text, "query": "bucket=M1"}
            answer = client.post("/views/save/", form)
            assert answer.status_code == 422, (role, code)
            assert code in answer.content.decode()
    assert ComplianceItem.objects.count() == len(ROLES) * len(Refusal)
