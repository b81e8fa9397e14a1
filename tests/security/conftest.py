"""The cast, a book of closed days, and an administrator, for attacks on the pages."""

import pytest
from django.test import Client

from daihou.rooms.people import door as people
from tests.rooms.cast import AT, PASSWORD
from tests.rooms.conftest import cast  # noqa: F401
from tests.rooms.dayend.test_dayend import make_run
from tests.rooms.test_pages import LAST, book, loans, signed_in  # noqa: F401


@pytest.fixture
def ada(book: object) -> Client:  # noqa: F811
    """An administrator, signed in, over a book with a run of the night."""
    people.create_user(
        username="ada", password=PASSWORD, role="admin", by="test", at=AT
    )
    make_run(LAST)
    return signed_in("ada")
