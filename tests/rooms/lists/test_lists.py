"""Saved views, columns and labels: kept by person, shared by choice, seen in scope."""

import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import QueryDict

from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger.models import Loan
from daihou.rooms.lists import actions, queries
from daihou.rooms.lists.models import Label
from tests.rooms.book import Book
from tests.rooms.cast import AT, TODAY, Cast
from tests.rooms.test_pages import book, loans, signed_in, text_of  # noqa: F401

DEED = {"at": AT, "business_date": TODAY}
HEADS = re.compile(r"<th[^>]*>(?:<a[^>]*>)?([^<]+?)(?: [↓↑])?(?:</a>)?</th>")


def save(cast: Cast, **wish: object) -> int:
    """A view of Mei's: her loans in M1, by days."""
    content = {
        "code": "overdue",
        "name": "M1 mine",
        "query": QueryDict("bucket=M1&sort=dpd&page=3&as_of=2026-01-01&evil=1"),
        "shared": False,
        "by": cast.mei,
    }
    return actions.save_view(**(content | DEED | wish))


def test_a_view_keeps_conditions_and_neither_page_nor_date(cast: Cast) -> None:
    view = queries.view_of(save(cast), person=cast.mei)
    assert view.fields == "bucket=M1&sort=dpd"
    event = next(e for e in audit.latest() if e.type == "view.saved")
    assert event.by == "mei" and event.payload["name"] == "M1 mine"


def test_an_own_view_is_nobody_elses(cast: Cast) -> None:
    number = save(cast)
    with pytest.raises(NotFound):
        queries.view_of(number, person=cast.arun)
    with pytest.raises(NotFound):
        actions.change_view(view_id=number, name="x", by=cast.arun, **DEED)
    assert queries.views_of("overdue", person=cast.bola) == ()


def test_a_shared_view_is_changed_by_its_owner_alone(cast: Cast) -> None:
    number = save(cast, shared=True)
    assert queries.view_of(number, person=cast.bola).mine is False
    for change in ({"name": "x"}, {"shared": False}, {"query": QueryDict("bucket=M2")}):
        with pytest.raises(NotAllowed):
            actions.change_view(view_id=number, by=cast.bola, **change, **DEED)
    with pytest.raises(NotAllowed):
        actions.delete_view(view_id=number, by=cast.bola, **DEED)


@pytest.mark.parametrize("name", ["", "   ", "\x00"])
def test_a_view_has_a_name(cast: Cast, name: str) -> None:
    with pytest.raises(Refused) as refused:
        save(cast, name=name)
    assert refused.value.code == "view_name_empty"


def test_a_name_is_taken_once_by_each_owner(cast: Cast) -> None:
    save(cast)
    with pytest.raises(Refused) as refused:
        save(cast, name=" M1  mine ")
    assert refused.value.code == "view_name_taken"
    assert save(cast, by=cast.bola) > 0


def test_the_database_keeps_names_apart_too(cast: Cast) -> None:
    number = save(cast)
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("update lists_view set name = '' where id = %s", [number])


def test_one_view_opens_first_and_no_longer_once_it_is_not_shared(cast: Cast) -> None:
    one, two = save(cast, shared=True), save(cast, name="two", shared=True)
    for number in (one, two):
        actions.open_first(view_id=number, first=True, by=cast.bola, **DEED)
    first = [v.id for v in queries.views_of("overdue", person=cast.bola) if v.first]
    assert first == [two]
    actions.change_view(view_id=two, shared=False, by=cast.mei, **DEED)
    assert not any(v.first for v in queries.views_of("overdue", person=cast.bola))


def test_deleting_a_view_leaves_an_event_with_what_it_was(cast: Cast) -> None:
    number = save(cast)
    assert actions.delete_view(view_id=number, by=cast.mei, **DEED) == "M1 mine"
    event = next(e for e in audit.latest() if e.type == "view.deleted")
    assert event.before == {
        "name": "M1 mine",
        "fields": "bucket=M1&sort=dpd",
        "shared": False,
    }


def test_a_view_is_saved_opened_changed_and_deleted_on_its_pages(
    book: Book,  # noqa: F811
) -> None:
    mei = signed_in("mei")
    form = {"list": "overdue", "name": "Early", "query": "bucket=M1", "shared": "1"}
    page = text_of(mei.post("/views/save/", form, follow=True))
    assert "Early" in page and "bucket=M1" in page
    (view,) = queries.views_of("overdue", person=people_of("mei"))
    address = f"/views/{view.id}/"
    sent = signed_in("bola").get(address)
    assert sent.headers["Location"] == f"/ledger/?bucket=M1&v={view.id}"
    listed = text_of(signed_in("bola").get("/views/"))
    assert "Early" in listed and 'value="rename"' not in listed
    assert mei.post(f"{address}change/", {"step": "rename", "name": "E2"}).url
    assert "E2" in text_of(mei.get("/views/"))
    changed = text_of(mei.get(f"/ledger/?bucket=M1-M2&v={view.id}"))
    assert "Keep the change" in changed
    mei.post(f"{address}change/", {"step": "update", "query": "bucket=M1-M2"})
    assert queries.view_of(view.id, person=people_of("mei")).fields == "bucket=M1-M2"
    mei.post(f"{address}change/", {"step": "delete"})
    assert mei.get(address).status_code == 404


def people_of(login: str) -> object:
    from daihou.rooms.people import door as people

    return people.person(login)


def test_a_shared_view_shows_each_reader_their_own_loans(
    book: Book,  # noqa: F811
    cast: Cast,
) -> None:
    number = save(cast, query=QueryDict("text=甲"), shared=True)
    address = f"/ledger/?text=甲&v={number}"
    assert "南甲" not in text_of(signed_in("mei").get(address))
    south = text_of(signed_in("bola").get(address))
    assert "南甲" in south and "北甲" not in south


def test_the_list_opens_with_the_first_view_and_all_rows_are_a_click_away(
    book: Book,  # noqa: F811
    cast: Cast,
) -> None:
    number = save(cast)
    actions.open_first(view_id=number, first=True, by=cast.mei, **DEED)
    mei = signed_in("mei")
    opened = mei.get("/ledger/")
    assert opened.headers["Location"] == f"/ledger/?bucket=M1&sort=dpd&v={number}"
    page = text_of(mei.get(opened.headers["Location"]))
    assert 'href="/ledger/?v=all"' in page
    assert "Total, 2 loans" in text_of(mei.get("/ledger/?v=all"))


def test_columns_are_chosen_in_the_address(book: Book) -> None:  # noqa: F811
    arun = signed_in("arun")
    page = text_of(arun.get("/ledger/?cols=worst,overdue,nonsense,status"))
    heads = HEADS.findall(page.split("<thead>")[1].split("</thead>")[0])
    assert heads == ["Loan number", "Longest late", "Overdue", "Status"]
    assert ">Active<" in page and "Total, 3 loans" in page
    boxes = text_of(arun.get("/ledger/?col=overdue&col=name"))
    assert "Customer" in boxes.split("<thead>")[1].split("</thead>")[0]


def test_every_column_there_is_can_be_shown_and_sorted(book: Book) -> None:  # noqa: F811
    from daihou.rooms.ledger.pages.columns import KINDS

    arun = signed_in("arun")
    for kind in KINDS:
        sort = f"&sort=-{kind.sort}" if kind.sort else ""
        page = text_of(arun.get(f"/ledger/?cols={kind.key}{sort}"))
        assert f'data-minor="{kind.sums}"' in page or not kind.sums, kind.key
        assert ('aria-sort="descending"' in page) == bool(kind.sort), kind.key


def test_more_columns_than_fit_are_told(book: Book) -> None:  # noqa: F811
    from daihou.rooms.ledger.pages.columns import KINDS, MOST

    every = ",".join(kind.key for kind in KINDS)
    page = text_of(signed_in("arun").get(f"/ledger/?cols={every}"))
    assert f"Only {MOST} columns fit" in page


def test_the_receipts_desk_has_views_too(cast: Cast) -> None:
    from daihou.rooms.dayend import door as dayend
    from daihou.rooms.people import door as people

    dayend.set_business_date(on=TODAY, by="test", at=AT)
    people.create_user(
        username="fin", password="correct-horse-9", role="finance", by="test", at=AT
    )
    fin = signed_in("fin")
    form = {"list": "receipts", "name": "Old", "query": "age=31&show=open&page=2"}
    page = text_of(fin.post("/views/save/", form, follow=True))
    assert "Old" in page and 'aria-current="true"' in page
    (view,) = queries.views_of("receipts", person=people.person("fin"))
    assert view.fields == "age=31&show=open"
    fin.post(f"/views/{view.id}/change/", {"step": "first"})
    assert fin.get("/receipts/").headers["Location"].endswith(f"v={view.id}")
    assert fin.get("/receipts/?v=all").status_code == 200
    assert signed_in("mei").get(f"/views/{view.id}/").status_code == 404


def ask(loans: list[Loan], **wish: object) -> dict[str, object]:  # noqa: F811
    return {
        "action": "label",
        "loan": [loan.pk for loan in loans],
        "address": "",
        "word": "Call first",
    } | wish


def promise(page: str) -> str:
    found = re.search(r'name="sure" value="([^"]+)"', page)
    assert found, page
    return found[1]


def test_a_label_is_shown_before_it_is_put_on_and_says_who_is_left_out(
    book: Book,  # noqa: F811
    loans: list[Loan],  # noqa: F811
    cast: Cast,
) -> None:
    north, second = loans[:2]
    actions.put_label(
        subject_type="loan", ids=[second.pk], word="Call first", by=cast.arun, **DEED
    )
    mei = signed_in("mei")
    page = text_of(mei.post("/ledger/bulk/", ask(loans)))
    assert "Would change</dt><dd>1 loan<" in page and "N1" in page
    assert "already" in page and "not among those you may see" in page
    assert Label.objects.count() == 1
    done = mei.post("/ledger/bulk/", ask(loans, sure=promise(page)))
    assert done.status_code == 302
    carried = set(queries.carriers("loan", "Call first"))
    assert carried == {north.pk, second.pk}
    events = [e for e in audit.latest() if e.type == "loan.labelled"]
    assert {(e.by, e.subject_id) for e in events} >= {("mei", str(north.pk))}
    listed = text_of(mei.get("/ledger/?label=Call+first&cols=labels"))
    assert "Total, 2 loans" in listed and listed.count("Call first") >= 3
    assert "Call first" not in text_of(signed_in("bola").get("/ledger/"))


def test_a_label_comes_off_again(
    book: Book,  # noqa: F811
    loans: list[Loan],  # noqa: F811
    cast: Cast,
) -> None:
    actions.put_label(
        subject_type="loan", ids=[loans[0].pk], word="Call first", by=cast.arun, **DEED
    )
    mei = signed_in("mei")
    wish = ask(loans[:2], action="unlabel")
    page = text_of(mei.post("/ledger/bulk/", wish))
    assert "do not carry" in page
    mei.post("/ledger/bulk/", wish | {"sure": promise(page)})
    assert queries.carriers("loan", "Call first") == []


def test_the_whole_list_is_one_choice_and_a_changed_list_asks_again(
    book: Book,  # noqa: F811
    loans: list[Loan],  # noqa: F811
) -> None:
    arun = signed_in("arun")
    wish = ask([], reach="whole", address="bucket=M1")
    page = text_of(arun.post("/ledger/bulk/", wish))
    assert "Would change</dt><dd>2 loans<" in page
    stale = arun.post("/ledger/bulk/", wish | {"sure": "label:9:9"})
    assert "nothing was done" in text_of(stale) and not Label.objects.exists()
    arun.post("/ledger/bulk/", wish | {"sure": promise(page)})
    assert set(queries.carriers("loan", "Call first")) == {loans[1].pk, loans[2].pk}


def test_who_only_reads_labels_nothing(
    book: Book,  # noqa: F811
    loans: list[Loan],  # noqa: F811
) -> None:
    assert signed_in("sam").post("/ledger/bulk/", ask(loans)).status_code == 403
    assert signed_in("mei").post(
        "/ledger/bulk/", ask(loans, action="export")
    ).status_code == (403)


def test_the_selected_loans_alone_are_exported(
    book: Book,  # noqa: F811
    loans: list[Loan],  # noqa: F811
) -> None:
    import io
    from zipfile import ZipFile

    arun = signed_in("arun")
    page = text_of(arun.post("/ledger/bulk/", ask(loans[:1], action="export")))
    address = re.search(r'href="(/ledger/export/[^"]+)"', page)
    assert address is not None
    book_file = ZipFile(io.BytesIO(arun.get(address[1]).content))
    words = book_file.read("xl/sharedStrings.xml").decode()
    assert "N1" in words and "N2" not in words and "S1" not in words
