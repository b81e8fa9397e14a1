"""`daihou cures` on small files reckoned by hand, and on random ones."""

import json

import pyarrow as pa
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from daihou.columnar.portfolio.curing import cure_rates
from daihou.config.cli import daihou
from daihou.engine.metrics import cures as plain
from daihou.engine.metrics.cures import End, Month
from daihou.engine.metrics.errors import PanelError

HEAD = "loan,month,dpd,closed,spoken,renewed\n"
COLUMNS = {"id": "loan", "period": "month", "dpd": "dpd"}
ASKED = ("--id", "loan", "--period", "month", "--dpd", "dpd")


def rows(account: str, days: str, *, spoken: str = "", end: str = "") -> str:
    """A row a month, days late with commas; spoken with in the months listed."""
    told = days.split(",")
    lines = []
    for number, late in enumerate(told, start=1):
        closed = end if number == len(told) else ""
        flag = "1" if str(number) in spoken else ""
        lines.append(f"{account},{number},{late},{closed},{flag},0\n")
    return "".join(lines)


PANEL = HEAD + "".join(
    [
        rows("a", "0,5,0,0,0,40,70"),  # cured alone, falls back after 3
        rows("b", "0,5,35,0,0,0,0", spoken="3"),  # cured in 2, not alone
        rows("c", "0,5,35,65,95,125,155"),  # never
        rows("d", "9,0,0,0,0,0,0"),  # its beginning was not seen
        rows("e", "0,5,0,0,0,0,0", end="settled"),
    ]
)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "panel.csv"
    path.write_text(PANEL, "utf-8")
    return path


def run(file, *options):
    arguments = ["cures", str(file), *ASKED, *options, "--language", "en"]
    return CliRunner().invoke(daihou, arguments)


def test_rates_are_those_reckoned_by_hand(file):
    result = run(file, "--closed", "closed", "--contacted", "spoken", "--json")
    assert result.exit_code == 0, result.output
    (line,) = result.stdout.splitlines()
    told = json.loads(line)
    assert told["within"] == [1, 3, 6]
    # a, b, c and e began in month 2; a again in month 6, known for one month.
    cure = [(each["part"], each["whole"]) for each in told["cure"]]
    assert cure == [(2, 5), (3, 4), (0, 0)]
    alone = [(each["part"], each["whole"]) for each in told["self_cure"]]
    assert alone == [(2, 5), (2, 4), (0, 0)]
    back = [(each["part"], each["whole"]) for each in told["redefault"]]
    assert back[1] == (1, 4)
    assert told["cure"][2]["rate"] is None


def test_without_contacts_nobody_is_said_to_have_cured_alone(file):
    told = json.loads(run(file, "--json").stdout)
    assert told["self_cure"] is None
    text = run(file).stdout
    assert "Cured without contact" not in text
    assert "a cure must stay 1 periods" in text


@pytest.mark.parametrize(
    "options, said",
    [
        (("--within", "0"), "periods of 1 or more"),
        (("--within", "soon"), "no list of whole numbers"),
        (("--closed", "dpd"), "is not among the states listed"),
        (("--closed", "nope"), "no column 'nope'"),
    ],
)
def test_what_cannot_be_asked_is_refused(file, options, said):
    result = run(file, *options)
    assert result.exit_code in (1, 2)
    assert said in result.stderr


def test_days_that_are_no_number_are_shown():
    frame = pa.table({"loan": ["a"], "month": [1], "dpd": ["late"]})
    with pytest.raises(PanelError, match="late"):
        cure_rates(frame, **COLUMNS)


@given(
    cells=st.dictionaries(
        st.tuples(st.integers(0, 4), st.integers(0, 10)),
        st.tuples(
            st.sampled_from((0, 0, 5, 35, None)),
            st.sampled_from(("", "", "", "settled", "written_off")),
            st.booleans(),
            st.booleans(),
        ),
        min_size=1,
    ),
    stay=st.integers(1, 3),
)
def test_any_panel_gives_the_plain_rates(cells, stay):
    months = [
        Month(
            str(account),
            period,
            days or 0,
            End(closed) if closed else None,
            contacted=spoken,
            replaced=renewed,
        )
        for (account, period), (days, closed, spoken, renewed) in sorted(cells.items())
    ]
    given_ = pa.table(
        {
            "loan": [f"L{account}" for account, _ in cells],
            "month": [period for _, period in cells],
            "dpd": pa.array([cell[0] for cell in cells.values()], pa.int64()),
            "closed": [cell[1] for cell in cells.values()],
            "spoken": [cell[2] for cell in cells.values()],
            "renewed": [cell[3] for cell in cells.values()],
        }
    )
    found = cure_rates(
        given_,
        **COLUMNS,
        closed="closed",
        contacted="spoken",
        replaced="renewed",
        stay=stay,
    )
    spells = plain.spells(months, stay=stay)
    last = max(month.period for month in months)
    assert found.spells == len(spells)
    for place, within in enumerate(found.within):
        asked = {"within": within, "last": last, "stay": stay}
        assert found.cured[place] == plain.cure_rate(spells, **asked)
        assert found.alone is not None
        assert found.alone[place] == plain.self_cure_rate(spells, **asked)
        assert found.fell_back[place] == plain.redefault_rate(spells, within=within)
