"""The database of the test run: one server for all workers, gone afterwards."""

import os
import shutil
from collections.abc import Iterator

import pytest

from daihou.config import database


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> Iterator[None]:
    """Start the server when the first test asks for a database, not before."""
    database.join(durable=False)
    yield


def pytest_unconfigure(config: pytest.Config) -> None:
    database.leave()
    home = os.environ.get("DAIHOU_TEST_HOME")
    if home and not hasattr(config, "workerinput"):
        shutil.rmtree(home, ignore_errors=True)
