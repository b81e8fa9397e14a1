"""The database of the test run: one server for all workers, gone afterwards."""

import os
import shutil
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from daihou.config import database
from daihou.kit import grades, portfolio, steps
from tests.rooms.portfolio import Nothing

# A busy machine is no finding; `make deep` looks longer, at the laws longest.
settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("long", settings.get_profile("house"), max_examples=1000)
settings.register_profile("deep", settings.get_profile("house"), max_examples=10_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> Iterator[None]:
    """Start the server when the first test asks for a database, not before."""
    database.join(durable=False)
    yield


@pytest.fixture(autouse=True)
def no_grader_left() -> None:
    """What something bound before, and that reads another book, is gone."""
    grades.unbind_grader()
    steps.unbind_step_maker()
    portfolio.bind_portfolio(Nothing())


def pytest_unconfigure(config: pytest.Config) -> None:
    database.leave()
    home = os.environ.get("DAIHOU_TEST_HOME")
    if home and not hasattr(config, "workerinput"):
        shutil.rmtree(home, ignore_errors=True)
