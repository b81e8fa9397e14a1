"""A kind of proposal to try approvals with: the limit of a shelf, kept in a dict."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from daihou.kit import masking
from daihou.kit.scope import Scope
from daihou.rooms.approvals import door as approvals
from daihou.rooms.approvals import kinds
from daihou.rooms.people import door as people
from tests.rooms.cast import AT, PASSWORD, TODAY

KIND, ONCE = "test.shelf", "test.once"


class Shelves:
    """What is on each shelf; those that begin with the branch's name are its own."""

    def __init__(self) -> None:
        """Two shelves of the north, one of the south."""
        self.held: dict[str, dict[str, object]] = {
            "north-1": {"limit": "10", "phone": "13800000007"},
            "north-2": {"limit": "20", "phone": "13800000008"},
            "south-1": {"limit": "30", "phone": "13800000009"},
        }
        self.done: list[tuple[str, str]] = []

    def current(self, subject: str, names: object) -> dict[str, object]:
        """The named fields as they are now."""
        return {name: self.held[subject].get(name) for name in names}  # type: ignore[attr-defined]

    def seen(self, ids: object, scope: Scope) -> set[str]:
        """Those of the branches in the scope."""
        return {
            each
            for each in ids  # type: ignore[attr-defined]
            if scope.allows(each.split("-")[0], product="p", officer="o")
        }

    def carry_out(self, proposal: approvals.Proposal, deed: approvals.Deed) -> None:
        """Write what was approved."""
        self.held[proposal.subject_id] |= dict(proposal.after)
        self.done.append((proposal.subject_id, deed.by.username))


@contextmanager
def shelves() -> Iterator[Shelves]:
    """Both kinds known for as long as a test lasts."""
    kept = Shelves()

    def describe(name: str) -> approvals.Field:
        mask = masking.phone if name == "phone" else None
        return approvals.Field(word=name.title(), mask=mask)

    approvals.register(
        approvals.Kind(
            code=KIND,
            name="Shelf",
            permission=people.Permission.DECIDE_CORRECTION,
            proposes=people.Permission.PROPOSE_CORRECTION,
            handler=kept.carry_out,
            current=kept.current,
            seen=kept.seen,
            describe=describe,
            hours=48,
        )
    )
    approvals.register(
        approvals.Kind(
            code=ONCE,
            name="Once",
            permission=people.Permission.DECIDE_EXPORT,
            serves_hours=24,
            counts="rows",
        )
    )
    try:
        yield kept
    finally:
        for code in (KIND, ONCE):
            kinds._kinds.pop(code)


def deed(
    by: people.Person, *, reason: str = "seen at the visit", at: datetime = AT
) -> approvals.Deed:
    """Done now, for a reason."""
    return approvals.Deed(by=by, at=at, business_date=TODAY, reason=reason)


def later(hours: float) -> datetime:
    """So many hours after the usual instant."""
    return AT + timedelta(hours=hours)


def propose(
    by: people.Person, subject: str = "north-1", **wish: object
) -> approvals.Proposal:
    """Propose 15 for a shelf, but for what `wish` says otherwise."""
    return approvals.propose(
        **{
            "kind": KIND,
            "subject_type": "shelf",
            "subject_id": subject,
            "title": subject,
            "after": {"limit": "15"},
            "deed": deed(by),
        }
        | wish
    )


def decide(
    by: people.Person, proposal_id: int, verdict: str = "approve", **wish: object
) -> approvals.Proposal:
    """Decide now; a refusal has a note."""
    return approvals.decide(
        **{
            "proposal_id": proposal_id,
            "verdict": verdict,
            "note": "" if verdict == "approve" else "the paper says otherwise",
            "deed": deed(by, reason=""),
        }
        | wish
    )


def login(name: str, role: str, branch: str | None = None) -> people.Person:
    """One more person."""
    return people.create_user(
        username=name, password=PASSWORD, role=role, branch=branch, by="test", at=AT
    )
