"""One engine of the book a process, named by its environment, refused in words."""

import pytest

from daihou.config import book
from daihou.config.complaints import SetUpError
from daihou.kit import speech
from daihou.nightly import engines
from daihou.nightly.engines import OneMachine, OnSpark


def test_the_night_and_the_rooms_share_one_engine(monkeypatch):
    monkeypatch.setattr(engines, "_must_run", lambda: None)
    monkeypatch.setenv(engines.VARIABLE, "spark-local[3]")
    found = book.engine()
    assert isinstance(found, OnSpark)
    assert (found.master, found.partitions) == ("local[3]", 6)
    assert book.engine() is found
    monkeypatch.setenv(engines.VARIABLE, " local ")
    assert isinstance(book.engine(), OneMachine)


def test_without_a_word_it_is_this_machine(monkeypatch):
    monkeypatch.delenv(engines.VARIABLE, raising=False)
    assert isinstance(book.engine(), OneMachine)


@pytest.mark.parametrize(
    ("language", "told"), [("en", "names no engine"), ("zh-Hans", "不是可用的计算引擎")]
)
def test_what_is_no_engine_is_refused_in_both_languages(monkeypatch, language, told):
    monkeypatch.setattr(speech, "_spoken", [language])
    monkeypatch.setenv(engines.VARIABLE, "abacus")
    with pytest.raises(SetUpError, match=told):
        book.engine()


def test_a_session_that_was_let_go_of_is_started_again(monkeypatch):
    started: list[str] = []

    class Session:
        def stop(self) -> None:
            started.append("stopped")

    def session(master: str) -> Session:
        started.append(master)
        return Session()

    spark = pytest.importorskip("daihou.columnar.spark", reason="Spark is not here")
    monkeypatch.setattr(spark, "session", session)
    engine = OnSpark("local[2]")
    assert engine.session() is engine.session()
    engine.shut()
    engine.shut()
    engine.session()
    assert started == ["local[2]", "stopped", "local[2]"]
