"""Where the book is worked on changes nothing; what cannot be had is refused in words."""

import importlib.util
import os
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from django.db import connection

from daihou.engine.classification.rules import ClassificationRules
from daihou.engine.provision.rules import ProvisionRules
from daihou.kit.portfolio import Asked, Cut
from daihou.kit.steps import Live
from daihou.nightly import engines
from daihou.nightly.engines import Engine, OneMachine, OnSpark
from daihou.nightly.errors import NightError
from daihou.nightly.grading.grader import Grader
from daihou.nightly.portfolio.book import PortfolioBook
from daihou.nightly.provision import Provider
from daihou.nightly.strategy.maker import StepMaker
from daihou.packs import law, strategies
from daihou.tables.facts import RATE_STEPS
from tests.nightly import world
from tests.nightly.world import FIRST

LAST = FIRST + timedelta(days=1)


def no_spark() -> str:
    """What Spark lacks here, by name."""
    if importlib.util.find_spec("pyspark") is None:
        return "Spark is not installed: tools/setup.py spark"
    return "" if shutil.which("java") else "There is no Java; Spark 4 wants 17 or 21"


on_spark = pytest.mark.skipif(bool(no_spark()), reason=no_spark() or "Spark is here")


@pytest.mark.parametrize("named", ["", "local", " local "])
def test_without_a_word_it_is_this_machine(named):
    assert isinstance(engines.engine(named), OneMachine)


@pytest.mark.parametrize(
    "named", ["spark", "spark-local", "spark-local[x]", "spark-local[0]", "dask://a"]
)
def test_an_unknown_engine_is_refused_with_those_there_are(named):
    with pytest.raises(NightError, match="spark-local\\[N\\]"):
        engines.engine(named)


def test_spark_without_java_is_refused_by_name(monkeypatch):
    monkeypatch.setattr(engines, "find_spec", lambda name: object())
    monkeypatch.setattr(engines.shutil, "which", lambda name: None)
    with pytest.raises(NightError, match="Java 17 is not installed"):
        engines.engine("spark-local[2]")
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    with pytest.raises(NightError, match="pyspark is not installed"):
        engines.engine("spark://cluster:7077")


def test_an_engine_is_named_as_spark_writes_it(monkeypatch):
    monkeypatch.setattr(engines, "_must_run", lambda: None)
    found = [
        engines.engine(named)
        for named in ("spark-local[2]", "spark-local[*]", "spark://a:7077,b:7077")
    ]
    assert all(isinstance(each, OnSpark) for each in found)
    assert [each.master for each in found] == [
        *("local[2]", "local[*]", "spark://a:7077,b:7077")
    ]
    assert [each.partitions for each in found] == [4, None, None]


def test_of_two_rate_steps_a_day_the_later_row_stays():
    days = [date(2026, 1, 1), date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 1)]
    rows = [
        {"loan_id": loan, "begins_on": day, "penalty_rate_nano": rate}
        for loan, day, rate in zip((1, 1, 1, 2), days, (5, 6, 7, 8), strict=True)
    ]
    steps = pa.Table.from_pylist(rows, schema=RATE_STEPS)
    kept = engines._one_a_day(steps)
    assert kept["penalty_rate_nano"].to_pylist() == [6, 7, 8]


def test_a_command_refuses_an_unknown_engine_in_words(tmp_path):
    environment = {
        **{k: v for k, v in os.environ.items() if k != "DATABASE_URL"},
        "DAIHOU_HOME": str(tmp_path),
        "DAIHOU_BOOK": "abacus",
        "DAIHOU_LANGUAGE": "en",
    }
    done = subprocess.run(
        [sys.executable, "-m", "daihou.config.cli", "day-end"],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 1
    assert "DAIHOU_BOOK=abacus names no engine" in done.stderr


def lived(engine: Engine, home: Path) -> dict[str, object]:
    """What comes of two days on an engine: every file and row of the night."""
    night = world.a_night(home)
    night._engine = engine
    closed = [each.fingerprint for each in night.close(FIRST, through=LAST)]
    night.shut()
    asked: Any = {"url": world.url(), "home": home, "engine": engine}
    grader, maker = Grader(**asked), StepMaker(**asked)
    law_book = law.known()
    graded = []
    for as_of in grader.due():
        rules = ClassificationRules.of(law_book, "bank", as_of)
        run = grader.grade(as_of, rules=rules, law="", at=world.AT, by="mei")
        graded.append(run.fingerprint)
    tables = {"CN_MOF2012": ProvisionRules.of(law_book, "bank", LAST)}
    live = [Live(7, strategies.shipped()["consumer"])]
    steps = maker.evaluate(LAST, live=live, at=world.AT, by="mei")
    months = PortfolioBook(**asked, now=lambda: world.AT)
    counted = [months.count(name).fingerprint for name in months.due()]
    shares = months.series(Asked("overdue_1_amount", by=Cut.PRODUCT))
    return {
        "positions": closed,
        "classes": graded,
        "provisions": Provider(**asked).provide(
            LAST, opening_on=FIRST, rules=tables, opening_rules={}
        ),
        "steps": (steps.fingerprint, steps.steps, steps.alarms),
        "months": counted,
        "shares": [(each.key, each.part, each.whole) for each in shares.points],
        "state": {name: world.state()[name] for name in ("positions", "moves")},
    }


@on_spark
@pytest.mark.alone
# Spark leaves the sockets it read results from to the collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.django_db(transaction=True)
def test_a_night_comes_to_the_same_on_spark_file_by_file(tmp_path):
    world.build()
    wanted = lived(OneMachine(), tmp_path / "here")
    assert len(wanted["classes"]) == 2 and wanted["months"] and wanted["shares"]
    world.forget_nights()
    with connection.cursor() as cursor:
        cursor.execute("truncate grading_run, strategy_run, reporting_month cascade")
        cursor.execute("truncate strategy_step")
    engine = engines.engine("spark-local[2]")
    try:
        found = lived(engine, tmp_path / "there")
    finally:
        engine.shut()
    for name, value in wanted.items():
        assert found[name] == value, name
