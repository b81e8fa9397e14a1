"""Questions given to roles and units: who finds them, what is mailed, once, to whom."""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from python_calamine import CalamineWorkbook

from daihou.kit.portfolio import Asked, Series
from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.nightly.errors import NightError
from daihou.rooms.audit import door as audit
from daihou.rooms.people import door as people
from daihou.rooms.people.models import User
from daihou.rooms.reporting import actions
from daihou.rooms.reporting.actions import Wish
from daihou.rooms.reporting.actions.standing import following
from daihou.rooms.reporting.models import Sending, Standing
from daihou.rooms.reporting.queries import standing
from tests.rooms.approving import deed, login
from tests.rooms.cast import TODAY
from tests.rooms.portfolio import Small
from tests.rooms.reporting.test_lab import months
from tests.rooms.test_pages import signed_in, text_of

__all__ = ["months"]
ASKED = "metric=overdue_30_amount&by=branch"
NEXT = datetime(2026, 3, 21, 4, 0, tzinfo=UTC)  # noon of the day after


@pytest.fixture
def sends(settings: Any) -> Iterator[None]:
    """The lender sends mail; here it is only kept."""
    settings.MAIL_SENDS = True
    settings.MAIL_HOUR = 8
    settings.SITE = "https://daihou.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    yield


def give(by: people.Person, **wish: Any) -> int:
    usual: dict[str, Any] = {"name": "Late", "fields": ASKED, "roles": ["risk"]}
    return actions.give(Wish(**usual | wish), deed=deed(by))


def address_of(name: str) -> None:
    User.objects.filter(username=name).update(email=f"{name}@lender.example")


def test_a_question_is_found_by_whom_it_is_given_to(months: Small) -> None:
    rita, nora = login("rita", "risk"), people.person("nora")
    made = give(rita, roles=["branch_manager"], units=["north"])
    assert [line.id for line in standing.given_to(nora)] == [made]
    manager = login("sora", "branch_manager", "south")
    assert standing.given_to(manager) == []
    with pytest.raises(NotFound):
        standing.one(made, person=manager)
    assert "Late" in text_of(signed_in("nora").get("/lab/"))
    assert "Late" in text_of(signed_in("nora").get(f"/lab/given/{made}/"))
    assert signed_in("sora").get(f"/lab/given/{made}/").status_code == 404


def test_giving_takes_a_name_somebody_and_the_permission(months: Small) -> None:
    rita = login("rita", "risk")
    wrong: list[dict[str, Any]] = [
        {"name": " "},
        {"roles": []},
        {"roles": ["king"]},
        {"every": "hour"},
    ]
    for wish in wrong:
        with pytest.raises(Refused):
            give(rita, **wish)
    with pytest.raises(NotFound):
        give(rita, fields="metric=nonsense")
    with pytest.raises(NotAllowed):
        give(people.person("sam"))
    assert not Standing.objects.exists()


def test_only_who_gave_it_takes_it_back(months: Small) -> None:
    rita = login("rita", "risk")
    made = give(rita)
    with pytest.raises(NotAllowed):
        actions.end(made, deed=deed(people.person("arun")))
    actions.end(made, deed=deed(rita))
    assert standing.given_to(rita) == []
    told = audit.timeline(subject_type="standing", subject_id=made)
    assert {entry.type for entry in told} == {"standing.given", "standing.ended"}


def test_the_form_gives_it(months: Small) -> None:
    login("rita", "risk")
    client = signed_in("rita")
    text = text_of(client.get(f"/lab/given/new/?{ASKED}"))
    assert "This house sends no mail" in text
    sent = {"name": "Late", "query": ASKED, "units": ["north"], "every": "week"}
    answer = client.post("/lab/given/new/", sent)
    row = Standing.objects.get()
    assert answer.headers["Location"] == f"/lab/given/{row.pk}/"
    assert (row.fields, row.units, row.next_on) == (ASKED, ["north"], date(2026, 3, 23))
    refused = client.post("/lab/given/new/", sent | {"units": []})
    assert refused.status_code == 400
    assert "Choose a role or a unit" in text_of(refused)


@pytest.mark.usefixtures("sends")
def test_each_gets_the_figures_of_their_own_loans_once(months: Small) -> None:
    rita = login("rita", "risk")
    for name in ("nora", "rita", "mei"):
        address_of(name)
    give(rita, roles=["branch_manager", "risk", "collector"], every="day")
    actions.send_due(at=NEXT - timedelta(days=1))
    assert mail.outbox == []
    actions.send_due(at=NEXT)
    actions.send_due(at=NEXT)
    sent = {message.to[0]: message for message in mail.outbox}
    assert set(sent) == {"nora@lender.example", "rita@lender.example"}
    assert len(mail.outbox) == 2
    message = sent["nora@lender.example"]
    assert f"https://daihou.example/lab/ask/?{ASKED}" in message.body
    assert shares_in(message) == {"北区": 0.25}
    assert shares_in(sent["rita@lender.example"]) == {"北区": 0.25, "南区": 1.0}
    outcomes = dict(Sending.objects.values_list("login", "outcome"))
    assert outcomes == {
        "nora": "sent",
        "rita": "sent",
        "arun": "no_address",
        "sam": "no_address",
    }
    assert Standing.objects.get().next_on == date(2026, 3, 22)


def shares_in(message: Any) -> dict[str, float]:
    """The last column of the sheet of figures of the attached workbook."""
    _name, content, _type = message.attachments[0]
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows = book.get_sheet_by_index(0).to_python()
    return {str(row[0]): float(str(row[-1])) for row in rows[1:]}


@pytest.mark.usefixtures("sends")
def test_a_question_that_breaks_does_not_keep_the_others_from_being_sent(
    months: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    rita = login("rita", "risk")
    address_of("rita")
    give(rita, name="Breaks", fields="metric=overdue_60_amount", every="day")
    give(rita, name="Works", every="day")
    whole = Small.series

    def series(self: Small, asked: Asked) -> Series:
        assert asked.metric != "overdue_60_amount", "this figure breaks"
        return whole(self, asked)

    monkeypatch.setattr(Small, "series", series)
    actions.send_due(at=NEXT)
    assert [message.subject for message in mail.outbox] == ["贷后：Works"]
    told = Sending.objects.filter(login="rita")
    assert set(told.values_list("standing__name", "outcome")) == {
        ("Breaks", "failed"),
        ("Works", "sent"),
    }
    assert {row.next_on for row in Standing.objects.all()} == {date(2026, 3, 22)}


def test_what_the_night_says_of_a_figure_is_told_and_no_error(
    months: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    def series(self: Small, asked: Asked) -> Series:
        raise NightError("too_many_rows", rows=7, limit=5)

    monkeypatch.setattr(Small, "series", series)
    login("rita", "risk")
    answer = signed_in("rita").get("/lab/ask/?metric=cost_to_collect")
    assert answer.status_code == 200
    assert "7 rows do not fit" in text_of(answer)


@pytest.mark.usefixtures("sends")
def test_who_may_take_nothing_out_gets_the_link_alone(months: Small) -> None:
    from daihou.rooms.people.models import RoleGrant

    role = RoleGrant.objects.get(code="branch_manager")
    kept = people.person("nora").permissions - {people.Permission.EXPORT_LEDGER}
    role.permissions = sorted(kept)
    role.save()
    rita = login("rita", "risk")
    address_of("nora")
    give(rita, roles=["branch_manager"], every="day")
    actions.send_due(at=NEXT)
    (message,) = mail.outbox
    assert message.attachments == []


def test_without_mail_nothing_is_sent_and_nothing_moves_on(months: Small) -> None:
    give(login("rita", "risk"), every="day")
    actions.send_due(at=NEXT)
    assert not Sending.objects.exists()
    assert Standing.objects.get().next_on == date(2026, 3, 21)


@pytest.mark.parametrize(
    ("every", "day"),
    [
        ("day", date(2026, 3, 21)),
        ("week", date(2026, 3, 23)),
        ("month", date(2026, 4, 1)),
    ],
)
def test_the_next_mail(every: str, day: date) -> None:
    assert following(every, TODAY) == day


def test_the_next_mail_of_december_is_in_january() -> None:
    assert following("month", date(2026, 12, 31)) == date(2027, 1, 1)
