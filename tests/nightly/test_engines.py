"""Where the book is settled changes nothing; what cannot be had is refused in words."""

import importlib.util
import os
import shutil
import subprocess
import sys
from datetime import date

import pyarrow as pa
import pytest

from daihou.nightly import settling
from daihou.nightly.errors import NightError
from daihou.nightly.settling import OneMachine, OnSpark
from daihou.tables.facts import RATE_STEPS
from tests.nightly import world
from tests.nightly.world import FIRST, LAST


def no_spark() -> str:
    """What Spark lacks here, by name."""
    if importlib.util.find_spec("pyspark") is None:
        return "Spark is not installed: tools/setup.py spark"
    return "" if shutil.which("java") else "There is no Java; Spark 4 wants 17 or 21"


on_spark = pytest.mark.skipif(bool(no_spark()), reason=no_spark() or "Spark is here")


@pytest.mark.parametrize("named", ["", "local", " local "])
def test_without_a_word_it_is_this_machine(named):
    assert isinstance(settling.settling(named), OneMachine)


@pytest.mark.parametrize(
    "named", ["spark", "spark-local", "spark-local[x]", "dask://a"]
)
def test_an_unknown_engine_is_refused_with_those_there_are(named):
    with pytest.raises(NightError, match="spark-local\\[N\\]"):
        settling.settling(named)


def test_spark_without_java_is_refused_by_name(monkeypatch):
    monkeypatch.setattr(settling, "find_spec", lambda name: object())
    monkeypatch.setattr(settling.shutil, "which", lambda name: None)
    with pytest.raises(NightError, match="Java 17 is not installed"):
        settling.settling("spark-local[2]")
    monkeypatch.setattr(settling, "find_spec", lambda name: None)
    with pytest.raises(NightError, match="pyspark is not installed"):
        settling.settling("spark://cluster:7077")


def test_an_engine_is_named_as_spark_writes_it(monkeypatch):
    monkeypatch.setattr(settling, "_must_run", lambda: None)
    found = [
        settling.settling(named)
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
    kept = settling._one_a_day(steps)
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


@on_spark
@pytest.mark.alone
# Spark leaves the sockets it read results from to the collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.django_db(transaction=True)
def test_days_close_with_the_same_fingerprints_on_spark(tmp_path):
    world.build()
    here = world.a_night(tmp_path / "here")
    wanted = [each.fingerprint for each in here.close(FIRST, through=LAST)]
    state = world.state()
    here.shut()
    world.forget_nights()
    there = world.a_night(tmp_path / "there")
    there._settling = settling.settling("spark-local[2]")
    try:
        found = [each.fingerprint for each in there.close(FIRST, through=LAST)]
    finally:
        there.shut()
    assert found == wanted
    assert world.state()["positions"] == state["positions"]
    assert world.state()["moves"] == state["moves"]
