"""A mapping turns any layout into the contract; what it cannot place is listed."""

from pathlib import Path

import pytest

from daihou.rooms.intake import door
from tests.intake import files

pytestmark = pytest.mark.django_db

WIDE = """合同号,客户号,客户名,放款日,状态,年利率%,渠道备注,D1,P1,I1,D2,P2,I2
H1,K1,张一,15/01/2026,A,14.4,网点,2026-02-15,600000,7200,2026-03-15,600000,3600
H2,K2,李二,16/01/2026,X,12,手机,2026-02-16,1200000,12000,,,
H3,K1,张一,17/01/2026,TEST,12,手机,2026-02-16,1200000,12000,,,
"""
MAPPING = """
mapping: wide
version: "2026-11"
source: branch_excel
encoding: gb18030
tables:
  - table: customers
    from: "wide*.csv"
    distinct: true
    where: 状态 != "TEST"
    columns:
      customer_id: 客户号
      kind: {constant: person}
      name: 客户名
  - table: loans
    from: "wide*.csv"
    where: 状态 != "TEST"
    attributes: [渠道备注]
    columns:
      loan_id: {compute: 'concat("WX-", 合同号)'}
      customer_id: 客户号
      product: {constant: mirror_core}
      currency: {constant: CNY}
      principal: {compute: "(number(P1) + coalesce(number(P2), 0)) / 100"}
      annual_rate: {from: 年利率%, scale: 0.01}
      method: {constant: custom}
      periods: {compute: "when(P2 == '' or P2 == None, 1, 2)"}
      period_unit: {constant: months}
      disbursed_on: {from: 放款日, date: "%d/%m/%Y"}
      first_due_on: D1
      status: {from: 状态, map: {A: active, S: settled}}
  - table: instalments
    from: "wide*.csv"
    where: 状态 != "TEST"
    unpivot: {name: n, each: {first: 1, last: 2}, skip_when_empty: "D{n}"}
    columns:
      loan_id: {compute: 'concat("WX-", 合同号)'}
      seq: {constant: "{n}"}
      due_on: "D{n}"
      principal: {from: "P{n}", scale: 0.01}
      interest: {from: "I{n}", scale: 0.01}
"""


def _mapping(tmp_path: Path, text: str = MAPPING) -> door.Mapping:
    path = tmp_path / "wide.yaml"
    path.write_text(text, "utf-8")
    return door.load(door.find("wide", folders=[tmp_path]))


def _wide(tmp_path: Path, text: str = WIDE) -> Path:
    path = tmp_path / "wide_2026.csv"
    path.write_bytes(text.encode("gb18030"))
    return path


def test_one_wide_file_becomes_three_tables(tmp_path: Path) -> None:
    text = WIDE.replace(",X,", ",S,")
    outcome = files.take(
        [_wide(tmp_path, text)], source="branch", mapping=_mapping(tmp_path)
    )
    assert outcome.state == "applied", outcome.faults
    added = {name: count.added for name, count in outcome.tables.items()}
    assert added == {"customers": 2, "loans": 2, "instalments": 3}
    rows = files.query(
        "SELECT external_id, principal, annual_rate::text, disbursed_on::text, status,"
        " attributes->>'渠道备注' FROM ledger_loan ORDER BY 1"
    )
    assert rows == [
        ("WX-H1", 1_200_000, "0.14400000", "2026-01-15", "active", "网点"),
        ("WX-H2", 1_200_000, "0.12000000", "2026-01-16", "settled", "手机"),
    ]
    dues = files.query(
        "SELECT seq, principal, interest FROM ledger_demand ORDER BY loan_id, seq"
    )
    assert dues == [(1, 600_000, 7200), (2, 600_000, 3600), (1, 1_200_000, 12_000)]


def test_an_unknown_value_is_listed_never_dropped(tmp_path: Path) -> None:
    outcome = files.take([_wide(tmp_path)], source="branch", mapping=_mapping(tmp_path))
    assert outcome.state == "refused"
    faults = [f for f in outcome.faults if f.is_error and f.code == "unknown_enum"]
    assert [(f.line, f.column, f.value) for f in faults] == [(3, "状态", "X")]
    good = files.take(
        [_wide(tmp_path)],
        source="branch",
        mapping=_mapping(tmp_path),
        accept_good=True,
    )
    assert good.tables["loans"].added == 1
    # Its instalments wait with it; the customer is good by itself.
    assert good.refused == {"loans": 1, "instalments": 1}


def test_the_error_file_has_the_layout_of_the_sender(tmp_path: Path) -> None:
    mapping = _mapping(tmp_path)
    outcome = files.take([_wide(tmp_path)], source="branch", mapping=mapping)
    text = outcome.error_files["wide_2026.csv"].read_text("utf-8-sig")
    header, row, *rest = text.splitlines()
    assert header.endswith(
        "合同号,客户号,客户名,放款日,状态,年利率%,渠道备注,D1,P1,I1,D2,P2,I2"
    )
    assert "H2,K2,李二,16/01/2026,X" in row
    assert not rest
    fixed = tmp_path / "wide_fixed.csv"
    fixed.write_text(text.replace(",X,", ",A,"), "utf-8-sig")
    good = files.take(
        [_wide(tmp_path), fixed],
        source="branch",
        mapping=door.Mapping(**{**vars(mapping), "encoding": None}),
    )
    assert good.state == "applied", good.faults
    assert good.tables["loans"].added == 2


def test_a_preview_shows_rows_and_how_full_each_field_is(tmp_path: Path) -> None:
    path = _wide(tmp_path)
    order = door.Order(
        files=[(path, path.name)], source="branch", mapping=_mapping(tmp_path)
    )
    tables, _ = door.preview(order, language="en")
    by_name = {one.table: one for one in tables}
    assert by_name["loans"].size == 2
    assert by_name["loans"].filled["loan_id"] == 100
    assert by_name["loans"].filled["status"] == 100
    assert by_name["loans"].rows[0][0] == "WX-H1"
    assert by_name["instalments"].size == 3
    assert files.query("SELECT count(*) FROM intake_batch") == [(0,)]


def test_a_column_the_file_lacks_is_named(tmp_path: Path) -> None:
    text = WIDE.replace("放款日", "放贷日")
    outcome = files.take(
        [_wide(tmp_path, text)], source="branch", mapping=_mapping(tmp_path)
    )
    assert outcome.codes["missing_source_column"] == 1
    assert "放款日" in outcome.faults[0].problem


def test_a_version_once_used_does_not_change(tmp_path: Path) -> None:
    text = WIDE.replace(",X,", ",S,")
    files.take([_wide(tmp_path, text)], source="branch", mapping=_mapping(tmp_path))
    changed = _mapping(tmp_path, MAPPING.replace("S: settled", "S: written_off"))
    with pytest.raises(door.MappingError, match="Raise its version"):
        files.take([_wide(tmp_path, text)], source="branch", mapping=changed)
    raised = _mapping(
        tmp_path,
        MAPPING.replace("S: settled", "S: written_off").replace("2026-11", "2026-12"),
    )
    outcome = files.take([_wide(tmp_path, text)], source="branch", mapping=raised)
    assert outcome.tables["loans"].changed == 1


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("table: loans", "table: lones", "no table lones"),
        ("constant: CNY", "konstant: CNY", "currency"),
        ("mapping: wide", "mapping: [", "not YAML"),
        ('version: "2026-11"', "", "version"),
    ],
)
def test_a_mapping_that_is_wrong_says_where(
    old: str, new: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(door.MappingError, match=words):
        _mapping(tmp_path, MAPPING.replace(old, new))


def test_an_unknown_mapping_lists_the_known_ones(tmp_path: Path) -> None:
    _mapping(tmp_path)
    with pytest.raises(door.MappingError, match="Known: wide"):
        door.find("wider", folders=[tmp_path])


def test_an_expression_outside_the_language_is_refused(tmp_path: Path) -> None:
    text = MAPPING.replace('concat("WX-", 合同号)', '__import__("os").getcwd()')
    with pytest.raises(door.MappingError, match="plain functions"):
        files.take([_wide(tmp_path)], source="x", mapping=_mapping(tmp_path, text))


def test_what_is_wrong_with_a_mapping_is_said_in_both_languages(tmp_path: Path) -> None:
    text = MAPPING.replace('concat("WX-", 合同号)', "concat(没有)")
    with pytest.raises(door.MappingError) as told:
        files.take([_wide(tmp_path)], source="x", mapping=_mapping(tmp_path, text))
    assert "没有列 没有；可用的列" in told.value.say("zh-hans")
    assert told.value.say("en").startswith("no column 没有; there are")


def test_a_row_a_formula_cannot_answer_is_told_in_both_languages(
    tmp_path: Path,
) -> None:
    text = MAPPING.replace('concat("WX-", 合同号)', "number(合同号)")
    for language, words in (("zh", "不是数字"), ("en", "is not a number")):
        outcome = files.take(
            [_wide(tmp_path)],
            source="x",
            mapping=_mapping(tmp_path, text),
            language=language,
        )
        assert any(words in fault.problem for fault in outcome.faults)
