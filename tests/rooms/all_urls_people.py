"""What each kind of person gets from the addresses of people and signing in."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.rooms.all_urls import (
    GONE,
    LET_IN,
    REFUSED,
    SEEN,
    WRONG,
    Call,
    open_to_all,
    page,
    task,
)

if TYPE_CHECKING:
    from tests.rooms.all_urls_world import World


def of_north(_world: "World") -> Mapping[str, Any]:
    """Somebody of the north."""
    return {"username": "north"}


def new_login(username: str, role: str, branch: str = "") -> Mapping[str, Any]:
    """The form of a login."""
    return {"username": username, "role": role, "branch": branch}


# Of a login of the north: not there for the chief of the south, one's own for `north`.
ELSEWHERE: dict[str, Any] = {"chief": REFUSED}

PEOPLE: dict[str, Call | list[Call]] = {
    "people:sign_in": open_to_all(),
    "people:sign_out": task(agent=LET_IN, sam=LET_IN),
    "people:preferences": task(
        data=lambda world: {"density": "cozy"}, agent=LET_IN, sam=LET_IN
    ),
    "people:language": task(
        data=lambda world: {"language": "en"}, agent=SEEN, sam=SEEN, nobody=SEEN
    ),
    "people:second_factor": open_to_all(),
    "people:ask_passkey": task(agent=SEEN, sam=SEEN, nobody=SEEN),
    "people:passkey": task(agent=SEEN, sam=SEEN, nobody=WRONG),
    "people:view_as_end": task(agent=SEEN, sam=SEEN),
    "openid_connect_login": open_to_all(
        args=lambda world: {"provider_id": "house"},
        chief=REFUSED,
        agent=REFUSED,
        sam=REFUSED,
        nobody=REFUSED,
        north=REFUSED,
    ),
    "openid_connect_callback": open_to_all(
        args=lambda world: {"provider_id": "house"},
        chief=REFUSED,
        agent=REFUSED,
        sam=REFUSED,
        nobody=REFUSED,
        north=REFUSED,
    ),
    "socialaccount_login_cancelled": open_to_all(),
    "people:account": page(),
    "people:password": [page(), task(agent=WRONG, sam=WRONG)],
    "people:app": [page(), task(agent=WRONG, sam=WRONG)],
    "people:passkey_ask": task(agent=SEEN, sam=SEEN),
    "people:passkey_add": task(agent=SEEN, sam=SEEN),
    "people:codes": [page(), task(agent=SEEN, sam=SEEN)],
    "people:factor_remove": task(
        args=lambda world: {"factor_id": 1}, agent=SEEN, sam=SEEN
    ),
    "people:sessions_end": task(agent=SEEN, sam=SEEN),
    "people:session_end": task(
        args=lambda world: {"session_id": 1},
        chief=GONE,
        agent=GONE,
        sam=GONE,
        north=GONE,
    ),
    "people:users": page(agent=REFUSED),
    "people:user_new": [
        page(agent=REFUSED, sam=REFUSED),
        task(data=lambda world: new_login("all-seeing", "risk", "north"), chief=WRONG),
    ],
    # Somebody of the north is nobody to who manages people of the south alone.
    "people:user": [
        page(args=of_north, chief=REFUSED, agent=REFUSED),
        task(args=of_north, data=lambda world: new_login("", "risk"), **ELSEWHERE),
    ],
    "people:user_duty": task(args=of_north, **ELSEWHERE),
    "people:user_password": task(args=of_north, **ELSEWHERE),
    "people:user_factors": task(args=of_north, **ELSEWHERE),
    "people:user_sessions": task(args=of_north, **ELSEWHERE),
    "people:view_as": task(args=of_north, north=REFUSED, **ELSEWHERE),
    "people:organisation": [
        page(agent=REFUSED),
        task(data=lambda world: {"code": "x", "name": "x", "new": "yes"}),
    ],
    "people:unit_remove": task(
        data=lambda world: {"code": "north"}, chief=REFUSED, north=REFUSED
    ),
    "people:roles": page(agent=REFUSED),
    "people:role": [
        page(args=lambda world: {"code": "risk"}, agent=REFUSED),
        task(args=lambda world: {"code": "risk"}, data=lambda world: {"reach": "x"}),
    ],
    "people:role_copy": task(args=lambda world: {"code": "risk"}),
    "people:role_remove": task(args=lambda world: {"code": "risk"}),
    "people:duties": [page(agent=REFUSED), task()],
    "people:duty": task(args=lambda world: {"rule_id": 0}, chief=GONE, north=GONE),
    "people:covers": [page(agent=REFUSED), task()],
    "people:cover_end": task(
        args=lambda world: {"cover_id": 0}, chief=GONE, north=GONE
    ),
}
