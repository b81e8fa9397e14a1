"""`daihou roll-matrix` and `daihou vintage` on small files reckoned by hand."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from daihou.config.cli import daihou

PANEL = """loan,month,bucket,balance
A,2025-11,M0,100.50
A,2025-12,M1,100.50
A,2026-01,M2,90
B,2025-12,M0,50
B,2026-02,M0,40
C,2025-12,M0,30.25
C,2026-01,M0,20
"""
COLUMNS = ("--id", "loan", "--period", "month", "--status", "bucket")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "panel.csv"
    path.write_text(PANEL, "utf-8")
    return path


def run(command: str, file: Path, *options: str, language: str = "en") -> Result:
    arguments = [command, str(file), *options, "--language", language]
    return CliRunner().invoke(daihou, arguments)


def answer(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    (line,) = result.stdout.splitlines()
    return json.loads(line)


def test_json_is_one_line_of_states_counts_and_rates(file):
    assert answer(run("roll-matrix", file, *COLUMNS, "--json")) == {
        "states": ["M0", "M1", "M2"],
        "count": [[1, 1, 0], [0, 0, 1], [0, 0, 0]],
        "rate": [[0.5, 0.5, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]],
    }


def test_amounts_are_the_opening_balances_of_the_pairs(file):
    found = answer(run("roll-matrix", file, *COLUMNS, "--amount", "balance", "--json"))
    assert found["amount"] == [[30.25, 100.5, 0], [0, 0, 100.5], [0, 0, 0]]
    assert found["amount_rate"][0] == [30.25 / 130.75, 100.5 / 130.75, 0.0]


def test_missing_and_the_order_of_states(file):
    found = answer(
        run(
            *("roll-matrix", file, *COLUMNS, "--missing"),
            *("--states", "M2, M1,M0", "--json"),
        )
    )
    assert found["states"] == ["M2", "M1", "M0", "missing"]
    assert found["count"] == [[0, 0, 0, 1], [1, 0, 0, 0], [0, 1, 1, 2], [0, 0, 1, 0]]


def test_for_people_it_is_a_table_of_counts_and_shares(file):
    result = run("roll-matrix", file, *COLUMNS)
    assert result.exit_code == 0
    assert "Accounts\nfrom / to  M0  M1  M2\nM0          1   1   0\n" in result.stdout
    assert "M0         50.00%  50.00%    0.00%\n" in result.stdout
    assert result.stdout.rstrip().endswith("M2"), "nobody stood there: no share"


def test_a_second_row_is_refused_and_keep_says_which_counts(file):
    file.write_text(PANEL + "A,2025-12,M2,1\n", "utf-8")
    result = run("roll-matrix", file, *COLUMNS, "--json")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "loan A has 2 rows for period 2025-12" in result.stderr
    assert "--keep last" in result.stderr
    told = run("roll-matrix", file, *COLUMNS, language="zh")
    assert "loan A 在 2025-12 期有 2 行" in told.stderr
    kept = answer(run("roll-matrix", file, *COLUMNS, "--keep", "last", "--json"))
    assert kept["count"] == [[1, 0, 1], [0, 0, 0], [0, 0, 1]]


def test_numbers_that_look_like_months_are_told_of(file):
    file.write_text(PANEL.replace("-", ""), "utf-8")
    result = run("roll-matrix", file, *COLUMNS, "--json")
    assert answer(result)["count"][0] == [0, 1, 0], "202512 and 202601 are far apart"
    assert "2024-12" in result.stderr


def test_rows_without_a_status_are_told_of(file):
    file.write_text(PANEL.replace("M1", ""), "utf-8")
    result = run("roll-matrix", file, *COLUMNS, "--json")
    assert answer(result)["count"] == [[1, 0], [0, 0]]
    assert "1 rows have no status" in result.stderr


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "has no rows"),
        (b"loan,month,bucket\n", "has no rows"),
        (b"loan,month\nA,1\n", "no column 'bucket'; its columns are: loan, month"),
        (b"PK\x03\x04 a workbook", "save it as CSV or Parquet"),
        (b"PAR1 cut short", "cannot be read as Parquet"),
        (b"loan,month,bucket\nA,1,x,y\n", "cannot be read as CSV"),
    ],
)
def test_a_file_that_is_no_panel_is_refused_in_one_line(file, content, told):
    file.write_bytes(content)
    result = run("roll-matrix", file, *COLUMNS)
    assert result.exit_code == 1
    assert told in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_chinese_names_in_the_encoding_of_old_spreadsheets(file):
    text = "借据,期次,状态\n甲,1,正常\n甲,2,逾期\n"
    file.write_bytes(text.encode("gb18030"))
    found = answer(
        run(
            *("roll-matrix", file, "--id", "借据", "--period", "期次"),
            *("--status", "状态", "--json"),
        )
    )
    assert found["states"] == ["正常", "逾期"]
    assert found["count"] == [[0, 1], [0, 0]]


def test_a_byte_order_mark_is_no_part_of_a_name(file):
    file.write_bytes(b"\xef\xbb\xbf" + PANEL.encode())
    assert answer(run("roll-matrix", file, *COLUMNS, "--json"))["count"][0][1] == 1


def test_curves_are_blank_where_the_panel_ends(file):
    found = answer(run("vintage", file, *COLUMNS, "--bad", "M1,M2", "--json"))
    assert found == {
        "timing": "ever",
        "mob_base": 0,
        "cohorts": ["2025-11", "2025-12"],
        "mob": [0, 1, 2, 3],
        "size": [1, 2],
        "count": [[0, 1, 1, 1], [0, 0, 0, None]],
        "rate": [[0.0, 1.0, 1.0, 1.0], [0.0, 0.0, 0.0, None]],
    }


def test_curves_for_people(file):
    options = ("--bad", "M1", "--current", "--mob-base", "1", "--amount", "balance")
    result = run("vintage", file, *COLUMNS, *options)
    assert result.exit_code == 0, result.output
    assert "cohort   size      1        2      3      4\n" in result.stdout
    assert "2025-11   100  0.00%  100.00%  0.00%  0.00%\n" in result.stdout
    assert "2025-12     2  0.00%    0.00%  0.00%\n" in result.stdout


def test_curves_ask_what_is_bad(file):
    result = run("vintage", file, *COLUMNS)
    assert result.exit_code == 1
    assert "--bad" in result.stderr


def test_a_status_nobody_has_this_month_is_noted_and_breaks_no_job(file):
    result = run("vintage", file, *COLUMNS, "--bad", "M2,M9", "--json")
    found = answer(result)
    assert "No row has the status 'M9'; the statuses are: M0, M1, M2" in result.stderr
    assert found == answer(run("vintage", file, *COLUMNS, "--bad", "M2", "--json"))


def test_negative_balances_are_told_of(file):
    file.write_text(PANEL.replace("A,2025-11,M0,", "A,2025-11,M0,-"), "utf-8")
    words = ("--amount", "balance")
    for asked in (("roll-matrix",), ("vintage", "--bad", "M1")):
        result = run(asked[0], file, *asked[1:], *COLUMNS, *words)
        assert result.exit_code == 0, result.stderr
        assert "1 rows have a negative value in column 'balance'" in result.stderr


def test_every_command_names_the_file_without_rows_and_the_row_without_a_value(file):
    file.write_text("loan,month,bucket\n", "utf-8")
    curves = ("vintage", file, *COLUMNS, "--bad", "M1")
    assert f"{file.name} has no rows" in run(*curves).stderr
    file.write_text("loan,month,bucket\nA,2025-01,M0\nA,,M1\nA,,M1\n", "utf-8")
    told = run("roll-matrix", file, *COLUMNS).stderr
    assert "2 rows have no value in column 'month', the first of them is row 2" in told


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_a_text_of_two_bytes_a_letter_is_read(file, encoding):
    mark = "" if encoding == "utf-16" else "\ufeff"
    file.write_bytes((mark + PANEL.replace(",", "\t")).encode(encoding))
    assert answer(run("roll-matrix", file, *COLUMNS, "--json"))["count"][0][1] == 1
