"""What of contact is sealed: notes, evidence, words that were refused, what was found."""

from typing import Final

from daihou.kit import secret
from daihou.kit.secret_places import Place

NOTE: Final = "contact.note"
EVIDENCE: Final = "contact.evidence"
WORDS: Final = "contact.words"
REASON: Final = "contact.reason"
PLACES: Final = (
    Place(table="contact_attempt", column="note", about=NOTE),
    Place(table="contact_flag", column="evidence", about=EVIDENCE),
    Place(table="contact_flag", column="lift_evidence", about=EVIDENCE),
    Place(table="contact_consent", column="evidence", about=EVIDENCE),
    Place(table="contact_twin", column="evidence", about=EVIDENCE),
    Place(table="contact_point_standing", column="evidence", about=EVIDENCE),
    Place(table="contact_compliance_item", column="words", about=WORDS),
    Place(table="contact_compliance_item", column="reason", about=REASON),
)


def seal(text: str, *, about: str) -> str:
    """Text as it is kept."""
    return secret.seal(text.replace("\0", "").strip(), about=about)


def opened(sealed: str, *, about: str) -> str:
    """Text as it was written; '' where its key is gone.

    One that was kept before its column was sealed comes as it is.
    """
    if not secret.is_sealed(sealed):
        return sealed
    try:
        return secret.open(sealed, about=about)
    except secret.CannotOpen:
        return ""


def same_words(text: str) -> str:
    """A blind index: equal words have equal ones."""
    return secret.digest(" ".join(text.split()).casefold()[:500], "refused.words")
