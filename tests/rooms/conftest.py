"""Fixtures of the rooms' tests: the cast."""

import pytest

from tests.rooms.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    """Mei, Arun, Bola and Sam."""
    return make_cast()
