"""Notices: who is told what, once, in their language, and how they read it."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext_noop

from daihou.kit import rounds
from daihou.kit.refusal import Refused
from daihou.rooms.dayend import telling
from daihou.rooms.dayend.models import Request, Run
from daihou.rooms.notices import actions, pages, queries
from daihou.rooms.notices import door as notices
from daihou.rooms.notices.models import Notice
from daihou.rooms.people import door as people
from daihou.rooms.people.models import User
from tests.rooms.cast import AT, PASSWORD, TODAY, Cast

TEXT = gettext_noop("Asked for the plan of %(day)s. Nothing is closed by it.")
SAID = "Asked for the plan of 19 Mar 2026. Nothing is closed by it."
DAY = {"day": {"date": "2026-03-19"}}


def tell(**wish: object) -> int:
    """Tell mei something, but for what `wish` says otherwise."""
    usual = {"kind": "dayend.failed", "text": TEXT, "params": DAY, "at": AT}
    return notices.notify(**usual | {"logins": ["mei"]} | wish)


def signed_in(username: str, *, language: str = "en") -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    client.cookies["django_language"] = language
    return client


def test_the_same_notice_reads_in_the_readers_language(cast: Cast) -> None:
    tell()
    (line,) = notices.notices_of("mei", limit=5)
    with translation.override("en"):
        assert pages.said(line) == SAID
    with translation.override("zh-hans"):
        said = pages.said(line)
        assert "2026-03-19" in said and "Asked" not in said


def test_money_is_written_as_money_and_a_missing_part_breaks_nothing(
    cast: Cast,
) -> None:
    tell(
        text="%(amount)s of a test",
        params={"amount": {"minor": 12345, "currency": "CNY"}},
    )
    tell(text="%(gone)s of a test", params={})
    said = {pages.said(line) for line in notices.notices_of("mei", limit=5)}
    assert said == {"¥123.45 of a test", "%(gone)s of a test"}


def test_who_holds_a_permission_is_told_and_nobody_else(cast: Cast) -> None:
    people.create_user(
        username="ada", password=PASSWORD, role="admin", by="test", at=AT
    )
    wanted = {
        p.username for p in people.people() if p.may(people.Permission.RUN_INTAKE)
    }
    assert tell(logins=[], permission="run_intake") == len(wanted) > 0
    assert set(Notice.objects.values_list("login", flat=True)) == wanted
    assert "mei" not in wanted


def test_only_whose_scope_holds_the_branch_is_told(cast: Cast) -> None:
    tell(logins=[], permission="view_loans", branch="north", but=["arun"])
    told = set(Notice.objects.values_list("login", flat=True))
    assert "mei" in told and not told & {"bola", "arun"}


def test_an_unread_notice_is_renewed_and_a_read_one_said_again(cast: Cast) -> None:
    later = AT + timedelta(hours=1)
    tell(key="run 1")
    tell(key="run 1", at=later)
    (line,) = notices.notices_of("mei", limit=5)
    assert line.at == later
    actions.mark_read(login="mei", at=later, ids=[line.id])
    tell(key="run 1", at=later)
    assert Notice.objects.count() == 2
    assert notices.told(kind="dayend.failed", key="run 1")
    assert not notices.told(kind="dayend.failed", key="run 2")


def test_what_is_done_is_called_back_from_everybody(cast: Cast) -> None:
    tell(logins=["mei", "arun"], key="run 1")
    tell(logins=["arun"], key="run 2")
    assert notices.done(kind="dayend.failed", key="run 1", at=AT) == 2
    assert notices.unread("mei", at=AT) == 0 and notices.unread("arun", at=AT) == 1


def test_the_database_refuses_a_second_unread_one(cast: Cast) -> None:
    tell(key="run 1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(
            login="mei",
            kind="dayend.failed",
            level="info",
            text="x",
            key="run 1",
            at=AT,
        )


def test_notices_are_forgotten_after_180_days(cast: Cast) -> None:
    tell(at=AT - timedelta(days=181))
    tell(at=AT - timedelta(days=179))
    tell()
    ages = Notice.objects.values_list("at", flat=True)
    assert len(ages) == 2 and min(ages) == AT - timedelta(days=179)


def test_a_silent_kind_does_not_ring_unless_it_is_urgent(cast: Cast) -> None:
    tell()
    assert notices.unread("mei", at=AT) == 1
    actions.wish(
        login="mei", silent=["dayend.failed"], quiet_from=None, quiet_until=None, at=AT
    )
    assert notices.unread("mei", at=AT) == 0
    tell(level="bad")
    assert notices.unread("mei", at=AT) == 1
    assert len(notices.notices_of("mei", limit=5)) == 2


@pytest.mark.parametrize(
    ("hour", "quiet"), [(21, False), (22, True), (23, True), (6, True), (7, False)]
)
def test_quiet_hours_across_midnight(hour: int, *, quiet: bool) -> None:
    wishes = queries.Wishes(frozenset(), time(22, 0), time(7, 0))
    local = datetime(2026, 3, 20, hour, 0, tzinfo=UTC) - timedelta(hours=8)
    assert wishes.quiet(local) is quiet


def test_quiet_hours_need_both_ends(cast: Cast) -> None:
    with pytest.raises(Refused):
        actions.wish(
            login="mei", silent=[], quiet_from=time(8), quiet_until=None, at=AT
        )


def test_the_bell_counts_and_the_page_lists(cast: Cast) -> None:
    page = signed_in("mei").get("/notices/").content.decode()
    assert "Everything is read" in page and "Notices: 0 not read" in page
    tell(url="/day-end/")
    tell(key="x")
    page = signed_in("mei").get("/notices/").content.decode()
    assert "Notices: 2 not read" in page
    assert page.count(SAID) == 2
    chinese = signed_in("mei", language="zh-hans").get("/notices/").content.decode()
    assert "2026-03-19" in chinese and "Asked" not in chinese.split("<main")[1]


def test_a_filter_keeps_one_kind(cast: Cast) -> None:
    tell()
    tell(kind="intake.refused", text="Something else")
    page = signed_in("mei").get("/notices/?kind=intake.refused").content.decode()
    assert "Something else" in page and "19 Mar 2026" not in page
    none = signed_in("mei").get("/notices/?kind=%00").content.decode()
    assert "Something else" in none


def test_opening_a_notice_reads_it_and_leads_on(cast: Cast) -> None:
    tell(url="/day-end/")
    notice = Notice.objects.get()
    answer = signed_in("mei").get(f"/notices/{notice.pk}/")
    assert answer.status_code == 302 and answer.headers["Location"] == "/day-end/"
    notice.refresh_from_db()
    assert notice.read_at is not None
    assert "Show those read before" in (
        signed_in("mei").get("/notices/").content.decode()
    )
    everything = signed_in("mei").get("/notices/?show=all").content.decode()
    assert "19 Mar 2026" in everything


def test_the_notice_of_another_person_does_not_exist(cast: Cast) -> None:
    tell(url="/day-end/")
    notice = Notice.objects.get()
    assert signed_in("bola").get(f"/notices/{notice.pk}/").status_code == 404
    signed_in("bola").post("/notices/read/", {"id": str(notice.pk)})
    notice.refresh_from_db()
    assert notice.read_at is None
    assert "19 Mar 2026" not in signed_in("bola").get("/notices/").content.decode()


def test_one_or_all_are_marked_as_read(cast: Cast) -> None:
    tell(key="1")
    tell(key="2")
    tell(key="3")
    first = Notice.objects.order_by("pk")[0]
    signed_in("mei").post("/notices/read/", {"id": str(first.pk)})
    assert notices.unread("mei", at=AT) == 2
    signed_in("mei").post("/notices/read/", {})
    assert notices.unread("mei", at=AT) == 0


def test_how_to_be_told_is_kept(cast: Cast) -> None:
    form = {"rings": ["intake.refused"], "quiet_from": "22:00", "quiet_until": "07:00"}
    signed_in("mei").post("/notices/wishes/", form)
    wishes = queries.wishes_of("mei")
    assert "dayend.failed" in wishes.silent and "intake.refused" not in wishes.silent
    assert wishes.quiet_from == time(22)
    answer = signed_in("mei").post(
        "/notices/wishes/", {"quiet_from": "22:00"}, follow=True
    )
    assert "another time as their end" in answer.content.decode()
    assert queries.wishes_of("mei") == wishes


def test_nobody_reads_notices_without_signing_in(db: None) -> None:
    for address in ("/notices/", "/notices/1/"):
        assert Client().get(address).status_code == 302


def test_a_notice_never_leads_to_another_site(cast: Cast) -> None:
    for url in ("https://example.org/", "//example.org/"):
        with pytest.raises(AssertionError):
            tell(url=url)


def test_a_failed_day_end_is_told_once_to_who_closes_days(cast: Cast) -> None:
    told = {p.username for p in people.people() if p.may(people.Permission.RUN_DAY_END)}
    Run.objects.create(as_of=TODAY, kind="first", state="failed", started_at=AT)
    Request.objects.create(as_of=TODAY, by="arun", state="failed", asked_at=AT)
    Run.objects.create(as_of=TODAY, kind="first", state="done", started_at=AT)
    telling.tell_failed(at=AT)
    assert Notice.objects.count() == 2 * len(told) > 0
    for login in told:
        actions.mark_read(login=login, at=AT)
    telling.tell_failed(at=AT + timedelta(minutes=1))
    assert Notice.objects.count() == 2 * len(told)


def test_a_refused_file_is_told_to_who_takes_files_in(cast: Cast) -> None:
    people.create_user(
        username="ada", password=PASSWORD, role="admin", by="test", at=AT
    )
    bad = SimpleUploadedFile("customers.csv", b"customer_id,kind,name\nC1,nobody,A\n")
    form = {"files": bad, "source": "core", "step": "apply"}
    signed_in("ada").post("/intake/", form)
    notice = Notice.objects.get(login="ada")
    assert notice.kind == "intake.refused" and notice.level == "bad"
    assert notice.params["file"] == "customers.csv"
    bad.seek(0)
    signed_in("ada").post("/intake/", form | {"step": "plan"})
    assert Notice.objects.filter(login="ada").count() == 1


def test_rounds_go_in_their_turn_and_one_failure_stops_no_other() -> None:
    done: list[str] = []
    failed: list[str] = []
    seconds = [0.0]

    def good(*, at: datetime) -> None:
        done.append(at.isoformat())

    def bad(*, at: datetime) -> None:
        raise ValueError(at)

    known = dict(rounds._rounds)
    rounds._rounds.clear()
    try:
        rounds.register("a bad one", every=5, do=bad)
        rounds.register("b good one", every=3, do=good)
        turns = rounds.Rounds(
            seconds=lambda: seconds[0],
            now=lambda: AT,
            failed=lambda name, _error: failed.append(name),
        )
        assert turns.go() == 3 and (len(done), len(failed)) == (1, 1)
        assert turns.go() == 3 and (len(done), len(failed)) == (1, 1)
        seconds[0] = 3.5
        assert turns.go() == 1.5 and (len(done), len(failed)) == (2, 1)
    finally:
        rounds._rounds.clear()
        rounds._rounds.update(known)
