"""A home of one's own, without the demonstration."""

import os
import subprocess
import sys

import pytest

from daihou.config import tables
from daihou.config.complaints import SetUpError
from tests.nightly import world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.alone
def test_the_database_inside_is_brought_up_to_date_by_any_command(tmp_path):
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DAIHOU_", "DJANGO_")) and name != "DATABASE_URL"
    } | {"DAIHOU_LANGUAGE": "en"}

    def typed(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "daihou.config.cli", *words],
            env=clean | {"DAIHOU_HOME": str(tmp_path / "home")} | more,
            capture_output=True,
            text=True,
            check=False,
        )

    first = typed("day-end", "--language", "en")
    assert "brought up to date" in first.stderr and "Traceback" not in first.stderr
    assert "No business date" in first.stderr and first.returncode == 1
    again = typed("user", "list")
    assert (again.returncode, again.stderr) == (0, "")
    away = typed("user", "list", DATABASE_URL="postgresql://127.0.0.1:1/x")
    assert away.returncode == 1 and away.stderr.count("\n") == 1
    assert "Cannot reach the database at 127.0.0.1:1" in away.stderr


def test_a_server_of_your_own_is_to_be_migrated_by_you(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", world.url())
    tables.see_to()
    newer = tmp_path / "ledger" / "migrations" / "0099_newer.py"
    newer.parent.mkdir(parents=True)
    newer.touch()
    monkeypatch.setattr(tables, "ROOMS", tmp_path)
    with pytest.raises(SetUpError, match="daihou migrate"):
        tables.see_to()
