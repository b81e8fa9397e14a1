"""Which database is used, and how its address is read."""

import threading

import pytest

from daihou.config import database, embedded, home


def test_a_server_of_ones_own_is_used_when_it_is_named(monkeypatch):
    url = "postgresql://loan%40desk:s%2Fecret@db.example:5433/books?sslmode=require"
    monkeypatch.setenv("DATABASE_URL", url)
    assert database.database_url() == url
    assert not database.is_embedded()
    entry = database.django_database(url)
    assert entry["USER"] == "loan@desk"
    assert entry["PASSWORD"] == "s/ecret"
    assert (entry["HOST"], entry["PORT"], entry["NAME"]) == (
        "db.example",
        "5433",
        "books",
    )
    assert entry["OPTIONS"] == {"sslmode": "require"}


def test_joining_a_server_of_ones_own_starts_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("DAIHOU_HOME", str(tmp_path))
    database.join()
    assert not list(tmp_path.iterdir())


def test_without_one_the_embedded_server_of_the_home_is_used(monkeypatch, tmp_path):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("DAIHOU_HOME", str(tmp_path / "a home"))
    place = embedded.Place(tmp_path / "a home")
    assert database.is_embedded()
    assert database.database_url() == place.url()
    entry = database.django_database(place.url())
    assert entry["HOST"] == str(place.sockets)
    assert entry["NAME"] == "daihou"


def test_another_kind_of_database_is_refused_with_an_example():
    with pytest.raises(ValueError, match="postgresql://user:password@host"):
        database.django_database("mysql://localhost/books")


def test_a_secret_is_made_once_however_many_ask(monkeypatch, tmp_path):
    monkeypatch.setenv("DAIHOU_HOME", str(tmp_path))
    told: list[str] = []
    askers = [
        threading.Thread(
            target=lambda n=n: told.append(home.secret("key", make=str(n)))
        )
        for n in range(8)
    ]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert len(told) == 8
    assert len(set(told)) == 1
    assert (tmp_path / "secrets" / "key").stat().st_mode & 0o077 == 0
