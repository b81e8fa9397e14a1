"""Odd panel files: what still counts as a period, and what is refused by its name."""

import json

import pytest
from click.testing import CliRunner

from daihou.columnar.portfolio import roll_matrix
from daihou.config.cli import daihou
from daihou.engine.metrics.errors import PanelError

COLUMNS = {"id": "loan", "period": "month", "status": "bucket"}
HEAD = "loan,month,bucket\n"


def written(tmp_path, text):
    path = tmp_path / "odd.csv"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("one, two", [("1.0", "2.0"), ("-1.", "0.00"), ("1", "2.0")])
def test_whole_numbers_written_with_a_point_are_whole_numbers(tmp_path, one, two):
    path = written(tmp_path, f"{HEAD}a,{one},M0\na,{two},M1\n")
    assert roll_matrix(path, **COLUMNS).count == ((0, 1), (0, 0))


@pytest.mark.parametrize("period", ["1.5", ".", "2026-1", "2026-00", "2026/01", "Q1"])
def test_what_is_no_period_is_shown_as_it_was_written(tmp_path, period):
    path = written(tmp_path, f"{HEAD}a,{period},M0\n")
    with pytest.raises(PanelError) as caught:
        roll_matrix(path, **COLUMNS)
    assert repr(period) in caught.value.say("en")


def test_a_file_of_a_head_alone_is_named(tmp_path):
    with pytest.raises(PanelError, match=r"odd\.csv has no rows"):
        roll_matrix(written(tmp_path, HEAD), **COLUMNS)


def test_two_columns_of_one_name_are_refused(tmp_path):
    path = written(tmp_path, "loan,loan,month,bucket\na,b,1,M0\n")
    with pytest.raises(PanelError, match="several columns 'loan'"):
        roll_matrix(path, **COLUMNS)
    # Others may be there twice: nobody asks for them.
    path = written(tmp_path, "x,x,loan,month,bucket\n1,2,a,1,M0\n1,2,a,2,M0\n")
    assert roll_matrix(path, **COLUMNS).count == ((1,),)


def test_states_with_quotes_commas_and_chinese_come_back_as_they_were(tmp_path):
    path = written(tmp_path, f'{HEAD}a,2025-12,"逾期, 一期"\na,2026-01,"q ""z"""\n')
    asked = ["roll-matrix", str(path), "--json"]
    for name, column in COLUMNS.items():
        asked += [f"--{name}", column]
    result = CliRunner().invoke(daihou, asked)
    told = json.loads(result.stdout)
    assert set(told["states"]) == {"逾期, 一期", 'q "z"'}
    place = told["states"].index
    assert told["count"][place("逾期, 一期")][place('q "z"')] == 1
