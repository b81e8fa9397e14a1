"""What programs may ask of casework."""

from daihou.kit.api.router import Router
from daihou.rooms.casework.api import (
    cases,
    giving,
    holds,
    items,
    markers,
    plans,
    promises,
    reading,
    work,
)

router = Router()
for part in (cases, holds, giving, work, promises, items, markers, plans, reading):
    router.add_router("", part.router)

__all__ = ["router"]
