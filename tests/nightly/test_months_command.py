"""The command `daihou months`, as a person types it, and what the worker adds."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from daihou.config import wiring
from daihou.config.commands import months
from daihou.config.rounds import count_month
from daihou.kit import portfolio
from daihou.nightly.portfolio.book import PortfolioBook
from daihou.nightly.stores.months import MonthFiles
from tests.nightly import world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def book(tmp_path: Path, monkeypatch: Any) -> PortfolioBook:
    """The months of a small lender; starting the process does not bind others."""
    world.build(loans=12)
    made = PortfolioBook(url=world.url(), home=tmp_path, now=lambda: world.AT)
    portfolio.bind_portfolio(made)
    monkeypatch.setattr(wiring, "start", lambda: None)
    return made


def typed(*words: str) -> str:
    result = CliRunner().invoke(months.command, [*words, "--language", "en"])
    assert result.exit_code == 0, result.output
    return result.output


def test_months_are_named_counted_and_listed(
    book: PortfolioBook, tmp_path: Path
) -> None:
    assert "No day is closed yet" in typed()
    night = world.a_night(tmp_path)
    list(night.close(world.FIRST))
    list(night.close(through=world.LAST))
    night.shut()
    said = typed()
    assert "Due: 2024-02, 2024-03" in said
    assert book.months() == []
    said = typed("--count")
    assert "2024-02: " in said and "Due:" not in said
    assert "complete" in said and "still runs" in said
    for month in book.months():
        assert month.fingerprint[:12] in said
    assert str(world.LAST + timedelta(days=1)) not in said
    assert "counted" not in typed("--count")


def test_the_worker_makes_what_an_older_version_did_not_write(
    book: PortfolioBook, tmp_path: Path
) -> None:
    night = world.a_night(tmp_path)
    list(night.close(world.FIRST))
    night.shut()
    typed("--count")
    (month,) = book.months()
    files = MonthFiles(tmp_path)
    path = files.path(month.name, month.fingerprint, level="officers")
    written = path.read_bytes()
    path.unlink()
    assert book.due() == [], "nothing is counted again for it"
    count_month(at=world.AT)
    assert path.read_bytes() == written
    assert book.fill() == ""
