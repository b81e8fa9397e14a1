"""The cast with two loans, one in the north and one in the south, on an open day."""

from dataclasses import dataclass

import pytest

from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger.models import Loan
from daihou.rooms.people import door as people
from daihou.rooms.people.models import RoleGrant
from daihou.rooms.people.permissions import GRANTS
from tests.api.calls import AT, Api, api_of
from tests.rooms.cast import TODAY, Cast, make_cast, make_loan


@dataclass(frozen=True)
class World:
    """Who there is and what they owe."""

    cast: Cast
    north: Loan
    south: Loan


@pytest.fixture
def world(db: None) -> World:
    """Mei, Arun, Bola and Sam; N1 of the north, S1 of the south.

    As shipped a collector makes no tokens; here they may, so that theirs are tried.
    """
    shipped = GRANTS[people.Role.COLLECTOR]
    RoleGrant.objects.filter(code="collector").update(
        permissions=sorted(shipped | {people.Permission.USE_API})
    )
    cast = make_cast()
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    return World(cast, make_loan("N1"), make_loan("S1", branch="south"))


@pytest.fixture
def arun(world: World) -> Api:
    """A program of Arun's, who may post payments and sees every branch."""
    return api_of("arun")
