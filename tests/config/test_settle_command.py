"""`daihou settle`: one loan as JSON in, its state and the reasons out."""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from daihou.config.cli import daihou
from daihou.engine.ledger.life.events import KINDS, Event
from daihou.engine.ledger.values import LoanTerms
from daihou.packs import loan_form, loan_json
from tests.config.settling import PAGE, changed, from_the_page, minor, settle


def test_the_example_of_the_page_is_settled() -> None:
    result = settle(from_the_page(), "--json")
    assert result.exit_code == 0, result.output
    state = json.loads(result.output)
    assert (state["dpd"], state["dpd_original"], state["bucket"]) == (0, 53, "M0")
    assert state["outstanding_principal"] == "10669.68"
    assert state["payoff"] == "10768.77"
    assert [each["seq"] for each in state["instalments"]][:3] == [1, 2, 4]
    assert state["derivation"][-1]["value"] == "0 days"
    assert "re-age" in state["story"][0]["title"]
    for row in state["instalments"]:
        for part in ("principal", "interest", "fee"):
            shares = (row[each][part] for each in ("paid", "waived", "moved", "unpaid"))
            assert minor(row[part]) == sum(map(minor, shares))


def test_a_table_is_printed_in_both_languages() -> None:
    loan = from_the_page()
    english = settle(loan).output
    assert english.startswith("Loan L-1 at the end of 2026-05-02: 0 days late")
    assert "By the rows before restructuring: 53 days" in english
    assert "re-age: 11 rows became 12" in english
    chinese = settle(loan, language="zh").output
    assert "借据 L-1 2026-05-02 日终：逾期 0 天" in chinese
    assert "重整账龄" in chinese


def test_another_day_and_what_was_recorded_later() -> None:
    result = settle(
        from_the_page(),
        *("--as-of", "2026-04-25", "--before", "2026-04-01T00:00:00+0800"),
    )
    assert "46 days late, bucket M2" in result.output
    assert "Event 2: payment 500.00: happened 2026-03-20" in result.output
    assert "Instalment 2 (due 2026-03-10): left 1,090.71 → 581.81" in result.output


def test_if_money_came_in_that_day() -> None:
    loan = from_the_page() | {"as_of": "2026-04-25"}
    table = settle(loan, "--pay", "600").output
    assert "If 600.00 came in: penalty 17.53 + compound 0.76" in table
    assert "What would change" in table
    trial = json.loads(settle(loan, "--pay", "2000.00", "--json").output)["trial"]
    assert (trial["held"], trial["dpd"]) == ("344.00", 0)
    assert minor("2000.00") == minor(trial["held"]) + sum(
        map(minor, trial["split"].values())
    )
    for pay in ("0", "much", "1.001"):
        refused = settle(loan, "--pay", pay)
        assert refused.exit_code == 1
        assert refused.output.startswith("Error: --pay: ")


def test_a_running_loan() -> None:
    loan = from_the_page() | {"interest": "running"}
    loan["events"] = loan["events"][:2]
    state = json.loads(settle(loan, "--json").output)
    assert state["interest"] == "running"
    assert state["dpd"] == 53


def rows_given(*rows: tuple[str, str], **more: object) -> dict[str, Any]:
    """Return the example with these rows (due date, principal) in one version."""
    given = [{"due_on": on, "principal": part} | more for on, part in rows]
    version = {"begins_on": "2026-01-10", "rows": given}
    return from_the_page() | {"versions": [version], "events": []}


def running(**terms: object) -> dict[str, Any]:
    """Return the example with interest by the day and other terms."""
    loan = from_the_page() | {"interest": "running", "events": []}
    loan["terms"] |= terms
    return loan


@pytest.mark.parametrize(
    ("loan", "said"),
    [
        ("{", "Line 1, column 2: this is not JSON"),
        ('{"as_of": NaN}', "$.as_of: NaN is not a number"),
        ('{"events": [{"id": ' + "9" * 5000 + "}]}", "$.events[0].id: 999"),
        (changed("loan", "\ud800"), "$.loan: \\ud800 cannot be read"),
        ('{"as_of": 1, "as_of": 2}', "'as_of' is given twice"),
        ("[" * 100_000, "not JSON"),
        ("[]", "$: [] must be given as an object"),
        (changed("colour", 1), "$: field 'colour' is unknown"),
        (changed("terms.colour", 1), "$.terms: field 'colour' is unknown"),
        (changed("events.0.colour", 1), "$.events[0]: field 'colour' is unknown"),
        (changed("as_of", "yesterday"), '$.as_of: "yesterday" cannot be read'),
        (changed("as_of", "2026-02-30"), "$.as_of: 2026-02-30 cannot be read"),
        (changed("as_of", "2025-01-01"), "$.as_of: Loan L-1 is paid out on 2026-01-10"),
        (changed("as_of", "1800-01-01"), "from 1900 to 2199"),
        (changed("terms.principal", "-5"), '$.terms.principal: "-5" is out of range'),
        (changed("terms.principal", "0"), "$.terms.principal: The principal must"),
        (changed("terms.principal", "1.234"), "$.terms.principal: 1.234 has more"),
        (changed("terms.annual_rate", "NaN"), "$.terms.annual_rate"),
        (changed("terms.annual_rate", "12"), "$.terms.annual_rate: The annual rate"),
        (changed("terms.periods", 0), "$.terms.periods: The number of periods"),
        (changed("terms.periods", -3), "$.terms.periods: The number of periods"),
        (changed("terms.periods", 1.5), "$.terms.periods"),
        (changed("terms.method", "magic"), '$.terms.method: "magic" is not one of'),
        (changed("terms.first_due_on", "2026-01-10"), "$.terms.first_due_on"),
        (changed("currency", "USD"), "$.currency: product consumer_loan is in CNY"),
        (changed("currency", "cny"), '$.currency: "cny" cannot be read; write a cur'),
        (changed("product", "mirror_core"), "$.product: A core system keeps"),
        (changed("product", "unheard_of"), "$.product: Product 'unheard_of'"),
        (changed("policy", {}), "either a product or a policy"),
        (changed("events.0.kind", "gift"), '$.events[0].kind: "gift" is not one of'),
        (changed("events.0.amount", "0"), "$.events[0]: Event 1: `amount`"),
        (changed("events.0.amount", "lots"), '$.events[0].amount: "lots" cannot'),
        (changed("events.0.id", 2), "$.events[1]: Event id 2 is used"),
        (changed("events.2.annual_rate", "24"), "$.events[2].annual_rate: The annual"),
        (changed("events.0.id", 0), "$.events[0].id: 0 is out of range"),
        (
            changed("events.0.id", "1"),
            '$.events[0].id: "1" must be given as a whole number',
        ),
        (
            changed("events.0.happened_on", "2025-12-31"),
            "$.events[0]: Event 1 happened",
        ),
        (changed("events.1.recorded_at", "2026-04-20"), "$.events[1].recorded_at"),
        (
            changed("events.1.recorded_at", "2026-04-20T99:00:00Z"),
            "$.events[1].recorded_at",
        ),
        (changed("events.2.first_due_on", "2026-04-01"), "$.events[2]: Event 3: first"),
        (changed("versions", [{"begins_on": "2026-01-10"}]), "field 'rows' is missing"),
        (rows_given(("2025-12-31", "12000")), "rows[0].due_on: 2025-12-31 is before"),
        (rows_given(("2026-03-01", "11999")), "rows: the principal of the first ver"),
        (
            rows_given(("2026-03-01", "6000"), ("2026-04-01", "6000"), seq=1),
            "$.versions[0].rows[1].seq: instalment 1 is given twice",
        ),
        (running(method="flat"), "$.terms.method: Interest by the day"),
        (running(grace_interest=2), "$.terms.grace_interest: Interest by the day"),
        (changed("closed_days", ["2026-02-30"]), "$.closed_days[0]"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_with_its_place(
    loan: object, said: str
) -> None:
    for language in ("en", "zh"):
        result = settle(loan, language=language)
        assert result.exit_code == 1, result.output
        assert result.output.count("\n") == 1
        assert "Traceback" not in result.output
    assert said in settle(loan).output


def test_options_that_cannot_be_read_are_said_with_their_name() -> None:
    for option, text in (
        ("--as-of", "soon"),
        ("--as-of", "9999-12-31"),
        ("--as-of", "2020-01-01"),
        ("--before", "2026-04-01"),
        ("--before", "yesterday"),
        ("--pay", "-5"),
        ("--pay", "NaN"),
    ):
        result = settle(from_the_page(), option, text)
        assert result.exit_code == 1
        assert result.output.startswith(f"Error: {option}: "), result.output
        chinese = settle(from_the_page(), option, text, language="zh")
        assert chinese.output.startswith(f"错误：{option}：")


def test_a_file_of_an_editor_that_marks_utf_8_and_a_loan_without_a_number() -> None:
    loan = from_the_page()
    del loan["loan"]
    table = settle("\ufeff" + json.dumps(loan)).output
    assert table.startswith("Loan - at the end of 2026-05-02")


JUNK = [None, True, -1, 10**30, "", "9999-12-31", [1], {"x": 1}, 1.5]


def paths(value: Any, before: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the path of everything inside a value."""
    items: Iterable[tuple[object, Any]] = ()
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
    for name, inner in items:
        yield ".".join((*before, str(name)))
        yield from paths(inner, (*before, str(name)))


@pytest.mark.parametrize("path", list(paths(from_the_page())))
def test_nothing_a_field_may_hold_is_answered_with_a_traceback(path: str) -> None:
    for junk in JUNK:
        result = settle(changed(path, junk))
        assert result.exit_code in (0, 1), junk
        assert result.exception is None or isinstance(result.exception, SystemExit)


def test_a_file_that_is_not_there_and_one_that_is_not_text(tmp_path: Path) -> None:
    missing = CliRunner().invoke(daihou, ["settle", str(tmp_path / "none.json")])
    assert missing.exit_code == 2
    raw = tmp_path / "raw.json"
    raw.write_bytes(b"\xff\xfe\x00")
    unreadable = CliRunner().invoke(daihou, ["settle", str(raw), "--language", "en"])
    assert unreadable.exit_code == 1
    assert "UTF-8" in unreadable.output


def test_the_schema_knows_every_event_and_field_of_the_engine() -> None:
    definitions = loan_form.schema()["$defs"]
    for kind, shape in KINDS.items():
        known = set(definitions[f"event_{kind}"]["properties"])
        own = {each.name for each in fields(shape)}
        own -= {each.name for each in fields(Event)}
        assert known == own | {"kind", "id", "happened_on", "recorded_at"}, kind
    terms = {loan_json.MINOR.get(n, n) for n in definitions["terms"]["properties"]}
    assert terms == {each.name for each in fields(LoanTerms)} - {"currency"}


def test_the_python_of_the_page_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = re.search(
        r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    assert found
    (tmp_path / "loan.json").write_text(json.dumps(from_the_page()), "utf-8")
    monkeypatch.chdir(tmp_path)
    exec(compile(found.group(1), PAGE.name, "exec"), {})  # noqa: S102 - our own page
    assert capsys.readouterr().out == "0 53 1069287\n1076877\n"


def test_the_page_names_every_kind_of_event() -> None:
    page = PAGE.read_text("utf-8")
    assert [kind for kind in KINDS if f"`{kind}`" not in page] == []


def test_no_server_is_needed() -> None:
    """Neither Django nor a database is imported to settle a loan."""
    code = (
        "import sys; from daihou.config.cli import daihou\n"
        "try: daihou(['settle', '--json', '-'])\n"
        "except SystemExit as end: assert not end.code\n"
        "heavy = {'django', 'psycopg', 'numba', 'pyarrow', 'rich'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(from_the_page()),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["dpd_original"] == 53
