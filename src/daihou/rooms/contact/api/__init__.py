"""What programs may ask of contact."""

from daihou.kit.api.router import Router
from daihou.rooms.contact.api import asking, keeping

router = Router()
for part in (asking, keeping):
    router.add_router("", part.router)

__all__ = ["router"]
