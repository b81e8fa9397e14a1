"""Relief for programs."""

from daihou.rooms.relief.api import households as households
from daihou.rooms.relief.api.operations import router

__all__ = ["router"]
