"""Mapping files: any layout into the data contract."""

from daihou.rooms.intake.mapping.apply import Part, apply
from daihou.rooms.intake.mapping.errors import MappingError
from daihou.rooms.intake.mapping.load import Mapping, find, load

__all__ = ["Mapping", "MappingError", "Part", "apply", "find", "load"]
