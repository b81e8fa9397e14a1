"""The pages of strategies: who opens what, the grid, the files, rehearsals, the panel."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook

from daihou.kit import steps
from daihou.rooms.approvals import door as approvals
from daihou.rooms.audit import door as audit
from daihou.rooms.dayend import door as dayend
from daihou.rooms.people import door as people
from daihou.rooms.strategy import actions, document, queries
from daihou.rooms.strategy.actions.enrolling import enrol
from daihou.rooms.strategy.models import Version
from tests.rooms import strategies as small
from tests.rooms.approving import deed, login
from tests.rooms.cast import AT, TODAY, Cast
from tests.rooms.strategies import Maker, row
from tests.rooms.test_pages import signed_in, text_of


@pytest.fixture
def maker() -> Iterator[Maker]:
    """A night that does what it is told."""
    made = Maker()
    steps.bind_step_maker(made)
    yield made
    steps.unbind_step_maker()


@pytest.fixture
def three(cast: Cast, maker: Maker) -> Any:
    """Rita draws, Rob and Cora decide."""
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    login("nora", "branch_manager", "north")  # sees a part of the book
    return small.three()


def keep(client: Client, line: Any, rev: int, grid: dict[str, Any]) -> Any:
    """Send the grid as the browser does."""
    return client.post(
        f"/strategy/drafts/{line.id}/keep/",
        json.dumps({"rev": rev, **grid}),
        content_type="application/json",
    )


def grid_of(client: Client, line: Any) -> dict[str, Any]:
    """The grid as the page gives it to the browser."""
    page = client.get(f"/strategy/drafts/{line.id}/").context["page"]
    found: dict[str, Any] = json.loads(json.dumps(page.data["grid"]))
    return found


def test_the_grid_is_kept_judged_and_never_written_over(three: Any) -> None:
    rita, _rob, _cora = three
    line = small.made(rita)
    one, other = signed_in("rita"), signed_in("rob")
    grid = grid_of(one, line)
    assert [each["id"] for each in grid["rows"]] == ["early", "late"]
    grid["rows"][0]["cells"][0] = "1..45"
    grid["hit"] = "unique"
    said = keep(one, line, line.rev, grid).json()
    kinds = {(each["kind"], tuple(each["rows"])) for each in said["findings"]}
    assert ("overlap", ("early", "late")) in kinds
    assert "gap" in {each["kind"] for each in said["findings"]}
    grid["rows"][0]["cells"][0] = "1..x"
    said = keep(one, line, said["rev"], grid).json()
    (fault,) = said["faults"]
    assert fault["column"] == "dpd" and "column days past due (dpd):" in fault["words"]
    assert any(
        "column days past due (dpd):" in each["words"] for each in said["findings"]
    )
    late = keep(other, line, line.rev, grid)
    assert late.status_code == 409 and "rita" in late.json()["problem"]
    assert queries.version(line.id).rev == said["rev"]
    grid["inputs"] = ["dpd", "nothing"]
    assert keep(one, line, said["rev"], grid).status_code == 422


def test_what_the_other_lost_becomes_a_draft_of_its_own(three: Any) -> None:
    rita = three[0]
    line = small.made(rita)
    grid = grid_of(signed_in("rob"), line)
    grid["rows"][0]["cells"][0] = "1..7"
    sent = {"based_on": line.id, "grid": json.dumps(grid)}
    answer = signed_in("rob").post(f"/strategy/{line.strategy_id}/begin/", sent)
    made = Version.objects.order_by("-pk").first()
    assert made is not None and answer["Location"] == f"/strategy/drafts/{made.pk}/"
    assert made.content["table"]["rows"][0]["when"]["dpd"] == "1..7"
    assert made.authors == ["rob"] and made.based_on_id == line.id


def test_a_grid_of_no_draft_is_refused_in_words(three: Any) -> None:
    line = small.made(three[0])
    client = signed_in("rita")
    begin = f"/strategy/{line.strategy_id}/begin/"
    sent = client.post(begin, {"grid": "{}"}, follow=True)
    assert "reload the page" in text_of(sent)


def changed_workbook(data: bytes) -> bytes:
    """The workbook with another test in the first row, as a person would type it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/sharedStrings.xml":
                assert part.count(b"<t>1..30</t>") == 1
                part = part.replace(b"<t>1..30</t>", b"<t>1..15</t>")
            new.writestr(name, part)
    return out.getvalue()


def cells_of(data: bytes, sheet: str) -> list[list[Any]]:
    """The cells of a sheet."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [list(each) for each in book.get_sheet_by_name(sheet).to_python()]


def test_one_object_three_views(three: Any) -> None:
    """Drawn in the grid, out as XLSX, changed, in, compared, approved: the same."""
    rita, _rob, cora = three
    line = small.made(rita)
    client = signed_in("rita")
    grid = grid_of(client, line)
    grid["rows"][1]["note"] = "=1+1 seen"
    keep(client, line, line.rev, grid)
    data = client.get(f"/strategy/versions/{line.id}/file/?as=xlsx").content
    same = client.post(
        f"/strategy/{line.strategy_id}/begin/",
        {"file": SimpleUploadedFile("small.xlsx", data)},
    )
    again = queries.version(int(same["Location"].split("/")[-2]))
    assert again.digest == queries.version(line.id).digest
    other = client.post(
        f"/strategy/{line.strategy_id}/begin/",
        {"file": SimpleUploadedFile("small.xlsx", changed_workbook(data))},
    )
    changed = queries.version(int(other["Location"].split("/")[-2]))
    words = text_of(client.get(f"/strategy/compare/?a={line.id}&b={changed.id}"))
    assert "<del>1..30</del> <ins>1..15</ins>" in words
    assert "Row early, days past due: 1..30 becomes 1..15" in words
    small.decided(cora, small.proposed(rita, changed), "approve")
    actions.evaluate_due(at=AT)
    held = queries.in_force(TODAY)[0]
    text = signed_in("cora").get(f"/strategy/versions/{changed.id}/file/?as=yaml")
    assert document.digest(document.of_yaml(text_of(text), name="x")) == changed.digest
    assert held.strategy.table.rows[0].cells[0] == "1..15"
    told = audit.timeline(subject_type="strategy", subject_id=line.strategy_id)
    assert "strategy.exported" in {each.type for each in told}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.xlsx", b"PK nothing"),
        ("x.yaml", b"\xff\xfe"),
        ("x.yaml", b"id: [1"),
        ("x.txt", b"x"),
    ],
)
def test_a_file_that_is_none_changes_nothing(
    three: Any, name: str, data: bytes
) -> None:
    rita = three[0]
    line = small.made(rita)
    sent = {"rev": line.rev, "file": SimpleUploadedFile(name, data)}
    client = signed_in("rita")
    client.post(f"/strategy/drafts/{line.id}/read/", sent)
    assert queries.version(line.id).digest == line.digest
    assert "k-bad" in text_of(client.get(f"/strategy/drafts/{line.id}/"))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_is_there_with_and_without_anything(
    three: Any, maker: Maker, language: str
) -> None:
    rita, _rob, cora = three
    client = signed_in("rita", language=language)
    for address in ("/strategy/", "/strategy/steps/"):
        assert client.get(address).status_code == 200
    line = small.live(rita, cora)
    loan = make_loan("N1", name="北甲")
    maker.facts_of = {loan.customer_id: {"dpd": 12, "held": False}}
    maker.moved = [small.move(loan.customer_id)]
    reach = {"customers": 3, "overdue": 1_234_500, "outstanding": 9_000_000}
    small.a_run(
        versions=[line.id],
        counts={"rows": {str(line.id): {"early": reach}}, "queues": {"early": reach}},
    )
    small.a_step(loan.customer_id, line.id)
    draft = actions.begin_draft(
        strategy_id=line.strategy_id,
        content=small.content(row("early", "1..9")),
        deed=deed(rita, reason=""),
    )
    asked = actions.ask_rehearsal(
        version_id=draft.id, rev=draft.rev, deed=deed(rita, reason="")
    )
    waiting = text_of(client.get(f"/strategy/rehearsals/{asked}/"))
    assert "every 1s" in waiting
    actions.rehearse_waiting(at=AT)
    for address, shown in (
        (f"/strategy/{line.strategy_id}/", "small"),
        (f"/strategy/versions/{line.id}/", "1..30"),
        (f"/strategy/versions/{draft.id}/?read=1", "1..9"),
        (f"/strategy/drafts/{draft.id}/", "grid-data"),
        (f"/strategy/drafts/{draft.id}/parts/", "q0-code"),
        (f"/strategy/compare/?b={draft.id}", "1..9"),
        (f"/strategy/versions/{line.id}/try/", "f-dpd"),
        (f"/strategy/versions/{line.id}/try/?customer={loan.customer_id}", "early"),
        (f"/strategy/rehearsals/{asked}/", "北甲"),
        ("/strategy/steps/?queue=early", "北甲"),
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert shown in text_of(answer), address


def test_the_rehearsal_tells_who_moves_and_its_list_is_marked(
    three: Any, maker: Maker
) -> None:
    rita = three[0]
    small.a_run()
    loan = make_loan("N1", name="北甲")
    maker.moved = [small.move(loan.customer_id)]
    line = small.made(rita)
    client = signed_in("rita")
    answer = client.post(f"/strategy/drafts/{line.id}/rehearse/", {"rev": line.rev})
    actions.rehearse_waiting(at=AT)
    text = text_of(client.get(answer["Location"]))
    assert "hard would hold 12, at most 10." in text
    assert '123<span class="c">.00</span>' in text
    assert "CN-COL-02" in text
    book = client.get(answer["Location"] + "movers/")
    first = cells_of(book.content, "movers")[1]
    assert first[0] == loan.customer_id and first[3] == 123
    told = audit.timeline(subject_type="strategy", subject_id=line.strategy_id)
    assert "strategy.movers_exported" in {each.type for each in told}
    # Who sees a part of the book sees no part of a rehearsal.
    part = text_of(signed_in("nora").get(answer["Location"]))
    assert "北甲" not in part and "Of the whole book" in part
    assert signed_in("nora").get(answer["Location"] + "movers/").status_code == 403


def test_typed_facts_say_the_row_and_what_would_flip_it(three: Any) -> None:
    rita, _rob, cora = three
    line = small.live(rita, cora)
    client = signed_in("rita")
    address = f"/strategy/versions/{line.id}/try/?f-dpd=30&f-held=no"
    text = text_of(client.get(address))
    assert "Row early" in text and "If days past due were 31" in text
    assert client.get(f"{address}x").status_code == 422
    assert (
        client.get(f"/strategy/versions/{line.id}/try/?customer=99").status_code == 404
    )


def test_steps_are_shown_within_the_scope_and_on_the_customer(three: Any) -> None:
    small.a_run()
    north, south = make_loan("N1", name="北甲"), make_loan("S1", "south", name="南甲")
    for loan in (north, south):
        small.a_step(loan.customer_id)
    seen = text_of(signed_in("nora").get("/strategy/steps/"))
    assert "北甲" in seen and "南甲" not in seen
    page = text_of(signed_in("nora").get(f"/customers/{north.customer_id}/"))
    assert "a day late" in page and "Which row, and why" in page
    loan = text_of(signed_in("nora").get(f"/loans/{north.pk}/"))
    assert "a day late" in loan
    assert signed_in("mei").get("/strategy/steps/").status_code == 403


def make_loan(number: str, branch: str = "north", **wish: Any) -> Any:
    """A loan of a branch."""
    from tests.rooms import cast as casting

    return casting.make_loan(number, branch=branch, **wish)


def test_parts_are_typed_and_kept(three: Any) -> None:
    rita = three[0]
    line = small.made(rita)
    client = signed_in("rita")
    form = {
        "rev": line.rev,
        "act": "keep",
        "j0-id": "soft",
        "j0-zh": "温和",
        "j0-en": "Soft",
        "j0s0-id": "a",
        "j0s0-do": "wait",
        "j0s0-days": "3",
        "j0s0-working": "yes",
        "j0s1-id": "b",
        "j0s1-do": "condition",
        "j0s1-when": "dpd: >=10 | held: no",
        "q0-code": "early",
        "q0-zh": "早期",
        "q0-en": "Early",
        "q0-capacity": "50",
        "q0-capacity_mode": "hard",
    }
    answer = client.post(f"/strategy/drafts/{line.id}/parts/", form)
    assert answer.status_code == 302, text_of(answer)
    kept = queries.content_of(line.id)
    assert kept["journeys"][0]["steps"][0] == {
        "id": "a",
        "do": "wait",
        "days": "3",
        "working": "yes",
    }
    assert kept["journeys"][0]["steps"][1]["when"] == {"dpd": ">= 10", "held": "no"}
    assert [each["code"] for each in kept["queues"]] == ["early"]
    added = client.post(f"/strategy/drafts/{line.id}/parts/", form | {"act": "add-a"})
    assert "x-salt" in text_of(added) and queries.content_of(line.id) == kept
    late = client.post(f"/strategy/drafts/{line.id}/parts/", form)
    assert late.status_code == 422


def test_proposing_and_releasing_by_the_pages(three: Any) -> None:
    rita, _rob, cora = three
    line = small.made(rita)
    client = signed_in("rita")
    sent = {"rev": line.rev, "begins_on": TODAY.isoformat(), "reason": "fewer calls"}
    client.post(f"/strategy/drafts/{line.id}/propose/", sent)
    waits = approvals.open_on("strategy_version", line.id, person=cora, at=AT)
    page = text_of(signed_in("cora").get(f"/approvals/{waits[0].id}/"))
    assert "What is different" in page
    small.decided(cora, waits[0], "approve")
    actions.evaluate_due(at=AT)
    release = f"/strategy/versions/{line.id}/release/"
    other = {"act": "retire", "reason": "x"}
    assert signed_in("nora").post(release, {"act": "x"}).status_code == 302
    assert signed_in("mei").post(release, other).status_code == 403
    signed_in("cora").post(release, other)
    assert queries.version(line.id).state == "retired"
    signed_in("cora").post(release, {"act": "roll_back", "reason": "needed"})
    assert queries.in_force(TODAY)[0].strategy.id == "small"


def test_an_experiment_is_read_out(three: Any) -> None:
    rita, _rob, _cora = three
    arms = [
        {"code": "champion", "title": {"zh": "冠", "en": "Champion"}, "share": "500"},
        {"code": "other", "title": {"zh": "挑", "en": "Other"}, "share": "500"},
    ]
    trial = {
        "id": "t1",
        "title": {"zh": "试", "en": "Trial"},
        "salt": "s",
        "arms": arms,
    }
    line = small.made(rita, experiment=trial)
    client = signed_in("rita")
    address = f"/strategy/versions/{line.id}/experiment/"
    assert "Nobody has taken part yet" in text_of(client.get(address))
    small.a_run()
    for number in range(40):
        loan = make_loan(f"N{number}")
        small.a_step(loan.customer_id, line.id, arm="champion")
    assert enrol(as_of=small.LAST) == 40 and enrol(as_of=TODAY) == 0
    text = text_of(client.get(address))
    assert "Stop it: the samples are not what the shares say" in text
    for harm in ("people who complained", "contacts the gate refused"):
        assert f"Not counted: {harm}" not in text  # contact counts them
    assert "0 / 40" in text
    assert "The samples are not what the shares say" in text  # all in one arm
    assert "Of the whole book" in text_of(signed_in("nora").get(address))


def test_without_the_right_there_is_no_page(three: Any) -> None:
    line = small.made(three[0])
    mei = signed_in("mei")
    for address in (
        "/strategy/",
        f"/strategy/{line.strategy_id}/",
        f"/strategy/versions/{line.id}/",
        f"/strategy/drafts/{line.id}/",
        "/strategy/rehearsals/1/",
    ):
        assert mei.get(address).status_code == 403, address
    assert people.person("mei").may(people.Permission.VIEW_STRATEGY) is False
