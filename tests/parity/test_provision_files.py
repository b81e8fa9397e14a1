"""`daihou provision FILE`: a graded book as Parquet, provided for as the reference does."""

import json
import random
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from click.testing import CliRunner
from pyarrow import parquet

from daihou.config.cli import daihou
from daihou.engine.classification.codes import AssetClass
from daihou.engine.provision.movement import Line, Position, movement
from daihou.engine.provision.required import Exposure, assess, needed, totals
from daihou.engine.provision.rules import ProvisionRules
from daihou.packs import law

DAY = date(2026, 9, 30)
RULES = ProvisionRules.of(law.known(), "bank", DAY)
USUAL = ("--as-of", "2026-09-30", "--licence", "bank", "--language", "en")


def loans(seed: int, count: int = 60) -> list[Exposure]:
    rng = random.Random(seed)
    return [
        Exposure(
            f"L-{rng.randrange(200)}-{n % 90}",
            AssetClass(rng.randrange(5)),
            rng.randrange(10**8),
        )
        for n in range(count)
    ]


def written(path: Path, rows: list[Exposure], **more: Any) -> Path:
    columns = {
        "loan_id": [each.loan for each in rows],
        "asset_class": [each.asset_class.code for each in rows],
        "balance": pa.array([each.balance for each in rows], pa.int64()),
    }
    parquet.write_table(pa.table(columns | more), path)
    return path


def run(*words: str) -> Any:
    found = CliRunner().invoke(daihou, ["provision", *words, *USUAL])
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout) if "--as-json" in words else found.stdout


def refused(*words: str) -> str:
    found = CliRunner().invoke(daihou, ["provision", *words, *USUAL])
    assert found.exit_code in {1, 2}, found.output
    return found.output


def money(minor: int) -> str:
    return f"{Decimal(minor) / 100:.2f}"


def test_a_book_needs_what_the_reference_says(tmp_path: Path) -> None:
    rows = loans(1)
    file = written(tmp_path / "book.parquet", rows)
    said = run(str(file), "--held", "1000000.00", "--as-json")
    wanted = assess(totals(rows, RULES), RULES, held=100_000_000, as_of=DAY)
    assert said["required"] == money(wanted.required)
    assert said["shortfall"] == money(wanted.shortfall)
    assert (said["by"], said["answer"]) == (wanted.by.value, wanted.decision.answer)
    for at, row in totals(rows, RULES).items():
        assert said["classes"][at.code]["needed"] == money(row.needed)


def test_what_daihou_positions_wrote_is_read_in_major_units(tmp_path: Path) -> None:
    rows = [each for each in loans(2) if each.loan != "gone"]
    gone = [Exposure("gone", AssetClass.LOSS, 10**9)]
    table = pa.table(
        {
            "loan_id": [each.loan for each in rows + gone],
            "asset_class": [each.asset_class.code for each in rows] + [None],
            "outstanding_principal": pa.array(
                [Decimal(each.balance) / 100 for each in rows + gone],
                pa.decimal128(20, 2),
            ),
            "status": ["active"] * len(rows) + ["settled"],
        }
    )
    parquet.write_table(table, tmp_path / "positions.parquet")
    said = run(str(tmp_path / "positions.parquet"), "--as-json")
    found = totals(rows, RULES)
    assert said["by_table"] == money(sum(each.needed for each in found.values()))
    assert said["loans"] == money(sum(each.balance for each in found.values()))


def test_the_movement_between_two_files_foots_as_the_reference_s(
    tmp_path: Path,
) -> None:
    before, after = loans(3), loans(4)
    shared = {each.loan for each in before} & {each.loan for each in after}
    assert len(shared) > 0
    held = [each.balance // 7 for each in after]
    first = written(tmp_path / "before.parquet", before)
    then = written(
        tmp_path / "after.parquet", after, allowance=pa.array(held, pa.int64())
    )
    lost = next(each for each in before if each.loan not in shared)
    off = pa.table({"loan_id": [lost.loan], "amount": pa.array([lost.balance // 2])})
    parquet.write_table(off, tmp_path / "off.parquet")
    words = ("--opening", str(first), "--written-off", str(tmp_path / "off.parquet"))
    said = run(str(then), *words, "--as-json")["movement"]
    wanted = movement(
        {
            each.loan: Position(
                each.asset_class, each.balance, needed(each, RULES).amount
            )
            for each in before
        },
        {
            each.loan: Position(each.asset_class, each.balance, allowance)
            for each, allowance in zip(after, held, strict=True)
        },
        written_off={lost.loan: lost.balance // 2},
    )
    assert said["foots"] and said["charge"] == money(wanted.charge)
    for at in AssetClass:
        for line in Line:
            amounts = said["balances"][at.code], said["allowances"][at.code]
            assert amounts[0][line.code] == money(wanted.balances[at, line])
            assert amounts[1][line.code] == money(wanted.allowances[at, line])
    page = run(str(then), *words)
    assert "Allowances" in page and "remeasured" in page
    chinese = CliRunner().invoke(
        daihou, ["provision", str(then), *words, *USUAL[:4], "--language", "zh"]
    )
    assert "期初" in chinese.stdout and "核销" in chinese.stdout


def test_codes_serve_as_well_as_words(tmp_path: Path) -> None:
    rows = loans(5)
    words = run(str(written(tmp_path / "a.parquet", rows)), "--as-json")
    codes = pa.array([int(each.asset_class) for each in rows], pa.int8())
    file = written(tmp_path / "b.parquet", rows, asset_class=codes)
    assert run(str(file), "--as-json") == words


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"asset_class": ["fine"]}, "fine is no class"),
        ({"asset_class": pa.array([None], pa.string())}, "classify them first"),
        ({"asset_class": pa.array([7], pa.int8())}, "7 is no class"),
        ({"balance": pa.array([-1], pa.int64())}, "balance"),
        ({"balance": pa.array([None], pa.int64())}, "balance"),
        ({"loan_id": pa.array([None], pa.string())}, "loan_id"),
        ({"model": pa.array(["x"])}, "model"),
    ],
)
def test_a_column_that_is_wrong_is_named(
    tmp_path: Path, columns: dict[str, Any], said: str
) -> None:
    one = [Exposure("a", AssetClass.NORMAL, 100)]
    file = written(tmp_path / "book.parquet", one, **columns)
    assert said in refused(str(file))


def test_other_mistakes_have_a_way_out(tmp_path: Path) -> None:
    one = [Exposure("a", AssetClass.LOSS, 100)]
    file = str(written(tmp_path / "book.parquet", one))
    twice = written(tmp_path / "twice.parquet", one * 2)
    assert "there twice" in refused(str(twice))
    nonsense = tmp_path / "nonsense.parquet"
    nonsense.write_bytes(b"nonsense")
    assert "no Parquet file" in refused(str(nonsense))
    bare = tmp_path / "bare.parquet"
    parquet.write_table(pa.table({"loan_id": ["a"]}), bare)
    assert "no column asset_class" in refused(str(bare))
    assert "There is no table X" in refused(file, "--table", "X")
    off = tmp_path / "off.parquet"
    parquet.write_table(pa.table({"loan_id": ["b"], "amount": [1]}), off)
    words = ("--opening", file, "--written-off", str(off))
    assert "Loan b was written off" in refused(file, *words)
    gone = written(tmp_path / "gone.parquet", [])
    more = pa.table({"loan_id": ["a"], "amount": [101]})
    parquet.write_table(more, off)
    words = ("--opening", file, "--written-off", str(off))
    assert "Loan a: 101 was written off, more than" in refused(str(gone), *words)
    assert "Give a FILE or --json" in refused()
    alone = CliRunner().invoke(daihou, ["provision", file, "--language", "en"])
    assert alone.exit_code == 2 and "--as-of" in alone.output
