"""What leaves the lab: workbooks, columns, drawings; the dictionary; the API."""

import io
import json
from typing import Any
from xml.etree import ElementTree as ET

import pyarrow.parquet as pq
import pytest
from django.utils import translation
from python_calamine import CalamineWorkbook

from daihou.config import clock
from daihou.engine.metrics.dictionary import METRICS
from daihou.rooms.audit import door as audit
from daihou.rooms.gateway import door as gateway
from daihou.rooms.people import door as people
from daihou.rooms.reporting import words
from tests.rooms.portfolio import Small
from tests.rooms.reporting.test_lab import months
from tests.rooms.test_pages import signed_in, text_of

__all__ = ["months"]
ASKED = "metric=overdue_30_amount&by=branch"


def book(content: bytes) -> dict[str, list[list[Any]]]:
    made = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: made.get_sheet_by_name(name).to_python() for name in made.sheet_names}


def test_a_workbook_holds_figures_parts_and_what_they_are(months: Small) -> None:
    sheets = book(signed_in("arun").get(f"/lab/export/xlsx/?{ASKED}").content)
    assert list(sheets) == ["Figures", "Points", "About", "Watermark"]
    assert sheets["Figures"][0] == ["Branch", "2026-01", "2026-02", "2026-03"]
    assert sheets["Figures"][1] == ["North", 0, 0, 0.25]
    assert ["North", "2026-03", 100, 400, 0.25] in sheets["Points"]
    about = {row[0]: row[1] for row in sheets["About"]}
    assert about["Question"] == ASKED
    assert about["Definition"] == METRICS["overdue_30_amount"].formula
    assert about["Fingerprint"] == "overdue_30_amount-digest"
    told = audit.timeline(subject_type="portfolio", subject_id=0)
    assert [entry.type for entry in told] == ["portfolio.exported"]
    assert told[0].payload["fingerprint"] == "overdue_30_amount-digest"


def test_a_matrix_leaves_as_shares_and_sums(months: Small) -> None:
    answer = signed_in("arun").get("/lab/export/xlsx/?metric=roll_amount&month=2026-03")
    sheets = book(answer.content)
    assert list(sheets) == ["Shares", "Sums", "About", "Watermark"]
    row = next(row for row in sheets["Sums"] if row[0] == "M0")
    assert row[1:] == [300, "", 400, "", "", 700] or row[1:] == [300, 0, 400, 0, 0, 700]


def test_columns_leave_with_what_is_not_known_empty(months: Small) -> None:
    answer = signed_in("arun").get("/lab/export/parquet/?metric=vintage_ever_30_amount")
    table = pq.read_table(io.BytesIO(answer.content))
    assert table.column_names == ["key", "at", "part", "whole", "known"]
    assert table.to_pylist()[-1] == {
        "key": "2026-02",
        "at": "2",
        "part": None,
        "whole": None,
        "known": False,
    }
    told = table.schema.metadata
    assert told[b"daihou.fingerprint"] == b"vintage-digest"
    assert b"arun" in told[b"daihou.mark"]


@pytest.mark.parametrize("asked", [ASKED, "metric=roll_amount"])
def test_a_drawing_stands_alone_and_says_who_took_it_out(
    months: Small, asked: str
) -> None:
    answer = signed_in("arun").get(f"/lab/export/svg/?{asked}")
    drawing = ET.fromstring(answer.content)
    said = " ".join(text.strip() for text in drawing.itertext())
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    assert "arun" in said
    assert METRICS[asked.removeprefix("metric=").split("&")[0]].en in said
    assert "<a " not in answer.content.decode()  # it leads nowhere


def test_who_may_take_nothing_out_gets_no_file(months: Small) -> None:
    from daihou.rooms.people.models import RoleGrant

    role = RoleGrant.objects.get(code="branch_manager")
    kept = people.person("nora").permissions - {people.Permission.EXPORT_LEDGER}
    role.permissions = sorted(kept)
    role.save()
    client = signed_in("nora")
    assert client.get(f"/lab/export/xlsx/?{ASKED}").status_code == 403
    assert "/lab/export/" not in text_of(client.get(f"/lab/ask/?{ASKED}"))


def test_a_file_of_nothing_or_of_another_kind_is_refused(months: Small) -> None:
    client = signed_in("arun")
    assert client.get("/lab/export/xlsx/?metric=npl_ratio").status_code == 404
    assert client.get(f"/lab/export/docx/?{ASKED}").status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_dictionary_holds_every_definition(months: Small, language: str) -> None:
    client = signed_in("arun", language=language)
    text = text_of(client.get("/lab/metrics/"))
    for metric in METRICS.values():
        assert f"/lab/metrics/{metric.id}/" in text
    for id in ("npl_ratio", "roll_amount", "vintage_ever_30_amount"):
        one = text_of(client.get(f"/lab/metrics/{id}/"))
        assert METRICS[id].formula_zh in one
        with translation.override(language):
            assert words.source(METRICS[id]) in one


def test_the_dictionary_is_searched(months: Small) -> None:
    page = signed_in("arun").get("/lab/metrics/?text=不良率").context["page"]
    found = [entry.metric.id for group in page.groups for entry in group.entries]
    assert "npl_ratio" in found
    assert "fpd_30" not in found
    nothing = signed_in("arun").get("/lab/metrics/?text=zzzz")
    assert "No definition holds this text" in text_of(nothing)


def test_a_definition_says_what_may_share_its_axis(months: Small) -> None:
    page = signed_in("arun").get("/lab/metrics/overdue_30_amount/").context["page"]
    alike = [id for id, _word in page.alike]
    assert "overdue_90_amount" in alike
    assert "overdue_30_count" not in alike


def api(name: str, address: str) -> Any:
    from django.test import Client

    _line, secret = gateway.make_token(
        username=name,
        name="lab",
        scopes=(gateway.ApiScope.PORTFOLIO_READ,),
        days=30,
        by=people.process("test"),
        at=clock.now(),
    )
    answer = Client().get(
        f"/api/v1/portfolio/{address}", headers={"authorization": f"Bearer {secret}"}
    )
    return answer.status_code, json.loads(answer.content)


def test_programs_read_months_and_definitions(months: Small) -> None:
    status, found = api("arun", "months")
    assert status == 200
    assert [each["month"] for each in found["months"]] == [
        "2026-01",
        "2026-02",
        "2026-03",
    ]
    assert [each["complete"] for each in found["months"]] == [True, True, False]
    _status, dictionary = api("arun", "metrics")
    assert {each["id"] for each in dictionary["metrics"]} == set(METRICS)


def test_programs_read_a_series_of_their_own_sight(months: Small) -> None:
    _status, whole = api("arun", f"series?{ASKED}")
    assert [p["key"] for p in whole["points"]] == ["north"] * 3 + ["south"] * 3
    _status, part = api("nora", f"series?{ASKED}")
    assert part["points"][-1] == {
        "key": "north",
        "at": "2026-03",
        "part": "100.00",
        "whole": "400.00",
        "share": "0.250000",
        "low": None,
        "high": None,
    }
    assert part["axis"] == "month"
    _status, vintage = api("arun", "series?metric=vintage_ever_30_count")
    assert vintage["points"][-1]["share"] is None
    assert api("arun", "series?metric=npl_ratio")[0] == 404
    assert api("arun", "series?metric=nonsense")[0] == 404


def test_programs_read_a_matrix(months: Small) -> None:
    status, found = api("arun", "matrix?basis=amount&month=2026-03")
    assert status == 200
    assert found["month"] == "2026-03"
    row = found["states"].index("M0")
    assert found["cells"][row] == ["300.00", "0.00", "400.00", "0.00", "0.00"]
    assert found["shares"][row][0] == "0.428571"
    assert found["shares"][found["states"].index("paid")] is None
    assert api("arun", "matrix?month=2025-01")[0] == 404


def test_a_matrix_says_of_whom_and_of_what_it_is(months: Small) -> None:
    """Another sight, month, basis or filter: another fingerprint."""
    answers = [
        ("arun", "matrix?basis=amount"),
        ("nora", "matrix?basis=amount"),
        ("arun", "matrix?basis=count"),
        ("arun", "matrix?basis=amount&month=2026-03"),
        ("arun", "matrix?basis=amount&branch=north"),
    ]
    prints = [api(name, asked)[1]["fingerprint"] for name, asked in answers]
    assert len(set(prints)) == len(answers)
    page = signed_in("arun").get("/lab/ask/?metric=roll_amount").context["page"]
    assert page.fingerprint == prints[0]
    signed_in("arun").get("/lab/export/xlsx/?metric=roll_amount")
    told = audit.timeline(subject_type="portfolio", subject_id=0)
    assert told[0].payload["fingerprint"] == prints[0]


def test_programs_read_a_roll_rate_of_a_period(months: Small) -> None:
    months.asked.clear()
    api("arun", "series?metric=roll_count&since=2026-02&until=2026-03")
    assert [(a.since, a.until) for a in months.asked] == [("2026-02", "2026-03")]
