"""The tables of contact: answers, contacts, flags, consents, and how good a number is."""

from daihou.rooms.contact.models.persons import SamePerson, Twin
from daihou.rooms.contact.models.points import PointStanding
from daihou.rooms.contact.models.rows import (
    Attempt,
    ComplianceItem,
    Consent,
    Decision,
    PersonFlag,
    Template,
)

__all__ = [
    "Attempt",
    "ComplianceItem",
    "Consent",
    "Decision",
    "PersonFlag",
    "PointStanding",
    "SamePerson",
    "Template",
    "Twin",
]
