"""What each kind of person gets from the addresses of strategies."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.rooms.all_urls import GONE, REFUSED, SEEN, WRONG, Call, page, task
from tests.rooms.all_urls_api import read, write

if TYPE_CHECKING:
    from tests.rooms.all_urls_world import World

_GRID = {"hit": "first", "inputs": ["dpd"], "rows": []}


def drawn(world: "World") -> Any:
    """A draft of a strategy of the house; another where it was decided or dropped."""
    from daihou.rooms.strategy import document
    from daihou.rooms.strategy.models import Strategy, Version
    from tests.rooms.cast import AT

    owner, _new = Strategy.objects.get_or_create(
        code="walk",
        defaults={
            "title_zh": "走",
            "title_en": "Walk",
            "made_by": "maker",
            "made_at": AT,
        },
    )
    found = Version.objects.filter(strategy=owner, state="draft").first()
    if found is not None:
        return found
    content = document.empty("walk", {"zh": "走", "en": "Walk"})
    return Version.objects.create(
        strategy=owner,
        number=1,
        state="draft",
        origin="drawn",
        content=content,
        digest=document.digest(content),
        authors=["maker"],
        changed_by="maker",
        changed_at=AT,
    )


def a_strategy(world: "World") -> Mapping[str, Any]:
    """The strategy."""
    return {"strategy_id": drawn(world).strategy_id}


def a_version(world: "World") -> Mapping[str, Any]:
    """Its draft."""
    return {"version_id": drawn(world).pk}


def tried(world: "World") -> Mapping[str, Any]:
    """A rehearsal that is done; the north's customer would move in it."""
    from daihou.rooms.strategy.models import Rehearsal
    from tests.rooms.cast import AT, TODAY

    draft = drawn(world)
    made, _new = Rehearsal.objects.get_or_create(
        version=draft,
        defaults={
            "digest": draft.digest,
            "as_of": TODAY,
            "state": "done",
            "key": "walk",
            "summary": {"customers": 7_771_401, "moved": 1},
            "asked_by": "maker",
            "asked_at": AT,
        },
    )
    return {"rehearsal_id": made.pk}


def rev(world: "World") -> Mapping[str, Any]:
    """The draft as it is, with a reason."""
    return {"rev": drawn(world).rev, "reason": "x", "begins_on": "2026-03-20"}


def api_version(world: "World") -> Mapping[str, Any]:
    """The draft, as the API names it."""
    return {"version": drawn(world).pk}


STRATEGY: dict[str, Call | list[Call]] = {
    "strategy:list": page(agent=REFUSED),
    "strategy:steps": page(agent=REFUSED),
    "strategy:one": page(args=a_strategy, agent=REFUSED),
    "strategy:version": page(args=a_version, agent=REFUSED),
    "strategy:compare": page(data=lambda world: {"b": drawn(world).pk}, agent=REFUSED),
    "strategy:file": page(args=a_version, agent=REFUSED),
    "strategy:try": [
        page(args=a_version, agent=REFUSED),
        page(
            args=a_version,
            data=lambda world: {"customer": world.loan.customer_id},
            chief=GONE,
            agent=REFUSED,
            sam=GONE,
            north=GONE,  # no night is bound to know anything of anybody
        ),
    ],
    "strategy:experiment": page(args=a_version, agent=REFUSED),
    "strategy:rehearsal": page(args=tried, agent=REFUSED),
    # Of the whole book; there is no night that keeps the list.
    "strategy:movers": page(
        args=tried, chief=REFUSED, agent=REFUSED, sam=GONE, north=REFUSED
    ),
    "strategy:make": task(data=lambda world: {"code": "x"}),
    "strategy:begin": task(args=a_strategy),
    "strategy:draft": page(args=a_version, agent=REFUSED, sam=REFUSED),
    "strategy:keep": task(
        args=a_version,
        data=lambda world: {"rev": 1, **_GRID},
        as_json=True,
    ),
    "strategy:parts": [
        page(args=a_version, agent=REFUSED, sam=REFUSED),
        task(args=a_version, data=rev),
    ],
    "strategy:read": task(args=a_version, data=rev),
    "strategy:rehearse": task(args=a_version, data=rev),
    "strategy:propose": task(args=a_version, data=rev),
    "strategy:release": task(args=a_version, data=lambda world: {"act": "retire"}),
    "strategy:drop": task(args=a_version, data=lambda world: {"rev": 99}),
    "api:list_strategies": read(agent=REFUSED),
    "api:get_strategy_version": read(args=api_version, agent=REFUSED),
    "api:begin_strategy_draft": write(
        args=lambda world: {"strategy": drawn(world).strategy_id},
        data=lambda world: {},
    ),
    "api:keep_strategy_draft": write(
        args=api_version,
        data=lambda world: {"rev": 99, "content": {"id": "walk"}},
    ),
    "api:rehearse_strategy_draft": write(
        args=api_version, data=lambda world: {"rev": 1}
    ),
    "api:get_strategy_rehearsal": read(
        args=lambda world: {"rehearsal": tried(world)["rehearsal_id"]},
        chief=REFUSED,
        agent=REFUSED,
        north=REFUSED,
    ),
    "api:propose_strategy_version": write(
        args=api_version, data=lambda world: {"rev": 1, "reason": "x"}
    ),
    "api:list_steps": read(chief={SEEN}, agent={SEEN, REFUSED, WRONG}),
}
